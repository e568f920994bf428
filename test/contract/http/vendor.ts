// What a case begins with: a vendor's catalog, an order of its own, a seat in use. Times are counted from now, for the
// service's clock is a real one; what needs time to have passed is brought in as history.

import type { Answered, Api } from "./api.ts";

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A time so many milliseconds from now, as RFC 3339. */
export const from = (now: number, milliseconds: number) => new Date(now + milliseconds).toISOString();
/** A time in the past. */
export const ago = (milliseconds: number) => from(Date.now(), -milliseconds);
export const hoursAgo = (hours: number) => ago(hours * HOUR);
export const daysAgo = (days: number) => ago(days * DAY);

const standard = { preset: "standard" } as const;
const sub = { kind: "subscription", duration: "P1Y" } as const;
const perpetual = { kind: "perpetual" } as const;

/** A few products, and a license model of each kind. */
export const catalog = {
  version: "1",
  products: [
    {
      sku: "CAD-PRO",
      name: "Atlas CAD Pro",
      brand: "Atlas",
      features: ["3d", "export"],
      defaultLicenseModel: "perp-node",
    },
    { sku: "CAD-LITE", name: "Atlas CAD Lite", brand: "Atlas" },
    { sku: "CAD-SUB", name: "Atlas CAD Pro, monthly", brand: "Atlas", defaultLicenseModel: "sub-node" },
  ],
  licenseModels: [
    { id: "sub-node", name: "Annual", term: sub, metric: "node-locked", policy: standard },
    {
      id: "perp-node",
      name: "Perpetual",
      term: perpetual,
      metric: "node-locked",
      maintenance: "P1Y",
      policy: standard,
    },
    {
      id: "perp-float",
      name: "Floating",
      term: perpetual,
      metric: "floating",
      policy: { ...standard, lease: "PT8H" },
    },
    { id: "perp-user", name: "Named user", term: perpetual, metric: "named-user", policy: standard },
    { id: "perp-bare", name: "Perpetual, nothing allowed", term: perpetual, metric: "node-locked" },
    {
      id: "metered",
      name: "Render minutes",
      term: sub,
      metric: "metered",
      consumptionPer: "P1M",
      policy: { overdraft: "10%", lease: "P30D" },
    },
  ],
  priceBands: [
    { id: "high-volume", below: 20_000 },
    { id: "standard", below: 1_000_000 },
    { id: "high-touch" },
  ],
};

let orders = 0;

/** An order of a customer of its own, of one line, twenty days ago. */
export function order(line: object = {}, changes: object = {}) {
  const number = ++orders;
  return {
    orderId: `SO-${number}`,
    orderedAt: daysAgo(20),
    customer: { id: `C-${number}`, name: "Example GmbH", email: "it@example.com", country: "DE" },
    lines: [
      {
        lineNumber: 1,
        sku: "CAD-PRO",
        licenseModel: "sub-node",
        quantity: 2,
        unitPrice: { amount: 99_900, currency: "EUR" },
        ...line,
      },
    ],
    ...changes,
  };
}

/** Records an order. */
export async function ordered(api: Api, line: object = {}, changes: object = {}) {
  const sent = order(line, changes);
  const { status, body } = await api.vendor("POST", "/v1/orders", sent);
  if (status !== 201) throw new Error(`an order was not recorded: ${JSON.stringify(body)}`);
  const [entitlement] = body.entitlements;
  const path = `/v1/entitlements/${entitlement.entitlementId}`;
  const customer = `/v1/customers/${sent.customer.id}`;
  return {
    sent,
    entitlement,
    entitlementId: entitlement.entitlementId as string,
    code: entitlement.activationCode as string,
    /** What there is of the entitlement now. */
    now: async () => (await api.vendor("GET", path)).body,
    /** Asks for a change of it. */
    change: (what: string, asked: object = {}, headers: Record<string, string> = {}) =>
      api.vendor("POST", `${path}/${what}`, asked, headers),
    /** Every event of its customer. */
    events: async () => (await api.vendor("GET", `${customer}/history`)).body.events as Event[],
  };
}

interface Event {
  type: string;
  shard: number;
  seq: number;
  data: Record<string, unknown>;
}

/** A computer. */
export const host = (id = "fingerprint-1") => ({
  host: { id, name: `ws-${id.length}` },
  platform: { os: { type: "windows", version: "11" }, arch: "amd64" },
});

/** An activation of one host, with what a case changes about it. */
export function activation(activationCode: string, changes: object = {}) {
  return { activationCode, ...host(), app: { version: "7.2" }, ...changes };
}

export const activate = (
  api: Api,
  code: string,
  changes: object = {},
  headers: Record<string, string> = {},
) => api.send("POST", "/v1/activations", activation(code, changes), headers);

/** Records an order and binds one seat of it. */
export async function inUse(api: Api, line: object = {}, changes: object = {}, first: object = {}) {
  const it = await ordered(api, line, changes);
  const { body, status } = await activate(api, it.code, first, await api.as("history:write"));
  if (status !== 201) throw new Error(`a seat was not bound: ${JSON.stringify(body)}`);
  const activationId = body.activation.activationId as string;
  const license = body.license as string;
  return {
    ...it,
    activationId,
    license,
    activation: body.activation,
    /** Asks something of the seat, showing its license where nothing else is shown. */
    post: (
      what: string,
      sent: object = { license },
      headers: Record<string, string> = {},
    ): Promise<Answered> => api.send("POST", `/v1/activations/${activationId}/${what}`, sent, headers),
  };
}

/** A row of a table of cases: what is promised, and what shows it. */
export type Cases = Record<string, (api: Api) => Promise<void>>;

/** One case for each row of a table, named by its first cell. */
export function table<Row extends [string, ...unknown[]]>(
  promise: string,
  rows: readonly Row[],
  shows: (api: Api, ...row: NoInfer<Row>) => Promise<void>,
): Cases {
  return Object.fromEntries(
    rows.map((row) => [promise.replace("%s", row[0]), (api: Api) => shows(api, ...row)] as const),
  );
}
