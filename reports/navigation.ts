// Pure. The pages of the site, in the order in which they are read, and for whom they are.

import type { Audience } from "./audience.ts";

/** A page: its short name for the navigation, its path on the site, and who may read it. */
export interface Page {
  name: string;
  path: string;
  isInternal?: boolean;
}

const pages: readonly Page[] = [
  { name: "Overview", path: "/" },
  { name: "Activation", path: "/activation" },
  { name: "Platforms", path: "/platforms" },
  { name: "Models", path: "/license-models" },
  { name: "Policy", path: "/policy" },
  { name: "Money", path: "/revenue" },
  { name: "Compliance", path: "/compliance" },
  { name: "Customers", path: "/customers", isInternal: true },
  { name: "Data quality", path: "/data-quality" },
  { name: "Dictionary", path: "/dictionary" },
];

/** The pages of an audience. */
export const navigation = (audience: Audience): Page[] =>
  pages.filter(({ isInternal }) => audience === "internal" || isInternal !== true);
