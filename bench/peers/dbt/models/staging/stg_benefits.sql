select
    try_strptime(peildatum, '%d-%m-%Y')::date as reference_date,
    'GM' || gemeentecode as municipality_code,
    registratienummer_uitkering as benefit_id,
    try_cast(bsn as bigint) as bsn,
    statistiekcode as scheme_code,
    leefvorm as household_code,
    try_strptime(ingangsdatum, '%d-%m-%Y')::date as started_on,
    try_strptime(einddatum, '%d-%m-%Y')::date as ended_on,
    reden_einde as end_reason,
    regexp_extract(filename, '([0-9-]{10})_[^/]*$', 1)::date as delivered_on
from {{ source('deliveries', 'caseload') }}
