"""What CBS says about a claim: the country per month (37789ksz), and flows of one municipality in one year.

Here: candidates from published statistics, each with its rounding, its unit and "Bron: CBS". Not here: own figures
(``evidence``).
"""

from datetime import date, timedelta

from pipeline.checks.claims.behind import of_a_municipality, of_the_country
from pipeline.checks.claims.lookup import Lookup
from pipeline.checks.claims.model import Candidate, Claim, Evidence
from pipeline.checks.claims.wording import count, on, percent, signed
from schemas.limits.figures import CBS_HALF_STEP, CBS_NATIONAL_HALF_STEP
from schemas.sentences import Sentence, said

_DEFINITIONS = {"benefits": said("claim.all-ages"), "benefits_to_aow_age": said("claim.to-aow-age")}


def national_change_pct(claim: Claim, lookup: Lookup) -> Evidence:
    """Change from the last day before the period to the last day in it, in either definition."""
    if claim.period is None:
        return Evidence(missing=said("claim.no-period"))
    begin, until = (bound - timedelta(days=1) for bound in claim.period)
    first, last = lookup.national.get(begin, {}), lookup.national.get(until, {})
    return Evidence(
        tuple(
            _national_candidate(claim, (begin, until), (first[name], last[name]), definition)
            for name, definition in _DEFINITIONS.items()
            if first.get(name) and name in last
        ),
        missing=said("claim.no-national", begin=on(begin), until=on(until)),
    )


def _national_candidate(
    claim: Claim, dates: tuple[date, date], figures: tuple[int, int], definition: Sentence
) -> Candidate:
    first, last = figures
    change = 100 * (last - first) / first
    most = 100 * (last + CBS_NATIONAL_HALF_STEP) / (first - CBS_NATIONAL_HALF_STEP) - 100
    pair = said("claim.national-pair", first=count(first), last=count(last), definition=definition)
    text = percent(change, claim.value_decimals)
    sentence = said("claim.national", pair=pair, begin=on(dates[0]), until=on(dates[1]), change=text)
    brief = said("claim.change-brief", pair=pair, change=text)
    behind = of_the_country(*dates)
    return Candidate(None, change, sentence, brief, margin=most - change, behind=behind)


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
    figures = said("claim.cbs-flows", work=count(to_work), inflow=count(inflow), year=begin.year)
    sentence = said("claim.cbs-balance", flows=figures, difference=signed(to_work - inflow))
    behind = of_a_municipality(claim.region_code or "", begin.year)
    return Candidate(None, to_work - inflow, sentence, figures, margin=2 * CBS_HALF_STEP, behind=behind)
