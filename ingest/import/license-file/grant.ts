// Pure. What one line of a license file grants, in FlexNet's files and RLM's alike.

import { hash } from "node:crypto";
import type { ForeignCustomer, ForeignModel, ForeignSeat } from "../../importers/importer.ts";
import type { Instant } from "../../../licensing/index.ts";

export interface Grant {
  line: number;
  column: number;
  /** Where its last day stands. */
  expiry: { line: number; column: number };
  input: string;
  /** What makes it what it is, as a hash: the same line elsewhere has the same. */
  id: string;
  vendor: string;
  name: string;
  version: string;
  /** Of an upgrade: the lowest version that it makes its own version of. */
  from: string | null;
  /** Only licenses that have this in common can be upgraded by one another. */
  pool: string;
  /** Copies; where none are counted, how many computers or users it names, or 1. */
  quantity: number;
  isCounted: boolean;
  /** The first of these of a name counts, and no other. */
  isFirstOnly: boolean;
  /** Keys of the products whose older licenses this one replaces; null where it replaces none. */
  replaces: readonly string[] | null;
  /** When it was issued, where it says so. */
  issuedAt: Instant | undefined;
  /** The same, or what was given for licenses that do not say it. */
  orderedAt: Instant | undefined;
  startsAt: Instant | undefined;
  endsAt: Instant | null;
  model: ForeignModel;
  seats: readonly Omit<ForeignSeat, "boundAt">[];
  features: readonly string[];
  customer: ForeignCustomer | undefined;
}

/** Tells products apart: names are the same in upper and lower case. */
export const keyOf = (vendor: string, name: string): string => `${vendor}/${name}`.toLowerCase();

/** A hash of what makes a license what it is, in a form that is read in one way only. */
export const identityOf = (parts: readonly unknown[]): string =>
  hash("sha256", JSON.stringify(parts), "hex").slice(0, 32);
