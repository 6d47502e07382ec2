"""The curated table ``caseload_stock``: benefits on every reference date, counted or else as reported.

Not here: counting the benefits of one delivery (``delivery_counts``), the bridge between two dates (``flow``).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from pipeline.caseload.borders import era
from pipeline.caseload.counted_rows import Reported, StockCell
from pipeline.versions.explanation import Behind, Cell, Explained, Lineage, Row, Stated, Trace
from pipeline.versions.projection import Known, Projection
from schemas.limits.figures import FINAL_AFTER_DAYS
from schemas.sources import caseload, caseload_totals
from schemas.tables.caseload import CASELOAD_STOCK
from schemas.vocabulary import SERIES_SCHEMES, Vintage

KEY = ["municipality_code", "reference_date", "series"]
LINE = ["municipality_code", "series"]
COUNTED, _REPORTED = "counted", "reported"
"""Where a figure of the stock comes from."""
_RECORD = [*LINE, "era"]
"""Figures that can be compared: those of one line with the same borders."""


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day: what was counted, totals where nothing was, and the changes since earlier dates with
    the same borders: over a merger there is no figure to compare with.
    """
    latest = known.reach(caseload.SOURCE, caseload_totals.SOURCE)
    stock = known.once(stock_lines).join(_redelivered(known), on=[*KEY, "source"], how="left")
    stock = stock.with_columns(**_dates())
    base = stock.select(*_RECORD, "reference_date", before="benefits")
    for since in ("january", "year_before"):
        earlier = base.rename({"reference_date": since, "before": f"on_{since}"})
        stock = stock.join(earlier, on=[*_RECORD, since], how="left")
    vintage = _provisional_revised_or_final(latest)
    return CASELOAD_STOCK.shaped(stock.sort(KEY).with_columns(**_changes(), vintage=vintage))


def stock_lines(known: Known) -> pl.DataFrame:
    """Every reference date that is known in any way: benefits and persons that were counted per municipality, reference
    date and series, and totals where none were.
    """
    by = [*KEY, "delivered_on", "delivery"]
    kinds = {kind: pl.col("count").filter(pl.col("kind") == kind).first() for kind in ("benefits", "persons")}
    counts = known.rows(caseload.SOURCE).filter(pl.col("kind").is_in(list(kinds)))
    # Of a household whose form is unknown nobody counted the persons: no row, and so no number.
    counted = counts.group_by(by).agg(**kinds, source=pl.lit(COUNTED))
    return pl.concat([counted, _reported(known.rows(caseload_totals.SOURCE), counted)])


