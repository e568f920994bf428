// Pure. PEM-style armor (RFC 7468's look, with a heading as in RFC 1421): a token in a file that people can read and mail.

const LINE_LENGTH = 64;

/** A heading is for people; a name of the longest that a catalog takes is not. */
const MAX_HEADING_LENGTH = 120;

/** Twice the longest token, for a heading, other lines around it, and line ends. */
export const MAX_FILE_LENGTH = 262_144;

/** Why no armored token was found in a text. */
export type ArmorFault = "too_long" | "not_armored" | "cut" | "damaged";

export type Unarmored = { ok: true; body: string } | { ok: false; reason: ArmorFault; detail: string };

/**
 * Wraps a token, with a heading above it that nobody trusts.
 * @param label what it is, in capitals, such as `KEYHOUSE LICENSE`
 * @param body characters of base64url and dots
 */
export function armor(label: string, heading: readonly (readonly [string, string])[], body: string): string {
  const lines = body.match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  return [
    `-----BEGIN ${label}-----`,
    ...heading.map(([name, value]) => `${name}: ${oneLine(value)}`),
    "",
    ...lines,
    `-----END ${label}-----`,
    "",
  ].join("\n");
}

/** Names come from a catalog, and may hold what looks like the end of a line, or turns the text around. */
function oneLine(value: string): string {
  const clean = value.replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return clean.length <= MAX_HEADING_LENGTH
    ? clean
    : `${Array.from(clean).slice(0, MAX_HEADING_LENGTH).join("")}…`;
}

/**
 * Finds the first armored token of a text. Mail programs turn line ends, indent, and double or drop blank lines: none of
 * that matters.
 */
export function unarmor(label: string, text: string): Unarmored {
  const fault = (reason: ArmorFault, detail: string): Unarmored => ({ ok: false, reason, detail });
  if (typeof text !== "string" || text.length > MAX_FILE_LENGTH)
    return fault("too_long", `The file is too long to be what it should be: ${MAX_FILE_LENGTH} at most.`);
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const begin = lines.indexOf(`-----BEGIN ${label}-----`);
  if (begin < 0) return fault("not_armored", `There is no line "-----BEGIN ${label}-----".`);
  const end = lines.indexOf(`-----END ${label}-----`, begin);
  if (end < 0) return fault("cut", `The file was cut: there is no line "-----END ${label}-----".`);
  const inside = lines.slice(begin + 1, end);
  // The heading ends with its last line of "Name: value"; where that is, a blank line may or may not have survived.
  const heading = inside.findLastIndex((line) => line.includes(": ") || line.endsWith(":"));
  const body = inside.slice(heading + 1).join("");
  return /^[A-Za-z0-9_.-]+$/.test(body)
    ? { ok: true, body }
    : fault("damaged", "The lines between BEGIN and END are not those that were written.");
}
