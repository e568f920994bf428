// What is promised of customers and orders over however many shards there are, wherever they run. Black box: HTTP alone.

import { decodeJwt } from "jose";
import { expect } from "vitest";
import { activation, type Answered, catalog, order } from "../ingest/support.ts";

/** A service with the catalog published, and a key that may do everything. */
export interface Service {
  send: (method: string, path: string, body?: unknown) => Promise<Answered>;
  /** Sends lines to be answered a line each. */
  sendLines: (
    path: string,
    lines: readonly object[],
  ) => Promise<{ status: number; activation?: { entitlementId: string } }[]>;
}

interface Granted {
  entitlementId: string;
  activationCode: string;
  quantity: number;
}

/** Directories are told by messages: they are there in a moment. */
const SOON = { timeout: 20_000 };

/** Records orders of a customer, enough to be in several shards. */
async function ordersOf(
  { send }: Service,
  customerId: string,
  count: number,
  quantity = 2,
): Promise<Granted[]> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      send(
        "POST",
        "/v1/orders",
        order({
          orderId: `${customerId}-${n}`,
          customer: { id: customerId, country: "DE" },
          line: { quantity },
        }),
      ),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(count).fill(201));
  return answers.map(({ body }) => body.entitlements[0] as Granted);
}

async function idsOf({ send }: Service, customerId: string): Promise<string[]> {
  const { status, body } = await send("GET", `/v1/customers/${customerId}/entitlements`);
  if (status === 404) return [];
  return body.entitlements.map(({ entitlementId }: Granted) => entitlementId).toSorted();
}

const sorted = (granted: readonly (Granted | undefined)[]) =>
  granted.map((it) => it?.entitlementId ?? "").toSorted();

