// What each license model allows, found out by asking the rules: the tables of LICENSE-MODELS.md.

import {
  catalogSchema,
  decideActivate,
  decideCancel,
  decideConsume,
  decideExtend,
  decideMove,
  decideOrder,
  decideOverride,
  decideRefresh,
  decideRelease,
  decideReinstate,
  decideRenew,
  decideReturn,
  decideRevoke,
  decideSplit,
  decideSuspend,
  decideTemporary,
  decideTransfer,
  decideUpgrade,
  type EntitlementState,
  evolve,
  type HostStatement,
  orderSchema,
  parseInstant,
  type Refusal,
  type Seat,
} from "../../licensing/index.ts";

type Decided = { ok: true } | { ok: false; refusal: Refusal };

const metrics = ["node-locked", "floating", "named-user", "metered", "site"] as const;
const terms = ["perpetual", "subscription", "trial", "temporary"] as const;
const states = ["in force", "not started", "suspended", "expired", "cancelled"] as const;

const at = (text: string) => parseInstant(text) ?? 0;
const ORDERED = at("2026-01-05T10:00:00Z");
const NOW = at("2026-02-01T00:00:00Z");
const LATER = at("2028-01-01T00:00:00Z");
const decree = { by: "staff", reason: "an example" };
const ids = { activationId: "act", licenseId: "lic" };

const catalog = catalogSchema.parse({
  version: "matrix",
  products: [{ sku: "P", name: "Product", brand: "Brand" }],
  licenseModels: metrics.flatMap((metric) =>
    terms.map((kind) => ({
      id: `${metric}-${kind}`,
      name: `${metric}, ${kind}`,
      term: kind === "perpetual" ? { kind } : { kind, duration: "P1Y" },
      metric,
      policy: { preset: "standard" },
    })),
  ),
});

const host = (id: string): HostStatement => ({
  hostHash: id,
  userHash: `user of ${id}`,
  platform: {
    osType: "linux",
    osTypeRaw: null,
    osVersion: null,
    arch: "amd64",
    archRaw: null,
    appVersion: null,
  },
});

/** An entitlement of three seats under a license model, with one of them bound. */
function inUse(model: string): { state: EntitlementState; seat: Seat } {
  const order = orderSchema.parse({
    orderId: "O",
    orderedAt: "2026-01-05T10:00:00Z",
    customer: { id: "C" },
    lines: [
      {
        lineNumber: 1,
        sku: "P",
        licenseModel: model,
        quantity: 3,
        unitPrice: { amount: 100, currency: "EUR" },
      },
    ],
  });
  const granted = decideOrder(order, catalog, () => "E");
  const grant = granted.ok ? granted.events.find((event) => event.type === "entitlement.granted") : undefined;
  if (!grant) throw new TypeError(`${model} was not granted`);
  const fresh = evolve(undefined, grant);
  const bound = decideActivate(fresh, host("a"), NOW - 1, ids);
  if (!bound.ok) throw new TypeError(`${model} was not activated`);
  const state = bound.events.reduce<EntitlementState>(evolve, fresh);
  const seat = state.seats.get("act");
  if (!seat) throw new TypeError(`${model} has no seat`);
  return { state, seat };
}

type Case = { state: EntitlementState; seat: Seat; now: number };

