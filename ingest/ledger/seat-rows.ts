// Seats ↔ their rows, in one transaction.

import type { Entitlement, Instant, Seat } from "../../licensing/index.ts";
import type { SeatRow } from "./rows.ts";
import type { Sql } from "./sql.ts";

/** A host, or a user, of an entitlement. */
export interface SeatKey {
  entitlement: Entitlement;
  binding: string;
}

// Seats whose lease is over fall free some at a time: one is enough to go on, and a command stays short.
const MAX_LAPSED_SEATS = 100;

/** Reads and writes them; many can be looked up at once. */
export class SeatRows {
  readonly #sql: Sql;
  /** What was looked up and not asked for or changed since, by {@link nameOf}. */
  readonly #found = new Map<string, SeatRow[]>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The live seat of a host or a user: one at most. */
  find({ entitlement, binding }: SeatKey): SeatRow[] {
    const name = nameOf(entitlement.entitlementId, binding);
    const found = this.#found.get(name);
    if (!found)
      return this.#sql.all<SeatRow>(
        "select * from seat where entitlement_id = ? and coalesce(user_hash, host_hash) = ? and ended_at is null",
        entitlement.entitlementId,
        binding,
      );
    // Whoever asks may change it: the next one asks the table.
    this.#found.delete(name);
    return found;
  }

  /** Looks up, at once, what {@link find} will be asked for one by one. */
  lookUp(keys: readonly SeatKey[]): void {
    this.#found.clear();
    for (const { entitlement, binding } of keys)
      this.#found.set(nameOf(entitlement.entitlementId, binding), []);
    const rows = this.#sql.all<SeatRow & { name: string }>(
      `select seat.*, wanted.value ->> 2 as name
       from json_each(?) as wanted
       cross join seat on seat.entitlement_id = wanted.value ->> 0
         and coalesce(seat.user_hash, seat.host_hash) = wanted.value ->> 1 and seat.ended_at is null`,
      JSON.stringify(
        keys.map(({ entitlement: { entitlementId }, binding }) => [
          entitlementId,
          binding,
          nameOf(entitlementId, binding),
        ]),
      ),
    );
    for (const { name, ...row } of rows) this.#found.set(name, [row]);
  }

  /** Floating seats whose lease is over, and the one whose lease ends next. */
  lapsing({ entitlementId }: Entitlement, now: Instant): SeatRow[] {
    const over = this.#sql.all<SeatRow>(
      `select * from seat where entitlement_id = ? and ended_at is null and license_expires_at <= ?
       order by license_expires_at limit ?`,
      entitlementId,
      now,
      MAX_LAPSED_SEATS,
    );
    const next = this.#sql.all<SeatRow>(
      `select * from seat where entitlement_id = ? and ended_at is null and license_expires_at > ?
       order by license_expires_at limit 1`,
      entitlementId,
      now,
    );
    return [...over, ...next];
  }

  put(entitlementId: string, seat: Seat): void {
    // A seat that fell free for another host is not what was looked up any more.
    this.#found.delete(nameOf(entitlementId, seat.userHash ?? seat.hostHash ?? ""));
    this.#sql.run(
      `insert into seat (activation_id, entitlement_id, host_hash, user_hash, generation, bound_at, ended_at,
         license_id, license_issued_at, license_not_before, license_expires_at, runs_until)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (activation_id) do update set host_hash = excluded.host_hash, user_hash = excluded.user_hash,
         generation = excluded.generation, bound_at = excluded.bound_at, ended_at = excluded.ended_at,
         license_id = excluded.license_id, license_issued_at = excluded.license_issued_at,
         license_not_before = excluded.license_not_before, license_expires_at = excluded.license_expires_at,
         runs_until = excluded.runs_until`,
      seat.activationId,
      entitlementId,
      seat.hostHash,
      seat.userHash,
      seat.generation,
      seat.boundAt,
      seat.endedAt,
      seat.license?.licenseId ?? null,
      seat.license?.issuedAt ?? null,
      seat.license?.notBefore ?? null,
      seat.license?.expiresAt ?? null,
      seat.runsUntil,
    );
  }
}

const nameOf = (entitlementId: string, binding: string): string => `${entitlementId} ${binding}`;
