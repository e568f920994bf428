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
    policy: { rehosts: { count: 1, per: "P1Y" }, returns: { count: 1, per: "P1Y" } },
  },
  {
    id: "annual-node",
    name: "Annual, node-locked",
    term: { kind: "subscription", duration: "P1Y" },
    metric: "node-locked",
    policy: { rehosts: { count: 2, per: "P1Y" }, returns: { count: 4, per: "P1Y" }, lease: "P30D" },
  },
  {
    id: "annual-float",
    name: "Annual, floating",
    term: { kind: "subscription", duration: "P1Y" },
    metric: "floating",
    policy: { overdraft: "10%", lease: "P7D" },
  },
  {
    id: "annual-site",
    name: "Annual, whole site",
    term: { kind: "subscription", duration: "P1Y" },
    metric: "site",
    policy: { lease: "P30D" },
  },
  {
    id: "trial-30",
    name: "Trial, 30 days",
    term: { kind: "trial", duration: "P30D" },
    metric: "node-locked",
    policy: {},
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
    policy: { overdraft: 1, lease: "P30D" },
  },
  {
    id: "user-quarter",
    name: "Quarterly, named user",
    term: { kind: "subscription", duration: "P3M" },
    metric: "named-user",
    policy: { lease: "P14D" },
  },
  {
    id: "farm-float",
    name: "Annual, floating by the shift",
    term: { kind: "subscription", duration: "P1Y" },
    metric: "floating",
    policy: { lease: "PT8H" },
  },
  {
    id: "pass-7",
    name: "Week pass",
    term: { kind: "temporary", duration: "P7D" },
    metric: "node-locked",
    policy: {},
  },
  {
    id: "trial-14",
    name: "Trial, 14 days",
    term: { kind: "trial", duration: "P14D" },
    metric: "named-user",
    policy: {},
  },
];

const priceBands: CatalogBody["priceBands"] = [
  { id: "high-volume", below: 20_000 },
  { id: "standard", below: 1_000_000 },
  { id: "high-touch" },
];

/** The catalog at the start of the year, and the one that the acquired brand comes with. */
export const catalogs: { before: CatalogBody; after: CatalogBody } = {
  before: {
    version: "2025-11",
    products: atlasProducts("7"),
    licenseModels: atlasModels,
    priceBands,
  },
  after: {
    version: "2026-05",
    products: [...atlasProducts("8"), ...lumoraProducts],
    licenseModels: [...atlasModels, ...lumoraModels],
    priceBands,
  },
};
