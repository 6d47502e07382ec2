"""The curated table ``relation_findings``: what every check across deliveries and sources found.

Not here: the checks (beside what they are about), titles and severities of the rules (``schemas.rules``).
"""

from collections.abc import Iterable

import polars as pl

from pipeline.checks import (
    benchmark,
    bridges,
    cbs_percentages,
    leaps,
    municipal_changes,
    nested_series,
    provider_reports,
    totals,
    unlikely_moves,
)
from pipeline.checks.claims import conflicts
from pipeline.trajectories import trajectory_findings
from pipeline.versions.explanation import Behind, Lineage, Row, every_column
from pipeline.versions.finding_rows import one_each
from pipeline.versions.projection import Known, Projection, RelationCheck
from schemas.tables.checks import RELATION_FINDINGS

CHECKS: tuple[RelationCheck, ...] = (
    totals.CHECK,
    bridges.BRIDGE_CHECK,
    benchmark.CHECK,
    cbs_percentages.CHECK,
    conflicts.CHECK,
    bridges.GAP_CHECK,
    municipal_changes.CHECK,
    provider_reports.CHECK,
    *trajectory_findings.CHECKS,
    unlikely_moves.CHECK,
    leaps.CHECK,
    nested_series.CHECK,
)


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return one_each([each.find(known) for each in CHECKS])


def explain(lineage: Lineage, row: Row) -> Iterable[Behind]:
    """What the check states that found it."""
    check = next(each for each in CHECKS if row["rule"] in each.rules)
    return check.explain(lineage, row["subject"])


PROJECTION = Projection(
    table=RELATION_FINDINGS,
    inputs=tuple(dict.fromkeys(each for check in CHECKS for each in check.inputs)),
    project=project,
    looks_at_latest=True,
    explain=every_column(RELATION_FINDINGS, explain),
)
