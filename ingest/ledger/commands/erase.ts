// A person is erased: what names them goes, and their ID stays with what was ordered and paid.

import { formatInstant } from "../../../licensing/index.ts";
import { clearFileNames, clearHostNames, inputsNaming, isKnownCustomer, isNamed } from "../named.ts";
import { stampOf } from "../news.ts";
import { type CommandContext, type Outcome, rejected } from "../outcome.ts";
import { eraseProfile, newestProfile } from "../profile-rows.ts";
import { ledgerSummary } from "../queries.ts";

/** What was done, and up to where the stream of profiles speaks of it. */
export interface Erased {
  quarantineIds: string[];
  /** The place of the profile that says that there is none. */
  profileSeq: number;
}

/**
 * Empties the customer's profiles, forgets the names of hosts on what is theirs, and removes quarantined input that is
 * theirs; all of it or nothing. Where nothing named them since the last time, again is no news.
 * @param emails addresses that are known to be theirs beside those in the ledger: input that holds one names them
 */
export function eraseCustomer(
  { store, shard }: CommandContext,
  { customerId, emails, by }: { customerId: string; emails: readonly string[]; by: string },
): Outcome<Erased> {
  const { sql } = store;
  if (!isKnownCustomer(sql, customerId))
    return rejected("unknown_customer", `There is no customer ${customerId}.`);
  const quarantineIds = inputsNaming(sql, customerId, emails);
  clearFileNames(sql, customerId, emails);
  const isErased = sql.get(
    "select 1 from event where customer_id = ? and line ->> '$.type' = 'customer.erased' limit 1",
    customerId,
  );
  if (isErased && quarantineIds.length === 0 && !isNamed(sql, customerId))
    return { ok: true, isNew: false, value: { quarantineIds, profileSeq: newestProfile(sql, customerId) } };

  store.append({
    type: "customer.erased",
    customer_id: customerId,
    source: "keyhouse",
    occurred_at: formatInstant(store.now),
    data: { by, quarantine_ids: quarantineIds },
  });
  clearHostNames(sql, customerId);
  for (const id of quarantineIds) sql.run("delete from quarantine where quarantine_id = ?", id);
  const { lastSeq } = ledgerSummary(sql);
  // Messages that are on their way tell of orders from before this event, and what they say is not taken any more.
  const stamp = stampOf({ shard, seq: lastSeq, now: store.now });
  const profileSeq = eraseProfile(sql, customerId, stamp, formatInstant(store.now));
  return { ok: true, isNew: true, value: { quarantineIds, profileSeq } };
}
