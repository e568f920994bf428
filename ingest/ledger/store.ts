// Rows ↔ what the rules speak of. Every statement of a command's transaction is here; no rule is.

import {
  type Entitlement,
  type EntitlementEvent,
  type EntitlementState,
  type Instant,
  evolve,
  formatInstant,
  type Order,
  type RevocationChange,
  revocationOf,
  type Seat,
} from "../../licensing/index.ts";
import type { Draft } from "../event.ts";
import { newEventId } from "../ids.ts";
import { noteInDirectory } from "./directory.ts";
import { linePieces, placeText } from "./event-line.ts";
import { EntitlementRows, type OpenedEntitlement } from "./entitlement-rows.ts";
import { insertGrants, isAnyKnown, tellings } from "./grant-rows.ts";
import { NewsDesk, queueMessage } from "./messages.ts";
import { type Fact, type News, newsOf, stampOf } from "./news.ts";
import { batchOf } from "./outbox.ts";
import { putProfile } from "./profile-rows.ts";
import { type OrderRow, type QuarantineRow, type SeatRow, seatOf } from "./rows.ts";
import { type SeatKey, SeatRows } from "./seat-rows.ts";
import type { Sql } from "./sql.ts";
import type { TelemetryNames } from "./telemetry/names.ts";
import { type Facts, recognize } from "./telemetry/recognize.ts";
import { rowsOf } from "./telemetry/rows.ts";

/** The tables, in one transaction: made at its start, thrown away with it. */
export class Store {
  readonly sql: Sql;
  readonly #place: { shard: number; shards: number };
  /** The record time of everything in this transaction. */
  readonly now: Instant;
  readonly #entitlements: EntitlementRows;
  readonly #seats: SeatRows;
  readonly #news = new NewsDesk();
  /** What this transaction has told of customers: a hundred orders of one tell it once. */
  readonly #told = new Map<string, string>();
  readonly #names: TelemetryNames;
  #seq: number | undefined;

  /** @param names outlives the transaction: its owner has it forget what was undone */
  constructor(sql: Sql, place: { shard: number; shards: number }, now: Instant, names: TelemetryNames) {
    this.sql = sql;
    this.#place = place;
    this.#names = names;
    this.now = now;
    this.#entitlements = new EntitlementRows(sql);
    this.#seats = new SeatRows(sql);
  }

  /** Gives a fact its place and its record time, and puts it into the outbox. */
  append(draft: Draft): void {
    this.#append(draft, draft.source);
  }

  /**
   * Puts telemetry that is new into the outbox: it is of no customer's history, and stands there many events a row.
   * @returns for each fact whether it was new; see `telemetry/recognize.ts`
   */
  appendTelemetry(told: Facts): Uint8Array {
    const novelties = recognize(this.sql, this.#names, told, this.#lastSeq());
    for (const row of rowsOf(told, novelties)) {
      this.#seq = this.#lastSeq() + row.events;
      this.sql.run(
        "insert into event (seq, batch, batch_bytes) values (?, ?, ?)",
        this.#seq,
        batchOf(row, newEventId(), this.now),
        row.size_bytes,
      );
    }
    return novelties;
  }

  #lastSeq(): number {
    this.#seq ??= this.sql.get<{ seq: number | null }>("select max(seq) as seq from event")?.seq ?? 0;
    return this.#seq;
  }