def _reported(totals: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Totals about dates of which no benefits were delivered.

    Where both are there, the benefits count and the total is reconciled.
    """
    alone = totals.join(counted.select(KEY), on=KEY, how="anti")
    return alone.select(
        *KEY, "delivered_on", "delivery", "benefits", persons=pl.lit(None, pl.Int64()), source=pl.lit(_REPORTED)
    ).select(counted.columns)


def _redelivered(known: Known) -> pl.DataFrame:
    """Lines that more than one delivery is about: the key, and whether it is counted or reported."""
    every_series = pl.DataFrame({"series": [series.value for series in SERIES_SCHEMES]})
    counted = known.redelivered(caseload.SOURCE).join(every_series, how="cross").select(KEY)
    reported = known.redelivered(caseload_totals.SOURCE).select(KEY)
    both = [counted.with_columns(source=pl.lit(COUNTED)), reported.with_columns(source=pl.lit(_REPORTED))]
    return pl.concat(both).with_columns(is_revised=pl.lit(value=True))


def _dates() -> dict[str, pl.Expr]:
    """The borders that a figure has, and the dates that it is compared with."""
    on = pl.col("reference_date")
    return {
        "era": era("municipality_code", on),
        "january": on.dt.truncate("1y"),
        "year_before": on.dt.offset_by("-1y"),
    }


def _changes() -> dict[str, pl.Expr]:
    """What a figure says beside the earlier ones of its record; the lines are sorted by date."""
    on, benefits = pl.col("reference_date"), pl.col("benefits")
    previous, in_january = benefits.shift(1).over(_RECORD), pl.col("on_january")
    return {
        "previous_reference_date": on.shift(1).over(_RECORD),
        "change": benefits - previous,
        "change_pct": _percent(benefits - previous, previous),
        "change_ytd": benefits - in_january,
        "change_ytd_pct": _percent(benefits - in_january, in_january),
        "change_yoy_pct": _percent(benefits - pl.col("on_year_before"), pl.col("on_year_before")),
        "is_lowest_on_record": benefits < benefits.cum_min().shift(1).over(_RECORD),
        "record_since": on.min().over(_RECORD),
    }


def _percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Null on a zero base: a change from nothing has no percentage."""
    return pl.when(whole != 0).then(100.0 * part / whole)


def _provisional_revised_or_final(latest: date | None) -> pl.Expr:
    old = pl.col("reference_date").dt.offset_by(f"{FINAL_AFTER_DAYS}d") <= pl.lit(latest, pl.Date())
    return (
        pl.when(old)
        .then(pl.lit(Vintage.FINAL.value))
        .when("is_revised")
        .then(pl.lit(Vintage.REVISED.value))
        .otherwise(pl.lit(Vintage.PROVISIONAL.value))
    )


def explain_stock(lineage: Lineage, row: Mapping[str, Any], part: str) -> list[Trace]:
    """The rows behind one stock, as ``part`` of what rests on it."""
    return Reported.about(lineage, StockCell.of(row)).stock(part)


def _counted(lineage: Lineage, row: Row, column: str) -> Iterable[Trace]:
    """The benefits in stock, or the total that was reported."""
    about = Reported.about(lineage, StockCell.of(row))
    return about.persons("persons") if column == "persons" else about.stock("stock")


def _delivered(lineage: Lineage, row: Row, _column: str) -> Iterable[Trace]:
    """What shows that this delivery is the one that counts."""
    return Reported.about(lineage, StockCell.of(row)).delivered("delivery")


def _base_of(row: Row, column: str) -> date | None:
    """The date that a change is measured from."""
    on = row["reference_date"]
    if column.startswith("change_ytd"):
        return date(on.year, 1, 1)
    if column.startswith("change_yoy"):
        return pl.select(pl.lit(on).dt.offset_by("-1y")).item()  # type: ignore[no-any-return]
    return row["previous_reference_date"]  # type: ignore[no-any-return]


def _change(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """This stock and the one before it; of a percentage that one is what it is a percentage of. Where there is none
    with the same borders, only that this date was delivered.
    """
    is_pct, base = column.endswith("_pct"), _base_of(row, column)
    record = _record(lineage, row)["reference_date"]
    if base is None or base not in record:
        yield from _delivered(lineage, row, column)
        return
    yield _stock_on(row, row["reference_date"], "stock now")
    yield _stock_on(row, base, "in % of the stock before" if is_pct else "stock before")


def _previous(lineage: Lineage, row: Row, _column: str) -> Iterable[Behind]:
    """That both dates were delivered."""
    for on in (row["reference_date"], row["previous_reference_date"]):
        if on is not None:
            yield from Reported.about(lineage, StockCell.of(row, on)).delivered("date")


def _record(lineage: Lineage, row: Row) -> pl.DataFrame:
    """Stocks of the same line with the same borders, up to this one."""
    line = lineage.table(CASELOAD_STOCK, municipality_code=row["municipality_code"], series=row["series"])
    same = line.with_columns(era=era("municipality_code", pl.col("reference_date"))).sort("reference_date")
    own = same.filter(reference_date=row["reference_date"])["era"].item()
    return same.filter((pl.col("era") == own) & (pl.col("reference_date") <= row["reference_date"]))


def _lowest(lineage: Lineage, row: Row, _column: str) -> Iterable[Behind]:
    """This stock, and of the record before it the one that decides: the lowest."""
    before = _record(lineage, row).filter(pl.col("reference_date") < row["reference_date"])
    if before.is_empty():
        yield from _delivered(lineage, row, "")
    else:
        yield _stock_on(row, row["reference_date"], "stock now")
        lowest = before.sort("benefits", "reference_date")["reference_date"][0]
        yield _stock_on(row, lowest, "lowest of the record before")
        yield Stated("record", f"{before.height + 1} reference dates since {before['reference_date'][0]}")


def _record_since(lineage: Lineage, row: Row, _column: str) -> Iterable[Behind]:
    yield from Reported.about(lineage, StockCell.of(row, row["record_since"])).delivered("first of the record")
    yield from Reported.about(lineage, StockCell.of(row)).delivered("date")


def _vintage(lineage: Lineage, row: Row, _column: str) -> Iterable[Behind]:
    """This delivery; what shows how long ago it is, or that it replaced another one."""
    yield from _delivered(lineage, row, "")
    sources = caseload.SOURCE, caseload_totals.SOURCE
    if row["vintage"] == Vintage.FINAL:
        yield from lineage.reaching("last day known", *sources)[:1]
        yield Stated("final", f"{FINAL_AFTER_DAYS} days or more before the last day known")
    elif row["vintage"] == Vintage.REVISED:
        source = sources[row["source"] == _REPORTED]
        yield from lineage.about("replaced", source, **{name: row[name] for name in source.scope})[:1]


def _stock_on(row: Row, on: date, part: str) -> Cell:
    return Cell(part, CASELOAD_STOCK, StockCell.of(row, on).key, "benefits")


PROJECTION = Projection(
    table=CASELOAD_STOCK,
    inputs=(caseload.SOURCE, caseload_totals.SOURCE),
    project=project,
    explain=(
        Explained(("benefits",), _counted),
        Explained(("persons",), _counted, is_aside=True),
        Explained(("source", "delivered_on", "delivery"), _delivered, is_aside=True),
        Explained(("change", "change_pct", "change_ytd", "change_ytd_pct", "change_yoy_pct"), _change),
        Explained(("previous_reference_date",), _previous, is_aside=True),
        Explained(("is_lowest_on_record",), _lowest),
        Explained(("record_since",), _record_since, is_aside=True),
        Explained(("vintage",), _vintage, is_aside=True),
    ),
    row_shown_by="delivery",
)
