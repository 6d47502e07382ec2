"""Two published figures about one date that differ: rule RELATION-005. Not here: whether they hold (``check``)."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from pipeline.versions.explanation import Lineage, Trace
from pipeline.versions.finding_rows import findings
from pipeline.versions.projection import Known, RelationCheck
from schemas.sources import published_figures
from schemas.tables.checks import PUBLISHED_FIGURES_CHECK

_RULE = "RELATION-005"


def claims_apart(claims_check: pl.DataFrame) -> pl.DataFrame:
    """Exact stocks published about one region and date; an "about" or "more than" may differ without a conflict."""
    subject = pl.format("{}/{}", "region_code", "subject_period")
    value = pl.col("value_published")
    printed = (
        pl.when(value == value.round()).then(value.cast(pl.Int64).cast(pl.String)).otherwise(value.cast(pl.String))
    )
    claimed = pl.format("{} in {}", printed, "claim_id").sort_by("claim_id").str.join(", ")
    apart = (
        claims_check.filter(pl.col("indicator") == "caseload_stock", pl.col("operator") == "=")
        .drop_nulls(["region_code", "subject_period"])
        .group_by(subject=subject)
        .agg(found=claimed, figures=value.n_unique())
        .filter(pl.col("figures") > 1)
    )
    return findings(
        apart,
        _RULE,
        subject=pl.col("subject"),
        what=pl.format("{} published figures about the caseload of {}: {}", "figures", "subject", "found"),
        found=pl.col("found"),
    )


def _find(known: Known) -> pl.DataFrame:
    return claims_apart(known.table(PUBLISHED_FIGURES_CHECK))


def _explain(lineage: Lineage, subject: str) -> Iterable[Trace]:
    """The claims about that region and date."""
    region, day = subject.split("/")
    named = {"region_code": region, "reference_date": date.fromisoformat(day)}
    claims = lineage.rows(published_figures.SOURCE, **named, indicator="caseload_stock", operator="=")
    return lineage.traces("claim", published_figures.SOURCE, claims)


CHECK = RelationCheck(rules=(_RULE,), inputs=(PUBLISHED_FIGURES_CHECK,), find=_find, explain=_explain)
