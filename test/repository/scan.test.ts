import { describe, expect, test } from "vitest";
import { codeOf, exportsOf, importsOf, scriptOf } from "./scan.ts";

const taken = (source: string) =>
  importsOf(codeOf(source)).map(({ specifier, names }) => [specifier, ...names]);

describe("the scanner finds", () => {
  test.each([
    ['import { a, type B, c as d } from "./x.ts";', [["./x.ts", "a", "B", "c"]]],
    ['import {\n  a,\n  b,\n} from "./x.ts";', [["./x.ts", "a", "b"]]],
    ["import {a} from './x.js'", [["./x.js", "a"]]],
    ['import a, { b } from "./x.ts";', [["./x.ts", "b", "default"]]],
    ['import * as a from "./x.ts";', [["./x.ts", "*"]]],
    ['export * from "./x.ts";', [["./x.ts", "*"]]],
    ['import "./x.ts";', [["./x.ts", "*"]]],
    ['const { a } = await import("./x.ts");', [["./x.ts", "*"]]],
    ['new Worker(new URL("./x.ts", import.meta.url))', [["./x.ts", "*"]]],
    ['const a = /["\'`]/; import { b } from "./x.ts";', [["./x.ts", "b"]]],
    ['const a = b / c; import { d } from "./x.ts"; e / f', [["./x.ts", "d"]]],
    ['const a = `${b ? `}` : "`"}`; import { c } from "./x.ts";', [["./x.ts", "c"]]],
  ])("%j", (source, expected) => {
    expect(taken(source)).toEqual(expected);
  });

  test("declarations, lists and the default", () => {
    const source =
      "export const a = 1; export async function b() {} export type C = 1; export { d, e as f }; export default a;";
    const found = exportsOf(codeOf(source)).map(({ name, isType }) => (isType ? `type ${name}` : name));
    expect(found).toEqual(["a", "b", "type C", "d", "f", "default"]);
  });

  test("the scripts of a page", () => {
    expect(scriptOf("# A\n\n```js echo\nimport 1\n```\n\n```sql\nselect\n```\n")).toBe("import 1\n");
  });

  test("what is erased, and what is loaded all the same", () => {
    const source = 'import type { A } from "./a.ts"; import { type B } from "./b.ts";';
    expect(importsOf(codeOf(source)).map(({ isType }) => isType)).toEqual([true, false]);
  });
});

test.each([
  '// import { a } from "./x.ts";',
  '/* import { a } from "./x.ts"; */',
  'const a = `import { a } from "./x.ts"`;',
  "const a = 'import { a } from \"./x.ts\"';",
  'const a = /import { a } from ".x.ts"/;',
])("the scanner overlooks %j", (source) => {
  expect(taken(source)).toEqual([]);
});
