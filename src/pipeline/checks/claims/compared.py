"""What a verdict on a claim rests on: the claim, the figures it was compared with, and other claims.

Here: which of these a column of the table needs. Not here: what is behind one figure (``behind``), the judgement itself
(``judged``), the table (``check``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from pipeline.checks.claims.behind import Answer, Events
from pipeline.checks.claims.evidence import OF_NO_SERIES
from pipeline.checks.claims.judged import WORDS, Check, judged, knowledge_of, known_then
from pipeline.checks.claims.model import Candidate, Claim, read_claims
from pipeline.checks.claims.verdict import Judgement
from pipeline.versions.explanation import Behind, Cell, Lineage, Row, Stated, Trace
from schemas.sources import published_figures
from schemas.tables.caseload import CASELOAD_STOCK
from schemas.tables.checks import PUBLISHED_FIGURES_CHECK
from schemas.vocabulary import Verdict

_BALANCE = "outflow_to_work_minus_inflow"

_OF_ALL_SERIES = (*WORDS, "series_found", "series_also")
"""Columns that say of every series whether it fits. Of benefits of one series alone the others would be the same."""
_OF_FOUND = ("value_found", "record_since")
"""Columns that say something of the series that was found: of every series where the claim does not name that one."""
_OF_RECORDS, _OF_SERIES = ("record_since", "rests_on_claims"), ("series_found", "series_also")
"""Columns that only claims of a record fill, and those that no claim fills of which the figures are of no series."""


@dataclass(frozen=True)
class _Judged:
    """A judgement with the state that it was made in."""

    judgement: Judgement
    at: Lineage
    before: tuple[Trace, ...]
    """Rows that the same words name of an earlier day."""


def of_claim(lineage: Lineage, row: Row, _column: str) -> list[Trace]:
    """The claim itself."""
    return _claims(lineage, "claim", [row["claim_id"]])


def _claims(lineage: Lineage, part: str, ids: Iterable[str]) -> list[Trace]:
    rows = lineage.rows(published_figures.SOURCE).filter(pl.col("claim_id").is_in(list(ids)))
    return lineage.traces(part, published_figures.SOURCE, rows)


def compared(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """The claim, and what it was compared with, as known on the day on which it was judged."""
    yield from of_claim(lineage, row, column)
    if why := _never_filled(row, column):
        yield Stated("empty", why)
        return
    check, *others = _judged_again(lineage, row)
    then, now = (check.then, lineage.on(check.then_known_on)), (check.now, lineage)
    chosen = then if check.is_from_then and column != "verdict_now" else now
    told: list[Trace] = []
    is_of_both = column in WORDS and check.is_checkable
    for judgement, at in (then, now) if is_of_both else (chosen,):
        on, told = _Judged(judgement, at, tuple(told)), []
        is_of_all = column in _OF_ALL_SERIES or (column in _OF_FOUND and judgement.is_in_other_series)
        yield from (_as_known(each, at.day) for each in _other_steps(check.claim, judgement, at, column))
        if is_of_all:
            yield from (_as_known(each, at.day) for each in _whole_days(judgement, at))
        for candidate in judgement.evidence.candidates if is_of_all else _deciding(judgement, at):
            for each in _of_candidate(check, on, candidate, column):
                told += [each] if isinstance(each, Trace) else []
                yield _of_day(each, check.then_known_on if is_of_both and judgement is check.then else None)
            other_claims = candidate.named if column in WORDS else candidate.rests_on
            yield from _claims(lineage, "claim it rests on", other_claims)
        if is_of_all and judgement.is_by_votes:
            yield from _votes(lineage, others, is_then=judgement is check.then)
        if column in WORDS:
            yield from _claims(lineage, "claim beside it", judgement.evidence.claims)
            yield from (_as_known(each, at.day) for each in _standing(judgement.evidence.beside, on.before)(at))
    if lineage.day is None and check.names_now(column):
        yield from _last_delivery(lineage, row)


def _never_filled(row: Row, column: str) -> str | None:
    """Why a column is empty whatever is found; None where it hangs on that."""
    indicator = row["indicator"]
    if column in _OF_RECORDS and indicator != "is_lowest_on_record":
        return f"a claim about {indicator} says nothing of a record"
    if column in _OF_SERIES and indicator in OF_NO_SERIES:
        return f"figures of {indicator} are of no series"
    return None


def _of_candidate(check: Check, on: _Judged, candidate: Candidate, column: str) -> Iterable[Behind]:
    """What a figure is computed from. One that is counted from events is a figure itself: what follows from it follows
    from the events by way of it, and it can be asked in turn.
    """
    is_counted = candidate is on.judgement.found and isinstance(candidate.behind, Events)
    if is_counted and column not in (*WORDS, "value_found"):
        if on.judgement is check.judgement:
            yield Cell("figure found", PUBLISHED_FIGURES_CHECK, (check.claim.claim_id,), "value_found")
            return
        yield Stated("figure now", str(candidate.value))
    behind = candidate.behind if column in WORDS else candidate.of_value or candidate.behind
    yield from (_as_known(each, on.at.day) for each in _standing(behind, on.before)(on.at))


def _standing(behind: Answer, before: tuple[Trace, ...]) -> Answer:
    """Events beside those that the same words tell of an earlier day: of these too it takes what became of them."""
    return replace(behind, before=before) if before and isinstance(behind, Events) else behind


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
    others = inside.filter(pl.lit(value=column in WORDS) | pl.col("series").eq_missing(pl.lit(claim.series)))
    for day, series in others.select("reference_date", "series").iter_rows():
        if day not in told:
            part = "step of the claim's own series" if series == claim.series else "step of another series"
            yield Cell(part, CASELOAD_STOCK, (claim.region_code, day, series), "delivery")


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
    """A delivery because of which all is known until that day; none where it is that of the claim."""
    last = lineage.last_known("known until")
    own = {each.delivery for each in _claims(lineage, "claim", [row["claim_id"]])}
    if own.isdisjoint(each.delivery for each in last):
        yield from last[:1]


def _votes(lineage: Lineage, others: Iterable[Check], *, is_then: bool) -> Iterable[Behind]:
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


def _of_day(behind: Behind, day: date | None) -> Behind:
    """The rows of the earlier of two days are called so: of the later one another version may be meant."""
    if day is None or not isinstance(behind, Trace):
        return behind
    return replace(behind, part=f"{behind.part}, as known on {day}")


def _judged_again(lineage: Lineage, row: Row) -> list[Check]:
    """The same judgement, from what can bear on it: the claims of its text, and those about its region. Behind it the
    other claims of its text about its region.
    """
    claims = lineage.rows(published_figures.SOURCE)
    is_of_text = pl.col("document").eq_missing(pl.lit(row["document"]))
    is_near = (pl.col("indicator") == "caseload_stock") & pl.col("region_code").eq_missing(pl.lit(row["region_code"]))
    near = claims.filter(is_of_text | is_near)
    known = lineage.known
    now = knowledge_of(known, with_programmes=bool(near["programme_code"].is_not_null().any()))
    checks = judged(read_claims(near), known_then(known, near), now)
    beside = [each for each in checks if _is_beside(each.claim, row)]
    return sorted(beside, key=lambda each: each.claim.claim_id != row["claim_id"])


def _is_beside(claim: Claim, row: Row) -> bool:
    return (claim.document, claim.region_code) == (row["document"], row["region_code"])
