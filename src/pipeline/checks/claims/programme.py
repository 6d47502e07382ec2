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
from pipeline.checks.claims.wording import count, decimal, on
from pipeline.checks.provider_reports import KINDS
from pipeline.trajectories import standing
from pipeline.trajectories.programme_facts import ProgrammeFacts
from pipeline.versions.explanation import Stated
from schemas.indicators import UNITS
from schemas.sentences import Sentence, said
from schemas.vocabulary import EventKind

_STARTED = (EventKind.STARTED,)
_COUNTED = ("participants", "placed", "placed_part_time", "active", "ended_otherwise")
"""Indicators of clients up to a day; each has a sentence of its name."""


def gather(claim: Claim, facts: ProgrammeFacts | None) -> Evidence:
    """Evidence on a claim about a programme as known on one day; ``facts`` is None where no event was known."""
    if claim.programme_code is None:
        return Evidence(missing=said("claim.no-programme", indicator=claim.indicator))
    unit = UNITS[claim.indicator]
    if claim.unit not in (None, unit):
        return Evidence(missing=said("claim.other-unit", indicator=claim.indicator, unit=unit, claimed=claim.unit))
    if facts is None:
        return Evidence(missing=said("claim.no-event", programme=claim.programme_code))
    found = INDICATORS[claim.indicator](claim, facts)
    each = tuple(_tried(candidate, claim) for candidate in found.candidates)
    # What is said instead, or beside it, is said of the last day known.
    is_counted = claim.indicator in _COUNTED and claim.reference_date is None
    shown = _deciding(facts, claim.indicator, facts.horizon) if is_counted else _one_each(facts, "programme_code")
    beside = Events(facts, shown, KINDS[claim.indicator] if is_counted else _STARTED, said=partial(_words, claim))
    return (
        replace(found, candidates=each, beside=beside) if found.remark or not each else replace(found, candidates=each)
    )


def _tried(candidate: Candidate, claim: Claim) -> Candidate:
    behind, of_value = candidate.behind, candidate.of_value
    if isinstance(behind, Events):
        candidate = replace(candidate, behind=replace(behind, said=partial(_figures, claim)))
    if isinstance(of_value, Events):
        candidate = replace(candidate, of_value=replace(of_value, said=partial(_values, claim)))
    return candidate


def _values(claim: Claim, facts: ProgrammeFacts) -> list[float]:
    return [value for value, _ in _figures(claim, facts)]


def _figures(claim: Claim, facts: ProgrammeFacts) -> list[tuple[float, Sentence]]:
    found = INDICATORS[claim.indicator](claim, facts)
    return [(each.value, each.sentence) for each in found.candidates]


def _words(claim: Claim, facts: ProgrammeFacts) -> tuple[object, ...]:
    found = INDICATORS[claim.indicator](claim, facts)
    return _figures(claim, facts), found.remark, None if found.candidates else found.missing


