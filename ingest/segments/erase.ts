// A person out of the segments of profiles: the same lines in the same places, without name and address.

import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Profile } from "../event.ts";
import type { SegmentStore } from "./store.ts";

const [compress, unpack] = [promisify(gzip), promisify(gunzip)];

/** What segments say of a customer. */
export interface NamedSegments {
  /** Segments that were read. */
  read: number;
  /** Lines that name the customer, and the segments that they stand in. */
  lines: number;
  segments: number;
  names: string[];
  emails: string[];
}

/**
 * Finds the lines that name a customer.
 * @param rewrite whether to write each of those segments anew, under its name, without the names: the ledger's rows were
 *   emptied before, and all of them exported, so that an exporter that still holds older rows finds its name taken
 */
export async function namedSegments(
  store: Pick<SegmentStore, "list" | "read" | "replace">,
  customerId: string,
  rewrite = false,
): Promise<NamedSegments> {
  const found: NamedSegments = { read: 0, lines: 0, segments: 0, names: [], emails: [] };
  for await (const name of profileSegments(store)) {
    const stored = await store.read(name);
    if (stored === null) continue;
    found.read += 1;
    const lines = (await unpack(stored)).toString().split("\n");
    const told = lines.map((line) => namedProfile(line, customerId));
    const named = told.filter((profile) => profile !== null);
    if (named.length === 0) continue;
    found.lines += named.length;
    found.segments += 1;
    found.names.push(...named.flatMap(({ name: it }) => it ?? []));
    found.emails.push(...named.flatMap(({ email }) => email ?? []));
    if (!rewrite) continue;
    const anew = lines.map((line, i) => {
      const profile = told[i] ?? null;
      return profile === null ? line : JSON.stringify({ ...profile, name: null, email: null });
    });
    await store.replace(name, await compress(anew.join("\n")));
  }
  return found;
}

async function* profileSegments(store: Pick<SegmentStore, "list">): AsyncGenerator<string> {
  const folder = "profiles/";
  for (let after = folder; ;) {
    const page = await store.list(after);
    const ours = page.filter((name) => name.startsWith(folder) && name.endsWith(".ndjson.gz"));
    yield* ours;
    const last = page.at(-1);
    if (last === undefined || !last.startsWith(folder)) return;
    after = last;
  }
}

/** The profile of a line that names the customer. */
function namedProfile(line: string, customerId: string): Profile | null {
  // Most lines are of others, and need not be parsed.
  if (!line.includes(JSON.stringify(customerId))) return null;
  const profile = JSON.parse(line) as Profile;
  const isNamed = (profile.name ?? null) !== null || (profile.email ?? null) !== null;
  return profile.customer_id === customerId && isNamed ? profile : null;
}
