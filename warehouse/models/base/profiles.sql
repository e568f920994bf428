-- Lines of segments → profiles, each as it was at one time.

with lines as (

    select
        json_transform(
            json,
            '{
                "customer_id": "VARCHAR",
                "name": "VARCHAR",
                "email": "VARCHAR",
                "country": "VARCHAR",
                "recorded_at": "TIMESTAMP",
                "shard": "INTEGER",
                "seq": "BIGINT"
            }'
        ) as profile,

    from incoming_profiles

)

select
    profile.customer_id as customer_id,
    profile.name as name,
    profile.email as email,
    profile.country as country,
    profile.recorded_at as recorded_at,
    profile.shard as shard,
    profile.seq as seq,
from lines
