// Pure. JSON that can be read in one way only, and without harm: looked through before it is parsed.
//
// RFC 8259 section 4 leaves open what the same name twice means, and readers differ: who signs for an amount must not have
// sent another one beside it. Texts that are no Unicode (RFC 8259 section 8.2) or hold NUL come out of other systems changed.

/** What is wrong with a JSON text beside its grammar, and where. */
export interface JsonFault {
  kind: "ambiguous" | "too_complex";
  /** Its path, such as `lines[0].quantity`. */
  field: string;
  message: string;
}

/** Our deepest body has six levels. What reads a value may call itself for each level. */
export const MAX_DEPTH = 32;
/** A catalog of ten thousand products has some hundred thousand. */
export const MAX_MEMBERS = 500_000;

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** An object or an array that has begun: the names in it so far (an array has none), and the present place. */
interface Level {
  names: Set<string> | null;
  at: string | number;
}

/**
 * Looks a text through once, from left to right and without recursion.
 * @returns the first fault; null where there is none, or the text is no JSON, which its parser says better
 */
export function faultOfJson(text: string): JsonFault | null {
  const levels: Level[] = [];
  let members = 0;
  const fault = (kind: JsonFault["kind"], message: string) => ({ kind, field: pathOf(levels), message });
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case OPEN_OBJECT:
      case OPEN_ARRAY: {
        if (levels.length === MAX_DEPTH) return fault("too_complex", `is more than ${MAX_DEPTH} levels deep`);
        const isObject = text.charCodeAt(i) === OPEN_OBJECT;
        levels.push(isObject ? { names: new Set(), at: "" } : { names: null, at: 0 });
        break;
      }
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        levels.pop();
        break;
      case COMMA: {
        if (++members > MAX_MEMBERS) return fault("too_complex", `comes after ${MAX_MEMBERS} others`);
        const level = levels.at(-1);
        if (typeof level?.at === "number") level.at++;
        break;
      }
      case QUOTE: {
        const end = endOfString(text, i);
        if (end < 0) return null;
        const value = decoded(text, i, end);
        if (value === undefined) return null;
        i = end;
        const level = levels.at(-1);
        if (level?.names && isFollowedByColon(text, end)) {
          level.at = value;
          if (level.names.has(value)) return fault("ambiguous", "comes twice in one object");
          if (value === "__proto__") return fault("ambiguous", "is no name for a field");
          level.names.add(value);
        }
        if (value.includes("\0")) return fault("ambiguous", "holds the character NUL");
        if (!value.isWellFormed()) return fault("ambiguous", "holds half of a surrogate pair");
      }
    }
  }
  return null;
}

/** Where a string ends that begins at a quote; -1 where it does not. */
function endOfString(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return -1;
}

/** What a string says, with its escapes read; undefined where it is none. */
function decoded(text: string, begin: number, end: number): string | undefined {
  const inside = text.slice(begin + 1, end);
  if (!inside.includes("\\")) return inside;
  try {
    return JSON.parse(text.slice(begin, end + 1)) as string;
  } catch {
    return undefined;
  }
}

function isFollowedByColon(text: string, end: number): boolean {
  let next = end + 1;
  while (next < text.length && text.charCodeAt(next) <= 0x20) next++;
  return text.charCodeAt(next) === COLON;
}

// A name is the sender's, and may be as long as the body.
const MAX_NAME_LENGTH = 100;

function pathOf(levels: readonly Level[]): string {
  return levels
    .map(({ at }, index) => {
      if (typeof at === "number") return `[${at}]`;
      return `${index === 0 ? "" : "."}${at.slice(0, MAX_NAME_LENGTH).toWellFormed().replaceAll("\0", "�")}`;
    })
    .join("");
}
