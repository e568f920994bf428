// Pure. What the licenses of one file come to together: which of them replace others, and which versions copies are of.

import { dayOf } from "./day.ts";
import { type Grant, keyOf } from "./grant.ts";
import { isBelow, readVersion, type Version } from "./version.ts";

/** Copies that a license grants. They stand in the order of the license that they were bought with, upgraded ones too. */
export interface Part {
  base: Grant;
  lineNumber: number;
  quantity: number;
}

export type Outcome =
  { kind: "void" | "incomplete" | "invalid"; detail: string } | { kind: "rights"; parts: Part[] };

/** Upgrades of one product: each looks at all copies of it, and hostile files have many of both. */
const MAX_UPGRADES = 1000;

/** Copies of one version, and the license that says so. */
interface Holding {
  base: Grant;
  by: Grant;
  version: Version | undefined;
  quantity: number;
  /** The last upgrade that took some of them. */
  takenBy: Grant | null;
}

/**
 * Settles what each license grants. The same license again comes to the same as the first.
 * @param grants in the order of their file
 */
export function settle(grants: readonly Grant[]): ReadonlyMap<Grant, Outcome> {
  const first = new Map<string, Grant>();
  for (const grant of grants) if (!first.has(grant.id)) first.set(grant.id, grant);
  const outcomes = new Map<Grant, Outcome>();
  const shelf = new Shelf();
  const replacement = replacements(first.values());
  const firstOfName = new Map<string, Grant>();
  for (const grant of first.values()) {
    const refused = replacement(grant) ?? notFirst(grant, firstOfName) ?? shelf.put(grant);
    if (refused) outcomes.set(grant, refused);
  }
  for (const grant of first.values()) if (!outcomes.has(grant)) outcomes.set(grant, shelf.partsOf(grant));
  return new Map(grants.map((grant) => [grant, outcomes.get(first.get(grant.id) ?? grant) as Outcome]));
}

/** Of those that replace a product's licenses, the youngest replaces all that are older than it. */
function replacements(grants: Iterable<Grant>): (grant: Grant) => Outcome | null {
  const youngest = new Map<string, Grant>();
  for (const grant of grants)
    for (const key of grant.replaces ?? []) {
      const other = youngest.get(key);
      if (grant.orderedAt !== undefined && (other?.orderedAt ?? -Infinity) < grant.orderedAt)
        youngest.set(key, grant);
    }
  return (grant) => {
    const by = youngest.get(keyOf(grant.vendor, grant.name));
    if (by?.orderedAt === undefined || by === grant) return null;
    // Files have told issue dates since they could replace: who tells none is older than who does.
    const issuedAt = grant.issuedAt ?? (by.issuedAt === undefined ? grant.orderedAt : undefined);
    if (issuedAt !== undefined && issuedAt >= by.orderedAt) return null;
    const older = issuedAt === undefined ? "says no day of issue" : `was issued on ${dayOf(issuedAt)}`;
    const detail = `Line ${by.line}, issued on ${dayOf(by.orderedAt)}, replaces what is older; this ${older}.`;
    return { kind: "void", detail };
  };
}

function notFirst(grant: Grant, firstOfName: Map<string, Grant>): Outcome | null {
  if (!grant.isFirstOnly) return null;
  const key = keyOf(grant.vendor, grant.name);
  const first = firstOfName.get(key);
  if (!first) {
    firstOfName.set(key, grant);
    return null;
  }
  return {
    kind: "void",
    detail: `Only the first FEATURE of ${grant.name} counts, and that is in line ${first.line}.`,
  };
}

/** The copies of all products, as far as the file is settled. */
class Shelf {
  readonly #ofProduct = new Map<string, Holding[]>();
  readonly #ofBase = new Map<Grant, Holding[]>();
  readonly #ofGrant = new Map<Grant, Holding[]>();
  readonly #upgrades = new Map<string, number>();

  /** Puts copies there, or moves some that are there to another version. */
  put(grant: Grant): Outcome | null {
    if (grant.from === null) {
      this.#add({ base: grant, by: grant, quantity: grant.quantity, takenBy: null });
      return null;
    }
    const key = keyOf(grant.vendor, grant.name);
    const upgrades = (this.#upgrades.get(key) ?? 0) + 1;
    this.#upgrades.set(key, upgrades);
    if (upgrades > MAX_UPGRADES)
      return {
        kind: "invalid",
        detail: `${grant.name} has more than ${MAX_UPGRADES} upgrades in this file.`,
      };
    let wanted = grant.quantity;
    const [from, to] = [readVersion(grant.from), readVersion(grant.version)];
    // What stands closest before an upgrade is upgraded first.
    for (const holding of this.#ofProduct.get(key)?.toReversed() ?? []) {
      if (wanted === 0 || !from || !to) break;
      if (!isUpgraded(holding, grant, { from, to })) continue;
      const quantity = Math.min(wanted, holding.quantity);
      holding.quantity -= quantity;
      holding.takenBy = grant;
      wanted -= quantity;
      this.#add({ base: holding.base, by: grant, quantity, takenBy: null });
    }
    if (this.#ofGrant.has(grant)) return null;
    const detail = `An upgrade adds no copies, and no line before it has any of ${grant.name} from version ${grant.from} to below ${grant.version}: import it in one file with what it upgrades.`;
    return { kind: "incomplete", detail };
  }

  partsOf(grant: Grant): Outcome {
    const own = this.#ofGrant.get(grant) ?? [];
    const parts = own
      .filter(({ quantity }) => quantity > 0)
      .map(({ base, quantity }) => ({ base, lineNumber: this.#lineNumber(base, grant), quantity }));
    if (parts.length > 0) return { kind: "rights", parts };
    const by = own.at(-1)?.takenBy;
    const detail = `All of its copies are at version ${by?.version} by the upgrade in line ${by?.line}.`;
    return { kind: "void", detail };
  }

  #add(holding: Omit<Holding, "version">): void {
    const whole = { ...holding, version: readVersion(holding.by.version) };
    append(this.#ofProduct, keyOf(holding.by.vendor, holding.by.name), whole);
    append(this.#ofBase, holding.base, whole);
    append(this.#ofGrant, holding.by, whole);
  }

  /** 1 for what was bought. Its upgrades follow by their IDs, which are the same wherever they stand in a file. */
  #lineNumber(base: Grant, by: Grant): number {
    if (by === base) return 1;
    const ids = (this.#ofBase.get(base) ?? []).map((holding) => holding.by).filter((it) => it !== base);
    return 2 + ids.filter(({ id }) => id < by.id).length;
  }
}

function isUpgraded(holding: Holding, by: Grant, { from, to }: { from: Version; to: Version }): boolean {
  const { base, version, quantity } = holding;
  if (quantity === 0 || !base.isCounted || base.pool !== by.pool || !version) return false;
  return !isBelow(version, from) && isBelow(version, to);
}

function append<Key>(map: Map<Key, Holding[]>, key: Key, holding: Holding): void {
  const holdings = map.get(key);
  if (holdings) holdings.push(holding);
  else map.set(key, [holding]);
}
