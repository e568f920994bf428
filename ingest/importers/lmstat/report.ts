// Pure. Lines of lmstat's reports, one by one. White space in them is one space.

/** What a line of a feature says. */
export type FeatureLine =
  | { kind: "user"; user: string; host: string; version: string | undefined; start: string; count: number }
  | { kind: "queued"; count: number }
  | { kind: "reserved"; count: number }
  | { kind: "pool"; version: string; vendor: string }
  | { kind: "terms" }
  | { kind: "unknown" };

/** How many licenses of a feature there are: null where they are not counted, or where lmstat gives no number. */
export interface Totals {
  feature: string;
  issued: number | null;
  inUse: number | null;
}

/** Reads `Users of FEATURE: (Total of 10 licenses issued; Total of 2 licenses in use)`, or what lmstat says instead. */
export function readTotals(text: string): Totals | { feature: string; instead: string } {
  const rest = text.slice("Users of ".length);
  const end = rest.indexOf(": (");
  const feature = rest.slice(0, end);
  const total = rest.slice(end + 2);
  const [, issued, inUse] =
    /^\(Total of (\d{1,9}) licenses? issued; ?Total of (\d{1,9}) licenses? in use\)$/i.exec(total) ?? [];
  if (end > 0 && inUse !== undefined) return { feature, issued: Number(issued), inUse: Number(inUse) };
  // Of versions before 8.
  const [, available] = /^\(Total of (\d{1,9}) licenses? available\)$/i.exec(total) ?? [];
  if (end > 0 && available !== undefined) return { feature, issued: Number(available), inUse: null };
  if (end > 0 && /^\(Uncounted, node-locked\)$/i.test(total)) return { feature, issued: null, inUse: null };
  const colon = end > 0 ? end : rest.indexOf(":");
  return colon < 0
    ? { feature: rest, instead: "" }
    : { feature: rest.slice(0, colon), instead: rest.slice(colon + 1).trim() };
}

/** Reads a line below a feature's totals. */
export function readFeatureLine(text: string): FeatureLine {
  const [, reserved] = /^(\d{1,9}) RESERVATIONs? for /i.exec(text) ?? [];
  if (reserved !== undefined) return { kind: "reserved", count: Number(reserved) };
  const [, version, vendor] = /^".*" v(\S+), vendor: ([^,\s]+)/.exec(text) ?? [];
  if (version !== undefined && vendor !== undefined) return { kind: "pool", version, vendor };
  if (/^(?:vendor_string:|floating license|(?:uncounted )?nodelocked license)/i.test(text))
    return { kind: "terms" };
  const [, queued] = /\)(?:,)? queued for (\d{1,9}) licenses?$/i.exec(text) ?? [];
  if (queued !== undefined) return { kind: "queued", count: Number(queued) };
  return readUser(text) ?? { kind: "unknown" };
}

/**
 * `USER HOST DISPLAY (v1.0) (SERVER/PORT HANDLE), start Fri 10/20 16:40, 5 licenses (linger: 60 / 3600), PID: 1`. A license that
 * lingers is borrowed, or was just given back: it is in use all the same.
 */
function readUser(text: string): FeatureLine | null {
  const marker = "), start ";
  const end = text.lastIndexOf(marker);
  const [, start = "", licenses = "1"] =
    /^((?:[a-z]{3} )?\d{1,2}\/\d{1,2}(?:\/\d{4})? [\d:]{4,8})(?:, (\d{1,9}) licenses?)?(?: \(linger: \d+(?: ?\/ ?\d+)?\))?(?:, PID: \d+)?$/i.exec(
      end < 0 ? "" : text.slice(end + marker.length),
    ) ?? [];
  const server = text.lastIndexOf(" (", end);
  const versionEnd = server < 0 ? -1 : server - 1;
  const versionStart = text.lastIndexOf(" (v", versionEnd);
  if (start === "" || versionStart <= 0 || text[versionEnd] !== ")") return null;
  const version = text.slice(versionStart + 3, versionEnd);
  const who = whoOf(text.slice(0, versionStart).split(" "), version);
  return who && { kind: "user", ...who, version: version || undefined, start, count: Number(licenses) };
}

/**
 * Tells the user, the host and the display apart. All three may have spaces in them, and the display may be absent, so that it
 * cannot always be told: a host has none of the signs that displays have, stands as far to the right as it can, and where the
 * display repeats it, before that.
 */
function whoOf(words: readonly string[], version: string): { user: string; host: string } | null {
  // Some clients print the version that they asked for behind the display.
  const all = words.length > 3 && words.at(-1) === version ? words.slice(0, -1) : words;
  if (all.length < 2) return null;
  const [first = "", second = "", third] = all;
  // What was activated is held by a computer, and no user is told.
  if (first === "ACTIVATED" && second === "LICENSE(S)" && third !== undefined)
    return { user: `${first} ${second}`, host: third };
  if (all.length === 2) return { user: first, host: second };
  const last = all.length - 2;
  const repeated = all.findIndex(
    (word, at) => at > 0 && at <= last && isDisplayOf(all[at + 1] as string, word),
  );
  const rightmost = all.findLastIndex((word, at) => at > 0 && at <= last && /^[\w.-]+$/.test(word));
  const at = repeated > 0 ? repeated : Math.max(rightmost, 1);
  return { user: all.slice(0, at).join(" "), host: all[at] as string };
}

const isDisplayOf = (display: string, host: string): boolean =>
  display === host || display.startsWith(`${host}:`);
