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

/**
 * Empties every profile of a customer, and records one more that says so: who has loaded the old ones takes it after them.
 * @param stamp of what was said up to now nothing counts any more, however late it is told; what is said later does
 * @returns its place
 */
export function eraseProfile(sql: Sql, customerId: string, stamp: string, recordedAt: string): number {
  sql.run(
    "update profile set name = null, email = null where customer_id = ? and (name is not null or email is not null)",
    customerId,
  );
  sql.run(
    `insert into profile (seq, customer_id, name, email, country, name_stamp, email_stamp, country_stamp, recorded_at)
     select (select coalesce(max(seq), 0) + 1 from profile), wanted.id, null, null, newest.country, ?, ?,
       newest.country_stamp, ?
     from (select ? as id) as wanted
     left join (select * from profile where customer_id = ? order by seq desc limit 1) as newest`,
    stamp,
    stamp,
    recordedAt,
    customerId,
    customerId,
  );
  return newestProfile(sql, customerId);
}

/** The place of a customer's newest profile; 0 where there is none. */
export function newestProfile(sql: Sql, customerId: string): number {
  const query = "select coalesce(max(seq), 0) as seq from profile where customer_id = ?";
  return sql.get<{ seq: number }>(query, customerId)?.seq ?? 0;
}
