// Pure. Lines of an RLM license file → grants, each by itself.

import type { ReadContext } from "../importer.ts";
import { missingField, readCount, readFields } from "../../import/license-file/fields.ts";
import { type Grant, identityOf, keyOf } from "../../import/license-file/grant.ts";
import type { LicenseLine } from "../../import/license-file/lines.ts";
import { type Granted, grantedBy, modelOf } from "../../import/license-file/locks.ts";
import { type Fault, faultAt, inputOf, isFault } from "../../import/license-file/options.ts";
import type { Read } from "../../import/license-file/read.ts";
import { replacedBy, statedIn, understood } from "../../import/license-file/stated.ts";
import { KEY, type Options, readLicenseOptions, SECRETS } from "./options.ts";

/** With the names of FlexNet's lines that RLM takes for its own. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  "CUSTOMER",
  "DAEMON",
  "FEATURE",
  "HOST",
  "ISV",
  "LICENSE",
  "SERVER",
  "UPGRADE",
]);

// As many as a policy of ours can say.
const MAX_OVERDRAFT = 1_000_000;

/** What a line comes to; null for one that says where licenses are served, which is no part of what is granted. */
export function understand(line: LicenseLine, context: ReadContext): Read | null {
  const input = inputOf(line, SECRETS, KEY);
  return understood<never>(line, input, () => readLine(line, input, context));
}

function readLine(line: LicenseLine, input: string, context: ReadContext): Read | Fault | null {
  switch (line.keyword) {
    case "LICENSE":
    case "FEATURE":
    case "UPGRADE": {
      const grant = readGrant(line, input, context);
      return isFault(grant) ? grant : { kind: "grant", grant };
    }
    case "HOST":
    case "SERVER":
      return missingField(line, ["host", "hostid"]);
    case "ISV":
    case "DAEMON":
      return missingField(line, ["isv"]);
    case "CUSTOMER":
      return missingField(line, ["customer"]);
    default:
      return { code: "unreadable", place: {}, detail: "No line of an RLM license file begins so." };
  }
}

function readGrant(line: LicenseLine, input: string, context: ReadContext): Grant | Fault {
  const fields = readFields(line, ["vendor", "name"]);
  if (isFault(fields)) return fields;
  const options = readLicenseOptions(fields.rest);
  if (isFault(options)) return options;
  const { vendor, name, version, from, endsAt } = fields;
  const copies = readCopies(fields.count.text, options);
  if ("code" in copies) return { ...copies, place: { line: fields.count.line, column: fields.count.column } };
  const { granted, overdraft, isCounted } = copies;
  if (overdraft > MAX_OVERDRAFT)
    return faultAt(
      fields.count,
      "invalid",
      `soft_limit leaves more than ${MAX_OVERDRAFT} licenses above it.`,
    );
  if (from !== null && !isCounted)
    return faultAt(fields.count, "invalid", "Only counted licenses that name no user can be upgraded.");
  const { roamDays, replaces, customer } = options;
  return {
    ...statedIn(line, fields, options, context),
    input,
    id: identityOf([
      "rlm",
      from === null ? "LICENSE" : "UPGRADE",
      keyOf(vendor, name),
      from,
      version,
      endsAt,
      readCount(fields.count.text) ?? fields.count.text.toLowerCase().replace(/^0+$/, "uncounted"),
      ...options.identity,
    ]),
    pool: options.pool,
    quantity: granted.quantity,
    isCounted,
    isFirstOnly: false,
    replaces: replacedBy(vendor, name, replaces),
    model: modelOf("RLM", granted, {
      endsAt,
      isDemo: options.isDemo || (options.locks.isDemo && !isCounted),
      overdraft,
      borrow: roamDays === 0 ? null : { duration: `P${roamDays}D`, words: `${roamDays} days` },
    }),
    seats: granted.seats,
    features: options.features,
    customer: customer === null ? undefined : { name: customer },
  };
}

type Copies = { granted: Granted; overdraft: number; isCounted: boolean };

/** How many copies there are, and for whom; or why that is not in the file. */
function readCopies(text: string, options: Options): Copies | Omit<Fault, "place"> {
  const { locks, isNamedUser, softLimit, token } = options;
  if (/^token(?:_bounded|_unlocked)?$/i.test(text))
    return token === null
      ? { code: "incomplete", detail: "A token-based license says what it is checked out of: token=." }
      : { code: "void", detail: `It adds no copies: it is checked out of ${token}, which is counted.` };
  if (/^meter/i.test(text))
    return {
      code: "incomplete",
      detail: "How much of a metered license was bought is on its server, not in its file.",
    };
  if (/^single$/i.test(text)) {
    const single: Granted = { what: "node-locked", metric: "node-locked", quantity: 1, seats: [] };
    return { granted: locks.isAnywhere ? single : grantedBy(1, locks, null), overdraft: 0, isCounted: false };
  }
  const count = readCount(text);
  if (count === undefined)
    return { code: "invalid", detail: "This is no number of licenses: 10, uncounted, single, or token." };
  const bought = count === null ? null : Math.min(count, softLimit ?? count);
  const granted = grantedBy(bought, locks, isNamedUser ? "user" : null);
  return { granted, overdraft: (count ?? 0) - (bought ?? 0), isCounted: count !== null && !isNamedUser };
}
