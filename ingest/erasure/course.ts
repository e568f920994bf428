// The course of an erasure: find, erase in the ledger, then in what was made of it, in that order; then look everywhere again.
// It may die at any point: what comes first cannot bring back what comes later, and the same again does what is left.

import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Home, openLedger } from "../home.ts";
import { importsOf } from "../import/workspace.ts";
import type { Erased } from "../ledger/commands/erase.ts";
import { isKnownCustomer, profileValues } from "../ledger/named.ts";
import { cutLog, deleteForGood, rewriteFile } from "../ledger/scrub.ts";
import { behindSegments } from "../segments/behind.ts";
import { namedSegments } from "../segments/erase.ts";
import { exportSegments } from "../segments/exporter.ts";
import { folderStore, removeUnfinished } from "../segments/folder.ts";
import type { SegmentStore } from "../segments/store.ts";
import { LEDGER_FILES, look, type Where, type Who } from "./look.ts";
import { type Telling, tellingValues } from "./needles.ts";
import type { PlaceName } from "./places.ts";
import type { Programs } from "./programs.ts";
import { type Report, reportOf } from "./report.ts";
import { type Namesakes, namesakes, sharedTexts } from "./shared.ts";
import { takeTurn } from "./turn.ts";

export interface ErasureOptions {
  home: Home;
  customerId: string;
  /** Who does it, as the event says it. */
  by: string;
  /** Whether it is only looked. */
  isDryRun: boolean;
  /** Where segments go, if not to the home's folder. */
  bucket: SegmentStore | undefined;
  programs: Programs;
  /** Told before each step. What it throws ends the erasure there, as a crash would. */
  onStep?: (step: string) => void | Promise<void>;
}

/** What was done in each place, and what could not be. */
interface Done {
  places: Partial<Record<PlaceName, string>>;
  left: string[];
}

/** Who the person is, and how that is looked for. */
interface Person {
  who: Who;
  telling: Telling;
  others: Namesakes;
}

/**
 * Erases a person wherever a home has them, and says what it found, did and left.
 * @throws Error where the ledger does not know the customer, or a step fails: the same again goes on
 */
export async function erasePerson(options: ErasureOptions): Promise<Report> {
  const { home, customerId, isDryRun } = options;
  if (!existsSync(home.ledger)) throw new Error(`There is no ledger at ${home.ledger}.`);
  const { ledger, close } = openLedger(home);
  try {
    if (!isKnownCustomer(ledger.sql, customerId)) throw new Error(`There is no customer ${customerId}.`);
    const folder = { name: "folder", store: folderStore(home.segments) };
    // The bucket first: what a load fetches from it then has no name any more.
    const bucket = options.bucket === undefined ? [] : [{ name: "bucket", store: options.bucket }];
    const where: Where = { ledger, stores: [...bucket, folder], programs: options.programs };
    if (isDryRun) {
      const person = await identify(where, customerId);
      const before = await look(where, person.who);
      const notReached = notReachedOf(where, person, []);
      return reportOf({ customerId, before, now: null, done: {}, left: [], notReached });
    }
    const turn = takeTurn(home.root, customerId);
    try {
      const report = await eraseInTurn(options, where, turn.unfinished);
      if (report.left.length === 0) turn.finish();
      return report;
    } finally {
      turn.end();
    }
  } finally {
    close();
  }
}

async function eraseInTurn(
  options: ErasureOptions,
  where: Where,
  unfinished: readonly string[],
): Promise<Report> {
  const { customerId, onStep = () => undefined } = options;
  await onStep("look");
  const person = await identify(where, customerId);
  const { who } = person;
  const before = await look(where, who);
  const done: Done = { places: {}, left: [] };
  if (before["imports: what was read and is not recorded yet"].count > 0) {
    await onStep("remove what imports have prepared");
    // The same command reads the files again.
    await rm(importsOf(options.home), { recursive: true, force: true });
    done.places["imports: what was read and is not recorded yet"] =
      "removed: the same import reads its files again";
  }
  const behind = await behindSegments(where.ledger.sql, where.ledger.shard, storeOf(where));
  if (behind !== null) throw new Error(behind);
  const erased = await eraseInLedger(options, where, who, unfinished.includes(customerId), done);
  await eraseInSegments(options, where, done);
  const cleanFrom = await eraseInLake(options, where, erased, done);
  if (options.bucket) await eraseInSegments(options, where, done);
  await eraseInSite(options, cleanFrom, done);
  await onStep("look again");
  const now = await look(where, who);
  const notReached = notReachedOf(where, person, unfinished);
  return reportOf({ customerId, before, now, done: done.places, left: done.left, notReached });
}

/** Where the exporter writes. */
function storeOf({ stores }: Where): SegmentStore {
  const [first] = stores;
  if (!first) throw new TypeError("segments are somewhere");
  return first.store;
}

