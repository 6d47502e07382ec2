"""The curated table ``calendar``: which reference dates of a municipality are known, and how.

Not here: the stock on such a date (``caseload.stock``), months that a source lacks although another reports them
(``backfill.gaps``).
"""

from collections.abc import Iterable

import polars as pl

from pipeline.versions.explanation import Behind, Cell, Explained, Lineage, Row, Stated
from pipeline.versions.gates.kept import from_text
from pipeline.versions.projection import Known, Projection
from schemas import reference
from schemas.glued import LIST_SEPARATOR
from schemas.sources import caseload, caseload_totals
from schemas.tables.calendar import CALENDAR
from schemas.tables.caseload import CASELOAD_STOCK
from schemas.vocabulary import DateState, DeliveryStatus

_STOCK_SOURCES = (caseload.SOURCE, caseload_totals.SOURCE)
_DATE = ["municipality_code", "reference_date"]
_SHAPE = pl.Schema(
    {
        "municipality_code": pl.String(),
        "reference_date": pl.Date(),
        "state": pl.String(),
        "series": pl.String(),
        "delivered_on": pl.Date(),
        "delivery": pl.String(),
    }
)


def project(known: Known) -> pl.DataFrame:
    """Dates with a stock, dates that wait, and months of which there is none."""
    there = _with_a_stock(known.table(CASELOAD_STOCK))
    waiting = _held(known.statuses).join(there, on=_DATE, how="anti")
    known_dates = pl.concat([there, waiting])
    dates = pl.concat([known_dates, _missing(known_dates)]).with_columns(month=_month())
    has_stock = pl.col("series").is_not_null()
    first = pl.col("reference_date").filter(has_stock).min().over("municipality_code", "month")
    first_of_any = pl.col("reference_date").min().over("municipality_code", "month")
    stands = pl.col("reference_date") == pl.coalesce(first, first_of_any)
    return CALENDAR.shaped(dates.with_columns(is_date_of_month=stands))


def _month() -> pl.Expr:
    return pl.col("reference_date").dt.truncate("1mo")


def _with_a_stock(stock: pl.DataFrame) -> pl.DataFrame:
    is_counted = (pl.col("source") == "counted").any()
    ordered = stock.sort(*_DATE, "delivered_on", "delivery")
    return ordered.group_by(_DATE, maintain_order=True).agg(
        state=pl.when(is_counted).then(pl.lit(DateState.COUNTED.value)).otherwise(pl.lit(DateState.REPORTED.value)),
        series=pl.col("series").unique().sort().str.join(LIST_SEPARATOR),
        delivered_on=pl.col("delivered_on").last(),
        delivery=pl.col("delivery").last(),
    ).cast(_SHAPE)  # fmt: skip


def _held(statuses: pl.DataFrame) -> pl.DataFrame:
    """What waiting deliveries are about, by what was kept of their scopes; of several about one date the youngest."""
    of_stocks = pl.col("source").is_in([source.name for source in _STOCK_SOURCES])
    waiting = statuses.filter(of_stocks & (pl.col("status") == DeliveryStatus.HELD) & pl.col("scopes").is_not_null())
    about = [
        from_text(scopes).select(
            municipality_code="place",
            reference_date="valid_on",
            delivered_on=pl.lit(delivered_on, pl.Date()),
            delivery=pl.lit(delivery),
        )
        for scopes, delivered_on, delivery in waiting.select("scopes", "delivered_on", "delivery").iter_rows()
    ]
    empty = pl.DataFrame(schema={name: _SHAPE[name] for name in (*_DATE, "delivered_on", "delivery")})
    youngest = (
        pl.concat([empty, *about])
        .drop_nulls(_DATE)
        .sort("delivered_on", "delivery")
        .unique(_DATE, keep="last", maintain_order=True)
    )
    nothing = pl.lit(None, pl.String())
    return youngest.with_columns(state=pl.lit(DateState.HELD.value), series=nothing).select(list(_SHAPE))


def _missing(there: pl.DataFrame) -> pl.DataFrame:
    """Months without any date between the first and the last one of a municipality, while it exists."""
    spans = there.group_by("municipality_code").agg(first=_month().min(), last=_month().max())
    every = spans.select(
        "municipality_code", reference_date=pl.date_ranges("first", "last", interval="1mo")
    ).explode("reference_date")  # fmt: skip
    exists = reference.valid_on(reference.municipalities(), "municipality_code", "reference_date")
    months = there.select("municipality_code", reference_date=_month())
    lacking = every.filter(exists.fill_null(value=True)).join(months, on=_DATE, how="anti")
    nothing = {name: pl.lit(None, kind) for name, kind in _SHAPE.items() if name not in (*_DATE, "state")}
    return lacking.with_columns(state=pl.lit(DateState.MISSING.value), **nothing).select(list(_SHAPE))


def explain(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """The stocks on that date, a delivery that waits, or that there is none."""
    if row["state"] == DateState.MISSING:
        yield Stated(
            "no delivery", "between the first and the last date known of this municipality no stock was reported"
        )
        yield from _around(lineage, row)
    elif row["state"] == DateState.HELD:
        known = lineage.statuses.filter((pl.col("delivery") == row["delivery"]) & (pl.col("status") == "held"))
        yield from (lineage.trace("held", source, row["delivery"]) for source in known["source"].head(1))
    else:
        yield from _stocks(lineage, row, column)
    if column == "is_date_of_month" and not row[column]:
        yield from _instead(lineage, row)


def _stocks(lineage: Lineage, row: Row, column: str) -> Iterable[Cell]:
    """The stock that decides: by which there is one on that date, the youngest one; of the series each of them."""
    there = lineage.table(CASELOAD_STOCK, **{name: row[name] for name in _DATE}).sort("delivered_on", "delivery")
    if column == "state":
        there = there.filter(source=row["state"])
    deciding = {"series": there, "delivered_on": there.tail(1), "delivery": there.tail(1)}.get(column, there.head(1))
    for series in deciding["series"].sort():
        key = (row["municipality_code"], row["reference_date"], series)
        yield Cell("stock", CASELOAD_STOCK, key, _COLUMNS.get(column, "delivery"))


def _around(lineage: Lineage, row: Row) -> Iterable[Cell]:
    """The nearest dates before and after: between them the month has its place."""
    dates = lineage.table(CALENDAR, municipality_code=row["municipality_code"])
    known = dates.filter(pl.col("state") != DateState.MISSING.value)["reference_date"]
    for part, near in (("before", known.filter(known < row["reference_date"]).max()),
                       ("after", known.filter(known > row["reference_date"]).min())):  # fmt: skip
        yield Cell(part, CALENDAR, (row["municipality_code"], near), "state")


def _instead(lineage: Lineage, row: Row) -> Iterable[Cell]:
    """The date that stands for the month."""
    dates = lineage.table(CALENDAR, municipality_code=row["municipality_code"], is_date_of_month=True)
    for day in dates.filter(_month() == row["reference_date"].replace(day=1))["reference_date"]:
        yield Cell("stands for the month", CALENDAR, (row["municipality_code"], day), "state")


_COLUMNS = {"state": "source", "delivered_on": "delivered_on"}
"""The column of ``caseload_stock`` that decides one here; of the others that it was delivered."""

PROJECTION = Projection(
    table=CALENDAR,
    inputs=(CASELOAD_STOCK,),
    looks_at_what_waits=True,
    project=project,
    explain=(Explained(CALENDAR.not_key, explain),),
    row_shown_by="state",
)
