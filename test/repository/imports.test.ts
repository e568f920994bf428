// Who may import whom.

import { describe, expect, test } from "vitest";
import { doors, type Module, moduleAt, modules, rooms } from "./files.ts";

const ours = (module: Module) => module.imports.flatMap(({ target }) => (target === null ? [] : [target]));
const isLoaded = ({ isType }: { isType: boolean }) => !isType;

describe("the import rule", () => {
  test.each(rooms)("%s imports itself and its doors only", (room) => {
    const allowed: readonly string[] = doors[room];
    const faults = modules
      .filter((module) => module.room === room)
      .flatMap((module) =>
        ours(module)
          .filter((target) => !target.startsWith(`${room}/`) && !allowed.includes(target))
          .map(
            (target) =>
              `${module.path} imports ${target}: ${room} may import ${["itself", ...allowed].join(" and ")}`,
          ),
      );
    expect(faults).toEqual([]);
  });

  test("nothing but a test imports a test", () => {
    const faults = modules
      .filter(({ room }) => room !== "test")
      .flatMap((module) =>
        ours(module)
          .filter((target) => target.startsWith("test/"))
          .map((target) => `${module.path} imports ${target}: move what both need out of test/`),
      );
    expect(faults).toEqual([]);
  });

  test("every import of a file finds it", () => {
    const faults = modules.flatMap((module) =>
      ours(module)
        .filter((target) => /\.[jt]s$/.test(target) && !moduleAt.has(target))
        .map((target) => `${module.path} imports ${target}, which is not there`),
    );
    expect(faults).toEqual([]);
  });

  test("nothing is fetched: no npm:, no address", () => {
    const faults = modules.flatMap((module) =>
      module.imports
        .filter(({ specifier }) => /^(npm|jsr|https?|observablehq):/.test(specifier))
        .map(({ specifier }) => `${module.path} imports ${specifier}: import the package by its bare name`),
    );
    expect(faults).toEqual([]);
  });

  test("licensing runs anywhere: it loads no module of a runtime", () => {
    const faults = modules
      .filter(({ room }) => room === "licensing")
      .flatMap((module) =>
        module.imports
          .filter(({ specifier }) => /^(node|cloudflare|bun):/.test(specifier))
          .map(({ specifier }) => `${module.path} imports ${specifier}: take what it gives as an argument`),
      );
    expect(faults).toEqual([]);
  });

  test("the client loads nothing but itself: of the service it has types, and of packages none", () => {
    const faults = modules
      .filter(({ room }) => room === "client")
      .flatMap((module) =>
        module.imports
          .filter((it) => isLoaded(it) && it.target?.startsWith("client/") !== true)
          .map(({ specifier }) => `${module.path} loads ${specifier}: take its types with \`import type\``),
      );
    expect(faults).toEqual([]);
  });

  // What a product may embed: the verifier, and what reads and writes the files that its users carry.
  const embedded = ["verify", "revocations", "file", "offline"].map((name) => `licensing/${name}.ts`);
  test.each(embedded)(
    "%s brings a signature check into a customer's product, and no other package",
    (path) => {
      const packages = reach(path).flatMap((module) =>
        module.imports
          .filter(isLoaded)
          .flatMap(({ target, specifier }) =>
            target === null ? [`${specifier}, loaded by ${module.path}`] : [],
          ),
      );
      // Who adds a line here makes every product of every vendor larger. `import type` loads nothing.
      expect(packages.filter((it) => !it.startsWith("@noble/ed25519, "))).toEqual([]);
    },
  );
});

test("no module imports itself, over however many others", () => {
  const cycles = new Set<string>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const before = trail.indexOf(path);
    if (before >= 0)
      cycles.add(`${[...trail.slice(before), path].join(" → ")}: move what both need into a file of its own`);
    if (before >= 0 || done.has(path)) return;
    const module = moduleAt.get(path);
    if (module) for (const target of ours(module)) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of modules) visit(path, []);
  expect(Array.from(cycles)).toEqual([]);
});

describe("a file that says it is pure", () => {
  const impure: [string, RegExp][] = [
    ["reads the clock", /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bTemporal\.Now\b/],
    ["draws random numbers", /\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b/],
    ["reads its process", /\bprocess\.(?!exitCode)/],
    ["waits", /\bset(?:Timeout|Interval|Immediate)\(/],
    ["asks the network", /(?<![\w.])fetch\(/],
  ];
  // Hashing what it is given, and telling paths apart, change nothing and ask nobody.
  const harmless = new Set(["node:crypto", "node:path", "node:util"]);

  const pure = modules.filter(({ text, room }) => room !== "test" && text.startsWith("// Pure."));
  test("there are such files", () => {
    expect(pure.length).toBeGreaterThan(0);
  });

  test.each(pure.map(({ path }) => path))("%s", (path) => {
    const faults = reach(path).flatMap((module) => {
      const where = module.path === path ? path : `${path} loads ${module.path}, which`;
      const runtime = module.imports.filter(
        ({ specifier, isType }) =>
          !isType && /^(node|cloudflare):|^@duckdb/.test(specifier) && !harmless.has(specifier),
      );
      return [
        ...impure.filter(([, pattern]) => pattern.test(module.code)).map(([what]) => `${where} ${what}`),
        ...runtime.map(({ specifier }) => `${where} imports ${specifier}`),
      ];
    });
    const advice =
      "take it as an argument, load only types with `import type`, or do not say that it is pure";
    expect(faults.map((fault) => `${fault}: ${advice}`)).toEqual([]);
  });
});

/** A module and all of ours that load with it. */
function reach(path: string): Module[] {
  const found = new Map<string, Module>();
  const visit = (at: string): void => {
    const module = moduleAt.get(at);
    if (!module || found.has(at)) return;
    found.set(at, module);
    for (const it of module.imports.filter(isLoaded)) if (it.target !== null) visit(it.target);
  };
  visit(path);
  return Array.from(found.values());
}
