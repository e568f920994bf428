// What the service promises over HTTP, whatever it runs on. A resource's cases are a table in a file of their own.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../ingest/app.ts";
import { access } from "./access.cases.ts";
import { activations } from "./activations.cases.ts";
import { Api, type Call } from "./api.ts";
import { bulk } from "./bulk.cases.ts";
import { catalogs } from "./catalog.cases.ts";
import { durability } from "./durability.cases.ts";
import { empty } from "./empty.cases.ts";
import { entitlements } from "./entitlements.cases.ts";
import { offline } from "./offline.cases.ts";
import { orders } from "./orders.cases.ts";
import type { Runtime } from "./runtime.ts";
import { pages } from "./pages.cases.ts";
import { refunds } from "./refunds.cases.ts";
import { seats } from "./seats.cases.ts";
import { shopify } from "./shopify.cases.ts";
import { stripe } from "./stripe.cases.ts";
import { telemetry } from "./telemetry.cases.ts";
import { catalog, type Cases } from "./vendor.ts";
import { withdrawal } from "./withdrawal.cases.ts";

const resources: Record<string, Cases> = {
  catalogs,
  orders,
  refunds,
  activations,
  seats,
  entitlements,
  offline,
  bulk,
  shopify,
  stripe,
  telemetry,
  pages,
  durability,
};

/** Runs the whole contract against one service. */
export function keepsTheContract(start: () => Promise<Runtime>): void {
  let runtime: Runtime | undefined;
  let api: Api;
  let stranger: Api;
  beforeAll(async () => {
    runtime = await start();
    api = new Api(runtime);
    stranger = new Api(runtime);
  });
  afterAll(() => runtime?.stop());

  describe("with nothing published", () => {
    test.each(Object.entries(empty))("%s", (_promise, shows) => shows(api));
  });

  describe.each(Object.entries(resources))("%s", (_resource, cases) => {
    // Already there, but for who runs one table alone.
    beforeAll(async () => void (await api.vendor("PUT", "/v1/catalog", catalog)));
    test.each(Object.entries(cases))("%s", (_promise, shows) => shows(api));
  });

  describe.concurrent("withdrawal", () => {
    test.each(Object.entries(withdrawal))("%s", (_promise, shows) => shows(api));
  });

  describe("access", () => {
    // It tries every route by itself: what it asks shows nothing of what the route is for.
    test.each(Object.entries(access))("%s", (_promise, shows) => shows(stranger));
  });

  describe("the contract", () => {
    test("has a case in which each route answers with success", () => {
      const unshown = routes.filter((route) => !api.calls.some((call) => isOf(call, route)));
      expect(unshown.map(({ method, path }) => `${method} ${path}`)).toEqual(runtime?.lacks);
    });
  });
}

/** Whether a call came to a route. */
function isOf(call: Call, { method, path }: { method: string; path: string }): boolean {
  const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`);
  return call.method === method && pattern.test(call.path);
}
