-- SQL functions that several models share.

-- Money in major units, for people: 12345 EUR → 123.450. Exponents by ISO 4217; null for its two funds with four digits
-- (CLF, UYW), which three would falsify.
create or replace macro major_units(amount, currency) as
    case
        when currency in ('CLF', 'UYW') then null
        when currency in (
            'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF',
            'XOF', 'XPF'
        ) then cast(amount as decimal(18, 3))
        when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then cast(amount * 0.001 as decimal(18, 3))
        else cast(amount * 0.01 as decimal(18, 3))
    end;

-- Whole 24-hour days from one instant to another, rounded down, and none where the clocks disagree on the order.
create or replace macro days_between(from_at, to_at) as
    cast(greatest(0, (epoch_us(to_at) - epoch_us(from_at)) // 86400000000) as integer);

-- The first day of the month that an instant is in.
create or replace macro month_of(instant) as cast(date_trunc('month', instant) as date);
