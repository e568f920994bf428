// The port to where segments live: a folder, and whatever else holds immutable files by name.

export interface SegmentStore {
  /**
   * Writes a segment that is not there yet; durable, and whole, when this returns.
   * @returns false where a segment of that name is there already: it stays as it is
   */
  create(name: string, bytes: Uint8Array): Promise<boolean>;
}
