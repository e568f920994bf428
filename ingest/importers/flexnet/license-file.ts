// FlexNet license files. What they say, as the license administration guide has it
// (https://docs.revenera.com/fnp/2026r1/LicAdmin_Guide/), and what we make of it:
//
// - INCREMENT adds up. Of the counted FEATUREs of a name only the first in the file counts; a later one is void. Uncounted ones
//   are read by the products themselves, each on its own host, so all of them count.
// - The very same license twice is one: it has one ID, whatever its white space, comments and order of options. Its signature
//   is part of that. What the administrator may change (asset_info, sort and the like) is not.
// - SUPERSEDE makes void what was issued, or else starts, before its own day of issue: of its own name, or of those listed. A
//   license without such a day is older than any with one.
// - UPGRADE adds no copies: as many as it counts become its version, of the licenses before it that have a version from its first
//   to below its second, the closest before it first. They stay in the order of the license that they were bought with, so
//   that a file which has the upgrade and one that has not yet are in conflict rather than added up.
// - PACKAGE grants nothing by itself. The feature of its name has its components, as they are written.
// - USER_BASED is for named users, HOST_BASED for named hosts, and both may not say which. An uncounted license is for the hosts
//   of its HOSTID, or a whole site where any host will do. A counted one with more hosts than copies floats among these.
// - DUP_GROUP says which uses share a copy, not how many there are: it is no part of the model. Only with SITE, where all
//   uses share one, nothing is counted any more: that is a site's license.
// - Signatures can be verified by the vendor's daemon alone. Nothing here says that a license is genuine.
// - SERVER, VENDOR, DAEMON and USE_SERVER lines say where licenses are served. They are checked, and are no entries.

import type { Entry, ReadContext, Source } from "../importer.ts";
import { entriesOf, readLines } from "../../import/license-file/read.ts";
import { KEYWORDS, understand } from "./lines.ts";
import { unpacked } from "./packages.ts";

/** Reads a license file. */
export async function* readLicenseFile(source: Source, context: ReadContext): AsyncGenerator<Entry> {
  const reads = await readLines(source, {
    keywords: KEYWORDS,
    understand: (line) => understand(line, context),
    otherwise: ({ words }) =>
      /^(?:HOST|ISV|LICENSE)$/i.test(words[0]?.text ?? "")
        ? "This is a license file of RLM: import it as `rlm`."
        : "No line of this file begins as a license file's do: FEATURE, INCREMENT, PACKAGE, UPGRADE, SERVER or VENDOR.",
  });
  yield* entriesOf(unpacked(reads));
}
