// Pure. Versions as license servers compare them: as decimal numbers, so that 1.2 is above 1.10.

export interface Version {
  whole: string;
  fraction: string;
}

/** Reads a version; undefined where it is no decimal number, and so neither above nor below another. */
export function readVersion(text: string): Version | undefined {
  const [, whole, fraction = ""] = /^(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return { whole: whole.replace(/^0+/, ""), fraction: fraction.replace(/0+$/, "") };
}

export function isBelow(one: Version, other: Version): boolean {
  if (one.whole.length !== other.whole.length) return one.whole.length < other.whole.length;
  return one.whole === other.whole ? one.fraction < other.fraction : one.whole < other.whole;
}
