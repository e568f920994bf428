// Readers beside loads: they open the lake at random moments, by both doors.

import { setTimeout as after } from "node:timers/promises";
import { listSnapshots } from "../../warehouse/snapshot.ts";
import { openByDoor, openByFile, type Reader } from "./loader-look.ts";

/** Readers keep a snapshot open for fewer loads than its files are kept. */
const LOADS_OPEN = 8;

/** What readers did: how often they looked, at how many snapshots, and what was wrong. */
interface Looks {
  looks: number;
  seen: number;
  faults: string[];
}

/** Readers that open the lake at random moments, look, and look again later; what they find wrong is told. */
export function startReaders(lake: string, random: () => number, report: Looks) {
  const over = new AbortController();
  const seen = new Set<number>();
  const openers = { "keyhouse.duckdb": openByFile, "the read door": openByDoor };
  const read = async (name: keyof typeof openers) => {
    let reader: Reader | null = null;
    while (!over.signal.aborted) {
      try {
        const [newest = 0] = await listSnapshots(lake);
        if (!reader || newest - reader.snapshot >= LOADS_OPEN || random() < 0.7) {
          reader?.close();
          reader = await openers[name](lake);
        }
        if (reader) {
          const faults = await reader.look();
          report.looks += 1;
          seen.add(reader.snapshot);
          report.seen = seen.size;
          report.faults.push(...faults.map((fault) => `${name}: ${fault}`));
        }
      } catch (error) {
        report.faults.push(`${name}: ${(error as Error).message}`);
        reader = null;
      }
      if (report.faults.length > 0) break;
      await after(random() * 200);
    }
    reader?.close();
  };
  const reading = [read("keyhouse.duckdb"), read("the read door")];
  return {
    end: async () => {
      over.abort();
      await Promise.all(reading);
    },
  };
}