export const shardPromises: Record<string, (service: Service) => Promise<void>> = {
  "an order is answered the same again, and all that comes of it is found by its code and its IDs": async (
    service,
  ) => {
    const { send } = service;
    for (const { entitlementId, activationCode } of await ordersOf(service, "all", 12)) {
      const { body: granted } = await send("GET", `/v1/entitlements/${entitlementId}`);
      const again = await send("GET", `/v1/orders/${granted.orderId}`);
      expect(again.body.entitlements[0]).toMatchObject({ entitlementId, activationCode });
      const { status, body } = await send("POST", "/v1/activations", activation(activationCode));
      expect(status).toBe(201);
      const seat = `/v1/activations/${body.activation.activationId}`;
      const refreshed = await send("POST", `${seat}/refresh`, { license: body.license });
      expect(refreshed.status).toBe(200);
      const { licenseId } = refreshed.body.activation;
      expect((await send("POST", `/v1/licenses/${licenseId}/revoke`)).status).toBe(200);
    }
  },

  "a customer's list is whole, and so is the history, page by page": async (service) => {
    const granted = await ordersOf(service, "whole", 6, 300);
    const lines = granted.flatMap(({ entitlementId }) =>
      Array.from({ length: 200 }, (_, n) => ({ entitlementId, host: { id: `host-${n}` } })),
    );
    const answers = await service.sendLines("/v1/licenses", lines);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(answers.map((answer) => answer.activation?.entitlementId)).toEqual(
      lines.map(({ entitlementId }) => entitlementId),
    );
    await expect.poll(() => idsOf(service, "whole"), SOON).toEqual(sorted(granted));
    const ids: string[] = [];
    let pages = 0;
    for (let after: string | null = "0"; after !== null; pages += 1) {
      const page: Answered = await service.send("GET", `/v1/customers/whole/history?after=${after}`);
      expect(page.status).toBe(200);
      ids.push(...page.body.events.map(({ id }: { id: string }) => id));
      after = page.body.next;
    }
    expect(pages).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(ids.length);
    // Recorded and granted; bound and issued.
    expect(ids).toHaveLength(6 * 2 + lines.length * 2);
  },

  "a right that is split and transferred is in one customer's list": async (service) => {
    const { send } = service;
    const [first, second] = await ordersOf(service, "giver", 2);
    const path = (granted?: Granted) => `/v1/entitlements/${granted?.entitlementId}`;
    const split = await send("POST", `${path(first)}/split`, { quantity: 1, customerId: "taker" });
    expect(split.status).toBe(201);
    for (const customerId of ["taker", "giver", "taker", "taker"])
      expect((await send("POST", `${path(second)}/transfer`, { customerId })).status).toBe(200);
    await expect.poll(() => idsOf(service, "giver"), SOON).toEqual([first?.entitlementId]);
    await expect.poll(() => idsOf(service, "taker"), SOON).toEqual(sorted([second, split.body.child]));
    const { body } = await send("GET", "/v1/customers/giver/history");
    expect(body.events.map(({ type }: { type: string }) => type)).toContain("entitlement.split");
  },

  "customers that are merged at once from both sides end with every right once": async (service) => {
    const granted = [...(await ordersOf(service, "left", 8)), ...(await ordersOf(service, "right", 8))];
    const merge = (from: string, into: string) =>
      service.send("POST", `/v1/customers/${from}/merge`, { into, reason: "acquired" });
    const both = await Promise.all([
      merge("left", "right"),
      merge("right", "left"),
      merge("left", "right"),
      ...granted
        .slice(0, 4)
        .map(({ entitlementId }) =>
          service.send("POST", `/v1/entitlements/${entitlementId}/transfer`, { customerId: "third" }),
        ),
    ]);
    expect(both.map(({ status }) => status)).toEqual(Array<number>(both.length).fill(200));
    expect((await merge("left", "right")).body).toMatchObject({ isComplete: true });
    expect((await merge("third", "right")).body).toMatchObject({ isComplete: true });
    // Said again, it is done already.
    expect((await merge("left", "right")).body).toEqual({ merged: 0, isComplete: true });
    await expect.poll(() => idsOf(service, "right"), SOON).toEqual(sorted(granted));
    for (const nobody of ["left", "third"]) await expect.poll(() => idsOf(service, nobody), SOON).toEqual([]);
    expect((await merge("nobody-at-all", "right")).status).toBe(404);
  },

  "a catalog that was acknowledged decides the next order, in whichever shard": async (service) => {
    const sku = "NEW-1";
    const products = [
      ...catalog.products,
      { sku, name: "New", brand: "Atlas", defaultLicenseModel: "perp-node" },
    ];
    const newer = { ...catalog, version: "2026-12", products };
    expect((await service.send("PUT", "/v1/catalog", newer)).status).toBe(201);
    // The older one again is no news, and does not come back into force.
    expect((await service.send("PUT", "/v1/catalog", catalog)).status).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        service.send(
          "POST",
          "/v1/orders",
          order({ orderId: `new-${n}`, line: { sku, licenseModel: "perp-node" } }),
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(16).fill(201));
  },

  "the list of revocations is of all shards": async (service) => {
    const granted = await ordersOf(service, "revoked", 6);
    const revoked: string[] = [];
    for (const { activationCode } of granted) {
      const { body } = await service.send("POST", "/v1/activations", activation(activationCode));
      const { licenseId, activationId } = body.activation;
      expect((await service.send("POST", `/v1/licenses/${licenseId}/revoke`)).status).toBe(200);
      revoked.push(activationId);
    }
    const { body } = await service.send("GET", "/v1/revocations");
    expect(body.number).toBeGreaterThanOrEqual(granted.length);
    const { activations } = decodeJwt<{ activations: [string, number][] }>(body.list);
    expect(activations.map(([activationId]) => activationId)).toEqual(expect.arrayContaining(revoked));
  },

  "what refers to nothing is answered so, wherever it would be": async ({ send }) => {
    const codes = await Promise.all([
      send("GET", `/v1/entitlements/ent_zz${"0".repeat(26)}`),
      send("GET", "/v1/entitlements/nonsense"),
      send("POST", "/v1/licenses/lic_00x/revoke"),
      send("GET", "/v1/orders/none"),
      send("GET", "/v1/customers/none/entitlements"),
      send("GET", "/v1/customers/none/history"),
    ]);
    expect(codes.map(({ status }) => status)).toEqual(Array<number>(6).fill(404));
    const places = ["-", "x", "1.", "1.2.3", "0-0", "1.5-1.6", "9".repeat(17)];
    for (const after of places)
      expect((await send("GET", `/v1/customers/C-42/history?after=${after}`)).status).toBe(422);
  },
};
