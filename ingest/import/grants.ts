// Orders granted beside the thread that records them: written to a database that the ledger's connection has attached.

import { rmSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { type Catalog, decideOrder, type Order } from "../../licensing/index.ts";
import { newEventId, newId } from "../ids.ts";
import { linePieces } from "../ledger/event-line.ts";
import { GRANTS_SCHEMA } from "../ledger/grant-rows.ts";
import { paidOf, rightOf, summaryBody } from "../ledger/granted.ts";

export class Grants {
  readonly #database: DatabaseSync;
  readonly #order: StatementSync;
  readonly #right: StatementSync;
  readonly #telling: StatementSync;
  readonly #shard: number;
  /** The last event's. */
  #number = 0;
  readonly #orderIds = new Set<string>();
  #told: Order["customer"] | undefined;

  /** Makes the database, where it is not there, for the ledger to attach. */
  constructor(path: string, shard: number) {
    this.#shard = shard;
    rmSync(path, { force: true });
    this.#database = new DatabaseSync(path);
    // Large pages, and room for all of a batch: each page is written once, and with few calls.
    this.#database.exec(
      `pragma page_size = 65536; pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536; ${GRANTS_SCHEMA}`,
    );
    this.#order = this.#database.prepare("insert into granted_order values (?, ?, ?, ?, ?, ?, ?)");
    this.#right = this.#database.prepare(
      "insert into granted_right values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#telling = this.#database.prepare("insert into telling values (?, ?)");
  }

  /** Begins anew. */
  begin(): void {
    this.#database.exec(
      "begin immediate; delete from granted_order; delete from granted_right; delete from telling",
    );
    this.#number = 0;
    this.#orderIds.clear();
    this.#told = undefined;
  }

  /** Grants an order as nothing is on record of it. @returns whether it is; else nothing of it is here */
  add(
    { order, fingerprint }: { order: Order; fingerprint: string },
    { catalog, source }: { catalog: Catalog; source: string },
  ): boolean {
    const shard = this.#shard;
    // The second of an ID is another order under it, which is decided once the first is on record.
    if (this.#orderIds.has(order.orderId)) return false;
    const decision = decideOrder(order, catalog, () => newId("ent", shard));
    if (!decision.ok) return false;
    const { orderId, customer } = order;
    for (const event of decision.events) {
      const number = ++this.#number;
      const { head, tail } = linePieces(event, source, newEventId());
      if (event.type === "order.recorded")
        this.#order.run(number, orderId, customer.id, fingerprint, summaryBody(order), head, tail);
      if (event.type !== "entitlement.granted") continue;
      const { entitlement, activationCode } = rightOf(event, shard);
      const { lineNumber, currency, amountMinor, at } = paidOf(event, order);
      const { entitlementId } = entitlement;
      const code = [entitlementId, activationCode, JSON.stringify(entitlement)] as const;
      const money = [lineNumber, currency, amountMinor, at] as const;
      this.#right.run(number, orderId, customer.id, ...code, ...money, head, tail);
    }
    this.#tell(customer);
    this.#orderIds.add(orderId);
    return true;
  }

  /** All of it is there. */
  end(): void {
    this.#database.exec("commit");
  }

  close(): void {
    this.#database.close();
  }

  /** Orders stand by customer: most say of theirs what the one before said. */
  #tell(customer: Order["customer"]): void {
    const { id, name, email, country } = customer;
    const told = this.#told;
    const isTold = told?.id === id && told.name === name && told.email === email && told.country === country;
    if (isTold) return;
    this.#told = customer;
    this.#telling.run(this.#number, JSON.stringify(customer));
  }
}
