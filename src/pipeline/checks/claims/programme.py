"""What trajectories and reference data say about a claim on a programme.

Here: one small function per indicator of programmes, and what can be stated where a text leaves out the date or the
begin. Not here: how clients are counted (``progress``), the verdict (``verdict``).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import polars as pl

from pipeline.checks.claims.behind import Answer, Events
from pipeline.checks.claims.model import Candidate, Claim, Evidence
from pipeline.checks.claims.wording import count
from pipeline.checks.provider_reports import KINDS
from pipeline.trajectories import standing
from pipeline.trajectories.programme_facts import ProgrammeFacts
from pipeline.versions.explanation import Stated
from schemas.indicators import UNITS
from schemas.vocabulary import EventKind

_STARTED = (EventKind.STARTED,)
_WORDS = {
    "participants": "clients had started",
    "placed": "clients were placed",
    "placed_part_time": "clients were placed in a part-time job",
    "active": "clients were active",
    "ended_otherwise": "clients had ended without a job",
}


def gather(claim: Claim, facts: ProgrammeFacts | None) -> Evidence:
    """Evidence on a claim about a programme as known on one day; ``facts`` is None where no event was known."""
    if claim.programme_code is None:
        return Evidence(missing=f"the claim about {claim.indicator} names no programme")
    unit = UNITS[claim.indicator]
    if claim.unit not in (None, unit):
        return Evidence(missing=f"{claim.indicator} is measured in {unit}, the claim is in {claim.unit}")
    if facts is None:
        return Evidence(missing=f"no event of programme {claim.programme_code} was known")
    found = INDICATORS[claim.indicator](claim, facts)
    each = tuple(_tried(candidate, claim) for candidate in found.candidates)
    # What is said instead, or beside it, is said of the last day known.
    is_counted = claim.indicator in _WORDS and claim.reference_date is None
    shown = _deciding(facts, claim.indicator, facts.horizon) if is_counted else _one_each(facts, "programme_code")
    beside = Events(facts, shown, KINDS[claim.indicator] if is_counted else _STARTED, partial(_words, claim))
    return (
        replace(found, candidates=each, beside=beside) if found.remark or not each else replace(found, candidates=each)
    )


def _tried(candidate: Candidate, claim: Claim) -> Candidate:
    behind = candidate.behind
    return (
        replace(candidate, behind=replace(behind, said=partial(_figures, claim)))
        if isinstance(behind, Events)
        else candidate
    )


def _figures(claim: Claim, facts: ProgrammeFacts) -> list[tuple[float, str]]:
    found = INDICATORS[claim.indicator](claim, facts)
    return [(each.value, each.sentence) for each in found.candidates]


def _words(claim: Claim, facts: ProgrammeFacts) -> tuple[object, ...]:
    found = INDICATORS[claim.indicator](claim, facts)
    return _figures(claim, facts), found.remark, "" if found.candidates else found.missing


def _on_date(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    if claim.reference_date is None:
        return _undated(claim, facts)
    if facts.horizon < claim.reference_date:
        return Evidence(missing=f"events are known until {facts.horizon}, before {claim.reference_date}")
    value = facts.counts_on(claim.reference_date)[claim.indicator]
    return Evidence((_counted(claim, facts, value, claim.reference_date),), remark=_begin(claim, facts))


def _counted(claim: Claim, facts: ProgrammeFacts, value: int, on: date) -> Candidate:
    sentence = f"{count(value)} {_WORDS[claim.indicator]} in {claim.programme_code} up to {on} (counted)"
    deciding = Events(facts, _deciding(facts, claim.indicator, on), KINDS[claim.indicator])
    return Candidate(None, value, sentence, sentence, behind=deciding)


def _deciding(facts: ProgrammeFacts, indicator: str, day: date) -> pl.DataFrame:
    """The trajectories by which clients count, by the conditions of ``ProgrammeFacts.counts_on``."""
    known = facts.trajectories.filter(pl.col("started_on") <= day).sort("started_on", "provider_code", "trajectory_id")
    jobs = standing.placed_first(known.filter(pl.col("placed_on") <= day), ["programme_code"])
    others = known.join(jobs, on="client_key", how="anti")
    still = others.filter(pl.col("ended_on").is_null() | (pl.col("ended_on") > day))
    found = {
        "participants": known.unique("client_key", keep="first", maintain_order=True),
        "placed": jobs,
        "placed_part_time": jobs.filter("part_time"),
        "active": still.unique("client_key", keep="first", maintain_order=True),
        "ended_otherwise": others.join(still, on="client_key", how="anti"),
    }[indicator]
    return _ids(known.head(1) if found.is_empty() else found)


def _ids(trajectories: pl.DataFrame) -> pl.DataFrame:
    return trajectories.select("provider_code", "trajectory_id")


def _one_each(facts: ProgrammeFacts, column: str) -> pl.DataFrame:
    """One trajectory for each value, the one that started first."""
    started = facts.trajectories.drop_nulls(column).sort("started_on", "provider_code", "trajectory_id")
    return _ids(started.unique(column, keep="first", maintain_order=True))


def _in_period(facts: ProgrammeFacts, begin: date, until: date) -> pl.DataFrame:
    """Trajectories that are open on a day of the period."""
    ends_after = pl.col("ended_on").is_null() | (pl.col("ended_on") > begin)
    return _ids(facts.trajectories.filter((pl.col("started_on") < until) & ends_after))


def _begin(claim: Claim, facts: ProgrammeFacts) -> str:
    """A count "in recent years" has no begin: what is counted is all since the data begin, and that is stated."""
    if not claim.has_unknown_begin:
        return ""
    return f"the text gives no begin; counted is everything since the first start in the data, {facts.first_start}"


def _undated(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    """Without a date a claim is open: what is known on the last day is stated, and that more cannot be."""
    value = facts.counts_on(facts.horizon)[claim.indicator]
    known = f"{count(value)} {_WORDS[claim.indicator]} in {claim.programme_code} up to {facts.horizon}"
    return Evidence(missing=f"the text gives no date, so it is open when it should hold; known is: {known}")


def _target(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    if facts.target is None:
        return Evidence(missing=f"programme {claim.programme_code} has no target in the reference data")
    reached = f"it was reached on {facts.target_reached_on}" if facts.target_reached_on else "it was not reached"
    sentence = f"the target of {claim.programme_code} is {facts.target} placements (reference data); {reached}"
    return Evidence((Candidate(None, facts.target, sentence, sentence, behind=_known(facts, sentence)),))


def _known(facts: ProgrammeFacts, said: str) -> Answer:
    """What the reference data say of a programme, and one start that shows that the programme is there."""
    stated = (Stated("reference data", said),)
    return Events(facts, _one_each(facts, "programme_code"), _STARTED, stated=stated)


def _providers(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    sentence = f"{facts.providers} providers delivered events of {claim.programme_code}"
    behind = Events(facts, _one_each(facts, "provider_code"), _STARTED)
    return Evidence((Candidate(None, facts.providers, sentence, sentence, behind=behind),))


def _target_groups(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    sentence = f"participants of {claim.programme_code} come from {facts.target_groups} of its target groups"
    behind = Events(facts, _one_each(facts, "target_group"), _STARTED)
    return Evidence((Candidate(None, facts.target_groups, sentence, sentence, behind=behind),))


def _average_active(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    average, period = _average(claim, facts), claim.period
    if average is None or period is None:
        return _no_period(claim, facts)
    sentence = f"{average:.1f} trajectories of {claim.programme_code} were open on average over the days of the period"
    behind = Events(facts, _in_period(facts, *period), (EventKind.STARTED, EventKind.ENDED))
    return Evidence((Candidate(None, average, sentence, sentence, behind=behind),))


def _share_to_work(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    average, period = _average(claim, facts), claim.period
    if average is None or period is None:
        return _no_period(claim, facts)
    if average == 0:
        return Evidence(missing=f"no trajectory of {claim.programme_code} was open in the period")
    placed = facts.placed_between(period[0], period[1])
    sentence = f"{placed} placed by an average of {average:.1f} open trajectories is {placed / average:.3f} of them"
    kinds = (EventKind.STARTED, EventKind.PLACED, EventKind.ENDED)
    behind = Events(facts, _in_period(facts, *period), kinds)
    return Evidence((Candidate(None, placed / average, sentence, sentence, behind=behind),))


def _average(claim: Claim, facts: ProgrammeFacts) -> float | None:
    if claim.period is None or facts.horizon < claim.period[1] - timedelta(days=1):
        return None
    return facts.average_between(*claim.period)


def _no_period(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    if claim.period is None:
        return Evidence(missing="the claim names no period to average over")
    return Evidence(missing=f"events are known until {facts.horizon}, not for the whole period")


def _maximum_duration(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    """A maximum is a rule of the programme; trajectories that pass it are named beside it, they do not change it."""
    if facts.maximum_months is None:
        return Evidence(missing=f"programme {claim.programme_code} has no maximum duration in the reference data")
    sentence = f"the maximum of {claim.programme_code} is {facts.maximum_months} months (reference data)"
    late = facts.over_maximum
    remark = f"{late} of {count(facts.started)} trajectories lasted longer" if late else ""
    candidate = Candidate(None, facts.maximum_months, sentence, sentence, behind=_known(facts, sentence))
    return Evidence((candidate,), remark=remark)


INDICATORS: dict[str, Callable[[Claim, ProgrammeFacts], Evidence]] = {
    **dict.fromkeys(_WORDS, _on_date),
    "target": _target,
    "providers": _providers,
    "target_groups": _target_groups,
    "average_active": _average_active,
    "share_to_work": _share_to_work,
    "maximum_duration": _maximum_duration,
}
