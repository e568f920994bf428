// Pure. What an unknown field may hold, so that every reader of the lake can read it.

// Deeper values are no telemetry, and more than one JSON library gives up on them.
const MAX_DEPTH = 8;

/** Why a value of any shape cannot be kept as it is; null where it can. */
export function faultOfValue(value: unknown, depth = 1): string | null {
  if (typeof value === "string") return faultOfText(value);
  // JSON has no infinity, but a number with too large an exponent is read as one.
  if (typeof value === "number") return Number.isFinite(value) ? null : "a number of that size is not kept";
  if (typeof value !== "object" || value === null) return null;
  if (depth > MAX_DEPTH) return `more than ${MAX_DEPTH} values within one another`;
  for (const [name, inner] of Object.entries(value)) {
    const fault = faultOfText(name) ?? faultOfValue(inner, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

function faultOfText(text: string): string | null {
  // Half of a surrogate pair has no UTF-8, and U+0000 ends a text in more than one database.
  return text.isWellFormed() && !text.includes("\0")
    ? null
    : "U+0000 and halves of a surrogate pair are not kept";
}
