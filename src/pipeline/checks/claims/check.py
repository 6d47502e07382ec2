"""The curated table ``published_figures_check``: every claim against what was known at its publication, and now.

Here: the table of verdicts. A claim is never dropped and no series is invented: it is looked for in the series that
exist. Not here: what is looked up (``lookup``), evidence per indicator (``evidence``), verdicts
(``verdict``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.caseload.stock import explain_stock
from pipeline.checks.claims import evidence
from pipeline.checks.claims.lookup import Knowledge, Lookup
from pipeline.checks.claims.model import Claim, read_claims
from pipeline.checks.claims.verdict import Judgement, count_votes, verdict_on
from pipeline.trajectories.events_behind import events_of_programme
from pipeline.trajectories.programme_facts import programme_facts
from pipeline.versions.explanation import Lineage, Row, Trace, every_column
from pipeline.versions.projection import Known, Projection
from schemas.sources import municipal_statistics, national_statistics, published_figures, trajectory_events
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.tables.checks import PUBLISHED_FIGURES_CHECK
from schemas.vocabulary import Verdict


@dataclass(frozen=True)
class _Check:
    """One claim judged twice: as known on its day of publication, and as known now."""

    claim: Claim
    then: Judgement
    now: Judgement
    then_known_on: date
    now_known_on: date

    @property
    def _is_from_then(self) -> bool:
        return self.then.verdict is not Verdict.NOT_CHECKABLE

    @property
    def judgement(self) -> Judgement:
        return self.then if self._is_from_then else self.now

    @property
    def as_known_on(self) -> date | None:
        """Null where no data were used at all."""
        if self.judgement.verdict is Verdict.NOT_CHECKABLE:
            return None
        return self.then_known_on if self._is_from_then else self.now_known_on

    @property
    def explanation(self) -> str:
        if self.then.outcome == self.now.outcome:
            return self.judgement.explanation
        if not self._is_from_then:
            then = f"Not checkable as known on {self.then_known_on}"
            return f"{then}; as known on {self.now_known_on}: {self.now.explanation}"
        return f"{self.then.explanation} As known on {self.now_known_on} {self.now.verdict}: {self.now.explanation}"


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    claims = known.rows(published_figures.SOURCE)
    then = {
        day: _knowledge(known.on(day), with_programmes=of_day["programme_code"].is_not_null().any())
        for (day,), of_day in claims.sort("published_on").group_by("published_on", maintain_order=True)
        if isinstance(day, date)
    }
    return check_claims(claims, then, _knowledge(known, with_programmes=True))


def _knowledge(known: Known, *, with_programmes: bool) -> Knowledge:
    """What a check asks of a day. Facts about programmes take long, and many texts name none."""
    return Knowledge(
        known_on=known.day or known.latest or date.min,
        stock=known.table(CASELOAD_STOCK),
        flow=known.table(CASELOAD_FLOW),
        national=known.rows(national_statistics.SOURCE),
        municipal=known.rows(municipal_statistics.SOURCE),
        programmes=known.once(programme_facts) if with_programmes else {},
    )


def check_claims(claims: pl.DataFrame, then: Mapping[date, Knowledge], now: Knowledge) -> pl.DataFrame:
    """One row per claim, sorted by ``claim_id``. ``then`` holds what was known on each day of publication."""
    read = read_claims(claims)
    days = {
        day: Lookup.build(then[day], [claim for claim in read if claim.published_on <= day])
        for day in {claim.published_on for claim in read}
    }
    today = Lookup.build(now, read)
    judged_then = _verdicts_on({claim: days[claim.published_on] for claim in read})
    judged_now = _verdicts_on(dict.fromkeys(read, today))
    checks = [
        _Check(claim, judged_then[claim], judged_now[claim], days[claim.published_on].known_on, now.known_on)
        for claim in read
    ]
    return pl.DataFrame([_row(check) for check in checks], schema=PUBLISHED_FIGURES_CHECK.polars_schema)


def _verdicts_on(lookups: Mapping[Claim, Lookup]) -> dict[Claim, Judgement]:
    gathered = {claim: evidence.gather(claim, lookup) for claim, lookup in lookups.items()}
    votes = count_votes(gathered.items())
    return {claim: verdict_on(claim, found, votes) for claim, found in gathered.items()}


def _row(check: _Check) -> dict[str, object]:
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
        "value_found": judgement.found.value if judgement.found else None,
        "series_found": judgement.found.series if judgement.found else None,
        "series_also": "|".join(judgement.series_also) or None,
        "as_known_on": check.as_known_on,
        "verdict": judgement.verdict.value,
        "verdict_now": check.now.verdict.value,
        "explanation": check.explanation,
    }


def explain(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """The claim itself, and what it was compared with."""
    claims = lineage.rows(published_figures.SOURCE, claim_id=row["claim_id"])
    traces = lineage.traces("claim", published_figures.SOURCE, claims)
    days = [date.fromisoformat(day) for day in (row["subject_period"] or "").split("/") if day]
    if row["programme_code"]:
        return [*traces, *events_of_programme(lineage, {"programme_code": row["programme_code"]})]
    if row["indicator"].startswith("national"):
        return [*traces, *lineage.traces("CBS figure", national_statistics.SOURCE, _national(lineage, days))]
    for day in days if row["series_found"] else []:
        cell = {"municipality_code": row["region_code"], "reference_date": day, "series": row["series_found"]}
        traces += explain_stock(lineage, cell, f"stock on {day}")
    return traces


def _national(lineage: Lineage, days: list[date]) -> pl.DataFrame:
    """The months before each of these days: a figure of CBS is about the end of its month."""
    ends = [pl.lit(day).dt.offset_by("-1d") for day in days]
    rows = lineage.rows(national_statistics.SOURCE, is_month=True)
    return rows.filter(pl.any_horizontal(pl.col("reference_date") == end for end in ends)) if ends else rows.clear()


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
    explain=every_column(PUBLISHED_FIGURES_CHECK, explain),
)
