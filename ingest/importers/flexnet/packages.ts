// Pure. PACKAGE lines: what a feature of the same name licenses together.

import type { Entry } from "../importer.ts";
import type { Instant } from "../../../licensing/index.ts";
import { dayOf } from "../../import/license-file/day.ts";
import { identityOf, keyOf } from "../../import/license-file/grant.ts";
import type { LicenseLine } from "../../import/license-file/lines.ts";
import { type Fault, isFault, nameFault } from "../../import/license-file/options.ts";
import type { Read } from "../../import/license-file/read.ts";
import { replacedBy } from "../../import/license-file/stated.ts";
import { readLicenseOptions } from "./options.ts";

/** The largest package that we know of has some three hundred. */
const MAX_COMPONENTS = 5000;

export interface Package {
  kind: "package";
  line: number;
  column: number;
  input: string;
  id: string;
  vendor: string;
  name: string;
  /** Null where it is of every version. */
  version: string | null;
  /** As they are written: a name, or with a version and a count, `apple:1.5:2`. */
  components: readonly string[];
  replaces: readonly string[] | null;
  issuedAt: Instant | undefined;
}

export function readPackage(line: LicenseLine, input: string): Package | Fault {
  const [name, vendor, third] = line.words;
  if (!name || !vendor)
    return {
      code: "incomplete",
      place: {},
      detail: "A package has a name and a vendor: PACKAGE name vendor …",
    };
  const hasVersion =
    third !== undefined && /^[^=]+$/.test(third.text) && third.text.toUpperCase() !== "SUPERSEDE";
  const fault =
    nameFault(name, "name", 100) ??
    nameFault(vendor, "vendor", 100) ??
    (hasVersion ? nameFault(third, "version", 64) : null);
  if (fault) return fault;
  const read = readLicenseOptions(line.words.slice(hasVersion ? 3 : 2));
  if (isFault(read)) return read;
  const components = (read.options.get("COMPONENTS")?.value ?? "").split(" ").filter(Boolean);
  if (components.length === 0)
    return { code: "incomplete", place: {}, detail: 'A package names what is in it: COMPONENTS="one two".' };
  if (components.length > MAX_COMPONENTS)
    return { code: "invalid", place: {}, detail: `It has more than ${MAX_COMPONENTS} components.` };
  return {
    kind: "package",
    line: line.line,
    column: line.column,
    input,
    id: identityOf([
      "package",
      keyOf(vendor.text, name.text),
      hasVersion ? third.text : null,
      ...read.identity,
    ]),
    vendor: vendor.text,
    name: name.text,
    version: hasVersion ? third.text : null,
    components,
    replaces: replacedBy(vendor.text, name.text, read.supersedes),
    issuedAt: read.issuedAt ?? read.startsAt,
  };
}

/**
 * Gives licenses the components of their packages.
 * @returns the same lines, with packages as what is known of their products
 */
export function unpacked(reads: readonly (Read | Package)[]): Read[] {
  const packages = reads.filter((read) => read.kind === "package");
  const { inForce, replaced } = settled(packages);
  return reads.map((read): Read => {
    if (read.kind === "package") return { kind: "entry", entry: entryOf(read, replaced.get(read)) };
    if (read.kind !== "grant") return read;
    const { grant } = read;
    const ofName = inForce.get(keyOf(grant.vendor, grant.name));
    const features = ofName?.get(grant.version) ?? ofName?.get(null);
    return features ? { kind: "grant", grant: { ...grant, features: features.components } } : read;
  });
}

/** Of packages of a name and version the first counts, but for those that a younger one replaces. */
function settled(packages: readonly Package[]) {
  const youngest = new Map<string, Package>();
  for (const it of packages)
    for (const key of it.replaces ?? [])
      if ((youngest.get(key)?.issuedAt ?? -Infinity) < (it.issuedAt ?? -Infinity)) youngest.set(key, it);
  const inForce = new Map<string, Map<string | null, Package>>();
  const replaced = new Map<Package, string>();
  for (const it of packages) {
    const key = keyOf(it.vendor, it.name);
    const by = youngest.get(key);
    const versions = inForce.get(key) ?? new Map<string | null, Package>();
    inForce.set(key, versions);
    const first = versions.get(it.version);
    if (by?.issuedAt !== undefined && (it.issuedAt ?? -Infinity) < by.issuedAt)
      replaced.set(it, `Line ${by.line}, issued on ${dayOf(by.issuedAt)}, replaces this package.`);
    else if (!first) versions.set(it.version, it);
    else if (first.id !== it.id)
      replaced.set(it, `Line ${first.line} says already what ${it.name} has in it.`);
  }
  return { inForce, replaced };
}

function entryOf(it: Package, detail: string | undefined): Entry {
  const { line, column, input, vendor, name, components } = it;
  const place = { line, column };
  if (detail !== undefined) return { place, input, kind: "problem", code: "void", detail };
  const key = `${vendor}/${name}`;
  return {
    place,
    input,
    kind: "reference",
    reference: { of: "product", key, name, brand: vendor, features: components },
  };
}
