// The site for those who need not know the customers: nothing in its files tells of one.

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { buildSite } from "../../reports/build.ts";
import { parquetRows } from "../../reports/src/components/parquet.ts";
import { openLake } from "../../warehouse/read.ts";
import { temporaryFolder } from "../support/folder.ts";
import { EMAIL, facts, removeHome, SERVER, vendorHome } from "./support.ts";

/** What tells of a customer: whoever it is, what it ordered, what it holds, and on what computer. */
const identifiers = `
  select distinct unnest([
    customer_id, order_id, entitlement_id, activation_id, license_id, host_hash, user_hash, event_id
  ]) as identifier
  from entitlement_history`;

/** IDs that no other text has by accident. */
const distinct = facts().map((draft) => ({
  ...draft,
  ...(typeof draft.customer_id === "string" ? { customer_id: `kunde-${draft.customer_id}-zz` } : {}),
  ...(typeof draft.order_id === "string" ? { order_id: `auftrag-${draft.order_id}-zz` } : {}),
}));

async function textsOf(site: string): Promise<Map<string, string>> {
  const entries = await readdir(site, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(
    await Promise.all(
      paths.map(async (path) => {
        const bytes = await readFile(path);
        return [path, path.endsWith(".parquet") ? await textOf(bytes) : bytes.toString("latin1")] as const;
      }),
    ),
  );
}

/** What stands compressed in a Parquet file. */
async function textOf(bytes: Buffer): Promise<string> {
  const read = await parquetRows(new Uint8Array(bytes).buffer);
  return Buffer.from(JSON.stringify(read)).toString("latin1");
}

test("no file of the product site holds an identifier or a name of a customer; of the internal site one does", async () => {
  const home = await vendorHome(distinct);
  const folder = await temporaryFolder();
  const lake = await openLake(join(home, "lake"));
  if (!lake) throw new Error("nothing was loaded");
  const found = await lake.query<{ identifier: string | null }>(identifiers);
  const names = await lake.query<{ name: string | null }>("select name from dim_customer");
  lake.close();
  const secrets = [
    ...found.map(({ identifier }) => identifier),
    ...names.map(({ name }) => name),
    EMAIL,
    SERVER,
    "kunde-",
  ].filter((text): text is string => text !== null && text.length >= 5);
  expect(secrets.length).toBeGreaterThan(200);
  const told = async (audience: "internal" | "product") => {
    const { folder: site } = await buildSite({ home, audience, out: join(folder, audience) });
    const texts = await textsOf(site);
    return secrets.filter((secret) => {
      const bytes = Buffer.from(secret).toString("latin1");
      return [...texts].some(([path, text]) => text.includes(bytes) || path.includes(secret));
    });
  };
  expect(await told("product")).toEqual([]);
  expect((await told("internal")).length).toBeGreaterThan(100);
  await removeHome(home);
});

test("the product site is a folder to be given away: without --out it says so", async () => {
  const home = await temporaryFolder();
  const build = join(import.meta.dirname, "../../reports/build.ts");
  await expect(
    promisify(execFile)(process.execPath, ["--no-warnings", build, "--audience", "product"], {
      env: { ...process.env, KEYHOUSE_HOME: home },
    }),
  ).rejects.toMatchObject({ stderr: expect.stringContaining("--out DIR") as string });
  await expect(
    promisify(execFile)(process.execPath, ["--no-warnings", build, "--audience", "press"], {
      env: { ...process.env, KEYHOUSE_HOME: home },
    }),
  ).rejects.toMatchObject({ stderr: expect.stringContaining("internal or product") as string });
});
