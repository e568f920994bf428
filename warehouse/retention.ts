// Pure. How many snapshots are kept with their files.

import { LoadError } from "./error.ts";

export interface Retention {
  /** The newest so many are kept, for readers that opened one of them and are still at it. */
  snapshots: number;
  /** Those that were made within so many days are kept as well; 0 for none. */
  days: number;
}

export const DEFAULT_RETENTION: Retention = { snapshots: 10, days: 0 };

/** Ten years: a longer one is a slip of the finger. */
const MAX_DAYS = 3_660;

/** A loader prunes after every load, and reads each manifest that it keeps. */
const MAX_SNAPSHOTS = 10_000;

/**
 * The retention that the environment asks for.
 * @throws LoadError where a setting is not a number that it may be
 */
export function retentionOf(env: Readonly<Record<string, string | undefined>>): Retention {
  return {
    snapshots: numberOf(env, "KEYHOUSE_KEEP_SNAPSHOTS", DEFAULT_RETENTION.snapshots, 1, MAX_SNAPSHOTS),
    days: numberOf(env, "KEYHOUSE_KEEP_SNAPSHOTS_DAYS", DEFAULT_RETENTION.days, 0, MAX_DAYS),
  };
}

function numberOf(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const text = env[name];
  if (text === undefined || text === "") return otherwise;
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new LoadError(`${name} is a number from ${least} to ${most}, and not ${JSON.stringify(text)}.`);
}
