import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { architectures, osTypes } from "../../ingest/platform.ts";

const samples = new URL("../../../shared/samples/registries/", import.meta.url);
const reason = existsSync(samples) ? "" : " (skipped: ../shared/samples is not here)";

interface Registry {
  groups: {
    attributes: { id: string; type: string | { members: { value: string; deprecated?: object }[] } }[];
  }[];
}

/** The values that a registry lists for an attribute, without those that it has renamed. */
function valuesOf(file: string, attribute: string): string[] {
  const registry = parse(readFileSync(new URL(file, samples), "utf8")) as Registry;
  const found = registry.groups.flatMap(({ attributes }) => attributes).find(({ id }) => id === attribute);
  if (!found || typeof found.type === "string") throw new Error(`${file} lists no values of ${attribute}`);
  return found.type.members.filter(({ deprecated }) => !deprecated).map(({ value }) => value);
}

describe.skipIf(reason !== "")(`OpenTelemetry's registries${reason}`, () => {
  test.each([
    ["os.type", "otel_os_registry.yaml", osTypes],
    ["host.arch", "otel_host_registry.yaml", architectures],
  ])("%s: ours are all that are not deprecated", (attribute, file, ours) => {
    expect(new Set(ours)).toEqual(new Set(valuesOf(file, attribute)));
  });
});
