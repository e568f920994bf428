// Pure. Zod schemas → the JSON schemas of the document, those with a name once, and by reference wherever they are used.

import { z } from "zod";
import { answers } from "./answers.ts";
import { requests } from "./requests.ts";
import { said } from "./said.ts";

/** JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. */
export type JsonSchema = Record<string, unknown>;
type Direction = "input" | "output";

const place = (name: string): string => `#/components/schemas/${name}`;

const optionsOf = (io: Direction) => ({
  io,
  uri: place,
  override({
    zodSchema,
    jsonSchema,
  }: {
    zodSchema: z.core.$ZodTypes;
    jsonSchema: z.core.JSONSchema.BaseSchema;
  }) {
    Object.assign(jsonSchema, said.get(zodSchema));
    // An answer may gain fields; what a request may not have is refused, and stays closed.
    if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined)
      delete jsonSchema.additionalProperties;
    // What every integer of JSON is bound by, and how the format is written, is no news.
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  },
});

const names: Record<Direction, ReadonlyMap<z.ZodType, string>> = {
  input: new Map(Object.entries(requests).map(([name, schema]) => [schema, name])),
  output: new Map(Object.entries(answers).map(([name, schema]) => [schema, name])),
};

function componentsOf(io: Direction): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of names[io]) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, optionsOf(io));
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _schema, $id: _id, ...schema }]) => [name, schema]),
  );
}

/** Every schema with a name. What is said and what is answered have different ones, but for what is the same in both. */
export const components = (): Record<string, JsonSchema> => ({
  ...componentsOf("input"),
  ...componentsOf("output"),
});

/** The schema of a body or a parameter: a reference to its component, or itself where it has no name. */
export function schemaOf(schema: z.ZodType, io: Direction): JsonSchema {
  const name = names[io].get(schema);
  if (name !== undefined) return { $ref: place(name) };
  const { $schema: _schema, ...inline } = z.toJSONSchema(schema, optionsOf(io));
  return inline;
}
