"""The curated table ``published_figures_check``: every claim against what was known at its publication, and now.

Here: the table of verdicts. A claim is never dropped and no series is invented: it is looked for in the series that
exist. Not here: what is looked up (``lookup``), evidence per indicator (``evidence``), verdicts
(``verdict``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from pipeline.checks.claims import evidence
from pipeline.checks.claims.lookup import Knowledge, Lookup
from pipeline.checks.claims.model import Candidate, Claim, read_claims
from pipeline.checks.claims.verdict import Judgement, count_votes, verdict_on
from pipeline.checks.claims.wording import in_words, on, verdict_words
from pipeline.trajectories.programme_facts import programme_facts
from pipeline.versions.explanation import Behind, Cell, Explained, Lineage, Row, Trace
from pipeline.versions.projection import Known, Projection
from schemas.indicators import UNITS
from schemas.sentences import said
from schemas.sources import municipal_statistics, national_statistics, published_figures, trajectory_events
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.tables.checks import PUBLISHED_FIGURES_CHECK
from schemas.vocabulary import Verdict
from schemas.words import Language

_BALANCE = "outflow_to_work_minus_inflow"


@dataclass(frozen=True)
class _Check:
    """One claim judged twice: as known on its day of publication, and as known now."""

    claim: Claim
    then: Judgement
    now: Judgement
    then_known_on: date
    now_known_on: date

    @property
    def is_from_then(self) -> bool:
        """Whether the day of publication decides; else what is known now."""
        return self.then.verdict is not Verdict.NOT_CHECKABLE

    @property
    def judgement(self) -> Judgement:
        return self.then if self.is_from_then else self.now

    @property
    def as_known_on(self) -> date | None:
        """Null where no data were used at all."""
        if self.judgement.verdict is Verdict.NOT_CHECKABLE:
            return None
        return self.then_known_on if self.is_from_then else self.now_known_on

    def explanation(self, language: Language) -> str:
        now = {"now": on(self.now_known_on), "explanation": self.now.explanation(language)}
        if self.then.outcome == self.now.outcome:
            return self.judgement.explanation(language)
        if not self.is_from_then:
            return in_words(said("claim.known-later", then=on(self.then_known_on), **now), language)
        verdict, before = verdict_words(self.now.verdict), self.then.explanation(language)
        return in_words(said("claim.known-otherwise", before=before, verdict=verdict, **now), language)


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    claims = known.rows(published_figures.SOURCE)
    return check_claims(claims, _known_then(known, claims), _knowledge(known, with_programmes=True))


def _known_then(known: Known, claims: pl.DataFrame) -> dict[date, Knowledge]:
    """What was known on each day of publication."""
    return {
        day: _knowledge(known.on(day), with_programmes=of_day["programme_code"].is_not_null().any())
        for (day,), of_day in claims.sort("published_on").group_by("published_on", maintain_order=True)
        if isinstance(day, date)
    }


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
    rows = [_row(check) for check in _judged(read_claims(claims), then, now)]
    return pl.DataFrame(rows, schema=PUBLISHED_FIGURES_CHECK.polars_schema)


def _judged(read: Sequence[Claim], then: Mapping[date, Knowledge], now: Knowledge) -> list[_Check]:
    days = {
        day: Lookup.build(then[day], [claim for claim in read if claim.published_on <= day])
        for day in {claim.published_on for claim in read}
    }
    today = Lookup.build(now, read)
    judged_then = _verdicts_on({claim: days[claim.published_on] for claim in read})
    judged_now = _verdicts_on(dict.fromkeys(read, today))
    return [
        _Check(claim, judged_then[claim], judged_now[claim], days[claim.published_on].known_on, now.known_on)
        for claim in read
    ]


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


def _claim(lineage: Lineage, row: Row, _column: str) -> list[Trace]:
    """The claim itself."""
    return _claims(lineage, "claim", [row["claim_id"]])


def _claims(lineage: Lineage, part: str, ids: Iterable[str]) -> list[Trace]:
    rows = lineage.rows(published_figures.SOURCE).filter(pl.col("claim_id").is_in(list(ids)))
    return lineage.traces(part, published_figures.SOURCE, rows)


def _compared(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """The claim, and what it was compared with, as known on the day on which it was judged."""
    yield from _claim(lineage, row, column)
    check, *others = _judged_again(lineage, row)
    then, now = (check.then, lineage.on(check.then_known_on)), (check.now, lineage)
    chosen = then if check.is_from_then and column != "verdict_now" else now
    for judgement, at in (then, now) if column in _WORDS else (chosen,):
        yield from (_as_known(each, at.day) for each in _other_steps(check.claim, judgement, at, column))
        if column in _OF_ALL_SERIES:
            yield from (_as_known(each, at.day) for each in _whole_days(judgement, at))
        for candidate in judgement.evidence.candidates if column in _OF_ALL_SERIES else _deciding(judgement, at):
            yield from (_as_known(each, at.day) for each in candidate.behind(at))
            other_claims = candidate.named if column in _WORDS else candidate.rests_on
            yield from _claims(lineage, "claim it rests on", other_claims)
        if column in _OF_ALL_SERIES and judgement.is_by_votes:
            yield from _votes(lineage, others, is_then=judgement is check.then)
        if column in _WORDS:
            yield from _claims(lineage, "claim beside it", judgement.evidence.claims)
            yield from (_as_known(each, at.day) for each in judgement.evidence.beside(at))
    if column in _WORDS and lineage.day is None and check.then.outcome != check.now.outcome:
        yield from _last_delivery(lineage, row)


def _other_steps(claim: Claim, judgement: Judgement, at: Lineage, column: str) -> Iterable[Cell]:
    """Dates that only the series of the claim knows: because of them it has no flows of its own, and another is told.
    The words tell of every series that has flows.
    """
    found = judgement.found
    if claim.indicator != _BALANCE or found is None or found.series in (None, claim.series) or claim.period is None:
        return
    known = at.table(CASELOAD_STOCK, municipality_code=claim.region_code)
    inside = known.filter(pl.col("reference_date").is_between(*claim.period))
    told = inside.filter(series=found.series)["reference_date"]
    others = inside.filter(pl.lit(value=column in _WORDS) | pl.col("series").eq_missing(pl.lit(claim.series)))
    for day, series in others.select("reference_date", "series").iter_rows():
        if day not in told:
            yield Cell("step of another series", CASELOAD_STOCK, (claim.region_code, day, series), "delivery")


def _whole_days(judgement: Judgement, at: Lineage) -> Iterable[Cell]:
    """Of each day on which the words look at one series the others too: benefits of a few schemes alone would be a
    stock of all.
    """
    behind = [each for candidate in judgement.evidence.candidates for each in candidate.behind(at)]
    cells = [each for each in behind if isinstance(each, Cell) and each.table == CASELOAD_STOCK]
    series = {each.key[2] for each in cells}
    for region, day in sorted({each.key[:2] for each in cells}):
        for name in sorted(series - {each.key[2] for each in cells if each.key[:2] == (region, day)}):
            if at.row(CASELOAD_STOCK, (region, day, name)) is not None:
                yield Cell("the same day", CASELOAD_STOCK, (region, day, name), "benefits")


def _last_delivery(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """A delivery of the day until which all is known, which the words name; none where the claim came that day."""
    of_day = lineage.statuses.filter(pl.col("delivered_on") == pl.col("delivered_on").max())
    claims = _claims(lineage, "claim", [row["claim_id"]])
    if not any(trace.delivered_on == of_day["delivered_on"][0] for trace in claims):
        for source, delivery in of_day.sort("source", "delivery").select("source", "delivery").head(1).iter_rows():
            yield lineage.trace("known until", source, delivery)


def _votes(lineage: Lineage, others: Iterable[_Check], *, is_then: bool) -> Iterable[Behind]:
    """Claims of the same text that show which series it counts, and what they were compared with."""
    for other in others:
        judgement, day = (other.then, other.then_known_on) if is_then else (other.now, lineage.day)
        at = lineage.on(day) if day is not None else lineage
        if judgement.found is not None:
            yield from _claims(lineage, "claim beside it", [other.claim.claim_id])
            for candidate in judgement.evidence.candidates:
                yield from (_as_known(each, at.day) for each in candidate.behind(at))


def _deciding(judgement: Judgement, at: Lineage) -> Iterable[Candidate]:
    """What the verdict follows from.

    Where nothing holds also what fails by other dates than what was found: without their rows it would hold.
    """
    told = _dates(judgement.found, at) if judgement.found else set()
    for each in judgement.evidence.candidates:
        is_failing = judgement.verdict is Verdict.CONTRADICTED and not _dates(each, at) <= told
        if is_failing or any(each is other for other in judgement.deciding):
            yield each


def _dates(candidate: Candidate, at: Lineage) -> set[tuple[object, ...]]:
    return {each.key[:2] for each in candidate.behind(at) if isinstance(each, Cell)}


def _as_known(behind: Behind, day: date | None) -> Behind:
    return replace(behind, known_on=day) if isinstance(behind, Cell) else behind


def _judged_again(lineage: Lineage, row: Row) -> list[_Check]:
    """The same judgement, from what can bear on it: the claims of its text, and those about its region. Behind it the
    other claims of its text about its region.
    """
    claims = lineage.rows(published_figures.SOURCE)
    is_of_text = pl.col("document").eq_missing(pl.lit(row["document"]))
    is_near = (pl.col("indicator") == "caseload_stock") & pl.col("region_code").eq_missing(pl.lit(row["region_code"]))
    near = claims.filter(is_of_text | is_near)
    known = lineage.known
    now = _knowledge(known, with_programmes=bool(near["programme_code"].is_not_null().any()))
    judged = _judged(read_claims(near), _known_then(known, near), now)
    beside = [each for each in judged if _is_beside(each.claim, row)]
    return sorted(beside, key=lambda each: each.claim.claim_id != row["claim_id"])


def _is_beside(claim: Claim, row: Row) -> bool:
    return (claim.document, claim.region_code) == (row["document"], row["region_code"])


_OF_CLAIM = (
    "document", "published_on", "indicator", "region_code", "programme_code", "subject_period", "operator",
    "value_published", "decimals_published", "unit",
)  # fmt: skip
_FOUND = (
    "value_found", "series_found", "series_also", "rests_on_claims", "record_since", "as_known_on", "verdict",
    "verdict_now",
)  # fmt: skip
_WORDS = ("explanation", "explanation_nl")
_OF_ALL_SERIES = (*_WORDS, "series_found", "series_also")
"""Columns that say of every series whether it fits. Of benefits of one series alone the others would be the same."""

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
        Explained(_OF_CLAIM, _claim, is_aside=True),
        Explained(_FOUND, _compared),
        Explained(_WORDS, _compared, is_aside=True),
    ),
)
