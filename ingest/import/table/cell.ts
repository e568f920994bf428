// Pure. What stands in a cell, whatever kind of file it comes from.

/** A cell as its file gives it: files of text have texts alone. Of a Date, the UTC fields are what a clock on a wall shows. */
export type Cell = string | number | boolean | Date | null;

// A spreadsheet keeps 15 digits of a number, and shows no more: 0.1 + 0.2 is 0.3 in it.
const DIGITS = 15;

// Before what a spreadsheet would compute, exports put an apostrophe (OWASP, "CSV Injection"): at the beginning of a text, and
// where a reader's language would take a field to end. Our own do: what `warehouse/spreadsheet.ts` wrote is read back as it was.
const NEUTRALIZED = /(?<=(?:^|[;\t\r\n])[ "]{0,100})'(?=[=+\-@＝＋－＠])/g;
const NEUTRALIZED_CONTROL = /^'(?=[\t\r\n])/;

/** Words that databases and people write for nothing. */
const NOTHING = new Set(["-", "–", "—", "null", "(null)", "n/a"]);
const LONGEST_NOTHING = 6;

// People break lines inside of a cell; a name has none.
const BREAKS = /[\t\r\n]+/g;

const ERROR = /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|BLOCKED!|FIELD!)$/i;

/** What a cell says as a text, on one line and without white space around; `""` where it says nothing. */
export function textOf(cell: Cell | undefined): string {
  if (typeof cell === "string") return plain(cell);
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return writtenNumber(cell);
  if (typeof cell === "boolean") return cell ? "true" : "false";
  return Number.isNaN(cell.getTime()) ? "" : cell.toISOString().replace("T00:00:00.000Z", "");
}

function plain(cell: string): string {
  if (isPlain(cell)) return cell;
  const text = withoutApostrophes(cell).trim();
  if (text.length <= LONGEST_NOTHING && NOTHING.has(text.toLowerCase())) return "";
  return text.replace(BREAKS, " ");
}

/** What may begin a word for nothing. */
const FIRST = new Set(Array.from(NOTHING, (word) => word.charCodeAt(0)).concat("N".charCodeAt(0)));
const [SPACE, APOSTROPHE, DELETE] = [0x20, 0x27, 0x7f];

/** Whether a text says what it says, with nothing to take off: nearly all do, and to see it first takes a seventh off the time of a row. */
function isPlain(text: string): boolean {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  if (!(first > SPACE && first < DELETE && last > SPACE && last < DELETE)) return text === "";
  if (text.length <= LONGEST_NOTHING && FIRST.has(first)) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < SPACE || code === APOSTROPHE) return false;
  }
  return true;
}

/** A text as it was before an export made it safe for spreadsheets. */
export function withoutApostrophes(text: string): string {
  return text.replace(NEUTRALIZED_CONTROL, "").replace(NEUTRALIZED, "");
}

/** A number as a spreadsheet shows it in full, never as `1e+21`. */
function writtenNumber(value: number): string {
  if (!Number.isFinite(value)) return "";
  const shown = Number(value.toPrecision(DIGITS));
  const text = String(shown);
  if (!text.includes("e")) return text;
  return Math.abs(shown) > 1 ? String(BigInt(shown)) : shown.toFixed(20).replace(/\.?0+$/, "");
}

/** Whether a cell says nothing at all: not even a word for nothing. */
export function isBlank(cell: Cell): boolean {
  return cell === null || (typeof cell === "string" && cell.trim() === "");
}

/** Whether a spreadsheet would compute the text. It is never computed here: where a number or a day is needed it is none. */
export function isFormula(text: string): boolean {
  return /^(?:[=@＝＋－＠]|[+-](?!\s*[\d.,(]))/.test(text);
}

/** Whether the text is what a spreadsheet shows where a formula fails. */
export function isError(text: string): boolean {
  return text.charCodeAt(0) === HASH && ERROR.test(text);
}
const HASH = "#".charCodeAt(0);

/** Whether a text has characters that no name has. */
export function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}
