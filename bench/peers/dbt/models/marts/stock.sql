select municipality_code, reference_date, count(*) as benefits
from {{ ref('good') }}
where scheme_code = '01' and (ended_on is null or ended_on >= reference_date)
group by all
