select
    municipality_code, reference_date, bsn, started_on,
    bool_or(ended_on is null or ended_on >= reference_date) as is_live,
    max(ended_on) as ended_on,
    arg_max(end_reason, ended_on) as end_reason
from {{ ref('good') }}
where scheme_code = '01'
group by all
