-- SQL functions that several models share.

-- How many decimals a currency has by ISO 4217: what its minor unit is. `ingest/money.ts` and the pages say the same, and a test
-- holds them together.
create or replace macro minor_digits(currency) as
    case
        when currency in ('CLF', 'UYW') then 4
        when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
        when currency in (
            'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF',
            'XOF', 'XPF'
        ) then 0
        else 2
    end;

-- Money in major units, for people: 12345 EUR → 123.450. Null for the two funds with four decimals, which three would falsify,
-- and for what has more digits than the type: a reader's column stops no load.
create or replace macro major_units(amount, currency) as
    case minor_digits(currency)
        when 0 then try_cast(amount as decimal(18, 3))
        when 2 then try_cast(amount * 0.01 as decimal(18, 3))
        when 3 then try_cast(amount * 0.001 as decimal(18, 3))
    end;

-- An amount in minor units of another currency, by a rate of ten decimals between major ones: rounded once, half away from zero,
-- exact on the way. Null for what has more digits than the type, as above.
create or replace macro converted(amount, currency, rate, to_currency) as
    try_cast(
        sign(amount) * (
            (
                2 * cast(abs(amount) as hugeint) * cast(rate * 10000000000 as hugeint)
                * cast(10 ** minor_digits(to_currency) as hugeint)
                + cast(10 ** (10 + minor_digits(currency)) as hugeint)
            ) // cast(2 * 10 ** (10 + minor_digits(currency)) as hugeint)
        ) as bigint
    );

-- Whole 24-hour days from one instant to another, rounded down, and none where the clocks disagree on the order.
create or replace macro days_between(from_at, to_at) as
    cast(greatest(0, (epoch_us(to_at) - epoch_us(from_at)) // 86400000000) as integer);

-- The first day of the month that an instant is in.
create or replace macro month_of(instant) as cast(date_trunc('month', instant) as date);

-- Whether a month's last moment is later than the as-of time. A day that is given as the as-of time ends a microsecond before the
-- next one, and then all of its month is known.
create or replace macro is_running(month) as
    cast(month as timestamp) + interval 1 month - interval 1 microsecond > getvariable('as_of');

-- A part of an amount above zero in whole minor units, halves up: exact beyond 2^63. Parts are taken of the whole and never added
-- up from smaller ones, so nothing is lost or made by rounding.
create or replace macro part_of(amount, numerator, denominator) as
    cast(
        (2 * cast(amount as hugeint) * numerator + denominator) // (2 * denominator) as bigint
    );

-- Of a payment for some days, from one amount to another, what is recognized before an instant: straight line by day, and the whole once it is settled. It
-- is told to date, and a month is the difference of two: the months of a term then come to its price, whatever is rounded.
create or replace macro recognized_before(instant, amount_before, amount_after, service_starts_at, service_days, settled_at) as
    case
        when settled_at < instant then amount_after - amount_before
        when service_days is null then 0
        else part_of(
            amount_after, greatest(0, least(service_days, date_diff('day', service_starts_at, instant))), service_days
        ) - if(amount_before = 0, 0, part_of(
            amount_before, greatest(0, least(service_days, date_diff('day', service_starts_at, instant))), service_days
        ))
    end;
