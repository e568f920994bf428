// Pure. One feature of a report: its totals, and who has its licenses.

import type { Entry, ObservedUse } from "../importer.ts";
import { instantOf, type LocalTime, readSince } from "./clock.ts";
import { readFeatureLine, readTotals } from "./report.ts";

/** What stands above the features of a report. */
export interface Standing {
  /** Undefined where it could not be read. */
  at: LocalTime | undefined;
  /** As lmstat was asked for it: `27000@host`, or three of these. */
  server: string | undefined;
  daemons: readonly string[];
}

export interface Settings {
  zone: string;
  /** Whose features are that do not say it. */
  vendor: string | undefined;
}

type Problem = Extract<Entry, { kind: "problem" }>;

/** Users of one feature. Servers with some ten thousand licenses of one are known. */
const MAX_USERS = 50_000;

export class Feature {
  readonly #place: { line: number; column: number };
  readonly #text: string;
  readonly #totals: ReturnType<typeof readTotals>;
  readonly #heading: Standing;
  readonly #settings: Settings;
  readonly #users: ObservedUse["users"][number][] = [];
  /** Two of them stand for any number. */
  readonly #versions = new Set<string>();
  #vendor: string | undefined;
  #held = 0;
  #reserved = 0;
  #queued = 0;

  /** @param text the line of its totals */
  constructor(place: { line: number; column: number }, text: string, heading: Standing, settings: Settings) {
    this.#place = place;
    this.#text = text;
    this.#totals = readTotals(text);
    this.#heading = heading;
    this.#settings = settings;
  }

  /**
   * Takes a line below the totals.
   * @returns what is wrong with it, if anything is
   */
  take(text: string): Pick<Problem, "code" | "detail"> | null {
    const read = readFeatureLine(text);
    switch (read.kind) {
      case "pool":
        this.#vendor ??= read.vendor;
        if (this.#versions.size < 2) this.#versions.add(read.version);
        return null;
      case "terms":
        return null;
      case "reserved":
        this.#reserved += read.count;
        return null;
      case "queued":
        this.#queued += read.count;
        return null;
      case "user":
        return this.#takeUser(read);
      case "unknown":
        return { code: "unreadable", detail: "This is no line that lmstat prints below a feature." };
      default:
        return read satisfies never;
    }
  }

  #takeUser({
    user,
    host,
    version,
    start,
    count,
  }: Extract<ReturnType<typeof readFeatureLine>, { kind: "user" }>) {
    const { at } = this.#heading;
    const { zone } = this.#settings;
    const since = at && readSince(start, at);
    this.#held += count;
    if (this.#users.length <= MAX_USERS)
      this.#users.push({
        user,
        host,
        // An hour that came twice may put the beginning behind the report.
        since: since && at ? Math.min(instantOf(since, zone), instantOf(at, zone)) : null,
        count,
        ...(version === undefined ? {} : { version }),
      });
    if (at && !since)
      return { code: "invalid", detail: `There is no such time as ${start} before the report's.` } as const;
    return null;
  }

  /** What the feature comes to, when all of its lines are taken. */
  entry(): Entry {
    const place = this.#place;
    const input = this.#text;
    const totals = this.#totals;
    const { at, server, daemons } = this.#heading;
    const problem = (code: Problem["code"], detail: string): Entry => ({
      place,
      input,
      kind: "problem",
      code,
      detail,
    });
    if ("instead" in totals)
      return problem(
        "incomplete",
        `How many of ${totals.feature} are in use is not told: ${totals.instead || "nothing is"}.`,
      );
    if (!at)
      return problem(
        "incomplete",
        "No time of a report stands above it: Flexible License Manager status on …",
      );
    if (server === undefined)
      return problem("incomplete", "No server stands above it: License server status: …");
    // What a server with one daemon has is that daemon's, whether or not somebody uses it.
    const vendor = daemons.length === 1 ? daemons[0] : (this.#vendor ?? this.#settings.vendor);
    if (vendor === undefined)
      return problem(
        "incomplete",
        `Whose feature it is is not told, and the server has ${daemons.length === 0 ? "no vendor's daemon" : `the daemons of ${daemons.join(", ")}`}: give --vendor NAME.`,
      );
    if (this.#users.length > MAX_USERS) return problem("invalid", `It has more than ${MAX_USERS} users.`);
    const [version] = this.#versions;
    const use: ObservedUse = {
      product: `${vendor}/${totals.feature}`,
      ...(version !== undefined && this.#versions.size === 1 ? { version } : {}),
      server,
      at: instantOf(at, this.#settings.zone),
      issued: totals.issued,
      inUse: totals.inUse ?? this.#held + this.#reserved,
      reserved: this.#reserved,
      ...(this.#queued > 0 ? { queued: this.#queued } : {}),
      users: this.#users,
    };
    return { place, input, kind: "use", use };
  }
}
