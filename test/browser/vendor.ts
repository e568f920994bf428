// The small vendor's home and its sites, made once for all tests before a browser: a load and a build take seconds each.

import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildSite } from "../../reports/build.ts";
import { removeHome, vendorHome } from "../reports/support.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folders; tests leave them as they are. */
    vendor: { home: string; internal: string; product: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await vendorHome();
  const [internal, product] = await Promise.all([
    buildSite({ home }),
    buildSite({ home, audience: "product", out: join(home, "product") }),
  ]);
  project.provide("vendor", { home, internal: internal.folder, product: product.folder });
  return () => removeHome(home);
}
