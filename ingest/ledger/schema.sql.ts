// Pure. The ledger's tables. State is here to decide by; the events in `event` are what happened, and what state is a fold of.

/** Steps from an empty file to the present schema; the table `migration` says which were taken. A step that was released never changes. */
export const migrations: readonly string[] = [
  `
  -- The outbox and the history in one: the exporter reads it in the order of seq, a customer's history by the indexes.
  -- Telemetry stands in it many events a row (outbox.ts), and is no part of a customer's history: seq is the last one's.
  create table event (
    seq integer primary key,
    customer_id text,
    entitlement_id text,
    line text,
    batch blob,
    -- What its facts take unpacked.
    batch_bytes integer,
    check ((line is null) <> (batch is null))
  ) strict;
  create index event_by_customer on event (customer_id, seq) where customer_id is not null;

  -- Profiles have their own stream, apart from the events: a person can be erased without rewriting history.
  create table profile (
    seq integer primary key,
    customer_id text not null,
    name text,
    email text,
    country text,
    recorded_at text not null,
    -- When each was said, and where: what is told late does not replace what was said after it.
    name_stamp text,
    email_stamp text,
    country_stamp text
  ) strict;
  create index profile_by_customer on profile (customer_id, seq);

  -- The directory of the customers whose own shard this is: who tells of them, and what is theirs. The shard of an
  -- entitlement decides whose it is; this says where to ask.
  create table customer_shard (
    customer_id text not null,
    shard integer not null,
    primary key (customer_id, shard)
  ) strict, without rowid;
  create table directory (
    customer_id text not null,
    entitlement_id text not null,
    -- The highest one that was told; what was theirs stays here, so that a late message does not bring it back.
    version integer not null,
    is_theirs integer not null,
    told_at integer not null,
    primary key (customer_id, entitlement_id)
  ) strict, without rowid;
  create index directory_by_age on directory (customer_id, told_at, version) where is_theirs = 1;

  -- News for directories in other shards, written with what they tell of, and deleted once they are there. Numbers are
  -- never used twice: an acknowledgement that comes late deletes nothing else.
  create table message (
    number integer primary key autoincrement,
    shard integer not null,
    news text not null
  ) strict;
  create index message_by_shard on message (shard, number);

  -- Among how many shards orders and customers are placed: another number would not find what is here.
  create table placement (shards integer not null) strict;

  -- On shard 0 as they were published; the others have copies of those since they began.
  create table catalog (
    number integer primary key,
    version text not null unique,
    body text not null
  ) strict;

  create table orders (
    order_id text primary key,
    customer_id text not null,
    -- recorded: its lines were granted. refused: no license may come of it, so far.
    status text not null check (status in ('recorded', 'refused')),
    -- Tells whether the same order came again, or another one under its ID.
    fingerprint text not null,
    body text not null,
    cancelled_at integer,
    -- As of when its storefront said so: what was said before that, and comes later, changes nothing.
    told_at integer
  ) strict;
  create index orders_by_customer on orders (customer_id);

  create table entitlement (
    entitlement_id text primary key,
    order_id text not null references orders (order_id),
    customer_id text not null,
    activation_code text not null unique,
    state text not null
  ) strict;
  create index entitlement_by_order on entitlement (order_id);
  create index entitlement_by_customer on entitlement (customer_id);

  create table seat (
    activation_id text primary key,
    entitlement_id text not null references entitlement (entitlement_id),
    host_hash text,
    user_hash text,
    host_name text,
    generation integer not null,
    bound_at integer not null,
    ended_at integer,
    license_id text,
    license_issued_at integer,
    license_not_before integer,
    license_expires_at integer,
    -- The end of the last of all its licenses; null for never.
    runs_until integer
  ) strict;
  -- What the rules promise, SQLite enforces once more: one live seat for a host, or for a user.
  create unique index live_seat on seat (entitlement_id, coalesce(user_hash, host_hash)) where ended_at is null;
  create index seat_by_license on seat (license_id) where license_id is not null;
  create index live_seat_by_lease on seat (entitlement_id, license_expires_at) where ended_at is null;

  -- Changes of the list of revocations; their count is the list's number, which only rises.
  create table revocation (
    number integer primary key,
    kind text not null check (kind in ('license', 'activation', 'entitlement')),
    id text not null,
    -- Of a seat: its licenses up to this generation.
    generation integer,
    is_revoked integer not null,
    until integer
  ) strict;
  create index revocation_by_id on revocation (kind, id, number);

  -- What was answered to a request that named itself: the same again is answered the same.
  create table answered (
    request text primary key,
    fingerprint text not null,
    outcome text not null,
    answered_at integer not null
  ) strict;
  create index answered_by_time on answered (answered_at);

  create table quarantine (
    quarantine_id text primary key,
    received_at integer not null,
    source text not null,
    stage text not null,
    code text not null,
    detail text not null,
    input text not null,
    replayed_at integer
  ) strict;
  -- Telemetry that does not fit waits once, however often it is sent.
  create index waiting_telemetry on quarantine (input) where source = 'telemetry' and replayed_at is null;

  -- Hashes of the senders' IDs of telemetry, with the places of their events (telemetry/names.ts): blocks of a sorted
  -- register, each with what it has all of up to a place; and what was noted since, a row a command, the last event's place.
  create table telemetry_name (
    from_name integer primary key,
    through integer not null,
    entries blob not null
  ) strict;
  create table telemetry_noted (
    seq integer primary key,
    names blob not null
  ) strict;

  create table api_key (
    key_id text primary key,
    name text not null,
    secret_hash text not null,
    scopes text not null,
    created_at integer not null,
    expires_at integer,
    last_used_at integer,
    revoked_at integer,
    -- Whether its end was put on record: it comes by itself, and is told once.
    is_expiry_told integer not null default 0
  ) strict;

  -- How far each stream is in segments, and the segment that is being written: named before it is made, so that an
  -- exporter that died writes the same one again.
  create table export (
    stream text primary key,
    exported_through integer not null,
    writing_through integer
  ) strict;
  insert into export values ('events', 0, null), ('profiles', 0, null);
  `,
  `
  -- What was paid for the lines of an order, then and later, and what went back: bounds what may still go back.
  create table line_money (
    order_id text not null,
    line_number integer not null,
    currency text not null,
    paid_minor integer not null,
    refunded_minor integer not null,
    latest_at integer not null,
    primary key (order_id, line_number, currency),
    check (refunded_minor between 0 and paid_minor)
  ) strict, without rowid;
  -- Orders from before this step, as their events say; renewals and the like had no price then.
  insert into line_money
    select event.line ->> '$.order_id', lines.value ->> '$.line_number', lines.value ->> '$.currency',
      lines.value ->> '$.amount_minor', 0,
      cast(unixepoch(event.line ->> '$.data.ordered_at') as integer) * 1000000
    from event, json_each(event.line, '$.data.lines') as lines
    where event.line is not null and event.line ->> '$.type' = 'order.recorded'
    on conflict (order_id, line_number, currency) do nothing;

  -- Refunds by the ID that their sender gave them: the same again is answered the same.
  create table refund (
    order_id text not null,
    refund_id text not null,
    fingerprint text not null,
    body text not null,
    primary key (order_id, refund_id)
  ) strict, without rowid;
  `,
  `
  -- What a storefront calls something by, and what that is to us: the item that a line of an order is of, a bill that was
  -- paid with what went back of it, a payment by the bill that it paid. It is of the order whose shard this is; of none
  -- where only the bill's name is known so far.
  create table storefront_reference (
    name text not null,
    order_id text not null,
    body text not null,
    primary key (name, order_id)
  ) strict, without rowid;
  create index storefront_reference_by_order on storefront_reference (order_id);
  `,
  `
  -- What was brought in from another system, a run of \`npm run import\` each: what it was, and how far it is.
  create table import (
    import_id text primary key,
    -- As its events say it: \`import:flexnet\`.
    source text not null,
    -- Of the files, the mapping and the options: the same again goes on where it was stopped.
    fingerprint text not null,
    -- Names of files may name people: they stay here.
    files text not null,
    state text not null check (state in ('running', 'finished', 'taken_back')),
    started_at integer not null,
    counts text
  ) strict;
  create index import_by_fingerprint on import (fingerprint);
  alter table orders add column import_id text;
  alter table orders add column taken_back_at integer;
  create index orders_by_import on orders (import_id) where import_id is not null and taken_back_at is null;
  -- What is no order and came once: the same again is known.
  create table imported (
    record_key text primary key,
    import_id text not null
  ) strict, without rowid;
  create index imported_by_import on imported (import_id);
  -- What names an input, where its sender can send the same again: it waits once.
  alter table quarantine add column record_key text;
  create unique index waiting_record on quarantine (record_key) where record_key is not null and replayed_at is null;
  `,
];
