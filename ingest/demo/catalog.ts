// Pure. What the vendor sells: Atlas, its own brand, all year, and Lumora, which it buys in spring. Both are made up.

import type { z } from "zod";
import type { catalogSchema } from "../../licensing/index.ts";

/** A catalog as it is sent. */
export type CatalogBody = z.input<typeof catalogSchema>;
type ProductBody = CatalogBody["products"][number];
type ModelBody = CatalogBody["licenseModels"][number];

export type Brand = "Atlas" | "Lumora";
export type Sku = "CAD-PRO" | "CAD-LT" | "CAM" | "VIEW" | "LUM-STUDIO" | "LUM-SKETCH" | "LUM-FARM";
export type ModelId =
  | "perpetual-node"
  | "annual-node"
  | "quarter-node"
  | "annual-float"
  | "annual-site"
  | "trial-30"
  | "user-annual"
  | "user-quarter"
  | "farm-float"
  | "pass-7"
  | "trial-14";

const atlasProducts = (version: string): ProductBody[] => [
  {
    sku: "CAD-PRO",
    name: "Atlas CAD Pro",
    brand: "Atlas",
    version,
    features: ["2d", "3d", "export", "simulation"],
    defaultLicenseModel: "annual-node",
  },
  {
    sku: "CAD-LT",
    name: "Atlas CAD LT",
    brand: "Atlas",
    version,
    features: ["2d", "export"],
    defaultLicenseModel: "perpetual-node",
  },
  {
    sku: "CAM",
    name: "Atlas CAM",
    brand: "Atlas",
    version,
    features: ["milling", "turning"],
    defaultLicenseModel: "annual-node",
  },
  {
    sku: "VIEW",
    name: "Atlas Viewer",
    brand: "Atlas",
    version,
    features: ["view", "measure"],
    defaultLicenseModel: "perpetual-node",
  },
];

const atlasModels: ModelBody[] = [
  {
    id: "perpetual-node",
    name: "Perpetual, node-locked",
    term: { kind: "perpetual" },
    metric: "node-locked",
    maintenance: "P1Y",
    policy: { preset: "standard" },
  },
  {
    id: "annual-node",
    name: "Annual, node-locked",
    term: { kind: "subscription", duration: "P1Y" },
    metric: "node-locked",
    policy: { preset: "standard" },
  },
  {
    id: "quarter-node",
    name: "Quarterly, node-locked",
    term: { kind: "subscription", duration: "P3M" },
    metric: "node-locked",
    policy: { preset: "standard" },
  },
  {
    id: "annual-float",
    name: "Annual, floating",
    term: { kind: "subscription", duration: "P1Y" },
    metric: "floating",
    policy: { preset: "standard", overdraft: "10%", lease: "P1D" },
  },
  {
    id: "annual-site",
    name: "Annual, whole site",
    term: { kind: "subscription", duration: "P1Y" },
    metric: "site",
    policy: { preset: "high-touch", lease: "P30D" },
  },
  {
    id: "trial-30",
    name: "Trial, 30 days",
    // Who downloads a trial in a busy week has lost nothing of it.
    term: { kind: "trial", duration: "P30D", from: "first-activation" },
    metric: "node-locked",
    policy: { preset: "high-volume" },
  },
];

const lumoraProducts: ProductBody[] = [
  {
    sku: "LUM-STUDIO",
    name: "Lumora Studio",
    brand: "Lumora",
    version: "3.4",
    features: ["render", "compositing"],
    defaultLicenseModel: "user-annual",
  },
  {
    sku: "LUM-SKETCH",
    name: "Lumora Sketch",
    brand: "Lumora",
    version: "2.1",
    features: ["sketch"],
    defaultLicenseModel: "user-quarter",
  },
  {
    sku: "LUM-FARM",
    name: "Lumora Farm Node",
    brand: "Lumora",
    version: "3.4",
    features: ["render"],
    defaultLicenseModel: "farm-float",
  },
];

const lumoraModels: ModelBody[] = [
  {
    id: "user-annual",
    name: "Annual, named user",
    term: { kind: "subscription", duration: "P1Y" },
    metric: "named-user",
    policy: { preset: "standard", overdraft: 1 },
  },
  {
    id: "user-quarter",
    name: "Quarterly, named user",
    term: { kind: "subscription", duration: "P3M" },
    metric: "named-user",
    policy: { preset: "standard", lease: "P14D" },
  },
  {
    id: "farm-float",
    name: "Annual, floating by the shift",
    term: { kind: "subscription", duration: "P1Y" },
    metric: "floating",
    policy: { preset: "standard", lease: "PT8H" },
  },
  {
    id: "pass-7",
    name: "Week pass",
    term: { kind: "temporary", duration: "P7D" },
    metric: "node-locked",
    policy: { preset: "high-volume" },
  },
  {
    id: "trial-14",
    name: "Trial, 14 days",
    term: { kind: "trial", duration: "P14D" },
    metric: "named-user",
    policy: { preset: "high-volume" },
  },
];

const priceBands = [
  {
    id: "high-volume",
    below: 20_000,
    policy: { preset: "high-volume", temporary: { count: 0, per: "P1Y", duration: "P7D" } },
  },
  { id: "standard", below: 1_000_000 },
  { id: "high-touch", policy: { preset: "high-touch" } },
] as const satisfies CatalogBody["priceBands"];

/** How a customer is served, from few who are known to many who help themselves: the price band of what they bought. */
export type Tier = (typeof priceBands)[number]["id"];

/** The tier of an order line by its total in minor units, in whatever currency it is paid. */
export function tierOf(amount: number): Tier {
  return priceBands.find((band) => !("below" in band) || amount < band.below)?.id ?? "high-touch";
}

/** The catalog at the start of the year, and the one that the acquired brand comes with. */
export const catalogs: { before: CatalogBody; after: CatalogBody } = {
  before: {
    version: "2025-11",
    products: atlasProducts("7"),
    licenseModels: atlasModels,
    priceBands: [...priceBands],
  },
  after: {
    version: "2026-05",
    products: [...atlasProducts("8"), ...lumoraProducts],
    licenseModels: [...atlasModels, ...lumoraModels],
    priceBands: [...priceBands],
  },
};
