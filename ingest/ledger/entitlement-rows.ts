// Entitlements ↔ their rows, in one transaction.

import type { Entitlement } from "../../licensing/index.ts";
import type { Sql } from "./sql.ts";

/** An entitlement, and the code that opens it. */
export interface OpenedEntitlement {
  entitlement: Entitlement;
  activationCode: string;
}

/**
 * Reads each of them once and writes it once, however many commands of the transaction are about it: nothing else may look
 * at their table before {@link EntitlementRows.settle}.
 */
export class EntitlementRows {
  readonly #sql: Sql;
  /** What was read, by its ID and by its code. */
  readonly #held = new Map<string, OpenedEntitlement>();
  readonly #unwritten = new Set<OpenedEntitlement>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  find(column: "activation_code" | "entitlement_id", value: string): OpenedEntitlement | undefined {
    const held = this.#held.get(value);
    if (held) return held;
    const row = this.#sql.get<{ state: string; activation_code: string }>(
      `select state, activation_code from entitlement where ${column} = ?`,
      value,
    );
    if (!row) return undefined;
    const found = { entitlement: JSON.parse(row.state) as Entitlement, activationCode: row.activation_code };
    this.#held.set(found.activationCode, found).set(found.entitlement.entitlementId, found);
    return found;
  }

  update(entitlement: Entitlement): void {
    const held = this.#held.get(entitlement.entitlementId);
    if (held) {
      held.entitlement = entitlement;
      this.#unwritten.add(held);
    } else this.#write(entitlement);
  }

  /** Writes what changed, and forgets what was read. */
  settle(): void {
    for (const { entitlement } of this.#unwritten) this.#write(entitlement);
    this.#unwritten.clear();
    this.#held.clear();
  }

  #write(entitlement: Entitlement): void {
    this.#sql.run(
      "update entitlement set state = ?, customer_id = ? where entitlement_id = ?",
      JSON.stringify(entitlement),
      entitlement.customerId,
      entitlement.entitlementId,
    );
    // The end of an entitlement ends its seats; only those that the command looked at are in the state.
    if (entitlement.cancelledAt !== null)
      this.#sql.run(
        "update seat set ended_at = ? where entitlement_id = ? and ended_at is null",
        entitlement.cancelledAt,
        entitlement.entitlementId,
      );
  }
}
