"""What a published figure can be about and still be checked: each indicator with its unit, what it counts, and of what.

Here: the list, and what each operator asks. Not here: how a figure is found (``pipeline.checks.claims``), the rules
about the rows of the source (``schemas.sources.published_figures``).
"""

from dataclasses import dataclass

from schemas.limits.figures import ABOUT_SHARE

COUNT, PERCENT, SHARE, MONTHS = "aantal", "procent", "deel", "maanden"


@dataclass(frozen=True)
class Indicator:
    """One thing that a text can claim a figure about."""

    name: str
    unit: str
    needs: str
    """What the claim has to name."""
    counts: str
    """The figure that it is compared with."""
    base: str = ""
    """What a percentage or share is of; empty for counts."""


_DATE, _PERIOD, _PROGRAMME = "gemeentecode, peildatum", "gemeentecode, periode_van, periode_tot", "programma, peildatum"
INDICATORS = (
    Indicator("caseload_stock", COUNT, "gemeentecode, peildatum (or a period: any reference date in it)", "benefits in stock, per series (`caseload_stock.benefits`)"),
    Indicator("caseload_change", COUNT, _PERIOD, "benefits at the end of the period minus those at its begin, in one series"),
    Indicator("caseload_change_pct", PERCENT, _PERIOD, "the same change", "benefits at the begin of the period, in the same series"),
    Indicator("outflow_to_work_minus_inflow", COUNT, _PERIOD, "outflow to work minus inflow over intervals that cover the whole period; else persons to AOW age that CBS counts in that year"),
    Indicator("national_caseload_change_pct", PERCENT, "periode_van, periode_tot", "change between the months before both bounds, CBS 37789ksz, in two definitions", "benefits in the country in the month before the period"),
    Indicator("is_lowest_on_record", COUNT, _DATE, "1 where the stock is below every earlier one of its record: the same series, and the same borders of the municipality, from `record_since` on; and no published stock of an earlier date is lower (`rests_on_claims`)"),
    Indicator("participants", COUNT, _PROGRAMME, "clients who had started by the end of that day, each once"),
    Indicator("placed", COUNT, _PROGRAMME, "clients placed by the end of that day, each once"),
    Indicator("placed_part_time", COUNT, _PROGRAMME, "of those, first placed in a part-time job"),
    Indicator("active", COUNT, _PROGRAMME, "clients in a trajectory at the end of that day and never placed"),
    Indicator("ended_otherwise", COUNT, _PROGRAMME, "participants whose trajectories ended without a job"),
    Indicator("target", COUNT, "programma", "placements aimed at (reference data)"),
    Indicator("providers", COUNT, "programma", "providers with a start in the programme"),
    Indicator("target_groups", COUNT, "programma", "target groups of its participants"),
    Indicator("average_active", COUNT, "programma, periode_van, periode_tot", "open trajectories, averaged over the days of the period"),
    Indicator("share_to_work", SHARE, "programma, periode_van, periode_tot", "clients first placed in the period", "open trajectories, averaged over the days of the period"),
    Indicator("maximum_duration", MONTHS, "programma", "the maximum of the programme (reference data)"),
)  # fmt: skip
"""In the order in which they are listed."""

UNITS = {each.name: each.unit for each in INDICATORS}

OPERATORS = {
    "=": "the figure rounds to the printed one: it differs by half a unit of the last printed decimal at most; a fraction such as 1/3 is as exact as a percentage without decimals, 33 %",
    ">=": "the figure is at least the printed one",
    ">": "the figure is more than the printed one",
    "<=": "the figure is at most the printed one",
    "<": "the figure is less than the printed one",
    "~": f"about: the figure lies within {100 * ABOUT_SHARE:g} % of the printed one, on either side",
}
"""What each operator asks of the figure that is found. Where that figure is itself rounded (CBS), its rounding is allowed
for: an inequality that it leaves open is not checkable.
"""
