{{ config(materialized='external', location=env_var('PEER_TARGET') ~ '/apart.parquet') }}
select * from {{ ref('judged') }} as own
where not is_good or exists (
    select 1 from {{ ref('doubled') }} as twice where versions > 1 and {{ has_key_of('own', 'twice') }}
)
