// FlexNet: license files, and FlexNet Operations' exports. The first line tells which it is.

import { type Importer, type Source, SourceFault } from "../importer.ts";
import { MAX_CSV_BYTES } from "../../import/table/csv.ts";
import { readLicenseFile } from "./license-file.ts";
import { KEYWORDS } from "./lines.ts";
import { isOperationsExport, readOperations } from "./operations.ts";

/** Bytes in which the first line has to end. */
const MAX_FIRST_LINE_BYTES = 64 * 1024;

export const importer: Importer = {
  about: "FlexNet license files, and FlexNet Operations' exports of entitlements and fulfillments as CSV",
  // A license file has a bound of its own.
  maxBytes: MAX_CSV_BYTES,
  async *read(source, context) {
    const begun = await begin(source);
    try {
      if (context.table !== undefined || isOperationsExport(begun.firstLine))
        return yield* readOperations(begun.whole, context);
      if (isTable(begun.firstLine))
        throw new SourceFault(
          { line: 1, column: 1 },
          "This is a table, and none of FlexNet Operations' that we know: import it as `csv`, with a mapping of its columns.",
        );
      yield* readLicenseFile(begun.whole, context);
    } finally {
      await begun.close();
    }
  },
};

/** Whether a line is the headings of a table rather than a license or a comment. */
function isTable(line: string): boolean {
  const [word = ""] = line.trimStart().split(/\s/, 1);
  if (word.startsWith("#") || KEYWORDS.has(word.toUpperCase())) return false;
  return /^[^,;\t]{1,200}([,;\t])[^,;\t]{1,200}\1/.test(line);
}

interface Begun {
  firstLine: string;
  /** All of the file. */
  whole: Source;
  close(): Promise<unknown>;
}

/** Looks at a file's first line. A file can be read once, so what was read of it is given again. */
async function begin(source: Source): Promise<Begun> {
  const pieces = source.bytes()[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let length = 0;
  let isEnded = false;
  while (!isEnded && length < MAX_FIRST_LINE_BYTES) {
    const { value, done } = await pieces.next();
    if (done) break;
    read.push(value);
    length += value.length;
    isEnded = value.includes(10) || value.includes(13);
  }
  async function* bytes() {
    yield* read;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  const [firstLine = ""] = new TextDecoder(source.encoding).decode(Buffer.concat(read)).split(/[\r\n]/, 1);
  return { firstLine, whole: { ...source, bytes }, close: async () => pieces.return?.() };
}