/** Every command, asked of one entitlement with a seat. */
const commands: Record<string, (one: Case) => Decided> = {
  activate: ({ state, now }) => decideActivate(state, host("b"), now, { activationId: "b", licenseId: "l" }),
  "activate offline": ({ state, now }) =>
    decideActivate(state, { ...host("b"), isOffline: true }, now, { activationId: "b", licenseId: "l" }),
  borrow: ({ state, now }) =>
    decideActivate(state, { ...host("b"), borrowFor: "P3D" }, now, { activationId: "b", licenseId: "l" }),
  refresh: ({ state, seat, now }) => decideRefresh(state, seat, { generation: 1, hostHash: "a" }, now, "l"),
  "refresh by a copy": ({ state, seat, now }) =>
    decideRefresh(state, { ...seat, generation: 2 }, { generation: 1, hostHash: "a" }, now, "l"),
  return: ({ state, seat, now }) => decideReturn(state, seat, { generation: 1, hostHash: "a" }, now),
  release: ({ state, seat, now }) => decideRelease(state, seat, { generation: 1, hostHash: "a" }, now),
  rehost: ({ state, seat, now }) => decideMove(state, seat, "rehost", host("b"), { generation: 1 }, now, "l"),
  repair: ({ state, seat, now }) => decideMove(state, seat, "repair", host("b"), { generation: 1 }, now, "l"),
  "temporary: failure": ({ state, seat, now }) =>
    decideTemporary(state.entitlement, seat, "failure", "b", now, "l"),
  "temporary: renewal pending": ({ state, seat, now }) =>
    decideTemporary(state.entitlement, seat, "renewal_pending", "b", now, "l"),
  "temporary: vendor's mistake": ({ state, seat, now }) =>
    decideTemporary(state.entitlement, seat, "vendor_mistake", "b", now, "l"),
  consume: ({ state, seat, now }) =>
    decideConsume(state.entitlement, seat, 1, { generation: 1, hostHash: "a" }, now),
  revoke: ({ state, seat, now }) => decideRevoke(state, seat, now),
  suspend: ({ state, now }) => decideSuspend(state.entitlement, decree, now),
  reinstate: ({ state, now }) => decideReinstate(state.entitlement, decree, now),
  renew: ({ state, now }) => decideRenew(state.entitlement, undefined, undefined, decree, now),
  upgrade: ({ state, now }) => decideUpgrade(state.entitlement, { sku: "P" }, catalog, decree, now),
  extend: ({ state, now }) => decideExtend(state.entitlement, 1, decree, now),
  split: ({ state, now }) =>
    decideSplit(state.entitlement, { quantity: 1, childEntitlementId: "F", customerId: "D" }, decree, now),
  transfer: ({ state, now }) => decideTransfer(state.entitlement, "D", decree, now),
  override: ({ state, now }) => decideOverride(state.entitlement, { lease: "P1D" }, decree, now),
  cancel: ({ state, now }) => decideCancel(state, "refund", now),
};

function inState(model: string, status: (typeof states)[number]): Case {
  const { state, seat } = inUse(model);
  const { entitlement } = state;
  const changed = (changes: Partial<typeof entitlement>, now = NOW): Case => ({
    state: { ...state, entitlement: { ...entitlement, ...changes } },
    seat,
    now,
  });
  switch (status) {
    case "in force":
      return changed({});
    case "not started":
      return changed({ startsAt: NOW + 1, lastBoundAt: ORDERED });
    case "suspended":
      return changed({ suspendedAt: NOW });
    case "expired":
      return changed({}, LATER);
    case "cancelled":
      return changed({ cancelledAt: NOW });
  }
}

const answer = (decided: Decided) => (decided.ok ? "yes" : `\`${decided.refusal.code}\``);

function table(heads: readonly string[], cell: (command: string, column: number) => string): string {
  const rows = Object.keys(commands).map(
    (command) => `| ${command} | ${heads.map((_, column) => cell(command, column)).join(" | ")} |`,
  );
  return [`| command | ${heads.join(" | ")} |`, `| --- |${heads.map(() => " --- |").join("")}`, ...rows].join(
    "\n",
  );
}

const ask = (command: string, one: Case): string => answer(commands[command]?.(one) ?? { ok: true });

/** The document, whole. */
export function licenseModels(): string {
  const byMetric = terms.map((term) => {
    const cell = (command: string, column: number) =>
      ask(command, inState(`${metrics[column] ?? ""}-${term}`, "in force"));
    return `### ${term}\n\n${table(metrics, cell)}`;
  });
  const byState = table(states, (command, column) =>
    ask(command, inState("node-locked-subscription", states[column] ?? "in force")),
  );
  return `# What each license model allows

Made from the rules themselves, by asking them: \`npm run license-models\` writes this page, and a test keeps it true.
\`yes\` is granted; anything else is the code of the refusal. Each entitlement has the policy \`standard\`, three seats, and
one of them bound.

## In force, by term and metric

${byMetric.join("\n\n")}

## By state

Of a node-locked subscription.

${byState}
`;
}
