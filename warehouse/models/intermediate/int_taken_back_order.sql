-- Orders that an import brought in by mistake, and that were taken back. A mistake was one on any day, so the as-of time is not
-- asked: `events` is read, not `stg_events`, which leaves out all that is on record of these.

select
    order_id,
    min(occurred_at) as taken_back_at,
from events
where type = 'order.taken_back'
    and order_id is not null
group by order_id
order by order_id
