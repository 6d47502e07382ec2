"""What CBS says about a claim: the country per month (37789ksz), and flows of one municipality in one year.

Here: candidates from published statistics, each with its rounding, its unit and "Bron: CBS". Not here: own figures
(``evidence``).
"""

from datetime import date, timedelta

from pipeline.checks.claims.behind import of_a_municipality, of_the_country
from pipeline.checks.claims.lookup import Lookup
from pipeline.checks.claims.model import Candidate, Claim, Evidence
from pipeline.checks.claims.wording import count, from_to, percent, signed
from schemas.limits import CBS_HALF_STEP, CBS_NATIONAL_HALF_STEP

_DEFINITIONS = {"benefits": "all ages", "benefits_to_aow_age": "to AOW age"}


def national_change_pct(claim: Claim, lookup: Lookup) -> Evidence:
    """Change from the last day before the period to the last day in it, in either definition."""
    if claim.period is None:
        return Evidence(missing="the claim names no period")
    begin, until = (bound - timedelta(days=1) for bound in claim.period)
    first, last = lookup.national.get(begin, {}), lookup.national.get(until, {})
    return Evidence(
        tuple(
            _national_candidate(claim, (begin, until), (first[name], last[name]), definition)
            for name, definition in _DEFINITIONS.items()
            if first.get(name) and name in last
        ),
        missing=f"CBS table 37789ksz is not known for both {begin} and {until}",
    )


def _national_candidate(claim: Claim, dates: tuple[date, date], figures: tuple[int, int], definition: str) -> Candidate:
    first, last = figures
    change = 100 * (last - first) / first
    most = 100 * (last + CBS_NATIONAL_HALF_STEP) / (first - CBS_NATIONAL_HALF_STEP) - 100
    pair = f"{from_to(first, last)} benefits {definition}"
    text = percent(change, claim.value_decimals)
    sentence = f"{pair} in the country from {dates[0]} to {dates[1]} is {text} (table 37789ksz, Bron: CBS)"
    behind = of_the_country(*dates)
    return Candidate(None, change, sentence, f"{pair} is {text}", margin=most - change, behind=behind)


def to_work_minus_inflow(claim: Claim, lookup: Lookup) -> Candidate | None:
    """Persons to AOW age, where the claim is about exactly one year of one municipality."""
    if claim.period is None:
        return None
    begin, until = claim.period
    if (begin, until) != (date(begin.year, 1, 1), date(begin.year + 1, 1, 1)):
        return None
    flows = lookup.municipal.get((claim.region_code or "", begin.year))
    if flows is None:
        return None
    to_work, inflow = flows
    figures = f"CBS counts {count(to_work)} persons to work and {count(inflow)} inflow in {begin.year}"
    sentence = f"{figures} (to AOW age, rounded to 10, Bron: CBS), a difference of {signed(to_work - inflow)}"
    behind = of_a_municipality(claim.region_code or "", begin.year)
    return Candidate(None, to_work - inflow, sentence, figures, margin=2 * CBS_HALF_STEP, behind=behind)
