with bridges as (
    select
        *,
        lag(reference_date) over place as previous,
        lag(benefits) over place as opening
    from {{ ref('stock') }}
    window place as (partition by municipality_code order by reference_date)
)
select
    municipality_code, reference_date, previous, opening,
    count(*) filter (started_on > previous) as inflow,
    count(*) filter (not is_live and ended_on >= previous and ended_on < reference_date) as outflow,
    count(*) filter (
        not is_live and ended_on >= previous and ended_on < reference_date and end_reason in ('11', '13')
    ) as outflow_to_work,
    benefits
from bridges
inner join {{ ref('spells') }} using (municipality_code, reference_date)
where previous is not null
group by all
