// The port to where segments live: a folder, and whatever else holds files by name, which nothing changes but an erasure. Names are ASCII, their parts
// divided by slashes.

export interface SegmentStore {
  /**
   * Writes a segment that is not there yet; durable, and whole, when this returns.
   * @returns false where a segment of that name is there already: it stays as it is
   */
  create(name: string, bytes: Uint8Array): Promise<boolean>;
  /**
   * Writes a segment anew, for a person that is erased: a reader has the old one or the new one, whole, and the new one
   * is durable when this returns.
   */
  replace(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * The names that come after a name, in their order, a page of them; all, where this is asked again after the last.
   * @param after a name, or "" for the beginning
   * @returns none only where none is left
   */
  list(after: string): Promise<string[]>;
  /**
   * Reads a segment whole.
   * @returns null where there is none of that name
   * @throws SegmentFault where it is larger than any of ours
   */
  read(name: string): Promise<Uint8Array | null>;
}

/** How much a store gives at once. */
export interface StoreLimits {
  /** Names of a page. */
  page: number;
  /** The largest segment, as it is stored. */
  bytes: number;
}

/**
 * A page is what S3 gives at once. A segment is 8 MB before it is compressed, or one line that is larger: a published
 * catalog, of 16 MB at the most.
 */
export const storeLimits: StoreLimits = { page: 1000, bytes: 32 * 1024 * 1024 };

/** What a store cannot do, in a sentence that says what to do about it. */
export class SegmentFault extends Error {}

/** The fault of a segment that nobody should take into memory. */
export function tooLarge(name: string, { bytes }: StoreLimits): SegmentFault {
  return new SegmentFault(
    `${name} is larger than ${bytes} bytes: it is no segment of ours. Remove it from where segments are kept.`,
  );
}
