"""The curated table ``published_figures_check``: every claim against what was known at its publication, and now.

Here: the table of verdicts. A claim is never dropped and no series is invented: it is looked for in the series that
exist. Not here: judging a claim (``judged``), what a verdict rests on (``compared``).
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from pipeline.checks.claims.compared import compared, of_claim
from pipeline.checks.claims.judged import WORDS, Check, judged, knowledge_of, known_then
from pipeline.checks.claims.lookup import Knowledge
from pipeline.checks.claims.model import read_claims
from pipeline.versions.explanation import Explained
from pipeline.versions.projection import Known, Projection
from schemas.indicators import UNITS
from schemas.sources import municipal_statistics, national_statistics, published_figures, trajectory_events
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.tables.checks import PUBLISHED_FIGURES_CHECK
from schemas.words import Language


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    claims = known.rows(published_figures.SOURCE)
    return check_claims(claims, known_then(known, claims), knowledge_of(known, with_programmes=True))


def check_claims(claims: pl.DataFrame, then: Mapping[date, Knowledge], now: Knowledge) -> pl.DataFrame:
    """One row per claim, sorted by ``claim_id``. ``then`` holds what was known on each day of publication."""
    rows = [_row(check) for check in judged(read_claims(claims), then, now)]
    return pl.DataFrame(rows, schema=PUBLISHED_FIGURES_CHECK.polars_schema)


def _row(check: Check) -> dict[str, object]:
    claim, judgement = check.claim, check.judgement
    return {
        "claim_id": claim.claim_id,
        "document": claim.document,
        "published_on": claim.published_on,
        "indicator": claim.indicator,
        "region_code": claim.region_code,
        "programme_code": claim.programme_code,
        "subject_period": claim.subject_period,
        "operator": claim.operator,
        "value_published": claim.value,
        "decimals_published": claim.value_decimals,
        "unit": UNITS.get(claim.indicator),
        "value_found": judgement.found.value if judgement.found else None,
        "series_found": judgement.found.series if judgement.found else None,
        "series_also": "|".join(judgement.series_also) or None,
        "rests_on_claims": "|".join(judgement.rests_on) or None,
        "record_since": judgement.found.record_since if judgement.found else None,
        "as_known_on": check.as_known_on,
        "verdict": judgement.verdict.value,
        "verdict_now": check.now.verdict.value,
        "explanation": check.explanation(Language.EN),
        "explanation_nl": check.explanation(Language.NL),
    }


_OF_CLAIM = (
    "document", "published_on", "indicator", "region_code", "programme_code", "subject_period", "operator",
    "value_published", "decimals_published", "unit",
)  # fmt: skip
_FOUND = (
    "value_found", "series_found", "series_also", "rests_on_claims", "record_since", "as_known_on", "verdict",
    "verdict_now",
)  # fmt: skip

PROJECTION = Projection(
    table=PUBLISHED_FIGURES_CHECK,
    inputs=(
        published_figures.SOURCE,
        CASELOAD_STOCK,
        CASELOAD_FLOW,
        national_statistics.SOURCE,
        municipal_statistics.SOURCE,
        trajectory_events.SOURCE,
    ),
    project=project,
    looks_at_latest=True,
    explain=(
        Explained(_OF_CLAIM, of_claim, is_aside=True),
        Explained(_FOUND, compared),
        Explained(WORDS, compared, is_aside=True),
    ),
)
