{{ config(materialized='external', location=env_var('PEER_TARGET') ~ '/good.parquet') }}
select * from {{ ref('judged') }} as own
where is_good and not exists (select 1 from {{ ref('doubled') }} as twice where {{ has_key_of('own', 'twice') }})
union all
select any_value(columns(*)) from {{ ref('judged') }} as own
where is_good and exists (
    select 1 from {{ ref('doubled') }} as twice where versions = 1 and {{ has_key_of('own', 'twice') }}
)
group by municipality_code, reference_date, benefit_id, key_start
