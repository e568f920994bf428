// The shards of the ledger, and which of them to ask. On Node there is one, and nothing is hashed.

import { MAX_SHARDS, shardOfCode, shardOfId, shardOfName } from "./ledger/placement.ts";
import type { LedgerPort } from "./ledger/port.ts";

export class Ledgers {
  /** Every shard, in the order of their numbers. */
  readonly all: readonly LedgerPort[];
  /** Has the API keys, the catalog that the others have copies of, and what belongs to no order. */
  readonly control: LedgerPort;

  /** @throws RangeError where there are none, or more than IDs can name */
  constructor(shards: readonly LedgerPort[]) {
    const [control] = shards;
    if (!control || shards.length > MAX_SHARDS)
      throw new RangeError(`there are 1 to ${MAX_SHARDS} shards, not ${shards.length}`);
    this.all = shards;
    this.control = control;
  }

  /** Where an order lives, with its entitlements and their seats. */
  ofOrder(orderId: string): LedgerPort {
    return this.at(shardOfName(orderId, this.all.length));
  }

  /** Where a customer's directory and profile are. */
  ofCustomer(customerId: string): LedgerPort {
    return this.at(shardOfName(customerId, this.all.length));
  }

  /** Where an entitlement, an activation, a license or a quarantined input lives: its ID says so. */
  ofId(id: string): LedgerPort {
    return this.at(shardOfId(id));
  }

  /** Where the entitlement lives that an activation code opens. */
  ofCode(code: string): LedgerPort {
    return this.at(shardOfCode(code));
  }

  /** What names no shard of ours is of none of them: any may say so. */
  at(shard: number | undefined): LedgerPort {
    return (shard === undefined ? undefined : this.all[shard]) ?? this.control;
  }
}
