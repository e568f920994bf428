// What the command line says of an import, read.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Instant, parseInstant } from "../../licensing/index.ts";
import type { Home } from "../home.ts";
import { type Mapping, noMapping, readMapping } from "./mapping.ts";
import { encodings } from "./text.ts";

/**
 * The mapping of a format: the one that is given, else the one of the home, else none.
 * @param customer whose everything is that names no customer
 * @throws Error that says line by line what does not fit
 */
export function mappingOf(
  home: Pick<Home, "root">,
  format: string,
  path: string | undefined,
  customer: string | undefined,
): Mapping {
  const usual = join(home.root, "mappings", `${format}.yaml`);
  const file = path ?? (existsSync(usual) ? usual : undefined);
  if (file !== undefined && !existsSync(file)) throw new Error(`There is no file ${file}.`);
  const read =
    file === undefined ? { ok: true as const, mapping: noMapping } : readMapping(readFileSync(file, "utf8"));
  if (!read.ok)
    throw new Error(
      [`The mapping ${file} does not fit:`, ...read.faults.map((fault) => `  ${fault}`)].join("\n"),
    );
  return customer === undefined ? read.mapping : { ...read.mapping, customer };
}

/** @throws Error where it is none that is known */
export function encodingOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const known = encodings.find((encoding) => encoding === name.toLowerCase());
  if (known === undefined) throw new Error(`--encoding ${name}: there are ${encodings.join(", ")}.`);
  return known;
}

/** A day, as its first instant in UTC. @throws Error where it is none */
export function dayOf(day: string | undefined): Instant | undefined {
  if (day === undefined) return undefined;
  const instant = /^\d{4}-\d\d-\d\d$/.test(day) ? parseInstant(`${day}T00:00:00Z`) : undefined;
  if (instant === undefined) throw new Error(`--ordered-at ${day}: say a day such as 2024-01-31.`);
  return instant;
}