  #nextSeq(): number {
    this.#seq = this.#lastSeq() + 1;
    return this.#seq;
  }

  #append(fact: Fact, source: string): void {
    const seq = this.#nextSeq();
    const { head, tail } = linePieces(fact, source, newEventId());
    const line = `${head}${placeText(this.now, this.#place.shard)}${seq}${tail}`;
    this.sql.run(
      "insert into event (seq, customer_id, entitlement_id, line) values (?, ?, ?, ?)",
      seq,
      fact.customer_id ?? null,
      fact.entitlement_id ?? null,
      line,
    );
    this.#news.push(...newsOf(fact, { shard: this.#place.shard, seq, now: this.now }));
  }

  /**
   * Takes the orders of the attached database (grant-rows.ts), as one that is recorded by itself is.
   * @returns false where one of them is on record already: then nothing was taken
   */
  takeGrants(importId: string): boolean {
    const { shard, shards } = this.#place;
    if (shards > 1) throw new RangeError("what others have to know of orders is told of each by itself");
    if (isAnyKnown(this.sql)) return false;
    const base = this.#lastSeq();
    this.#seq = base + insertGrants(this.sql, { base, shard, now: this.now, importId });
    for (const { number, customer } of tellings(this.sql))
      this.tellProfile(JSON.parse(customer) as Order["customer"], base + number);
    return true;
  }

  catalog(version: string): { number: number; body: string } | undefined {
    return this.sql.get("select number, body from catalog where version = ?", version);
  }

  /** @returns its number, higher than those before it */
  insertCatalog(version: string, body: string): number {
    this.sql.run("insert into catalog (version, body) values (?, ?)", version, body);
    return this.catalog(version)?.number ?? 0;
  }

  /** Keeps a copy of another shard's catalog; again is no news. */
  adoptCatalog(...row: [number: number, version: string, body: string]): void {
    this.sql.run("insert or ignore into catalog (number, version, body) values (?, ?, ?)", ...row);
  }

  putOrder(row: OrderRow): void {
    this.sql.run(
      `insert into orders (order_id, customer_id, status, fingerprint, body, cancelled_at, told_at, import_id, taken_back_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (order_id) do update set customer_id = excluded.customer_id, status = excluded.status,
         fingerprint = excluded.fingerprint, body = excluded.body, cancelled_at = excluded.cancelled_at,
         told_at = excluded.told_at, import_id = excluded.import_id, taken_back_at = excluded.taken_back_at`,
      row.order_id,
      row.customer_id,
      row.status,
      row.fingerprint,
      row.body,
      row.cancelled_at,
      row.told_at,
      row.import_id,
      row.taken_back_at,
    );
  }

  /** Tells a customer's own shard what an order said of them, as of the event that was appended last, or of another. */
  tellProfile({ id, name, email, country }: Order["customer"], seq = this.#seq ?? 0): void {
    const told = JSON.stringify([name, email, country]);
    if (this.#told.get(id) === told) return;
    this.#told.set(id, told);
    const { shard } = this.#place;
    const stamp = stampOf({ shard, seq, now: this.now });
    this.#news.push({ customerId: id, shard, profile: { name, email, country, stamp } });
  }

  /** Takes what is told of a customer whose own shard this is. */
  take(news: News): void {
    noteInDirectory(this.sql, news);
    if (news.profile) putProfile(this.sql, news.customerId, news.profile, formatInstant(this.now));
  }

  /**
   * Sends what this transaction has to tell, at its end: what is for this shard arrives at once, the rest waits in the
   * queue of messages.
   * @returns how many messages wait more than before
   */
  sendNews(): number {
    const { shard, shards } = this.#place;
    return this.#news.send(shards, (to, news) => {
      if (to === shard) news.forEach((it) => this.take(it));
      else queueMessage(this.sql, to, news);
      return to !== shard;
    });
  }

  insertEntitlement({ entitlement, activationCode }: OpenedEntitlement): void {
    this.sql.run(
      "insert into entitlement (entitlement_id, order_id, customer_id, activation_code, state) values (?, ?, ?, ?, ?)",
      entitlement.entitlementId,
      entitlement.orderId,
      entitlement.customerId,
      activationCode,
      JSON.stringify(entitlement),
    );
  }

  entitlementByCode(activationCode: string): Entitlement | undefined {
    return this.#entitlements.find("activation_code", activationCode)?.entitlement;
  }

  entitlement(entitlementId: string): OpenedEntitlement | undefined {
    return this.#entitlements.find("entitlement_id", entitlementId);
  }

  /** See {@link EntitlementRows.settle}. */
  settle(): void {
    this.#entitlements.settle();
  }

  /** A seat by its name, and the entitlement that it is of. */
  seat(activationId: string): { seat: Seat; entitlementId: string } | undefined {
    const row = this.sql.get<SeatRow & { entitlement_id: string }>(
      "select * from seat where activation_id = ?",
      activationId,
    );
    return row && { seat: seatOf(row), entitlementId: row.entitlement_id };
  }

  /** The seat whose present license this is. */
  activationOf(licenseId: string): string | undefined {
    return this.sql.get<{ activation_id: string }>(
      "select activation_id from seat where license_id = ?",
      licenseId,
    )?.activation_id;
  }

  /** See {@link SeatRows.lookUp}. */
  lookUpSeats(wanted: readonly SeatKey[]): void {
    this.#seats.lookUp(wanted);
  }

  /** The seats that an activation may touch: the host's or user's own, those that fall free, and the next that will. */
  seatsFor(entitlement: Entitlement, binding: string, now: Instant): ReadonlyMap<string, Seat> {
    const rows = this.#seats.find({ entitlement, binding });
    if (entitlement.model.metric === "floating") rows.push(...this.#seats.lapsing(entitlement, now));
    return new Map(rows.map((row) => [row.activation_id, seatOf(row)]));
  }

  /**
   * Records what was decided about an entitlement: the events, and the state that they lead to.
   * @returns the state after them
   */
  record(state: EntitlementState, events: readonly EntitlementEvent[], source: string): EntitlementState {
    let next = state;
    for (const event of events) {
      this.#append(event, source);
      const revocation = revocationOf(next, event);
      if (revocation) this.#putRevocation(revocation);
      next = evolve(next, event);
    }
    for (const seat of next.seats.values())
      if (seat !== state.seats.get(seat.activationId)) this.#seats.put(next.entitlement.entitlementId, seat);
    if (next.entitlement !== state.entitlement) this.#entitlements.update(next.entitlement);
    return next;
  }

  #putRevocation(change: RevocationChange): void {
    this.sql.run(
      "insert into revocation (kind, id, generation, is_revoked, until) values (?, ?, ?, ?, ?)",
      change.kind,
      change.id,
      change.kind === "activation" ? change.generation : null,
      change.isRevoked ? 1 : 0,
      change.until,
    );
  }

  /** Keeps the name that people know a computer by. It may name its owner: it is no part of any event. */
  nameHost(activationId: string, hostName: string | null): void {
    this.sql.run("update seat set host_name = ? where activation_id = ?", hostName, activationId);
  }

  insertQuarantined(row: Omit<QuarantineRow, "replayed_at">): void {
    this.sql.run(
      `insert into quarantine (quarantine_id, received_at, source, stage, code, detail, input, record_key, replayed_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, null)`,
      row.quarantine_id,
      row.received_at,
      row.source,
      row.stage,
      row.code,
      row.detail,
      row.input,
      row.record_key,
    );
  }

  /** @returns false where there is no such input, or it went through before */
  markReplayed(quarantineId: string): boolean {
    const isWaiting = this.sql.get(
      "select 1 from quarantine where quarantine_id = ? and replayed_at is null",
      quarantineId,
    );
    this.sql.run("update quarantine set replayed_at = ? where quarantine_id = ?", this.now, quarantineId);
    return isWaiting !== undefined;
  }
}
