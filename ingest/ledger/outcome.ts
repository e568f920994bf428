// Pure. What a command of the ledger comes to.

import type { Refusal } from "../../licensing/index.ts";
import type { Store } from "./store.ts";

/** Something that the ledger itself turns away, beside the refusals of the rules. */
export interface LedgerRefusal {
  code:
    | "catalog_conflict"
    | "order_conflict"
    | "refund_conflict"
    | "order_superseded"
    | "unknown_order"
    | "unknown_activation_code"
    | "unknown_activation"
    | "unknown_license"
    | "unknown_entitlement"
    | "unknown_customer"
    | "idempotency_conflict";
  detail: string;
}

/** What a command came to. `isNew` is false where everything had been recorded before. */
export type Outcome<T> =
  { ok: true; isNew: boolean; value: T } | { ok: false; refusal: Refusal | LedgerRefusal };

/** Everything that a handler has beside its command. */
export interface CommandContext {
  store: Store;
  shard: number;
}

/** The answer of a command that the ledger turned away. */
export function rejected(code: LedgerRefusal["code"], detail: string): { ok: false; refusal: LedgerRefusal } {
  return { ok: false, refusal: { code, detail } };
}
