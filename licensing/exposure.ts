// Pure. What a policy may cost at the worst: copies left behind, and for how long each could still run without calling.

import type { Metric } from "./words.ts";
import type { Policy } from "./policy.ts";
import { addDuration, type Duration, type Instant } from "./instant.ts";

/** The worst that a policy allows with one seat, by someone who uses every allowance to make copies and never calls. */
export interface Exposure {
  /** Copies that could be made in a year; null where seats float: they change hands as often as anyone likes. */
  copiesPerYear: number | null;
  /** Copies that could run at a time of those that nothing counts: what a released seat left behind. */
  looseCopies: number;
  /** Days that the longest of all copies could still run; null for no end but the term's. */
  longestDays: number | null;
  /** Copies times days, over a year; null where a copy has no end of its own. */
  copyDaysPerYear: number | null;
  /** What a vendor should think over before such a policy is published. */
  warnings: string[];
}

const DAY = 86_400_000_000;
const YEAR_DAYS = 365;
/** More than this, and a seat is as good as two. */
const DAYS_WORTH_A_WARNING = 365;

/** The first and the last days of months, over a leap day: between them, a duration is as long and as short as it gets. */
const monthEdges: readonly Instant[] = Array.from({ length: 48 }, (_, month) =>
  [Date.UTC(2024, month, 1), Date.UTC(2024, month + 1, 0)].map((milliseconds) => milliseconds * 1000),
).flat();

const lengthsOf = (duration: Duration): number[] =>
  monthEdges.map((from) => (addDuration(from, duration) - from) / DAY);
const days = (duration: Duration): number => Math.max(...lengthsOf(duration));

/** The exposure of a policy, for one seat of a metric. */
export function exposureOf(policy: Policy, metric: Metric): Exposure {
  const isFloating = metric === "floating";
  // A seat that another host may have next is given no grace, and is released instead of returned.
  const grace = policy.grace === undefined || isFloating ? 0 : days(policy.grace);
  const moves = yearly(policy.rehosts) + yearly(policy.repairs) + (isFloating ? 0 : yearly(policy.returns));
  // A host that leaves a license behind took the longest that it could have.
  const lengths = [policy.lease, policy.offline, isFloating ? policy.borrow : undefined]
    .filter((length) => length !== undefined)
    .map(days);
  const leftDays = policy.lease === undefined ? null : Math.max(...lengths) + grace;
  const lent = yearly(policy.temporary);
  const lentDays = policy.temporary === undefined ? 0 : days(policy.temporary.duration) + grace;
  // Of released licenses one runs at a time for each seat: over a year, and what the last of them still has.
  const looseDays = !isFloating ? 0 : leftDays === null ? null : YEAR_DAYS + leftDays;
  const moveDays = moves === 0 ? 0 : leftDays === null ? null : moves * leftDays;
  const copyDaysPerYear =
    moveDays === null || looseDays === null ? null : Math.round(moveDays + looseDays + lent * lentDays);
  const isLeft = moves > 0 || isFloating;
  const longestDays = !isLeft ? lentDays : leftDays === null ? null : Math.max(leftDays, lentDays);
  return {
    copiesPerYear: isFloating ? null : moves + lent,
    looseCopies: isFloating ? 1 : 0,
    longestDays,
    copyDaysPerYear,
    warnings: [
      ...(isFloating ? floatingWarnings(policy) : seatWarnings(policy, moves, copyDaysPerYear)),
      ...graceWarnings(policy, grace),
    ],
  };
}

/** How often an allowance may come in a year: as often as a period may begin within it. */
function yearly(allowance: { count: number; per: Duration } | undefined): number {
  if (allowance === undefined) return 0;
  return allowance.count * Math.ceil(YEAR_DAYS / Math.min(...lengthsOf(allowance.per)));
}

/** Longer, and a silent client holds its seat, and a released license its copy, for more than a day. */
const LONGEST_FLOATING_LEASE_DAYS = 1;

function floatingWarnings({ lease }: Policy): string[] {
  return lease !== undefined && days(lease) > LONGEST_FLOATING_LEASE_DAYS
    ? [
        `A seat that is released leaves a license that runs for up to ${lease}, and a crashed client holds its seat as long: a lease of hours is enough where seats float, and borrowing is for longer.`,
      ]
    : [];
}

function seatWarnings({ lease }: Policy, moves: number, copyDaysPerYear: number | null): string[] {
  return [
    ...(lease === undefined && moves > 0
      ? [
          "There is no lease: a license that is left behind by a move runs until its term ends, and no refusal reaches it. Add a lease.",
        ]
      : []),
    ...(copyDaysPerYear !== null && copyDaysPerYear > DAYS_WORTH_A_WARNING
      ? [
          `One seat could be ${copyDaysPerYear} days of copies in a year, more than a second seat: allow fewer moves, or shorter licenses.`,
        ]
      : []),
  ];
}

function graceWarnings({ lease }: Policy, graceDays: number): string[] {
  return lease !== undefined && graceDays > days(lease)
    ? ["The grace is longer than the lease: a host that never calls again runs more than twice as long."]
    : [];
}
