// License files of RLM, Reprise's license manager, as https://reprisesoftware.com/docs/general/license-file.html has them, and what
// we make of what they say:
//
// - LICENSE adds up, and FEATURE is the same. `replace` makes void what was issued, or else starts, before its own day of issue: of
//   its own product, or of those listed.
// - UPGRADE adds no copies, as FlexNet's: those of the licenses before it, of the same options and sharing, become its version.
// - `uncounted` is for the hosts of `hostid=`, or a whole site where there are none; `single` is for one. A number without a
//   host floats.
// - With `soft_limit=` so many were bought; what is counted above it is an overdraft. `max_roam=` is how long one may be borrowed.
// - A token-based license adds no copies: those of what it is checked out of are counted. What is metered is on its server.
// - `share=` says which uses share a copy, not how many there are: it is no part of the model.
// - `options=` are the product's features, `customer=` is whose it is. What begins with `_` the administrator may change, so it is
//   no part of what makes a license the same. The signature is; nobody but the vendor's server can verify it.
// - HOST, ISV and CUSTOMER lines say where licenses are served. They are checked, and are no entries.

import type { Importer } from "../importer.ts";
import { entriesOf, MAX_LICENSE_FILE_BYTES, readLines } from "../../import/license-file/read.ts";
import { KEYWORDS, understand } from "./lines.ts";

export const importer: Importer = {
  about: "RLM license files: what they grant",
  maxBytes: MAX_LICENSE_FILE_BYTES,
  async *read(source, context) {
    const reads = await readLines<never>(source, {
      keywords: KEYWORDS,
      understand: (line) => understand(line, context),
      otherwise: ({ words }) =>
        /^(?:INCREMENT|PACKAGE|VENDOR|USE_SERVER)$/i.test(words[0]?.text ?? "")
          ? "This is a license file of FlexNet: import it as `flexnet`."
          : "No line of this file begins as an RLM license file's do: LICENSE, HOST, ISV or UPGRADE.",
    });
    yield* entriesOf(reads);
  },
};
