// What becomes of the entries of an import, batch by batch: recorded, known, in conflict, or in quarantine.

import type { Place } from "../importers/importer.ts";
import { takeIn } from "../sources/intake.ts";
import type { MisfitRecord } from "../ledger/commands/import-runs.ts";
import { importOf } from "../ledger/commands/imports.ts";
import { Ledgers } from "../ledgers.ts";
import type { ImportedOutcome, PartOutcome } from "../ledger/commands/imports.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Assembled, Keyed } from "./assemble.ts";
import type { ImportCounts } from "./events.ts";
import type { Other } from "./others.ts";
import { placeText } from "./place.ts";
import type { PreparedOrders } from "./preparation.ts";

/** Something that was turned away, and where it stands. */
export interface Problem {
  file: string;
  place: Place;
  code: string;
  detail: string;
}

/** Why an entry is turned away. */
type Reason = { code: string; detail: string };

/** Problems that a report lists: nobody reads more, and the rest waits in quarantine all the same. */
const MAX_PROBLEMS = 1000;

export class Run {
  readonly counts: ImportCounts = { read: 0, accepted: 0, duplicate: 0, conflict: 0, quarantined: 0 };
  readonly problems: Problem[] = [];
  /** Whether anything was recorded that was not before. */
  isNews = false;
  readonly #ledger: Ledger;
  readonly #importId: string;
  /** As events say it. */
  readonly source: string;
  readonly #by: string;
  /** Whether anything of this source waits, so that what goes through has to be looked up there. */
  readonly isAnyWaiting: boolean;

  constructor({ ledger, by }: { ledger: Ledger; by: string }, run: { importId: string; source: string }) {
    this.#ledger = ledger;
    this.#by = by;
    this.#importId = run.importId;
    this.source = run.source;
    this.isAnyWaiting =
      ledger.sql.get(
        "select 1 from quarantine where source = ? and record_key is not null and replayed_at is null limit 1",
        run.source,
      ) !== undefined;
  }

  /**
   * Takes orders that were granted, in one transaction.
   * @param turned what of them is turned away
   * @returns whether they were taken; else nothing was, and each has to be decided by itself
   */
  async granted(
    { catalog, rights }: NonNullable<PreparedOrders["granted"]>,
    turned: PreparedOrders["turned"],
  ): Promise<"taken" | "known" | "outdated"> {
    const outcome = await this.#ledger.execute("takeGrants", { importId: this.#importId, catalog });
    if (!outcome.ok) throw new Error(outcome.refusal.detail);
    if (outcome.value !== "taken") return outcome.value;
    this.isNews = true;
    this.counts.read += rights;
    this.counts.accepted += rights;
    const waiting: MisfitRecord[] = [];
    for (const entry of turned) this.#turn(entry, entry, waiting);
    await this.#keep(waiting, []);
    return "taken";
  }