def _on_date(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    if claim.reference_date is None:
        return _undated(claim, facts)
    if facts.horizon < claim.reference_date:
        early = said("claim.known-before", horizon=on(facts.horizon), day=on(claim.reference_date))
        return Evidence(missing=early)
    value = facts.counts_on(claim.reference_date)[claim.indicator]
    return Evidence((_counted(claim, facts, value, claim.reference_date),), remark=_begin(claim, facts))


def _clients(claim: Claim, value: int, day: date) -> Sentence:
    return said(f"claim.{claim.indicator}", count=count(value), programme=claim.programme_code, day=on(day))


def _counted(claim: Claim, facts: ProgrammeFacts, value: int, day: date) -> Candidate:
    sentence = said("claim.counted", what=_clients(claim, value, day))
    deciding = Events(facts, _deciding(facts, claim.indicator, day), KINDS[claim.indicator])
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


def _first_there(facts: ProgrammeFacts, begin: date, until: date) -> pl.DataFrame:
    """The one of them that started first and did not end on that day."""
    lasts = facts.trajectories.filter(pl.col("ended_on").is_null() | (pl.col("ended_on") > pl.col("started_on")))
    there = lasts.join(_in_period(facts, begin, until), on=["provider_code", "trajectory_id"], how="semi")
    return _ids(there.sort("started_on", "provider_code", "trajectory_id").head(1))


def _begin(claim: Claim, facts: ProgrammeFacts) -> Sentence | None:
    """A count "in recent years" has no begin: what is counted is all since the data begin, and that is stated."""
    if not claim.has_unknown_begin:
        return None
    return said("claim.no-begin", day=on(facts.first_start))


def _undated(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    """Without a date a claim is open: what is known on the last day is stated, and that more cannot be."""
    value = facts.counts_on(facts.horizon)[claim.indicator]
    return Evidence(missing=said("claim.undated", known=_clients(claim, value, facts.horizon)))


def _target(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    if facts.target is None:
        return Evidence(missing=said("claim.no-target", programme=claim.programme_code))
    target = said("claim.target", programme=claim.programme_code, target=facts.target)
    day = facts.target_reached_on
    sentence = said("claim.target-reached", **target.values, day=on(day)) if day else target
    return Evidence((Candidate(None, facts.target, sentence, sentence, behind=_known(facts, sentence)),))


def _known(facts: ProgrammeFacts, sentence: Sentence) -> Answer:
    """What the reference data say of a programme, and one start that shows that the programme is there."""
    stated = (Stated("reference data", str(sentence)),)
    return Events(facts, _one_each(facts, "programme_code"), _STARTED, stated=stated)


def _providers(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    sentence = said("claim.providers", count=facts.providers, programme=claim.programme_code)
    behind = Events(facts, _one_each(facts, "provider_code"), _STARTED)
    return Evidence((Candidate(None, facts.providers, sentence, sentence, behind=behind),))


def _target_groups(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    sentence = said("claim.target-groups", programme=claim.programme_code, count=facts.target_groups)
    behind = Events(facts, _one_each(facts, "target_group"), _STARTED)
    return Evidence((Candidate(None, facts.target_groups, sentence, sentence, behind=behind),))


def _average_active(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    average, period = _average(claim, facts), claim.period
    if average is None or period is None:
        return _no_period(claim, facts)
    sentence = said("claim.average", average=decimal(average, 1), programme=claim.programme_code)
    behind = Events(
        facts, _in_period(facts, *period), (EventKind.STARTED, EventKind.ENDED), _exactly(average), period[1]
    )
    return Evidence((Candidate(None, average, sentence, sentence, behind=behind),))


def _share_to_work(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    average, period = _average(claim, facts), claim.period
    if average is None or period is None:
        return _no_period(claim, facts)
    if average == 0:
        return Evidence(missing=said("claim.none-open", programme=claim.programme_code))
    placed = facts.placed_between(period[0], period[1])
    sentence = said("claim.share", placed=placed, average=decimal(average, 1), share=decimal(placed / average, 3))
    kinds = (EventKind.STARTED, EventKind.PLACED, EventKind.ENDED)
    behind = Events(facts, _in_period(facts, *period), kinds, _exactly(average), period[1])
    # None of whomsoever is the same share: then one is enough, while the words tell how many were there.
    of_value = None if placed else Events(facts, _first_there(facts, *period), _STARTED, until=period[1])
    return Evidence((Candidate(None, placed / average, sentence, sentence, behind=behind, of_value=of_value),))


def _exactly(average: float) -> tuple[Stated, ...]:
    """Words round it: one more or less may read the same."""
    return (Stated("average", f"{average:.6g} open trajectories"),)


def _average(claim: Claim, facts: ProgrammeFacts) -> float | None:
    if claim.period is None or facts.horizon < claim.period[1] - timedelta(days=1):
        return None
    return facts.average_between(*claim.period)


def _no_period(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    if claim.period is None:
        return Evidence(missing=said("claim.no-average"))
    return Evidence(missing=said("claim.known-in-part", horizon=on(facts.horizon)))


def _maximum_duration(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    """A maximum is a rule of the programme; trajectories that pass it are named beside it, they do not change it."""
    if facts.maximum_months is None:
        return Evidence(missing=said("claim.no-maximum", programme=claim.programme_code))
    sentence = said("claim.maximum", programme=claim.programme_code, months=facts.maximum_months)
    late = facts.over_maximum
    remark = said("claim.over-maximum", late=late, started=count(facts.started)) if late else None
    candidate = Candidate(None, facts.maximum_months, sentence, sentence, behind=_known(facts, sentence))
    return Evidence((candidate,), remark=remark)


INDICATORS: dict[str, Callable[[Claim, ProgrammeFacts], Evidence]] = {
    **dict.fromkeys(_COUNTED, _on_date),
    "target": _target,
    "providers": _providers,
    "target_groups": _target_groups,
    "average_active": _average_active,
    "share_to_work": _share_to_work,
    "maximum_duration": _maximum_duration,
}
