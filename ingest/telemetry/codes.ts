// Pure. Activation codes are credentials: telemetry has no use for one, and keeps none, wherever in a line it stands.

import { parseActivationCode } from "../../licensing/index.ts";

const NAME = /activation_?code/i;
const FIELD = /"[^"]*activation_?code[^"]*"\s*:/i;
// As codes are written and shown: four groups of five.
const GROUPS = /[0-9A-Za-z]{5}(?:[-\u2010-\u2015 ][0-9A-Za-z]{5}){3}/;
const SEPARATORS = ["-", " ", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015"];
const GROUP = 6;

/** Whether JSON has a field for an activation code, or a code in its written form anywhere. */
export function holdsCode(text: string): boolean {
  return (NAME.test(text) && FIELD.test(text)) || (mayBeGrouped(text) && cut(text) !== text);
}

/** Whether three separators stand as they do in a code. The regular expression alone took a tenth of an event's time. */
function mayBeGrouped(text: string): boolean {
  return SEPARATORS.some((separator) => {
    for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1))
      if (text[at + GROUP] === separator && text[at + 2 * GROUP] === separator) return true;
    return false;
  });
}

const REMOVED = "[activation code removed]";

/** The text without its activation codes, fit to be kept; also of a text that is no JSON. */
export function withoutCodes(line: string): string {
  const named = line.replaceAll(
    /("[^"]*activation_?code[^"]*"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^,}\s]+)/gi,
    (_, name: string) => `${name}"${REMOVED}"`,
  );
  return cut(named);
}

function cut(text: string): string {
  return text.replaceAll(new RegExp(GROUPS, "g"), (code) => (parseActivationCode(code) ? REMOVED : code));
}
