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

-- The words of a company's name that tell it from others, in lower case: without accents, punctuation, and what kind of company it is.
-- Of 200,000 names it takes half a second of processor time, and with one expression for all kinds half as long again.
create or replace macro words_of_company(name) as
    list_filter(
        string_split(
            regexp_replace(
                trim(regexp_replace(
                    strip_accents(translate(
                        replace(replace(replace(replace(lower(name), '株式会社', ' '), '有限会社', ' '), 'ß', 'ss'), 'æ', 'ae'),
                        'øłđ.''’`´', 'old'
                    )),
                    '[^\p{L}\p{N}]+', ' ', 'g'
                )),
                '(?:^| )(?:s a r l|s a|a s|sa rl|sp z o o|sp z oo|de cv|kabushiki kaisha)(?: |$)', ' ', 'g'
            ),
            ' '
        ),
        lambda word: word not in (
            '', 'and', 'und', 'et',
            'gmbh', 'mbh', 'ag', 'kg', 'kgaa', 'ohg', 'gbr', 'ug', 'haftungsbeschrankt', 'haftungsbeschraenkt', 'se', 'eg', 'ev', 'ek',
            'ltd', 'limited', 'llc', 'llp', 'lp', 'plc', 'inc', 'incorporated', 'corp', 'corporation', 'co', 'company',
            'sa', 'sas', 'sasu', 'sarl', 'snc', 'srl', 'srls', 'spa', 'sl', 'slu', 'sau', 'ltda', 'lda', 'eireli', 'sapi', 'cv',
            'bv', 'nv', 'vof', 'ab', 'as', 'asa', 'aps', 'oy', 'oyj', 'spol', 'sro', 'doo', 'kft', 'zrt', 'nyrt',
            'kk', 'gk', 'pty', 'pte', 'pvt', 'private', 'proprietary', 'bhd', 'sdn', 'pt', 'tbk',
            'ooo', 'oao', 'zao', 'ооо', 'оао', 'зао', 'пао', 'ао'
        )
    );

-- A name in the letters that every system has, where some write two for one: Müller is Mueller.
create or replace macro spelled_out(name) as
    replace(replace(replace(replace(replace(replace(
        lower(name), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'å', 'aa'), 'ø', 'oe'), 'æ', 'ae');

-- Words in the order of their letters, as one text: Optik Meyer is Meyer Optik. Null where there is none.
create or replace macro in_any_order(words) as nullif(array_to_string(list_sort(words), ' '), '');

-- Whether two names are nearly the same, by their words: one has all words of the other, or there is no more than a slip in
-- eight letters between them.
create or replace macro is_nearly(words, other_words) as
    len(words) > 0
    and len(other_words) > 0
    and (
        list_has_all(words, other_words)
        or list_has_all(other_words, words)
        or damerau_levenshtein(array_to_string(words, ' '), array_to_string(other_words, ' '))
            <= least(len(array_to_string(words, ' ')), len(array_to_string(other_words, ' '))) // 8
    );

-- Whether everybody can have an address of a domain: it then tells nothing of who they work for.
create or replace macro is_free_mail(domain) as
    regexp_full_match(
        domain,
        '(gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|live|msn|icloud|me|mac|aol|gmx|mail|email|yandex|proton|protonmail|zoho)'
        || '(\.(com|co|net|org|me|de|at|ch|fr|es|it|uk|jp|br|mx|in|ru|pl|nl|be|ca|au|tr|se|dk|no|fi|pt|gr|ar|cl))+'
        || '|pm\.me|(web|t-online|freenet|arcor|posteo|mailbox)\.(de|org)|(orange|wanadoo|free|laposte|sfr|neuf|bbox)\.fr'
        || '|(libero|virgilio|tin|alice|tiscali)\.it|(wp|o2|onet|interia)\.(pl|eu)|(seznam|centrum)\.cz|(qq|163|126|sina|foxmail|sohu)\.com'
        || '|(naver|daum|hanmail)\.(com|net)|rediffmail\.com|(uol|bol|terra|ig)\.com\.br'
        || '|(comcast|verizon|att|sbcglobal|bellsouth|cox|charter|earthlink)\.net|(btinternet|sky|virginmedia|ntlworld|talktalk)\.(com|net)'
        || '|(bigpond|optusnet)\.(com|com\.au)|(shaw|rogers|sympatico|telus)\.(ca|com|net)|bluewin\.ch|(telenet|skynet)\.be'
        || '|(ziggo|kpnmail|planet|home|hetnet|xs4all|chello)\.nl|(docomo|ezweb|softbank|ocn|nifty|biglobe)\.(ne\.jp|com)|(fastmail|hey|tutanota)\.com'
    );
