select
    *,
    case when ended_on < reference_date then started_on end as key_start,
    coalesce(
        reference_date is not null and municipality_code is not null and started_on is not null
        and length(benefit_id) between 1 and 15
        and {{ passes_eleven_test('bsn') }}
        and scheme_code in ('01', '02', '03', '14')
        and exists (
            select 1 from {{ ref('stg_municipalities') }} as listed
            where listed.code = municipality_code
                and reference_date >= listed.valid_from and reference_date < listed.valid_until
        )
        and (end_reason is null or exists (
            select 1 from {{ ref('stg_reasons') }} as listed
            where listed.code = end_reason and ended_on >= listed.valid_from and ended_on < listed.valid_until
        ))
        and (ended_on is null or started_on <= ended_on)
        and started_on <= reference_date
        and (ended_on is null) = (end_reason is null)
        and reference_date <= delivered_on + 31
        and (ended_on is null or ended_on <= delivered_on + 366)
        and started_on >= reference_date - interval 60 years,
        false
    ) as is_good
from {{ ref('stg_benefits') }}
