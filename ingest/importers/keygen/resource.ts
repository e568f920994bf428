// Pure. A resource of JSON:API, as far as it is the same of all types: https://jsonapi.org/format/#document-resource-objects.

import { z } from "zod";
import type { ProblemCode } from "../importer.ts";

// What names a right in its source for ever; Keygen's own are UUIDs.
const id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/#@+=-]{0,100}$/, "an ID of letters, digits and - . _ : / # @ + =");

export const resourceSchema = z.object({
  type: z.string().min(1).max(100),
  id,
  attributes: z.record(z.string(), z.unknown()).default({}),
  relationships: z
    .record(z.string(), z.object({ data: z.unknown().optional() }).nullish().catch(null))
    .default({}),
});
export type Resource = z.infer<typeof resourceSchema>;

/** Why a resource is not read; `at` is its path in the resource. */
export interface Fault {
  code: ProblemCode;
  detail: string;
  at?: string;
}

/** What may be left out, and may be null to say the same. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

/** The first thing that does not fit, without the value that does not. */
export function faultOf(error: z.ZodError, base = ""): Fault {
  const [issue] = error.issues;
  const path = [...(base === "" ? [] : [base]), ...(issue?.path ?? [])].map(String).join(".").slice(0, 200);
  return {
    code: "invalid",
    detail: `${path || "The resource"}: ${issue?.message ?? "does not fit"}.`,
    at: path,
  };
}

/** Reads what a resource says of itself. */
export function attributesOf<Attributes>(
  resource: Resource,
  schema: z.ZodType<Attributes>,
): { ok: true; attributes: Attributes } | { ok: false; fault: Fault } {
  const parsed = schema.safeParse(resource.attributes);
  return parsed.success
    ? { ok: true, attributes: parsed.data }
    : { ok: false, fault: faultOf(parsed.error, "attributes") };
}

/** The ID of the one that it is related to under the first of these names that says one. */
export function relatedId({ relationships }: Resource, ...names: string[]): string | undefined {
  for (const name of names) {
    const found = linkSchema.safeParse(relationships[name]?.data);
    if (found.success) return found.data.id;
  }
  return undefined;
}

/** The IDs of all that it is related to under a name. */
export function relatedIds({ relationships }: Resource, name: string): string[] {
  const links = relationships[name]?.data;
  return Array.isArray(links)
    ? links.flatMap((link: unknown) => {
        const found = linkSchema.safeParse(link);
        return found.success ? [found.data.id] : [];
      })
    : [];
}

const linkSchema = z.object({ id });
