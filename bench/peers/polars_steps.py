"""What the three peers on Polars do alike: typed columns, keys that stand there twice, and the two tables.

The rules are those of our contract for ``caseload``, as expressions. Peers differ in who asks them, and how.
Not here: anything of the project. A peer rests on its own library alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from bench.peers.told import Found

REFERENCE = Path(__file__).parents[2] / "schemas" / "reference"
SCHEMES = ("01", "02", "03", "14")
VALUES = (
    "reference_date", "municipality_code", "benefit_id", "bsn", "scheme_code", "household_code", "started_on",
    "ended_on", "end_reason",
)  # fmt: skip
_HEADERS = (
    "peildatum", "gemeentecode", "registratienummer_uitkering", "bsn", "statistiekcode", "leefvorm", "ingangsdatum",
    "einddatum", "reden_einde",
)  # fmt: skip
SCOPE = ["municipality_code", "reference_date"]
_KEY = [*SCOPE, "benefit_id", "key_start"]
_TO_WORK = ("11", "13")
_LONGEST_BRIDGE = pl.duration(days=400)
IS_LIVE = pl.col("ended_on").is_null() | (pl.col("ended_on") >= pl.col("reference_date"))


def typed(file: Path) -> pl.LazyFrame:
    """Dates and numbers instead of text; what cannot be read is null. ``row``: the line in the file."""
    days = ("reference_date", "started_on", "ended_on")
    return (
        pl.scan_csv(file, separator=";", infer_schema=False)
        .rename(dict(zip(_HEADERS, VALUES, strict=True)))
        .with_columns(
            pl.col(days).str.to_date("%d-%m-%Y", strict=False),
            pl.col("bsn").cast(pl.Int64, strict=False),
            municipality_code="GM" + pl.col("municipality_code"),
            delivered_on=pl.lit(date.fromisoformat(file.name[:10])),
        )
        .with_row_index("row", offset=2)
    )


def eleven_test(number: pl.Expr) -> pl.Expr:
    digits = [weight * (number // 10**place % 10) for place, weight in enumerate((-1, 2, 3, 4, 5, 6, 7, 8, 9))]
    return number.is_between(1, 999_999_999) & (pl.sum_horizontal(digits) % 11 == 0)


def _valid(code: str, on: str, spans: pl.DataFrame) -> pl.Expr:
    """Whether a code of a list exists on the day; most have two spans of validity at most."""
    found = pl.lit(value=False)
    first = spans.unique("code", keep="first", maintain_order=True)
    for part in (first, spans.unique("code", keep="last", maintain_order=True)):
        begin = pl.col(code).replace_strict(part["code"], part["valid_from"], default=None, return_dtype=pl.Date)
        end = pl.col(code).replace_strict(part["code"], part["valid_until"], default=None, return_dtype=pl.Date)
        found |= ((begin <= pl.col(on)) & (pl.col(on) < end)).fill_null(value=False)
    return found


def _spans(name: str) -> pl.DataFrame:
    listed = pl.read_csv(REFERENCE / f"{name}.csv", infer_schema=False)
    if name == "codes":
        listed = listed.filter(field="end_reason")
    return listed.select(
        "code",
        pl.col("valid_from").str.to_date().fill_null(date.min),
        pl.col("valid_until").str.to_date().fill_null(date.max),
    )


RULES: dict[str, pl.Expr] = {
    "municipality_exists": _valid("municipality_code", "reference_date", _spans("municipalities")),
    "reason_exists": pl.col("end_reason").is_null() | _valid("end_reason", "ended_on", _spans("codes")),
    "ends_after_start": pl.col("ended_on").is_null() | (pl.col("started_on") <= pl.col("ended_on")),
    "starts_by_reference_date": pl.col("started_on") <= pl.col("reference_date"),
    "reason_with_end": pl.col("ended_on").is_null() == pl.col("end_reason").is_null(),
    "reference_date_near": pl.col("reference_date") <= pl.col("delivered_on") + pl.duration(days=31),
    "end_near": pl.col("ended_on").is_null() | (pl.col("ended_on") <= pl.col("delivered_on") + pl.duration(days=366)),
    "within_a_working_life": pl.col("started_on") >= pl.col("reference_date").dt.offset_by("-60y"),
}
"""Rules about more than one column; those about one stand with each peer."""


@dataclass(frozen=True)
class Judged:
    """Rows of one file: those that count, how many were set apart, how many copies were dropped."""

    good: pl.DataFrame
    apart: pl.DataFrame
    copies: int = 0


def without_doubles(judged: Judged) -> Judged:
    """Copies once, conflicting rows apart. A benefit that is live stands there once, whatever its start."""
    doubled = pl.col("benefit_id").is_duplicated()
    maybe = judged.good.filter(doubled).with_columns(key_start=pl.when(~IS_LIVE).then("started_on"))
    versions = maybe.unique(VALUES, keep="first", maintain_order=True)
    conflicts = versions.filter(pl.len().over(_KEY) > 1)
    single = maybe.join(conflicts, on=_KEY, how="anti", nulls_equal=True)
    once = single.unique(VALUES, keep="first", maintain_order=True)
    apart = maybe.join(single, on="row", how="anti").drop("key_start")
    good = pl.concat([judged.good.filter(~doubled), once.drop("key_start")])
    return Judged(good, pl.concat([judged.apart, apart]), judged.copies + single.height - once.height)


def counts(good: pl.DataFrame) -> pl.DataFrame:
    """Of the series ``pw``: benefits in stock, and first and last days of spells, each by day."""
    pw = good.filter(scheme_code="01").with_columns(is_live=IS_LIVE)
    spell = [*SCOPE, "bsn", "started_on"]
    live = pw.filter("is_live")
    begun = pw.filter(pl.col("started_on") > pl.col("reference_date") - _LONGEST_BRIDGE).unique(spell)
    over = pw.filter(~pl.col("is_live")).join(live, on=spell, how="anti").sort("ended_on").unique(spell, keep="last")
    parts = {
        "stock": live.group_by(SCOPE).agg(count=pl.len()),
        "start": begun.group_by(*SCOPE, date="started_on").agg(count=pl.len()),
        "end": over.group_by(*SCOPE, "end_reason", date="ended_on").agg(count=pl.len()),
    }
    return pl.concat([part.with_columns(kind=pl.lit(kind)) for kind, part in parts.items()], how="diagonal")


def tables(counted: pl.DataFrame) -> dict[str, list[list[object]]]:
    """Stock and bridge per municipality and date, as rows."""
    stock = counted.filter(kind="stock").select(*SCOPE, benefits="count").sort(SCOPE)
    bridge = stock.with_columns(
        previous=pl.col("reference_date").shift(1).over("municipality_code"),
        opening=pl.col("benefits").shift(1).over("municipality_code"),
    ).drop_nulls("previous")
    inside = counted.join(bridge, on=SCOPE)
    is_end = (pl.col("kind") == "end") & (pl.col("date") >= pl.col("previous"))
    is_end &= pl.col("date") < pl.col("reference_date")
    sums = inside.group_by(SCOPE).agg(
        inflow=pl.col("count").filter(pl.col("kind") == "start", pl.col("date") > pl.col("previous")).sum(),
        outflow=pl.col("count").filter(is_end).sum(),
        to_work=pl.col("count").filter(is_end & pl.col("end_reason").is_in(_TO_WORK)).sum(),
    )
    flow = bridge.join(sums, on=SCOPE).sort(SCOPE)
    flow = flow.select(*SCOPE, "previous", "opening", "inflow", "outflow", "to_work", "benefits")
    days = pl.selectors.date().dt.to_string()
    return {
        name: [list(row) for row in part.with_columns(days).rows()] for name, part in (("stock", stock), ("flow", flow))
    }


def find(judge: Callable[[pl.LazyFrame], Judged], source: Path, target: Path) -> Found:
    """File by file, as the memory of a small machine asks; then the tables."""
    parts, rows = [], {"good": 0, "quarantined": 0, "copies": 0}
    (target / "apart").mkdir(parents=True)
    for file in sorted(source.glob("*.csv")):
        judged = without_doubles(judge(typed(file)))
        judged.good.write_parquet(target / f"{file.stem}.parquet")
        judged.apart.write_parquet(target / "apart" / f"{file.stem}.parquet")
        parts.append(counts(judged.good))
        found = {"good": judged.good.height, "quarantined": judged.apart.height, "copies": judged.copies}
        rows = {name: rows[name] + found[name] for name in rows}
    return {**rows, **tables(pl.concat(parts))}
