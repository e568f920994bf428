// The whole path in one process, from a request to the lake, and everything that may happen to it.

import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Random } from "../../../ingest/demo/random.ts";
import type { Sql } from "../../../ingest/ledger/sql.ts";
import { exportSegments } from "../../../ingest/segments/exporter.ts";
import { folderStore } from "../../../ingest/segments/folder.ts";
import type { SegmentStore } from "../../../ingest/segments/store.ts";
import { Clients } from "./clients.ts";
import { Crash, Disk } from "./disk.ts";
import type { Lake } from "./lakes.ts";
import type { Manifest } from "../../../warehouse/snapshot.ts";
import { Scheduler, type Task } from "./scheduler.ts";
import { type Service, startService } from "./service.ts";
import { outboxLines } from "../../support/outbox.ts";
import { faultsOf } from "./truth.ts";

const HOUR = 3_600_000_000;
/** The present in which every run begins. */
const START = Date.parse("2026-11-24T12:00:00Z") * 1000;

/** A fault of the store of segments, or of the network before it. */
export class StoreFault extends Error {
  override name = "StoreFault";
}

/** What a run is broken with on purpose, to see that it is noticed. */
export interface Sabotage {
  sql?: (sql: Sql) => Sql;
  store?: (store: SegmentStore, folder: string) => Pick<SegmentStore, "create">;
  lake?: (lake: Lake) => Lake;
  /** Answers whose commit is undone by the next crash, as where nothing waits for the disk. */
  losesCommits?: boolean;
}

export interface Setup {
  folder: string;
  /** A ledger's file with a catalog and an API key. */
  template: { path: string; key: string };
  random: Random;
  lake: Lake;
  sabotage?: Sabotage;
}

export class World {
  readonly scheduler = new Scheduler();
  readonly clients: Clients;
  readonly #random: Random;
  readonly #segments: string;
  readonly #lakeFolder: string;
  readonly #sabotage: Sabotage;
  readonly #disk: Disk;
  readonly lake: Lake;
  #service: Service;
  #now = START;
  /** What happened, in order. */
  readonly trace: string[] = [];
  /** What was found wrong. */
  readonly faults: string[] = [];
  readonly counts = { requests: 0, commits: 0, crashes: 0, exports: 0, loads: 0 };

  constructor({ folder, template, random, lake, sabotage = {} }: Setup) {
    this.#random = random;
    this.#segments = join(folder, "segments");
    this.#lakeFolder = join(folder, "lake");
    this.#sabotage = sabotage;
    this.lake = sabotage.lake?.(lake) ?? lake;
    this.clients = new Clients(random.fork("clients"), template.key);
    this.#disk = new Disk(folder, template.path, sabotage.losesCommits);
    this.#service = this.#start();
  }

  hasQueue(): boolean {
    return this.#service.hasQueue();
  }

  /** A client asks for something; whether the answer comes through is settled by then. */
  async send(): Promise<void> {
    const deed = this.clients.next();
    const isLost = this.#random.chance(0.1);
    const wouldBreak = this.clients.sends(deed);
    const service = this.#service;
    this.counts.requests += 1;
    this.#note(`send ${deed.kind} ${deed.body}${isLost ? ", whose answer will be lost" : ""}`);
    await this.scheduler.start(`${deed.kind} ${deed.path}`, service, async () => {
      const request = new Request(`http://keyhouse${deed.path}`, { ...deed, method: "POST" });
      const response = await service.fetch(request);
      const text = await response.text();
      await this.scheduler.gate("its answer leaves");
      const fault = isLost ? null : this.clients.told(deed, wouldBreak, response.status, text);
      if (fault !== null) this.faults.push(fault);
    });
    await this.#bury();
  }

  /** Commits what waits. */
  async commit(): Promise<void> {
    this.#note("commit");
    this.counts.commits += 1;
    this.#service.commit();
    await this.#bury();
    // Those who waited hear of it.
    await new Promise(setImmediate);
  }

  async step(task: Task): Promise<void> {
    const isAtStore = / segment /.test(task.at);
    const fault = isAtStore && this.#random.chance(0.15) ? new StoreFault("the store is away") : undefined;
    this.#note(`${task.name} goes on from: ${task.at}${fault ? ", with a fault" : ""}`);
    await this.scheduler.step(task, fault);
    await this.#bury();
  }

  /** The service dies: at once, or in its next transaction. */
  async crash(): Promise<void> {
    const random = this.#random;
    const how = random.integer(0, 2);
    if (how === 0) return this.restart();
    const death =
      how === 1
        ? ({ at: "statement", number: random.integer(1, 12) } as const)
        : ({ at: "commit", written: random.pick([0, random.uniform(), random.uniform(), 1]) } as const);
    this.#note(`the service is to die: ${JSON.stringify(death)}`);
    this.#disk.arm(death);
  }

