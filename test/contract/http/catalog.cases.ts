import { expect } from "vitest";
import { catalog, type Cases, daysAgo, ordered, table } from "./vendor.ts";

export const catalogs: Cases = {
  "another catalog under the same version is a conflict": async (api) => {
    const other = await api.vendor("PUT", "/v1/catalog", { ...catalog, priceBands: [] });
    expect(other).toMatchObject({ status: 409, body: { code: "catalog_conflict" } });
  },

  "a catalog of then is published as of then, and is the same one without the date": async (api) => {
    const then = { ...catalog, version: "of-then" };
    const dated = { ...then, occurredAt: daysAgo(300) };
    expect((await api.vendor("PUT", "/v1/catalog", dated)).status).toBe(201);
    expect((await api.vendor("PUT", "/v1/catalog", then)).status).toBe(200);
  },

  "what is granted keeps its terms when the catalog changes": async (api) => {
    const { entitlement, now } = await ordered(api);
    const [model, ...models] = catalog.licenseModels;
    const changed = { ...model, policy: { lease: "P1D" } };
    const version = { ...catalog, version: "shorter-leases", licenseModels: [changed, ...models] };
    const published = await api.vendor("PUT", "/v1/catalog", version);
    expect(published).toMatchObject({ status: 201, body: { warnings: expect.any(Array) } });
    expect((await now()).policy).toEqual(entitlement.policy);
    expect((await ordered(api)).entitlement.policy).toEqual({ lease: "P1D" });
    await api.vendor("PUT", "/v1/catalog", { ...catalog, version: "long-leases-again" });
  },

  ...table(
    "a catalog with %s says which field is wrong",
    [
      ["no products", { products: [] }, /products/],
      ["a SKU twice", { products: [catalog.products[1], catalog.products[1]] }, /products\[1\]/],
      [
        "a period of consumption of an hour",
        { licenseModels: [{ ...catalog.licenseModels[0], metric: "metered", consumptionPer: "PT1H" }] },
        /consumptionPer/,
      ],
      [
        "a period of consumption of what is not metered",
        { licenseModels: [{ ...catalog.licenseModels[0], metric: "site", consumptionPer: "P1M" }] },
        /consumptionPer/,
      ],
      ["a field that there is none of", { colour: "red" }, /colour/],
    ],
    async (api, _what, change, field) => {
      const sent = { ...catalog, products: [catalog.products[1]], ...change, version: "unfit" };
      const { status, body } = await api.vendor("PUT", "/v1/catalog", sent);
      expect([status, body.code]).toEqual([422, "invalid_request"]);
      expect(body.errors.map((error: { field: string }) => error.field)).toContainEqual(
        expect.stringMatching(field),
      );
    },
  ),
};