/** What the person is called, in all that still says so: where an earlier erasure died, the ledger does not any more. */
async function identify(where: Where, customerId: string): Promise<Person> {
  const { sql } = where.ledger;
  const said = [profileValues(sql, customerId), await where.programs.find(customerId)];
  for (const { store } of where.stores) said.push(await namedSegments(store, customerId));
  const names = said.flatMap((it) => it.names);
  const emails = said.flatMap((it) => it.emails);
  const isShared = sharedTexts(sql, customerId, emails);
  const telling = tellingValues({ customerId, names, emails, isShared });
  const others = namesakes(sql, customerId, { names, emails });
  return { who: { customerId, emails, values: telling.values }, telling, others };
}

async function eraseInLedger(
  { by, onStep = () => undefined }: ErasureOptions,
  { ledger, programs }: Where,
  { customerId, emails, values }: Who,
  hasDied: boolean,
  done: Done,
): Promise<Erased> {
  await onStep("erase in the ledger");
  deleteForGood(ledger.sql);
  const outcome = await ledger.execute("eraseCustomer", { customerId, emails, by });
  if (!outcome.ok) throw new Error(outcome.refusal.detail);
  if (outcome.isNew) {
    done.places["ledger: profiles"] = "name and address emptied; customer.erased recorded";
    done.places["ledger: names of hosts"] = "emptied";
    done.places["ledger: quarantined input"] = "removed";
  }
  await onStep("cut the ledger's log");
  let isCut = await cutLog(ledger.sql);
  // What others deleted before this left its bytes in the file; after a crash nobody knows any more what to look for.
  const isLeft = hasDied || (await programs.searchFiles(LEDGER_FILES, values)).holding.length > 0;
  if (isLeft) {
    await onStep("write the ledger's file anew");
    isCut = await rewriteFile(ledger.sql);
  }
  if (!isCut) done.left.push("ledger.sqlite-wal: somebody reads the ledger, so its log was not cut");
  const log = isCut ? "log cut to nothing" : "log not cut";
  done.places["ledger: bytes of the file and its log"] = isLeft
    ? `file written anew, ${log}`
    : `zeros written, ${log}`;
  return outcome.value;
}

async function eraseInSegments(
  { customerId, home, onStep = () => undefined }: ErasureOptions,
  where: Where,
  done: Done,
): Promise<void> {
  // All of the outbox is exported first: an exporter that still holds older rows finds its names taken.
  await onStep("export");
  await exportSegments(where.ledger.sql, where.ledger.shard, storeOf(where));
  await removeUnfinished(home.segments, "profiles", Date.now());
  for (const { name, store } of where.stores) {
    await onStep(`write segments anew in the ${name}`);
    const { segments } = await namedSegments(store, customerId, true);
    if (segments > 0) done.places["segments: lines of profiles"] = "emptied in their places";
  }
}

async function eraseInLake(
  { customerId, programs, onStep = () => undefined }: ErasureOptions,
  { ledger }: Where,
  { profileSeq }: Erased,
  done: Done,
): Promise<number | null> {
  await onStep("erase in the lake");
  const { cleanFrom, rewritten, removed } = await programs.erase({
    customerId,
    shard: ledger.shard,
    profileSeq,
  });
  if (cleanFrom !== null)
    done.places["lake: rows of profiles and dim_customer"] =
      `${rewritten.length} snapshots written anew, ${removed} files removed; none named from ${cleanFrom} on`;
  return cleanFrom;
}

/** The site is built anew where one is of a snapshot from before, and those before it go. */
async function eraseInSite(
  { home, programs, onStep = () => undefined }: ErasureOptions,
  cleanFrom: number | null,
  done: Done,
): Promise<void> {
  const names = await readdir(join(home.root, "site")).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const snapshots = names
    .filter((name) => /^\d{12}-\d+$/.test(name))
    .map((name) => Number.parseInt(name, 10));
  if (cleanFrom === null || snapshots.every((snapshot) => snapshot >= cleanFrom)) return;
  await onStep("build the site");
  await programs.report();
  done.places["site"] = "built anew, the one before removed";
}

function notReachedOf(
  { stores }: Where,
  { who: { customerId }, telling: { isIdTelling, shared }, others: { customers, inputs } }: Person,
  unfinished: readonly string[],
): string[] {
  const died = unfinished.filter((id) => id !== customerId);
  return [
    "backups, wherever they were put: restore one, and erase again whom it names",
    "exports, month's ends, and sites written with --out or deployed: they are where people put them",
    ...(stores.length > 1
      ? ["other lakes of this bucket: their next snapshot has no name, older ones go with their retention"]
      : []),
    ...(shared > 0
      ? [`${shared} texts that are short or found with others too: looked for by the customer's ID alone`]
      : []),
    ...(customers.length > 0 ? [`customers of the same name or address: ${customers.join(", ")}`] : []),
    ...(inputs.length > 0
      ? [`quarantined input with the same name, whoever that is: ${inputs.join(", ")}`]
      : []),
    ...(isIdTelling ? ["the customer's ID, which tells a name or an address itself: IDs stay"] : []),
    ...(died.length > 0
      ? [`erasures that did not come to their end, run them again: ${died.join(", ")}`]
      : []),
  ];
}
