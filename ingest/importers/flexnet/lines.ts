// Pure. Lines of a FlexNet license file → grants and packages, each by itself.

import type { ReadContext } from "../importer.ts";
import { missingField, readCount, readFields } from "../../import/license-file/fields.ts";
import { type Grant, identityOf, keyOf } from "../../import/license-file/grant.ts";
import type { LicenseLine } from "../../import/license-file/lines.ts";
import { grantedBy, modelOf } from "../../import/license-file/locks.ts";
import { type Fault, faultAt, inputOf, isFault } from "../../import/license-file/options.ts";
import type { Read } from "../../import/license-file/read.ts";
import { replacedBy, statedIn, understood } from "../../import/license-file/stated.ts";
import { KEY, readLicenseOptions, SIGNATURES } from "./options.ts";
import { type Package, readPackage } from "./packages.ts";

export const KEYWORDS: ReadonlySet<string> = new Set([
  "DAEMON",
  "FEATURE",
  "INCREMENT",
  "PACKAGE",
  "SERVER",
  "UPGRADE",
  "USE_SERVER",
  "VENDOR",
]);

/** What a line comes to; null for one that says where licenses are served, which is no part of what is granted. */
export function understand(line: LicenseLine, context: ReadContext): Read | Package | null {
  const input = inputOf(line, SIGNATURES, KEY);
  return understood(line, input, () => readLine(line, input, context));
}

function readLine(line: LicenseLine, input: string, context: ReadContext): Read | Package | Fault | null {
  switch (line.keyword) {
    case "FEATURE":
    case "INCREMENT":
    case "UPGRADE": {
      const grant = readGrant(line, input, context);
      return isFault(grant) ? grant : { kind: "grant", grant };
    }
    case "PACKAGE":
      return readPackage(line, input);
    case "SERVER":
      return missingField(line, ["host", "hostid"]);
    case "VENDOR":
    case "DAEMON":
      return missingField(line, ["vendor"]);
    case "USE_SERVER":
      return null;
    default:
      return {
        code: "unreadable",
        place: {},
        detail: /^\S+(?:-\d{5})+(?:-\d+)?$/.test(input)
          ? "This is a license in decimal format: have it turned into a readable one by `lminstall`."
          : "No line of a license file begins so.",
      };
  }
}

function readGrant(line: LicenseLine, input: string, context: ReadContext): Grant | Fault {
  const fields = readFields(line, ["name", "vendor"]);
  if (isFault(fields)) return fields;
  const { vendor, name, version, from, endsAt } = fields;
  const count = readCount(fields.count.text);
  if (count === undefined)
    return faultAt(fields.count, "invalid", "This is no number of licenses: 10, or uncounted.");
  if (from !== null && count === null)
    return faultAt(fields.count, "invalid", "Only counted licenses can be upgraded.");
  const options = readLicenseOptions(fields.rest);
  if (isFault(options)) return options;
  const { locks, supersedes } = options;
  const granted = grantedBy(count, locks, options.by);
  const key = keyOf(vendor, name);
  return {
    ...statedIn(line, fields, options, context),
    input,
    id: identityOf(["flexnet", line.keyword, key, from, version, endsAt, count, ...options.identity]),
    pool: "",
    quantity: granted.quantity,
    isCounted: count !== null,
    isFirstOnly: line.keyword === "FEATURE" && count !== null,
    replaces: replacedBy(vendor, name, supersedes),
    model: modelOf("FlexNet", granted, {
      endsAt,
      isDemo: locks.isDemo && count === null,
      overdraft: count === null ? 0 : options.overdraft,
      borrow: options.borrow,
    }),
    seats: granted.seats,
    features: [],
    customer: undefined,
  };
}
