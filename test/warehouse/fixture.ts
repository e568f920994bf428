// A fixture: what happened, in short → events with their places, profiles, and the as-of time.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Profile } from "../../ingest/event.ts";
import { type Models, readsOf } from "../../warehouse/models.ts";
import type { Rates } from "../../warehouse/rates.ts";
import { makeRates } from "../../warehouse/stated-rates.ts";
import { bind, type Binding, cancel, catalog, end, refuse, sale } from "./facts.ts";
import type { Line } from "./support.ts";

export interface Fixture {
  asOf: string;
  lines: Line[];
  profiles: Profile[];
  /** Data tests of severity warn that what happened does not hold. */
  warnings: string[];
  rates?: Rates;
}

/** Short words: what a line with one of them stands for. Times among their facts may be short as well. */
const words: Record<string, (facts: never) => object[]> = {
  sale,
  bind: (facts: { orderId: string } & Binding) => bind(facts, facts),
  end: (facts: { orderId: string } & Binding) => end(facts, facts),
  refuse: ({ at, code, ...of }: { orderId: string; at: string; code?: string }) => refuse(of, at, code),
  cancel: ({ at, customerId, ...of }: { orderId: string; at: string; customerId?: string }) =>
    cancel(of, at, 0, customerId),
  catalog: ({ at, version }: { at: string; version?: string }) => catalog(at, version),
  change,
  tell,
};

/** A change of an entitlement, by its type: `{"change": {"type": "renewed", "orderId": "A", "at": …, "data": {…}}}`. */
function change(facts: { type: string; orderId: string; at: string; customerId?: string; data: object }) {
  const { type, orderId, at, customerId = "C-1", data } = facts;
  return [
    {
      type: `entitlement.${type}`,
      occurred_at: at,
      customer_id: customerId,
      order_id: orderId,
      entitlement_id: `ent-${orderId}-1`,
      data: { by: "staff", reason: "asked for it", ...data },
    },
  ];
}

/** Telemetry: what is left out of its data is null, as the ledger writes it. */
function tell(facts: {
  kind?: string;
  at: string;
  orderId?: string;
  activationId?: string;
  data?: object;
  detail?: object;
}) {
  const { kind = "heartbeat", at, orderId, activationId, data = {}, detail = {} } = facts;
  const unsaid = {
    host_hash: null,
    user_hash: null,
    os_type: null,
    os_version: null,
    arch: null,
    app_version: null,
  };
  return [
    {
      type: `telemetry.${kind}`,
      source: "telemetry",
      occurred_at: at,
      ...(orderId === undefined ? {} : { entitlement_id: `ent-${orderId}-1` }),
      ...(activationId === undefined ? {} : { activation_id: activationId }),
      data: { client_event_id: `own-${at}`, ...unsaid, ...data, detail },
    },
  ];
}

/** A day, or a time to the second → an instant as events write it; with an offset, the same instant in UTC. */
function instant(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `${text}T00:00:00.000000Z`;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return text;
  const [, seconds = "", fraction = ".", offset = "Z"] = match;
  return `${new Date(`${seconds}${offset}`).toISOString().slice(0, 19)}${fraction.padEnd(7, "0")}Z`;
}

const TIMES = /(^at$|At$|_at$|^not_before$)/;

/** Every text under the name of a time, at any depth, as an instant. */
function withInstants(value: unknown, name = ""): unknown {
  if (typeof value === "string") return TIMES.test(name) ? instant(value) : value;
  if (Array.isArray(value)) return value.map((inner) => withInstants(inner));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withInstants(inner, key)]));
}

/**
 * Reads `input.ndjson` of a case. A line is a short word with its facts, `{"profile": {…}}`, `{"as_of": …}`, `{"warns": …}`, `{"rates": …}`, or an
 * event, of which `id`, `schema`, `source`, `recorded_at`, `shard` and `data` may be left out. Places follow the lines.
 * @throws Error naming the line that is none
 */
export async function readFixture(folder: string): Promise<Fixture> {
  const fixture: Fixture = { asOf: "2026-12-31T23:59:59.999999Z", lines: [], profiles: [], warnings: [] };
  const next = new Map<number, number>();
  const add = (event: Record<string, unknown>) => {
    const shard = Number(event["shard"] ?? 0);
    const seq = (next.get(shard) ?? 0) + 1;
    next.set(shard, seq);
    const id = `01990000-0000-7000-8000-${String(shard).padStart(4, "0")}${seq.toString(16).padStart(8, "0")}`;
    const filled = { id, schema: 1, source: "api", recorded_at: event["occurred_at"], data: {}, ...event };
    fixture.lines.push({ ...filled, shard, seq });
  };
  const text = await readFile(join(folder, "input.ndjson"), "utf8");
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const said = withInstants(JSON.parse(line)) as Record<string, unknown>;
    const [word = ""] = Object.keys(said);
    if (word === "as_of") fixture.asOf = String(said["as_of"]);
    else if (word === "warns") fixture.warnings.push(String(said["warns"]));
    else if (word === "rates") fixture.rates = ratesOf(said["rates"] as { to: string; csv: string[] });
    else if (word === "profile") addProfile(fixture, said["profile"] as Partial<Profile>);
    else if (word in words) {
      const { shard, ...facts } = said[word] as { shard?: number };
      const drafts = words[word]?.(facts as never) ?? [];
      for (const draft of drafts) add({ ...draft, ...(shard === undefined ? {} : { shard }) });
    } else if ("type" in said) add(said);
    else throw new Error(`${folder}: no event, and no word that is known: ${line}`);
  }
  return fixture;
}

const ratesOf = ({ to, csv }: { to: string; csv: string[] }) => makeRates(csv.join("\n"), "rates.csv", to);

function addProfile({ profiles }: Fixture, profile: Partial<Profile>): void {
  profiles.push({
    customer_id: "C-1",
    recorded_at: "2026-01-01T00:00:00.000000Z",
    name: null,
    email: null,
    country: null,
    ...profile,
    shard: 0,
    seq: profiles.length + 1,
  });
}

/**
 * The models that these read, so that a fixture of theirs builds no others: a load of all takes three times as long. Tests
 * that read a model which is not there are left out.
 */
export function modelsFor({ macros, models, digest }: Models, ...names: string[]): Models {
  const wanted = new Set([...names, "events", "profiles"]);
  for (const model of models.toReversed())
    if (wanted.has(model.name)) for (const read of readsOf(model)) wanted.add(read);
  const kept = models.filter((model) => wanted.has(model.name));
  const known = new Set(models.map((model) => model.name));
  const isThere = (sql: string) =>
    readsOf({ name: "", sql }).every((read) => wanted.has(read) || !known.has(read));
  const here = kept.map((model) => ({
    ...model,
    // A model that is not published is, this once.
    layer: names.includes(model.name) && model.layer !== "base" ? ("marts" as const) : model.layer,
    columns: model.columns.map((column) => ({
      ...column,
      tests: column.tests.filter(
        (test) => typeof test === "string" || !("relationships" in test) || wanted.has(test.relationships.to),
      ),
    })),
    tests: model.tests.filter(({ sql }) => isThere(sql)),
  }));
  return { macros, models: here, digest };
}
