// Pure. What finance gets of a month: which rows, and of what snapshot they are.

import { type Check, failureText } from "./checks.ts";
import type { Answer } from "./format.ts";
import type { Manifest } from "./snapshot.ts";

export interface Part {
  /** The name of its files. */
  name: string;
  /** The table that it is of. */
  table: string;
  sql: string;
}

/** The first instants of a month and of the next one, or undefined where the text is no month. */
export function monthOf(text: string): { month: string; startsAt: string; endsAt: string } | undefined {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (!match) return undefined;
  const [year, month] = [Number(match[1]), Number(match[2])];
  const first = (at: number) => new Date(Date.UTC(year, at, 1)).toISOString().slice(0, 10);
  return { month: text, startsAt: `${first(month - 1)}T00:00:00Z`, endsAt: `${first(month)}T00:00:00Z` };
}

/** Tables of the pack that are queries of the lake. Months are UTC's; test orders are listed, flagged, and in no total. */
export function partsOf({ startsAt, endsAt }: { startsAt: string; endsAt: string }): Part[] {
  const inMonth = (column: string) =>
    `${column} >= timestamp '${startsAt.slice(0, 19)}' and ${column} < timestamp '${endsAt.slice(0, 19)}'`;
  const amountOf = (kind: string) =>
    `cast(coalesce(sum(amount) filter (where kind = '${kind}'), 0) as bigint)`;
  return [
    {
      name: "totals",
      table: "fct_order_line",
      // By when it was booked: what comes later of an order is of the month in which it comes, and a month that is over stays.
      sql: `select currency, count(*) filter (where kind = 'sale') as order_lines,
          count(distinct order_id) filter (where kind = 'sale') as orders,
          cast(coalesce(sum(quantity) filter (where kind in ('sale', 'extension')), 0) as bigint) as seats,
          ${amountOf("sale")} as amount_sold, ${amountOf("renewal")} as amount_renewed,
          ${amountOf("upgrade")} as amount_upgraded, ${amountOf("extension")} as amount_extended,
          ${amountOf("refund")} as amount_refunded, ${amountOf("credit")} as amount_credited,
          cast(sum(amount) as bigint) as amount, sum(amount_major) as amount_major,
          count(cancelled_at) filter (where kind = 'sale') as order_lines_cancelled,
          cast(coalesce(sum(amount) filter (where kind = 'sale' and cancelled_at is not null), 0) as bigint)
            as amount_cancelled
        from fct_order_line where ${inMonth("booked_at")} and not is_test group by currency order by currency`,
    },
    {
      name: "order-lines",
      table: "fct_order_line",
      sql: `select * from fct_order_line where ${inMonth("booked_at")}
        order by booked_at, order_id, line_number, event_id`,
    },
    {
      name: "revenue",
      table: "fct_revenue_month",
      sql: `select * from fct_revenue_month
        where month = date '${startsAt.slice(0, 10)}' and (booked <> 0 or recognized <> 0 or deferred <> 0)
        order by order_id, line_number, service_starts_at, entitlement_id, charge_event_id, event_id`,
    },
    {
      name: "entitlements-sold",
      table: "fct_entitlement",
      // A part that was split off was paid with its whole.
      sql: `select * from fct_entitlement where ${inMonth("ordered_at")} and parent_entitlement_id is null
        order by ordered_at, entitlement_id`,
    },
    {
      name: "open-quarantine",
      table: "quarantine",
      sql: "select * from quarantine where is_open order by quarantined_at, quarantine_id",
    },
  ];
}

/**
 * The data tests of a snapshot with their outcome. All of severity `error` held, or it would not have been published.
 * @param checks of the models that made the snapshot; null where those are not known any more
 */
export function testRows({ warnings }: Manifest, checks: readonly Check[] | null): Answer {
  const known = (checks ?? []).map((check) => {
    const warning = warnings.find((text) => text.startsWith(failureText(check)));
    return [
      check.model,
      check.name,
      check.severity,
      warning === undefined ? "holds" : warning.slice(failureText(check).length),
    ];
  });
  const others = warnings.filter(
    (text) => !(checks ?? []).some((check) => text.startsWith(failureText(check))),
  );
  return {
    names: ["table", "test", "severity", "outcome"],
    types: ["VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR"],
    rows: [...known, ...others.map((text) => [null, text, "warn", "warning"])],
  };
}

/** Which snapshot the pack is of, so that anyone can say later whether a number is of the same one. */
export function identityRows(
  manifest: Manifest,
  manifestSha256: string,
  { month, startsAt, endsAt }: { month: string; startsAt: string; endsAt: string },
  tables: readonly string[],
): Answer {
  const rows: [string, string][] = [
    ["month", month],
    ["from (UTC)", startsAt],
    ["until, not included (UTC)", endsAt],
    ["month was over", isOver(manifest, endsAt) ? "yes" : "no: figures are provisional"],
    ["snapshot", String(manifest.snapshot)],
    ["as of", manifest.as_of],
    ["made at", manifest.created_at],
    ["models", manifest.models],
    ...(manifest.rates === undefined ? [] : [["rates", manifest.rates] satisfies [string, string]]),
    ["manifest, sha256", manifestSha256],
    ...tables.flatMap((table) =>
      (manifest.tables[table]?.files ?? []).map(({ path, sha256 }): [string, string] => [path, sha256]),
    ),
  ];
  return { names: ["what", "value"], types: ["VARCHAR", "VARCHAR"], rows };
}

/** Whether a snapshot knows all of a month. */
export function isOver({ as_of: asOf }: Manifest, endsAt: string): boolean {
  // A day that is given as the as-of time ends a microsecond before the next one.
  return Date.parse(asOf) >= Date.parse(endsAt) - 1;
}
