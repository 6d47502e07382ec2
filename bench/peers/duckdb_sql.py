"""DuckDB: one statement per step in SQL, over all files at once, in memory."""

from pathlib import Path

import duckdb

from bench.peers.told import Found, tell

REFERENCE = Path(__file__).parents[2] / "schemas" / "reference"

_DIGITS = " + ".join(
    f"{weight} * (bsn // {10**place} % 10)" for place, weight in enumerate((-1, 2, 3, 4, 5, 6, 7, 8, 9))
)
_VALUES = (
    "reference_date, municipality_code, benefit_id, bsn, scheme_code, household_code, started_on, ended_on, end_reason"
)
_KEY = "municipality_code, reference_date, benefit_id, key_start"
_SAME_KEY = " and ".join(f"g.{name} is not distinct from d.{name}" for name in _KEY.split(", "))

_STEPS = f"""
create view typed as select
    try_strptime(peildatum, '%d-%m-%Y')::date as reference_date,
    'GM' || gemeentecode as municipality_code,
    registratienummer_uitkering as benefit_id,
    try_cast(bsn as bigint) as bsn,
    statistiekcode as scheme_code,
    leefvorm as household_code,
    try_strptime(ingangsdatum, '%d-%m-%Y')::date as started_on,
    try_strptime(einddatum, '%d-%m-%Y')::date as ended_on,
    reden_einde as end_reason,
    regexp_extract(filename, '([0-9-]{{10}})_[^/]*$', 1)::date as delivered_on
from read_csv($files, delim = ';', header = true, all_varchar = true, filename = true);

create table municipalities as select code, coalesce(valid_from, '0001-01-01'::date) as valid_from,
    coalesce(valid_until, '9999-12-31'::date) as valid_until
from read_csv($municipalities, types = {{'valid_from': 'date', 'valid_until': 'date'}});

create table reasons as select code, coalesce(valid_from, '0001-01-01'::date) as valid_from,
    coalesce(valid_until, '9999-12-31'::date) as valid_until
from read_csv($codes, types = {{'code': 'varchar', 'valid_from': 'date', 'valid_until': 'date'}})
where field = 'end_reason';

create table judged as select *, case when ended_on < reference_date then started_on end as key_start, coalesce(
    reference_date is not null and municipality_code is not null and started_on is not null
    and length(benefit_id) between 1 and 15
    and bsn between 1 and 999999999 and ({_DIGITS}) % 11 = 0
    and scheme_code in ('01', '02', '03', '14')
    and exists (from municipalities m where m.code = municipality_code
        and reference_date >= m.valid_from and reference_date < m.valid_until)
    and (end_reason is null or exists (from reasons r where r.code = end_reason
        and ended_on >= r.valid_from and ended_on < r.valid_until))
    and (ended_on is null or started_on <= ended_on)
    and started_on <= reference_date
    and (ended_on is null) = (end_reason is null)
    and reference_date <= delivered_on + 31
    and (ended_on is null or ended_on <= delivered_on + 366)
    and started_on >= reference_date - interval 60 years, false) as is_good
from typed;

create table doubled as select {_KEY}, count(distinct ({_VALUES.replace("reference_date, ", "")})) as versions
from judged where is_good group by {_KEY} having count(*) > 1;

create table good as
select * from judged g where is_good and not exists (from doubled d where {_SAME_KEY})
union all
select any_value(columns(*)) from judged g where is_good
    and exists (from doubled d where versions = 1 and {_SAME_KEY}) group by {_KEY};

create table apart as select * from judged g
where not is_good or exists (from doubled d where versions > 1 and {_SAME_KEY});

copy (select {_VALUES} from good) to '$target/good.parquet';
copy (select {_VALUES} from apart) to '$target/apart.parquet';

create table pw as select *, ended_on is null or ended_on >= reference_date as is_live
from good where scheme_code = '01';

create table stock as select municipality_code, reference_date, count(*) as benefits from pw where is_live group by all;

create table spells as select municipality_code, reference_date, bsn, started_on, bool_or(is_live) as is_live,
    max(ended_on) as ended_on, arg_max(end_reason, ended_on) as end_reason
from pw group by all;

create table bridges as from (select *, lag(reference_date) over place as previous, lag(benefits) over place as opening
    from stock window place as (partition by municipality_code order by reference_date)) where previous is not null;

create table flow as select municipality_code, reference_date, previous, opening,
    count(*) filter (started_on > previous) as inflow,
    count(*) filter (not is_live and ended_on >= previous and ended_on < reference_date) as outflow,
    count(*) filter (not is_live and ended_on >= previous and ended_on < reference_date and end_reason in ('11', '13')),
    benefits
from bridges join spells using (municipality_code, reference_date) group by all;
"""


def find(source: Path, target: Path) -> Found:
    target.mkdir(parents=True)
    lists = {f"${name}": REFERENCE / f"{name}.csv" for name in ("municipalities", "codes")}
    steps = _STEPS.replace("$target", str(target))
    for name, place in {"$files": source / "*.csv", **lists}.items():
        steps = steps.replace(name, f"'{place}'")
    with duckdb.connect() as database:
        database.execute(steps)
        return found(database)


def found(database: duckdb.DuckDBPyConnection) -> Found:
    """What stands in the tables now, as every peer prints it."""

    def rows(query: str) -> list[list[object]]:
        shown = [list(row) for row in database.sql(query).fetchall()]
        return [[str(value) if hasattr(value, "year") else value for value in row] for row in shown]

    [[good]], [[apart]] = rows("select count(*) from good"), rows("select count(*) from apart")
    [[read]] = rows("select count(*) from judged")
    tables = {name: rows(f"from {name} order by municipality_code, reference_date") for name in ("stock", "flow")}
    return {"good": good, "quarantined": apart, "copies": read - good - apart, **tables}  # type: ignore[operator]


if __name__ == "__main__":
    tell(find)
