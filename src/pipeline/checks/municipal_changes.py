"""Mergers, splits and new codes of municipalities that are in the figures: rule RELATION-020.

Here: which changes concern the figures, also those to come, in one sentence each. Not here: the list of changes
(``schemas.reference``), and what is not computed across them (``caseload.borders``).
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from pipeline.versions.explanation import Behind, Cell, Lineage, Stated
from pipeline.versions.finding_rows import findings
from pipeline.versions.projection import Known, RelationCheck
from schemas import reference
from schemas.limits.figures import MUNICIPAL_CHANGE_DAYS
from schemas.tables.caseload import CASELOAD_STOCK

_RULE = "RELATION-020"
_TEXTS = {
    "merged": "{} ended on {} and went on as {}",
    "split": "{} ended on {} and was divided over {}",
    "renamed": "{} took another name and code on {}: it went on as {}, with the same borders",
    "took_in": "{} has other borders from {}: it took in {}",
    "formed": "{} was formed on {} from {}",
}


def changes_in_area(stock: pl.DataFrame, latest: date | None, changes: pl.DataFrame) -> pl.DataFrame:
    """One finding per municipality with figures and day of change.

    ``latest`` is the last day of delivery; ``changes`` as ``reference.municipal_changes``.
    """
    figures = stock.group_by("municipality_code").agg(
        first=pl.col("reference_date").min(), last=pl.col("reference_date").max()
    )
    days = pl.duration(days=MUNICIPAL_CHANGE_DAYS)
    near = figures.join(_by_code(changes), on="municipality_code").filter(
        pl.col("changes_on") >= pl.col("first") - days, pl.col("changes_on") <= pl.lit(latest, pl.Date()) + days
    )
    on = pl.col("changes_on").cast(pl.String)
    texts = [
        pl.when(pl.col("kind") == kind).then(pl.format(text, _named("municipality_code"), on, "others"))
        for kind, text in _TEXTS.items()
    ]
    return findings(
        near.sort("municipality_code", "changes_on", "kind"),
        _RULE,
        subject=pl.format("{}/{}", "municipality_code", on),
        what=pl.coalesce(texts),
        expected=pl.format("figures before {} and from then on are not compared", on),
        found=pl.format("figures from {} to {}", pl.col("first").cast(pl.String), pl.col("last").cast(pl.String)),
    )


def _by_code(changes: pl.DataFrame) -> pl.DataFrame:
    """Every change as its old code sees it, and as its successor does: ``others`` are the codes on the other side."""
    began = reference.municipalities().select("code", "valid_from")
    ended = _gathered(changes, "code", "successor", pl.col("kind"))
    is_new = pl.col("changes_on") == pl.col("valid_from")
    followed = changes.join(began, left_on="successor", right_on="code", how="left").with_columns(
        side=pl.when(pl.col("kind") == "renamed")
        .then(pl.lit("renamed_from"))
        .when(is_new.fill_null(value=False))
        .then(pl.lit("formed"))
        .otherwise(pl.lit("took_in"))
    )
    moved = followed.filter(pl.col("side") != "renamed_from")
    return pl.concat([ended, _gathered(moved, "successor", "code", pl.col("side"))])


def _gathered(changes: pl.DataFrame, this: str, other: str, kind: pl.Expr) -> pl.DataFrame:
    named = changes.select(municipality_code=this, changes_on="changes_on", kind=kind, other=_named(other))
    return named.group_by("municipality_code", "changes_on", "kind").agg(others=pl.col("other").sort().str.join(", "))


def _named(code: str) -> pl.Expr:
    names = reference.municipality_names()
    return pl.format("{} {}", code, pl.col(code).replace_strict(names, default="", return_dtype=pl.String))


def _find(known: Known) -> pl.DataFrame:
    return changes_in_area(known.table(CASELOAD_STOCK), known.latest, reference.municipal_changes())


def _explain(lineage: Lineage, subject: str) -> Iterable[Behind]:
    """The first and the last figures of the municipality, and the change itself."""
    code, day = subject.split("/")
    stock = lineage.table(CASELOAD_STOCK, municipality_code=code).sort("reference_date", "series")
    for part, ends in (("first figures", stock.head(1)), ("last figures", stock.tail(1))):
        for own in ends.iter_rows(named=True):
            yield Cell(part, CASELOAD_STOCK, (code, own["reference_date"], own["series"]), "delivery")
    yield Stated("change of municipalities", f"reference data, {code} on {day}")


CHECK = RelationCheck(
    rules=(_RULE,),
    inputs=(CASELOAD_STOCK,),
    find=_find,
    explain=_explain,
)
