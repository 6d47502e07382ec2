select
    municipality_code, reference_date, benefit_id, key_start,
    count(distinct (bsn, scheme_code, household_code, started_on, ended_on, end_reason)) as versions
from {{ ref('judged') }}
where is_good
group by all
having count(*) > 1
