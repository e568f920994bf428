// Is the money of orders what their events say? A part of the check of a ledger.

import type { Sql } from "./sql.ts";

/** What each event moved of which money, added up, against what is kept; those that differ. What is no JSON is told elsewhere. */
const DIFFERENCES = `
  with facts as (
    select entitlement_id, iif(json_valid(line), line, '{}') as line from event where line is not null
  ),
  rights as (
    select entitlement_id, iif(json_valid(state), state, '{}') as state from entitlement
  ),
  moved as (
    select line ->> '$.order_id' as order_id, told.value ->> '$.line_number' as line_number,
      told.value ->> '$.currency' as currency,
      iif(line ->> '$.type' = 'order.recorded', told.value ->> '$.amount_minor', 0) as paid_minor,
      iif(line ->> '$.type' = 'order.refunded', told.value ->> '$.amount_minor', 0) as refunded_minor
    from facts, json_each(facts.line, '$.data.lines') as told
    where line ->> '$.type' in ('order.recorded', 'order.refunded')
    union all
    select line ->> '$.order_id', state ->> '$.lineNumber', line ->> '$.data.price.currency',
      line ->> '$.data.price.amount_minor', 0
    from facts inner join rights using (entitlement_id)
    where line ->> '$.data.price.amount_minor' is not null
      and line ->> '$.type' in ('entitlement.renewed', 'entitlement.upgraded', 'entitlement.extended')
  ),
  told as (
    select order_id, line_number, currency, sum(paid_minor) as paid_minor, sum(refunded_minor) as refunded_minor
    from moved group by order_id, line_number, currency
  )
  select coalesce(told.order_id, kept.order_id) as orderId, coalesce(told.line_number, kept.line_number) as lineNumber,
    coalesce(told.currency, kept.currency) as currency
  from told full join line_money as kept using (order_id, line_number, currency)
  where (told.paid_minor, told.refunded_minor) is not (kept.paid_minor, kept.refunded_minor)
  limit ?`;

/** @returns what is wrong, in sentences, so many at most */
export function* moneyFaults(sql: Sql, limit: number): Generator<string> {
  type Row = { orderId: string; lineNumber: number; currency: string };
  for (const { orderId, lineNumber, currency } of sql.all<Row>(DIFFERENCES, limit))
    yield `Order ${orderId}: the money of line ${lineNumber} in ${currency} is not what its events say.`;
}
