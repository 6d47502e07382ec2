"""The curated table ``caseload_service``: the stock of all municipalities of the service together.

Not here: the stock of one (``stock``). A sum with a municipality lacking is none: it would read as a fall.
"""

from collections.abc import Iterable, Iterator

import polars as pl

from pipeline.versions.explanation import Behind, Cell, Explained, Lineage, Row, Stated
from pipeline.versions.projection import Known, Projection
from schemas import reference
from schemas.glued import LIST_SEPARATOR
from schemas.tables.calendar import CASELOAD_SERVICE
from schemas.tables.caseload import CASELOAD_STOCK

_BY = ["reference_date", "series"]
_SUMS = ("benefits", "persons")
_EMPTY_WHERE_ONE_LACKS = ("is_complete", *_SUMS)


def project(known: Known) -> pl.DataFrame:
    """One row per date and series of which any stock is known."""
    stock = known.table(CASELOAD_STOCK)
    expected = _expected(stock).join(
        stock.select(*_BY, "municipality_code", "benefits", "persons"), on=[*_BY, "municipality_code"], how="left"
    )
    is_there = pl.col("benefits").is_not_null()
    codes = pl.col("municipality_code").sort()
    together = expected.group_by(_BY).agg(
        is_complete=is_there.all(),
        benefits=pl.when(is_there.all()).then(pl.col("benefits").sum()),
        persons=pl.when(pl.col("persons").is_not_null().all()).then(pl.col("persons").sum()),
        municipalities=codes.filter(is_there.sort_by("municipality_code")).str.join(LIST_SEPARATOR),
        missing=codes.filter(~is_there.sort_by("municipality_code")).str.join(LIST_SEPARATOR),
    )
    return CASELOAD_SERVICE.shaped(together.with_columns(missing=pl.when(~pl.col("is_complete")).then("missing")))


def _expected(stock: pl.DataFrame) -> pl.DataFrame:
    """Of each date and series the municipalities of which a stock belongs in the sum: those that exist on that date and
    are served as a whole, or had a stock of their own before or on it and still have one on it or later.
    """
    served = pl.col("municipality_code").is_in(_served())
    spans = stock.group_by("municipality_code", "series").agg(
        first=pl.col("reference_date").min(), last=pl.col("reference_date").max()
    )
    every = pl.concat([stock["municipality_code"], pl.Series("municipality_code", _served())]).unique().to_frame()
    return (
        stock.select(_BY)
        .unique()
        .join(every, how="cross")
        .join(spans, on=["municipality_code", "series"], how="left")
        .filter(reference.valid_on(reference.municipalities(), "municipality_code", "reference_date"))
        .filter(served | pl.col("reference_date").is_between("first", "last"))
        .select(*_BY, "municipality_code")
    )


def _served() -> list[str]:
    return reference.municipalities().filter("is_own")["code"].to_list()


def explain(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """The stocks that are added up; of which municipalities one was delivered, and whose stock is awaited."""
    there = row["municipalities"].split(LIST_SEPARATOR)
    if row["missing"] and column in _EMPTY_WHERE_ONE_LACKS:
        there = there[:1]
    wanted = column if column in _SUMS and not row["missing"] else "delivery"
    if wanted == "persons" and row["persons"] is None:
        there = _of_unknown_persons(lineage, row)[:1]
    for code in there:
        yield Cell("stock", CASELOAD_STOCK, (code, row["reference_date"], row["series"]), wanted)
    if row["missing"] and column != "municipalities":
        yield Stated("lacking", f"no stock of {row['missing']} on that date, so that there is no sum")
        yield from _awaited(lineage, row, column)


def shown(_lineage: Lineage, row: Row, _column: str) -> Iterable[Behind]:
    """One stock, by which there is a row."""
    code, *_ = row["municipalities"].split(LIST_SEPARATOR)
    yield Cell("stock", CASELOAD_STOCK, (code, row["reference_date"], row["series"]), "delivery")


def _of_unknown_persons(lineage: Lineage, row: Row) -> list[str]:
    there = lineage.table(CASELOAD_STOCK, **{name: row[name] for name in _BY})
    return there.filter(pl.col("persons").is_null())["municipality_code"].sort().to_list()


def _awaited(lineage: Lineage, row: Row, column: str) -> Iterator[Cell]:
    """Why a stock is awaited of who is not served as a whole: there is one before and one after. Where one more is
    lacking that is, or another one like it, there is no sum in any case.
    """
    lacking = row["missing"].split(LIST_SEPARATOR)
    others = [code for code in lacking if code not in _served()]
    for code in others if column == "missing" else others[:1] if others == lacking else ():
        of_code = lineage.table(CASELOAD_STOCK, municipality_code=code, series=row["series"])["reference_date"]
        before, after = of_code.filter(of_code < row["reference_date"]), of_code.filter(of_code > row["reference_date"])
        for part, day in (("a stock before", before.max()), ("a stock after", after.min())):
            yield Cell(part, CASELOAD_STOCK, (code, day, row["series"]), "delivery")


PROJECTION = Projection(
    table=CASELOAD_SERVICE,
    inputs=(CASELOAD_STOCK,),
    project=project,
    explain=(Explained(CASELOAD_SERVICE.not_key, explain), Explained(CASELOAD_SERVICE.key, shown)),
)
