// Loads that failed: a small file each in the lake, until the next load that publishes has taken it up.

import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { diskFaultOf, LoadError } from "./error.ts";
import { TEMPORARY } from "./snapshot.ts";

const failureSchema = z.object({
  /** RFC 3339, UTC. */
  failedAt: z.string(),
  /** The step that it was at. */
  step: z.string(),
  /** What kind of fault. Never its message, which may have a line of a segment in it, and so a customer's data. */
  kind: z.enum(["disk", "refused", "unexpected"]),
});

export interface Failure extends z.infer<typeof failureSchema> {
  /** Name of its file. */
  id: string;
}

/** A load that fails every ten minutes is a week at this; what fails after that is not noted any more. */
const MAX_FAILURES = 1_000;

const folderOf = (lake: string) => join(lake, "failures");
const pathOf = (lake: string, id: string) => join(folderOf(lake), `${id}.json`);

/** Notes that a load failed. A lake that cannot be written goes without: the load says what is wrong with it. */
export async function noteFailure(lake: string, at: Date, step: string, error: unknown): Promise<void> {
  const id = randomUUID();
  const failure = { failedAt: at.toISOString(), step, kind: kindOf(error) };
  const temporary = join(lake, TEMPORARY, `${id}.json`);
  try {
    if ((await idsIn(lake)).length >= MAX_FAILURES) return;
    await mkdir(join(lake, TEMPORARY), { recursive: true });
    await mkdir(folderOf(lake), { recursive: true });
    await writeFile(temporary, `${JSON.stringify(failure)}\n`);
    // Whole or not at all, for a load that looks meanwhile.
    await rename(temporary, pathOf(lake, id));
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function kindOf(error: unknown): Failure["kind"] {
  if (diskFaultOf(error)) return "disk";
  return error instanceof LoadError ? "refused" : "unexpected";
}

async function idsIn(lake: string): Promise<string[]> {
  const names = await readdir(folderOf(lake)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names
    .filter((name) => /^[0-9a-f-]{36}\.json$/.test(name))
    .map((name) => name.slice(0, -".json".length));
}

/** What failed and is not removed yet, oldest first. What cannot be read is left out. */
export async function listFailures(lake: string): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const id of await idsIn(lake)) {
    // Another load that has published may have removed it since.
    const text = await readFile(pathOf(lake, id), "utf8").catch(() => "null");
    const parsed = failureSchema.safeParse(jsonOf(text));
    if (parsed.success) failures.push({ id, ...parsed.data });
  }
  return failures.toSorted((a, b) => (a.failedAt + a.id < b.failedAt + b.id ? -1 : 1));
}

/** Removes what is on record. */
export async function removeFailures(lake: string, ids: readonly string[]): Promise<void> {
  for (const id of ids) await rm(pathOf(lake, id), { force: true });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
