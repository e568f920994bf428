import { expect, test } from "vitest";
import { segmentName, type Stream } from "../../ingest/event.ts";
import { type Base, describeFault, parseSegmentName, type Plan, planLoad } from "../../warehouse/plan.ts";

const AS_OF = "2026-06-01T00:00:00.000000Z";

/** Segments of events in shard 0, by first and last seq. */
const events = (...ranges: [number, number][]) =>
  ranges.map(([first, last]) => segmentName("events", 0, first, last));

const base = (seq: number, facts: Partial<Base> = {}): Base => ({
  snapshot: 4,
  watermarks: { events: { 0: seq }, profiles: {} },
  asOf: AS_OF,
  models: "m",
  ...facts,
});

/** What a plan takes and why it builds, short enough to read in a table. */
function brief({ steps, watermarks, faults }: Plan) {
  const takes = steps.flatMap((step) =>
    step.kind === "take" ? step.segments.map(({ first, last, after }) => `${first}-${last}>${after}`) : [],
  );
  const build = steps.find((step) => step.kind === "build")?.because ?? "nothing";
  return {
    takes: takes.join(" "),
    to: watermarks.events[0] ?? 0,
    build,
    faults: faults.map(({ kind }) => kind).join(" "),
  };
}

const cases: [string, string[], Base | null, ReturnType<typeof brief>][] = [
  ["an empty folder is built once", [], null, { takes: "", to: 0, build: "no snapshot yet", faults: "" }],
  [
    "what is loaded is not loaded again",
    events([1, 5]),
    base(5),
    { takes: "", to: 5, build: "nothing", faults: "" },
  ],
  [
    "segments are taken in order, whatever the order they are listed in",
    events([6, 9], [1, 5]),
    null,
    { takes: "1-5>0 6-9>5", to: 9, build: "no snapshot yet", faults: "" },
  ],
  [
    "only what is new is taken",
    events([1, 5], [6, 9]),
    base(5),
    { takes: "6-9>5", to: 9, build: "new segments", faults: "" },
  ],
  [
    "a gap is loaded up to",
    events([1, 5], [8, 9]),
    null,
    { takes: "1-5>0", to: 5, build: "no snapshot yet", faults: "gap" },
  ],
  [
    "a gap right behind the watermark takes nothing",
    events([7, 9]),
    base(5),
    { takes: "", to: 5, build: "nothing", faults: "gap" },
  ],
  [
    "an overlap is taken from where it is new",
    events([1, 5], [1, 8]),
    base(5),
    { takes: "1-8>5", to: 8, build: "new segments", faults: "overlap" },
  ],
  [
    "of two segments of one load that overlap, each seq counts once",
    events([1, 5], [4, 8]),
    null,
    { takes: "1-5>0 4-8>5", to: 8, build: "no snapshot yet", faults: "overlap" },
  ],
  [
    "a segment inside another is left out",
    events([1, 8], [3, 4]),
    null,
    { takes: "1-8>0", to: 8, build: "no snapshot yet", faults: "overlap" },
  ],
  [
    "a file that is not named as a segment is left alone",
    ["events/shard=000/notes.txt", ...events([1, 2])],
    null,
    { takes: "1-2>0", to: 2, build: "no snapshot yet", faults: "unrecognized" },
  ],
  [
    "another as-of time builds anew",
    events([1, 5]),
    base(5, { asOf: "2026-05-01T00:00:00.000000Z" }),
    { takes: "", to: 5, build: "another as-of time", faults: "" },
  ],
  [
    "changed models build anew",
    events([1, 5]),
    base(5, { models: "old" }),
    { takes: "", to: 5, build: "changed models", faults: "" },
  ],
];

test.each(cases)("%s", (_name, paths, newest, expected) => {
  expect(brief(planLoad(paths, newest, AS_OF, "m"))).toEqual(expected);
});

test("shards and streams are followed each on its own", () => {
  const names: [Stream, number, number, number][] = [
    ["profiles", 0, 1, 2],
    ["events", 1, 1, 3],
    ["events", 0, 4, 6],
  ];
  const plan = planLoad(
    names.map((parts) => segmentName(...parts)),
    base(3),
    AS_OF,
    "m",
  );
  expect(plan.watermarks).toEqual({ events: { 0: 6, 1: 3 }, profiles: { 0: 2 } });
  expect(plan.base).toBe(4);
  expect(
    plan.steps.map((step) => (step.kind === "take" ? `${step.stream} ${step.shard}` : step.because)),
  ).toEqual(["events 0", "events 1", "profiles 0", "new segments"]);
});

test("a backlog longer than one load may take is taken in part, and says so", () => {
  const plan = planLoad(events([1, 2], [3, 4], [5, 6], [9, 9]), null, AS_OF, "m", { maxSegments: 2 });
  expect(brief(plan)).toMatchObject({ takes: "1-2>0 3-4>2", to: 4 });
  expect(plan.faults).toEqual([{ kind: "deferred", segments: 1 }]);
});

test("everything can be asked for where nothing is new", () => {
  const steps = (isFull: boolean) =>
    planLoad(events([1, 5]), { ...base(5), asOf: AS_OF }, AS_OF, base(5).models, { isFull }).steps;
  expect(steps(false)).toEqual([]);
  expect(steps(true)).toEqual([{ kind: "build", because: "asked for in full" }]);
});

test("the same input makes the same plan", () => {
  const paths = events([1, 5], [6, 9], [12, 14]);
  expect(planLoad(paths.toReversed(), base(2), AS_OF, "m")).toEqual(planLoad(paths, base(2), AS_OF, "m"));
});

test("a gap is told with what is missing, what was done and what to do", () => {
  const [fault] = planLoad(events([1, 5], [8, 9], [10, 12]), null, AS_OF, "m").faults;
  expect(fault && describeFault(fault)).toBe(
    "events, shard 0: seq 6 to 7 are missing. Loaded up to 5; 2 later segment(s) wait. " +
      "Export again, or restore the missing segment.",
  );
});

test.each([
  [
    "events/shard=000/00000000000000000001-00000000000000000500.ndjson.gz",
    { stream: "events", shard: 0, first: 1, last: 500 },
  ],
  ["events/shard=000/00000000000000000002-00000000000000000001.ndjson.gz", undefined],
  ["events/shard=000/00000000000000000000-00000000000000000001.ndjson.gz", undefined],
  ["events/shard=0000/00000000000000000001-00000000000000000001.ndjson.gz", undefined],
  ["others/shard=000/00000000000000000001-00000000000000000001.ndjson.gz", undefined],
  ["events/shard=000/00000000000000000001-00000000000000000001.ndjson", undefined],
])("%s is read as its parts, or not at all", (path, parts) => {
  expect(parseSegmentName(path)).toEqual(parts);
});
