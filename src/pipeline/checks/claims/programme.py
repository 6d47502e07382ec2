"""What trajectories and reference data say about a claim on a programme.

Here: one small function per indicator of programmes, and what can be stated where a text leaves out the date or the
begin. Not here: how clients are counted (``progress``), the verdict (``verdict``).
"""

from collections.abc import Callable
from datetime import date, timedelta

from pipeline.checks.claims.model import Candidate, Claim, Evidence
from pipeline.checks.claims.wording import count
from pipeline.trajectories.programme_facts import ProgrammeFacts

_WORDS = {
    "participants": "clients had started",
    "placed": "clients were placed",
    "placed_part_time": "clients were placed in a part-time job",
    "active": "clients were active",
    "ended_otherwise": "clients had ended without a job",
}
_UNITS = {"share_to_work": "deel", "maximum_duration": "maanden"}
"""Units of the claims; all others are in aantal."""


def gather(claim: Claim, facts: ProgrammeFacts | None) -> Evidence:
    """Evidence on a claim about a programme as known on one day; ``facts`` is None where no event was known."""
    if claim.programme_code is None:
        return Evidence(missing=f"the claim about {claim.indicator} names no programme")
    unit = _UNITS.get(claim.indicator, "aantal")
    if claim.unit not in (None, unit):
        return Evidence(missing=f"{claim.indicator} is measured in {unit}, the claim is in {claim.unit}")
    if facts is None:
        return Evidence(missing=f"no event of programme {claim.programme_code} was known")
    return INDICATORS[claim.indicator](claim, facts)


def _on_date(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    if claim.reference_date is None:
        return _undated(claim, facts)
    if facts.horizon < claim.reference_date:
        return Evidence(missing=f"events are known until {facts.horizon}, before {claim.reference_date}")
    value = facts.counts_on(claim.reference_date)[claim.indicator]
    return Evidence((_counted(claim, value, claim.reference_date),), remark=_begin(claim, facts))


def _counted(claim: Claim, value: int, on: date) -> Candidate:
    sentence = f"{count(value)} {_WORDS[claim.indicator]} in {claim.programme_code} up to {on} (counted)"
    return Candidate(None, value, sentence, sentence)


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
    return Evidence((Candidate(None, facts.target, sentence, sentence),))


def _providers(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    sentence = f"{facts.providers} providers delivered events of {claim.programme_code}"
    return Evidence((Candidate(None, facts.providers, sentence, sentence),))


def _target_groups(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    sentence = f"participants of {claim.programme_code} come from {facts.target_groups} of its target groups"
    return Evidence((Candidate(None, facts.target_groups, sentence, sentence),))


def _average_active(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    average = _average(claim, facts)
    if average is None:
        return _no_period(claim, facts)
    sentence = f"{average:.1f} trajectories of {claim.programme_code} were open on average over the days of the period"
    return Evidence((Candidate(None, average, sentence, sentence),))


def _share_to_work(claim: Claim, facts: ProgrammeFacts) -> Evidence:
    average, period = _average(claim, facts), claim.period
    if average is None or period is None:
        return _no_period(claim, facts)
    if average == 0:
        return Evidence(missing=f"no trajectory of {claim.programme_code} was open in the period")
    placed = facts.placed_between(period[0], period[1])
    sentence = f"{placed} placed by an average of {average:.1f} open trajectories is {placed / average:.3f} of them"
    return Evidence((Candidate(None, placed / average, sentence, sentence),))


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
    return Evidence((Candidate(None, facts.maximum_months, sentence, sentence),), remark=remark)


INDICATORS: dict[str, Callable[[Claim, ProgrammeFacts], Evidence]] = {
    **dict.fromkeys(_WORDS, _on_date),
    "target": _target,
    "providers": _providers,
    "target_groups": _target_groups,
    "average_active": _average_active,
    "share_to_work": _share_to_work,
    "maximum_duration": _maximum_duration,
}
