// Profiles ↔ their rows: a stream, whose newest row of a customer is who they are.

import type { StatedProfile } from "./news.ts";
import type { Sql } from "./sql.ts";

const fields = ["name", "email", "country"] as const;

type ProfileRow = { seq: number } & Record<
  (typeof fields)[number] | `${(typeof fields)[number]}_stamp`,
  string | null
>;

/**
 * Records a profile where it tells something new. What an order leaves out is kept as it was, and what was said later
 * stays, so that what is told late, or again, changes nothing that it should not.
 */
export function putProfile(sql: Sql, customerId: string, stated: StatedProfile, recordedAt: string): void {
  const known = sql.get<ProfileRow>(
    `select seq, name, email, country, name_stamp, email_stamp, country_stamp
     from profile where customer_id = ? order by seq desc limit 1`,
    customerId,
  );
  const merged = fields.map((field) => {
    const [value, stamp] = [known?.[field] ?? null, known?.[`${field}_stamp`] ?? null];
    const isLater = stated[field] !== undefined && (stamp === null || stated.stamp > stamp);
    return isLater ? { value: stated[field] ?? null, stamp: stated.stamp } : { value, stamp };
  });
  const values = merged.map(({ value }) => value);
  const stamps = merged.map(({ stamp }) => stamp);
  if (known && fields.every((field, index) => known[field] === values[index])) {
    // Said again: the row tells the same, and may have been exported. Only the stamps are ours.
    if (fields.some((field, index) => known[`${field}_stamp`] !== stamps[index]))
      sql.run(
        "update profile set name_stamp = ?, email_stamp = ?, country_stamp = ? where seq = ?",
        ...stamps,
        known.seq,
      );
    return;
  }
  sql.run(
    `insert into profile (seq, customer_id, name, email, country, name_stamp, email_stamp, country_stamp, recorded_at)
     values ((select coalesce(max(seq), 0) + 1 from profile), ?, ?, ?, ?, ?, ?, ?, ?)`,
    customerId,
    ...values,
    ...stamps,
    recordedAt,
  );
}
