// Reports of FlexNet's lmstat (`lmutil lmstat -a`): who has how many licenses of what, at an instant. Any number of them in one
// file. What they say, and what we make of it:
//
// - A feature with its users is one entry. How many are in use is what the server says. That is the sum of its users and
//   reservations, but where several uses share a license. Who waits in a queue has none. One that lingers is borrowed, and in use.
// - lmstat names the server that it was asked for, or three that stand in for one another: that is the server of its entries,
//   whichever of the three answered. One that cannot be reached is a problem of its own, as is a vendor's daemon that is down.
// - A feature without users does not say whose it is: that is known where the server has one vendor's daemon.
// - The split of a line into user, host and display is a guess where there are spaces in them. Counts are none.
// - `lmstat -i` prints what the license file says, and asks no server: no use is in it, and what is granted is better read where it
//   stands, with its signature and its day of issue. Each of its lines is void.

import { type Entry, type Importer, SourceFault } from "../importer.ts";
import { cut } from "../../import/input.ts";
import { linesOf } from "../../import/text.ts";
import { isZone, readReportTime } from "./clock.ts";
import { Feature, type Settings, type Standing } from "./feature.ts";
import { type Heading, readHeading } from "./headings.ts";

/** Characters of a line: those that lmstat prints have some hundred. */
const MAX_LINE = 4000;
/** Lines in which a report has to begin. */
const MAX_BEFORE = 100;
/** Vendors' daemons of one server: whether there is one is all that matters. */
const MAX_DAEMONS = 20;
/** Problems of one feature that wait until it is whole, so that they follow it. */
const MAX_WAITING = 1000;

type Place = { line: number; column: number };
type Problem = Pick<Extract<Entry, { kind: "problem" }>, "code" | "detail">;

export const importer: Importer = {
  about: "reports of FlexNet's lmstat -a: how many licenses are in use, by whom",
  maxBytes: 4 * 1024 ** 3,
  options: {
    zone: "the zone of its times, such as Europe/Berlin; UTC where absent",
    vendor: "whose features are that do not say it, where a server has several vendors' daemons",
  },
  async *read(source, { options }) {
    const settings = { zone: options["zone"]?.at(-1) ?? "UTC", vendor: options["vendor"]?.at(-1) };
    if (!isZone(settings.zone))
      throw new SourceFault({}, `There is no zone ${settings.zone}: zones are named as Europe/Berlin.`);
    const reader = new Reader(settings);
    for await (const { text, number } of linesOf(source)) {
      const plain = text.trim().replaceAll(/\s+/g, " ");
      if (plain !== "") yield* reader.take(plain, { line: number, column: text.search(/\S/) + 1 });
    }
    yield* reader.end();
  },
};

class Reader {
  readonly #settings: Settings;
  #standing: Standing = { at: undefined, server: undefined, daemons: [] };
  #section: "servers" | "daemons" | "features" | "file" = "servers";
  #feature: Feature | null = null;
  /** Problems that follow the feature; before the first report, lines that may be of none. */
  #waiting: Entry[] = [];
  #isReport = false;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  *take(text: string, place: Place): Generator<Entry> {
    const isLong = text.length > MAX_LINE;
    const heading = isLong ? null : readHeading(text);
    if (heading && heading.kind !== "ornament") {
      this.#isReport = true;
      yield* this.#close();
    }
    const problem = isLong
      ? unreadable(`The line has more than ${MAX_LINE} characters: lmstat prints no such.`)
      : heading
        ? this.#begin(heading, text, place)
        : this.#inside(text);
    if (problem) this.#waiting.push({ place, input: cut(text, MAX_LINE), kind: "problem", ...problem });
    if (!this.#isReport && this.#waiting.length > MAX_BEFORE) throw this.#noReport();
    if (this.#isReport && (!this.#feature || this.#waiting.length > MAX_WAITING))
      yield* this.#waiting.splice(0);
  }

  *end(): Generator<Entry> {
    if (!this.#isReport && this.#waiting.length > 0) throw this.#noReport();
    yield* this.#close();
  }

  *#close(): Generator<Entry> {
    if (this.#feature) yield this.#feature.entry();
    this.#feature = null;
    yield* this.#waiting.splice(0);
  }

  #begin(heading: Heading, text: string, place: Place): Problem | null {
    switch (heading.kind) {
      case "ornament":
        return null;
      case "report": {
        const at = readReportTime(heading.time);
        this.#standing = { at, server: undefined, daemons: [] };
        this.#section = "servers";
        if (at) return null;
        return {
          code: "invalid",
          detail: "There is no such time: reports are of such as Fri 10/20/2017 17:02.",
        };
      }
      case "server":
        this.#standing = { ...this.#standing, server: cut(heading.server, 300), daemons: [] };
        this.#section = "servers";
        return null;
      case "host":
        return heading.isUp ? null : unreached(`The license server on ${heading.host} is down`);
      case "totals":
        this.#section = "features";
        this.#feature = new Feature(place, text, this.#standing, this.#settings);
        return null;
      case "daemons":
      case "features":
      case "file":
        this.#section = heading.kind;
        return null;
      default:
        return heading satisfies never;
    }
  }

  /** Takes a line that is no heading. */
  #inside(text: string): Problem | null {
    if (!this.#isReport) return unreadable("This stands before any report of lmstat.");
    switch (this.#section) {
      case "features":
        return this.#feature ? this.#feature.take(text) : unreadable("This stands below no feature.");
      case "daemons": {
        const [, daemon, state] = /^([^\s:]+): (.+)$/.exec(text) ?? [];
        if (daemon === undefined || state === undefined) return unreached(`lmstat says: ${cut(text, 200)}`);
        this.#standing = {
          ...this.#standing,
          daemons: [...this.#standing.daemons, daemon].slice(0, MAX_DAEMONS),
        };
        return /^UP\b/i.test(state) ? null : unreached(`The daemon of ${daemon} is not up`);
      }
      case "servers":
        // Further license files stand alone, each with a colon behind it.
        return text.endsWith(":") ? null : unreached(`lmstat says: ${cut(text, 200)}`);
      case "file":
        return /^\S+ \S+ (?:\d+|uncounted) \S+/i.test(text)
          ? {
              code: "void",
              detail:
                "lmstat -i says what the license file says: import that as `flexnet`, and lmstat -a for what is in use.",
            }
          : unreadable("This is no line of what lmstat -i prints.");
      default:
        return this.#section satisfies never;
    }
  }

  #noReport(): SourceFault {
    return new SourceFault(
      this.#waiting[0]?.place ?? {},
      "This is no report of lmstat, which begins with: Flexible License Manager status on …",
    );
  }
}

const unreadable = (detail: string): Problem => ({ code: "unreadable", detail });

/** Something could not be asked: what it would have said is missing, which is not the same as that nothing is in use. */
const unreached = (what: string): Problem => ({
  code: "incomplete",
  detail: `${what}; what is in use there is missing.`,
});
