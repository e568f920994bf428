// No dead exports: what is offered is used.

import { expect, test } from "vitest";
import { doors, files, type Module, moduleAt, modules, rooms } from "./files.ts";
import type { Export } from "./scan.ts";

/** Who imports each name, as `path#name` → files. A re-export only passes names on: it is no user of its own. */
const users = new Map<string, Set<string>>();

function use(path: string, name: string, by: string): void {
  const module = moduleAt.get(path);
  if (!module) return;
  const own = name === "*" ? module.exports : module.exports.filter((it) => it.name === name);
  for (const { name: it } of own)
    users.set(`${path}#${it}`, (users.get(`${path}#${it}`) ?? new Set()).add(by));
  for (const { target, passedOn } of module.imports) {
    if (target === null || passedOn === null) continue;
    const theirs = passedOn.has("*") ? name : passedOn.get(name);
    if (theirs !== undefined) use(target, theirs, by);
  }
}

for (const { path, imports } of modules)
  for (const { target, names, passedOn } of imports)
    if (target !== null && passedOn === null) for (const name of names) use(target, name, path);

/** Files that something outside of our code starts: it knows their exports by convention. */
const configurations = files.filter(({ path }) =>
  /(^|\/)(package\.json|wrangler\.jsonc?|wrangler\.toml)$/.test(path),
);
const isEntry = ({ path }: Module) =>
  /\.config\.[jt]s$/.test(path) || configurations.some(({ text }) => text.includes(path));

const isUsedInside = ({ code }: Module, name: string) =>
  Array.from(code.matchAll(new RegExp(`(?<![\\w$.])${name.replaceAll("$", "\\$")}(?![\\w$])`, "g"))).length >
  1;

/** What a door offers is for others, some of whom are not here: vendors, their products, who reads the events. */
const doorFiles = new Set<string>(Object.values(doors).flat());
const isOffered = ({ path, room }: Module) =>
  room === "licensing" || room === "client" || doorFiles.has(path);

/** What is wrong with an export, if anything is. */
function faultOf(module: Module, { name, isType }: Export): string | null {
  const others = Array.from(users.get(`${module.path}#${name}`) ?? []).filter((by) => by !== module.path);
  const isInside = isUsedInside(module, name);
  if (others.some((by) => !by.startsWith("test/"))) return null;
  // A type is offered with the function whose shape it names, whether or not anyone has written it down yet.
  if (isType && isInside) return null;
  const where = `${module.path} exports ${name}`;
  if (others.length > 0)
    return isInside || isOffered(module) ? null : `${where}, and nothing but a test uses it: remove both`;
  return isInside
    ? `${where}, and only the file itself uses it: drop "export"`
    : `${where}, and nobody uses it: remove it`;
}

test.each(rooms)("every export of %s has a user", (room) => {
  const faults = modules
    .filter((module) => module.room === room && !isEntry(module))
    .flatMap((module) => module.exports.map((it) => faultOf(module, it)).filter((fault) => fault !== null));
  expect(faults).toEqual([]);
});
