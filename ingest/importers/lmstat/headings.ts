// Pure. The lines of lmstat's reports that stand above and between their features.

export type Heading =
  /** Says nothing of use. */
  | { kind: "ornament" }
  | { kind: "report"; time: string }
  | { kind: "server"; server: string }
  | { kind: "host"; host: string; isUp: boolean }
  | { kind: "daemons" }
  | { kind: "features" }
  | { kind: "totals" }
  /** What follows is what a license file says. */
  | { kind: "file" };

const ornaments = [
  /^(?:lmutil|lmstat) - Copyright /i,
  /^lmstat v\S+ build /i,
  /^\[Detecting lmgrd processes\.\.\.\]$/i,
  /^License file\(s\) on /i,
  /^NOTE: lmstat -i does not give information from the server,$/i,
  /^but only reads the license file\. For this reason,$/i,
  /^lmstat -a is recommended instead\.$/i,
  /^[-=_ ]{4,}$/,
];

/** Reads such a line; null where it is another. */
export function readHeading(text: string): Heading | null {
  if (ornaments.some((pattern) => pattern.test(text))) return { kind: "ornament" };
  if (text.startsWith("Users of ")) return { kind: "totals" };
  if (/^Vendor daemon status \(on /i.test(text)) return { kind: "daemons" };
  if (/^Feature usage info:$/i.test(text)) return { kind: "features" };
  if (/^Feature Version #licenses\b/i.test(text)) return { kind: "file" };
  const [, time] = /^Flexible License Manager status on (.+)$/i.exec(text) ?? [];
  if (time !== undefined) return { kind: "report", time };
  const [, server] = /^License server status: (.+)$/i.exec(text) ?? [];
  if (server !== undefined) return { kind: "server", server };
  const [, host, state] = /^(\S+): license server (UP|DOWN)\b/i.exec(text) ?? [];
  if (host !== undefined && state !== undefined)
    return { kind: "host", host, isUp: state.toUpperCase() === "UP" };
  return null;
}