  /** The service is gone with all that it was at, and starts anew. */
  async restart(): Promise<void> {
    this.counts.crashes += 1;
    const dropped = this.scheduler.drop(this.#service);
    this.#note(`crash of the service, with ${dropped.length} at work`);
    this.#litter(dropped);
    this.#disk.crash();
    this.#service = this.#start();
    this.faults.push(...this.#ledgerFaults());
  }

  /** Exports, in the service or as a process of its own. */
  async export(inService = this.#random.chance(0.5)): Promise<void> {
    this.counts.exports += 1;
    this.#note(`an export begins ${inService ? "in the service" : "beside the service"}`);
    const [owner, sql] = inService
      ? [this.#service, this.#service.sql]
      : [{}, this.#broken(this.#disk.elsewhere)];
    await this.scheduler.start("export", owner, () =>
      exportSegments(sql, 0, this.#store()).then(() => undefined, this.#expected),
    );
    await this.#bury();
  }

  async load(): Promise<void> {
    this.counts.loads += 1;
    this.#note("a load begins");
    // Some have the same time, and where nothing is new there is nothing to do.
    const asOf = new Date(START / 1000 + (this.counts.loads >> 1)).toISOString().replace("Z", "000Z");
    await this.scheduler.start("load", {}, async () => {
      try {
        const { manifest, warnings } = await this.lake.load({
          segments: this.#segments,
          lake: this.#lakeFolder,
          asOf,
          now: () => new Date(this.#now / 1000),
          onStep: (step) => this.scheduler.gate(step),
        });
        this.faults.push(...warnings);
        this.faults.push(...(await this.#lakeFaults(manifest)));
      } catch (error) {
        this.#expected(error);
      }
    });
  }

  /** A process beside the service dies: an export, or a load. */
  async kill(task: Task): Promise<void> {
    this.#note(`${task.name} dies at: ${task.at}`);
    if (task.name === "load" && this.lake.hasToEnd) return this.scheduler.step(task, new Crash("killed"));
    this.#litter(this.scheduler.drop(task.owner));
  }

  /** Whether a task is a process of its own. */
  isBeside = (task: Task): boolean => task.owner !== this.#service;

  jump(): void {
    const hours = this.#random.pick([-30, -1, -0.01, 1, 3, 3, 40]);
    this.#now = Math.max(START - 48 * HOUR, this.#now + hours * HOUR);
    this.#note(`the clock jumps by ${hours} hours`);
  }

  /** Everything ends well: what is under way ends, and everything recorded comes into the lake. */
  async settle(): Promise<void> {
    this.#note("settle");
    this.#disk.arm(null);
    if (this.#random.chance(0.5)) await this.restart();
    await this.#finish();
    await this.export(true);
    await this.#finish();
    await this.load();
    await this.#finish();
    this.faults.push(...this.#ledgerFaults());
    // What was found wrong is said; there may be no snapshot at all then.
    if (this.faults.length > 0) return;
    const manifest = await this.lake.newest(this.#lakeFolder);
    const events = outboxLines(this.#service.sql).length;
    if (manifest.watermarks.events["0"] !== (events || undefined))
      this.faults.push(`the lake ends at ${manifest.watermarks.events["0"]}, the ledger at ${events}`);
  }

  close(): void {
    this.#disk.close();
  }

  async #finish(): Promise<void> {
    for (;;) {
      // A group may wait some turns for more.
      while (this.hasQueue()) await this.commit();
      const task = this.scheduler.tasks.find(({ isReady }) => isReady);
      if (!task) return;
      this.#note(`${task.name} ends from: ${task.at}`);
      await this.scheduler.step(task);
      await this.#bury();
    }
  }

  #start(): Service {
    const service: Service = startService(
      this.#broken(this.#disk.open()),
      this.scheduler,
      () => (this.#now += 1000),
      (error) => {
        if (service === this.#service && !(error instanceof Crash)) this.faults.push(String(error));
      },
    );
    return service;
  }

  /** A service that died in a transaction is buried. */
  async #bury(): Promise<void> {
    if (this.#disk.isDead) await this.restart();
  }

  /** What may go wrong with an export or a load, and is no fault of ours. */
  readonly #expected = (error: unknown): void => {
    if (!(error instanceof Crash) && !(error instanceof StoreFault))
      this.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };

  #store(): SegmentStore {
    const folder = folderStore(this.#segments);
    const inner = this.#sabotage.store?.(folder, this.#segments) ?? folder;
    return {
      ...folder,
      create: async (name, bytes) => {
        await this.scheduler.gate(`before the segment ${name}`);
        const isNew = await inner.create(name, bytes);
        await this.scheduler.gate(`after the segment ${name}`);
        return isNew;
      },
    };
  }

  /** What a process that dies while it writes a segment leaves there. */
  #litter(dropped: readonly Task[]): void {
    for (const { at } of dropped) {
      const path = /^before the segment (.*)\//.exec(at)?.[1];
      if (path === undefined) continue;
      mkdirSync(join(this.#segments, path), { recursive: true });
      writeFileSync(join(this.#segments, path, `.${randomUUID()}.tmp`), "half of a segm");
    }
  }

  #broken = (sql: Sql): Sql => this.#sabotage.sql?.(sql) ?? sql;

  #ledgerFaults(): string[] {
    return faultsOf(outboxLines(this.#service.sql), this.clients);
  }

  /** A snapshot is the ledger up to its watermark, line by line. */
  async #lakeFaults(loaded: Manifest): Promise<string[]> {
    const { lines, manifest } = await this.lake.read(this.#lakeFolder, loaded);
    const through = manifest.watermarks.events["0"] ?? 0;
    const expected = this.lake.view(outboxLines(this.#disk.elsewhere).slice(0, through));
    if (isDeepStrictEqual(lines, expected)) return [];
    const at = expected.findIndex((line, index) => line !== lines[index]);
    return [
      `snapshot ${manifest.snapshot} has ${lines.length} events of ${expected.length}, and ${lines[at]} for ${expected[at]}`,
    ];
  }

  #note(what: string): void {
    this.trace.push(what);
  }
}
