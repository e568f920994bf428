// Pure. What of an entry is shown where it waits for somebody: its text, bounded.

/** Characters: enough to see what it is. */
export const MAX_INPUT_LENGTH = 4000;

/** A text, of at most so many characters. None is cut in half, which other systems would refuse. */
export function cut(text: string, maxLength = MAX_INPUT_LENGTH): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).toWellFormed()}…`;
}