  /** Brings in some orders, in one transaction. @returns whether one of them was on record */
  async orders(batch: readonly Assembled[]): Promise<boolean> {
    const ready = batch.filter(({ item }) => item !== null);
    const items = ready.flatMap(({ item }) => item ?? []);
    const waiting: MisfitRecord[] = [];
    const settled: string[] = [];
    const outcome = await this.#ledger.execute("importOrders", {
      importId: this.#importId,
      source: this.source,
      items,
    });
    if (!outcome.ok) throw new Error(outcome.refusal.detail);
    this.isNews ||= outcome.isNew;
    for (const { turned } of batch) for (const entry of turned) this.#turn(entry, entry, waiting);
    outcome.value.forEach((became, index) => {
      const assembled = ready[index];
      if (assembled) this.#tell(assembled, became, waiting, settled);
    });
    await this.#keep(waiting, settled);
    return outcome.value.some(({ outcome: became }) => became !== "recorded" && became !== "refused");
  }

  /** Records what is no order, in the order in which it was read. */
  async others(others: readonly Other[]): Promise<void> {
    const uses = others.filter((other) => other.kind === "use");
    const misfits: MisfitRecord[] = [];
    for (const other of others) if (other.kind === "misfit") this.#turn(other, other, misfits, other.stage);
    const outcome = await this.#ledger.execute("recordUses", {
      importId: this.#importId,
      source: this.source,
      uses: uses.map(({ use }) => use),
    });
    if (!outcome.ok) throw new Error(outcome.refusal.detail);
    this.isNews ||= outcome.isNew;
    for (const isNew of outcome.value) this.count(isNew ? "accepted" : "duplicate");
    const settled = uses.map(({ recordKey }) => recordKey);
    for (const other of others)
      if (other.kind === "message" && (await this.#message(other, misfits))) settled.push(other.recordKey);
    await this.#keep(misfits, settled);
  }

  /** Takes a storefront's object in, as its webhook would. @returns whether it was understood */
  async #message(other: Other & { kind: "message" }, misfits: MisfitRecord[]): Promise<boolean> {
    const importId = this.#importId;
    const known = importOf(this.#ledger.sql, other.recordKey);
    if (known !== undefined) {
      this.count(known === importId ? "accepted" : "duplicate");
      return true;
    }
    const intake = await takeIn(
      new Ledgers([this.#ledger]),
      { ...other.message, importId },
      this.#ledger.now(),
    );
    if (intake.kind === "not_understood") {
      const code = intake.problem.code === "order_conflict" ? "conflict" : intake.problem.code;
      this.#turn(other, { code, detail: intake.problem.detail }, misfits, intake.stage);
      return false;
    }
    // What its webhook told is known; what it is nothing of, too.
    const isNew =
      intake.kind === "recorded" || intake.kind === "noted" ? intake.isNew : intake.kind === "withdrawn";
    this.count(isNew ? "accepted" : "duplicate");
    if (isNew) await this.#ledger.execute("noteImported", { recordKey: other.recordKey, importId });
    this.isNews ||= isNew;
    return true;
  }

  count(as: Exclude<keyof ImportCounts, "read">): void {
    this.counts.read += 1;
    this.counts[as] += 1;
  }

  /** What became of an order is what became of its lines, and of the seats that were told apart from them. */
  #tell(
    { item, lines, seats }: Assembled,
    became: ImportedOutcome,
    waiting: MisfitRecord[],
    settled: string[],
  ): void {
    if ("code" in became) {
      // Another content of what is known waits for itself: that the known comes again settles nothing.
      const content = became.outcome === "conflict" ? ` ${item?.fingerprint}` : "";
      for (const entry of [...lines, ...seats.filter((seat) => seat !== null)])
        this.#turn({ ...entry, recordKey: entry.recordKey + content }, became, waiting);
      return;
    }
    for (const { recordKey } of lines) {
      this.count(became.outcome === "known" ? "duplicate" : "accepted");
      settled.push(recordKey);
    }
    seats.forEach((entry, index) => {
      const part = became.seats[index] ?? "known";
      const seat = item?.seats[index];
      if (entry === null)
        this.#tellPart(lines, seat?.lineNumber, part, `seat ${seat?.host.hostHash}`, waiting);
      else if (typeof part === "object") this.#turn(entry, part, waiting);
      else {
        this.count(part === "new" ? "accepted" : "duplicate");
        settled.push(entry.recordKey);
      }
    });
    item?.ends.forEach(({ lineNumber, kind }, index) =>
      this.#tellPart(lines, lineNumber, became.ends[index] ?? "known", kind, waiting),
    );
  }

  /** A part of a line that was turned away waits beside it: the line itself is on record. */
  #tellPart(
    lines: Assembled["lines"],
    lineNumber: number | undefined,
    part: PartOutcome,
    what: string,
    waiting: MisfitRecord[],
  ): void {
    const entry = lines.find((line) => line.lineNumber === lineNumber);
    if (!entry || typeof part !== "object") return;
    this.#list(entry, part);
    waiting.push(this.#misfit({ ...entry, recordKey: `${entry.recordKey} ${what}` }, part));
  }

  #turn(entry: Keyed, reason: Reason, waiting: MisfitRecord[], stage?: MisfitRecord["stage"]): void {
    if (reason.code === "duplicate") return this.count("duplicate");
    this.count(reason.code === "conflict" ? "conflict" : "quarantined");
    this.#list(entry, reason);
    waiting.push(this.#misfit(entry, reason, stage));
  }

  #list({ file, place }: Keyed, { code, detail }: Reason): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ file, place, code, detail });
  }

  #misfit(
    { recordKey, fileNumber, place, input }: Keyed,
    { code, detail }: Reason,
    stage: MisfitRecord["stage"] = "map",
  ): MisfitRecord {
    const where = placeText(`file ${fileNumber} of ${this.#importId}`, place);
    return { recordKey, stage, code, detail: `${where}: ${detail}`, told: `${where}: ${code}`, input };
  }

  async #keep(records: readonly MisfitRecord[], settled: readonly string[]): Promise<void> {
    const source = this.source;
    const work: Promise<{ isNew?: boolean }>[] = [];
    if (records.length > 0)
      work.push(
        this.#ledger.execute("quarantineRecords", { source, records }) as Promise<{ isNew: boolean }>,
      );
    if (this.isAnyWaiting && settled.length > 0)
      work.push(
        this.#ledger.execute("settleRecords", { source, by: this.#by, recordKeys: settled }) as Promise<{
          isNew: boolean;
        }>,
      );
    for (const { isNew } of await Promise.all(work)) this.isNews ||= isNew === true;
  }
}
