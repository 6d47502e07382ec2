select
    code,
    coalesce(valid_from::date, '0001-01-01'::date) as valid_from,
    coalesce(valid_until::date, '9999-12-31'::date) as valid_until
from {{ source('reference', 'codes') }}
where field = 'end_reason'
