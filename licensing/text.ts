// Pure. Texts that people read, wherever they come from.

import { z } from "zod";

// Control characters have no place in a name, and U+0000 would cut a text short in more than one database.
const printable = /^[^\p{Cc}\p{Cs}]*$/u;

/** A text that people read: 1 to `max` characters, no control characters, no half of a surrogate pair. */
export const text = (max: number) =>
  z.string().min(1).max(max).regex(printable, "no control characters, and no half of a surrogate pair");

/** Whether it is such a text. */
export const isText = (value: string, max: number): boolean =>
  value.length >= 1 && value.length <= max && printable.test(value);
