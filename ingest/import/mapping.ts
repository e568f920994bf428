// Pure. The mapping of a foreign source to the catalog: rules that people write, in one file.

import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { metricSchema, statedPolicySchema } from "../../licensing/index.ts";
import { tableSchema } from "./table/columns.ts";

const words = z.string().min(1).max(300);
const identifier = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/,
    "1 to 128 letters, digits, or . _ : / - (a letter or digit first)",
  );
const currency = z.string().regex(/^[A-Z]{3}$/, "an ISO 4217 code such as EUR");

const mappingSchema = z.strictObject({
  /** What events and reports call this source, after `import:`. */
  source: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, "a lowercase letter, then letters, digits and -, 40 at most")
    .optional(),
  /** Whose everything is that names no customer, as license files do not. */
  customer: identifier.optional(),
  /** `ours`: the IDs of its customers are those that Keyhouse knows already. */
  customerIds: z.enum(["ours", "theirs"]).default("theirs"),
  /** Of what has a price and no currency, or none at all. */
  currency: currency.default("USD"),
  table: tableSchema.optional(),
  products: z
    .array(
      z.strictObject({
        from: words,
        sku: identifier,
        /** With a name and a brand it is added to the catalog where that has no such SKU. */
        name: words.optional(),
        brand: words.optional(),
      }),
    )
    .default([]),
  models: z
    .array(
      z.strictObject({
        from: words,
        licenseModel: identifier.optional(),
        term: z.enum(["perpetual", "subscription", "trial", "temporary"]).optional(),
        duration: words.optional(),
        metric: metricSchema.optional(),
        policy: statedPolicySchema.optional(),
      }),
    )
    .default([]),
  customers: z.array(z.strictObject({ from: words, id: identifier })).default([]),
});
export type Mapping = z.infer<typeof mappingSchema>;

/** The mapping of a source for which nobody wrote one. */
export const noMapping: Mapping = mappingSchema.parse({});

/**
 * Reads a mapping as people write it: YAML.
 * @returns the mapping, or what is wrong with it, each with its line
 */
export function readMapping(yaml: string): { ok: true; mapping: Mapping } | { ok: false; faults: string[] } {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => `line ${lines.linePos(offset).line}`;
  if (document.errors.length > 0)
    return { ok: false, faults: document.errors.map(({ pos, message }) => `${lineAt(pos[0])}: ${message}`) };
  let plain: unknown;
  try {
    // Names may stand for one another a million times over: a mapping needs none.
    plain = document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    return { ok: false, faults: [`the mapping: ${(error as Error).message}`] };
  }
  const parsed = mappingSchema.safeParse(plain ?? {});
  if (parsed.success) return { ok: true, mapping: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) => {
    const node: unknown = document.getIn(path, true);
    const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
    const where = Array.isArray(range) ? `${lineAt(Number(range[0]))}: ` : "";
    return `${where}${path.join(".") || "the mapping"}: ${message}`;
  });
  return { ok: false, faults };
}

/**
 * The first rule that a foreign name fits. `*` in a rule stands for any text, none included; all else is taken as it is, upper and
 * lower case alike.
 */
export function ruleFor<Rule extends { from: string }>(
  rules: readonly Rule[],
  name: string,
): Rule | undefined {
  return rules.find(({ from }) => fits(from, name));
}

function fits(pattern: string, name: string): boolean {
  const parts = pattern.toLowerCase().split("*");
  const text = name.toLowerCase();
  const [first = "", ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  let from = first.length;
  for (const part of others) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - last.length;
}
