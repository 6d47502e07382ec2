"""Claims about programmes: each indicator met and not met, and what is said where the text leaves something out."""

from datetime import date
from functools import cache
from typing import Any

import pytest

from pipeline.checks.claims.model import Claim
from pipeline.checks.claims.programme import INDICATORS, gather
from pipeline.checks.claims.verdict import Judgement, count_votes, verdict_on
from pipeline.trajectories.programme_facts import ProgrammeFacts
from schemas.words import Language
from tests.trajectories import trajectory_reference as slow
from tests.trajectories.known import programmes
from tests.trajectories.test_progress import fifty, path
from tests.trajectories.trajectory_reference import Event

EN = Language.EN

INNO, BB = "INNOVATIEF2016", "BETERE_BUREN"
START, HORIZON = date(2017, 3, 1), date(2018, 8, 31)
YEAR = {"period_from": date(2017, 1, 1), "period_until": date(2018, 1, 1)}

SMALL = [
    *path("c1", ("gestart", START), target_group="vijftigplus"),
    *path("c1", ("gestart", date(2017, 3, 9)), provider="RE02", trajectory="B"),
    *path("c2", ("gestart", START), ("geplaatst", date(2017, 6, 1)), employment="deeltijd"),
    *path("c3", ("gestart", START), ("geplaatst", date(2018, 6, 1)), employment="voltijd", target_group="inburgeraars"),
    *path("c4", ("gestart", START), ("beeindigd", date(2018, 1, 1)), target_group="iets anders"),
    *path("c5", ("aangemeld", START), provider="RE03"),
]
NEIGHBOURS = [
    *path("n1", ("gestart", date(2017, 1, 1)), programme=BB, provider="BB"),
    *path("n2", ("gestart", date(2017, 1, 1)), ("geplaatst", date(2017, 7, 1)), programme=BB, provider="BB"),
    *path("n3", ("gestart", date(2017, 7, 2)), ("beeindigd", date(2018, 2, 1)), programme=BB, provider="BB"),
]


def known(events: list[Event], horizon: date = HORIZON) -> dict[str, ProgrammeFacts]:
    return programmes(slow.frame(events), horizon).facts()


@cache
def usual() -> dict[str, ProgrammeFacts]:
    return known([*SMALL, *NEIGHBOURS])


def claim(indicator: str, value: float, **more: Any) -> Claim:
    fields = dict.fromkeys(Claim.__dataclass_fields__) | {
        "claim_id": "T-01", "document": "a text", "published_on": date(2018, 10, 1), "programme_code": INNO,
        "operator": "=", "value_decimals": 0,
    }  # fmt: skip
    return Claim(**(fields | {"indicator": indicator, "value": value} | more))


def judged(one: Claim, facts: dict[str, ProgrammeFacts] | None = None) -> Judgement:
    facts = usual() if facts is None else facts
    evidence = gather(one, facts.get(one.programme_code or ""))
    return verdict_on(one, evidence, count_votes([(one, evidence)]))


def on(day: date) -> dict[str, date]:
    return {"reference_date": day}


@pytest.mark.parametrize(
    ("indicator", "day", "found"),
    [
        ("participants", date(2017, 2, 28), 0),
        ("participants", START, 4),
        ("participants", HORIZON, 4),
        ("placed", date(2017, 5, 31), 0),
        ("placed", date(2017, 6, 1), 1),
        ("placed", HORIZON, 2),
        ("placed_part_time", HORIZON, 1),
        ("active", date(2017, 12, 31), 3),
        ("active", date(2018, 1, 1), 2),
        ("active", HORIZON, 1),
        ("ended_otherwise", date(2017, 12, 31), 0),
        ("ended_otherwise", date(2018, 1, 1), 1),
    ],
)
def test_counts_on_a_date(indicator: str, day: date, found: int) -> None:
    right, wrong = judged(claim(indicator, found, **on(day))), judged(claim(indicator, found + 1, **on(day)))

    assert (right.verdict, right.found and right.found.value) == ("confirmed", found)
    assert (wrong.verdict, wrong.found and wrong.found.value) == ("contradicted", found)
    assert right.explanation(EN).startswith(f"{found} clients ")
    assert wrong.explanation(EN).endswith(f"up to {day} (counted), published was {found + 1}.")


@pytest.mark.parametrize(
    ("operator", "value", "verdict"),
    [
        (">", 1, "confirmed"), (">", 2, "contradicted"), (">=", 2, "confirmed"), (">=", 3, "contradicted"),
        ("~", 2, "confirmed"), ("~", 3, "contradicted"), ("<", 3, "confirmed"), ("<=", 1, "contradicted"),
    ],
)  # fmt: skip
def test_operators_hold_for_programmes_too(operator: str, value: int, verdict: str) -> None:
    assert judged(claim("placed", value, operator=operator, **on(HORIZON))).verdict == verdict


@pytest.mark.parametrize("indicator", ["participants", "placed", "placed_part_time", "active", "ended_otherwise"])
def test_without_a_date_a_count_is_open_and_what_is_known_is_said(indicator: str) -> None:
    found = judged(claim(indicator, 50, operator=">"))

    value = known(SMALL)[INNO].counts_on(HORIZON)[indicator]
    assert (found.verdict, found.found) == ("not_checkable", None)
    assert "gives no date" in found.explanation(EN)
    assert f"known is: {value} clients" in found.explanation(EN)
    assert found.explanation(EN).endswith(f"up to {HORIZON}.")


def test_with_an_unknown_begin_all_since_the_first_start_is_counted_and_that_is_said() -> None:
    one = claim("placed", 1, operator=">", note="afgelopen jaren: begin onbekend", **on(HORIZON))

    found = judged(one)

    assert found.verdict == "confirmed"
    assert found.explanation(EN) == (
        "2 clients were placed in INNOVATIEF2016 up to 2018-08-31 (counted), which is > 1 as published. "
        "The text gives no begin; counted is everything since the first start in the data, 2017-03-01."
    )
    assert "no begin" not in judged(claim("placed", 1, operator=">", **on(HORIZON))).explanation(EN)


def test_a_date_after_the_last_day_known_cannot_be_checked() -> None:
    assert judged(claim("placed", 2, **on(HORIZON))).verdict == "confirmed"

    found = judged(claim("placed", 2, **on(date(2018, 9, 1))))

    assert (found.verdict, found.explanation(EN)) == (
        "not_checkable", "Events are known until 2018-08-31, before 2018-09-01."
    )  # fmt: skip


def test_a_target_is_of_the_reference_data_and_whether_it_was_reached_is_said() -> None:
    target = claim("target", 50, operator=">=")

    short, met = judged(target), judged(target, known(fifty()))

    assert short.verdict == met.verdict == "confirmed"
    assert "is 50 placements (reference data); it was not reached" in short.explanation(EN)
    assert "it was reached on 2018-07-09" in met.explanation(EN)
    assert judged(claim("target", 60)).verdict == "contradicted"


def test_a_programme_without_a_target_has_none_to_check() -> None:
    found = judged(claim("target", 50, programme_code=BB))

    assert (found.verdict, found.explanation(EN)) == (
        "not_checkable", "Programme BETERE_BUREN has no target in the reference data."
    )  # fmt: skip


def test_providers_are_those_that_started_somebody() -> None:
    assert judged(claim("providers", 2)).verdict == "confirmed"
    assert judged(claim("providers", 7)).verdict == "contradicted"


def test_target_groups_are_those_of_the_programme_that_occur() -> None:
    found = judged(claim("target_groups", 2))

    assert found.verdict == "confirmed"
    assert judged(claim("target_groups", 4)).verdict == "contradicted"


def test_a_programme_that_lists_no_groups_counts_all_that_occur() -> None:
    events = [*path("n", ("gestart", START), programme=BB, target_group="iedereen")]

    assert judged(claim("target_groups", 1, programme_code=BB), known(events)).verdict == "confirmed"


AVERAGE = (365 + 365 + 183) / 365


def test_an_average_is_over_the_days_of_the_period() -> None:
    about = claim("average_active", 2.5, operator="~", value_decimals=1, programme_code=BB, **YEAR)

    found = judged(about)

    assert (found.verdict, found.found and found.found.value) == ("confirmed", pytest.approx(AVERAGE))
    assert found.explanation(EN) == (
        "2.5 trajectories of BETERE_BUREN were open on average over the days of the period, "
        "within 10 % of the published 2.5."
    )
    assert judged(claim("average_active", 3, operator="~", programme_code=BB, **YEAR)).verdict == "contradicted"


def test_a_share_to_work_is_of_the_average() -> None:
    found = judged(claim("share_to_work", 0.4, operator="~", value_decimals=1, unit="deel", programme_code=BB, **YEAR))

    assert (found.verdict, found.found and found.found.value) == ("confirmed", pytest.approx(1 / AVERAGE))
    assert "1 placed by an average of 2.5 open trajectories is 0.400 of them" in found.explanation(EN)
    third = claim("share_to_work", 1 / 3, operator="~", programme_code=BB, **YEAR)
    assert (judged(third).verdict, "published 0.333" in judged(third).explanation(EN)) == (
        "contradicted",
        True,
    )


@pytest.mark.parametrize("indicator", ["average_active", "share_to_work"])
def test_an_average_needs_a_period_that_is_known_to_its_end(indicator: str) -> None:
    def of(**more: Any) -> Claim:
        return claim(indicator, 2, programme_code=BB, operator="~", **more)

    last_day, day_before = known(NEIGHBOURS, date(2017, 12, 31)), known(NEIGHBOURS, date(2017, 12, 30))
    assert judged(of()).explanation(EN) == "The claim names no period to average over."
    assert judged(of(**YEAR), last_day).verdict == "contradicted"
    unknown = judged(of(**YEAR), day_before)
    assert (unknown.verdict, unknown.explanation(EN)) == (
        "not_checkable", "Events are known until 2017-12-30, not for the whole period."
    )  # fmt: skip


def test_a_share_of_nobody_is_not_a_share() -> None:
    early = {"period_from": date(2016, 1, 1), "period_until": date(2017, 1, 1)}

    share = judged(claim("share_to_work", 1 / 3, operator="~", programme_code=BB, **early))
    average = judged(claim("average_active", 90, operator="~", programme_code=BB, **early))

    assert (share.verdict, share.explanation(EN)) == (
        "not_checkable", "No trajectory of BETERE_BUREN was open in the period."
    )  # fmt: skip
    assert (average.verdict, average.found and average.found.value) == ("contradicted", 0)


def test_a_maximum_is_a_rule_and_who_lasts_longer_is_named_beside_it() -> None:
    rule = claim("maximum_duration", 24, operator="<=", unit="maanden", programme_code=BB)
    late = known([*NEIGHBOURS, *path("n4", ("gestart", date(2016, 1, 1)), programme=BB)])

    found = judged(rule)

    assert found.verdict == "confirmed"
    assert found.explanation(EN) == (
        "The maximum of BETERE_BUREN is 24 months (reference data), which is <= 24 as published."
    )
    assert judged(rule, late).explanation(EN) == f"{found.explanation(EN)} 1 of 4 trajectories lasted longer."
    assert judged(claim("maximum_duration", 18, operator="<=", programme_code=BB)).verdict == "contradicted"


def test_a_programme_without_a_maximum_has_none_to_check() -> None:
    found = judged(claim("maximum_duration", 24))

    assert found.explanation(EN) == "Programme INNOVATIEF2016 has no maximum duration in the reference data."


@pytest.mark.parametrize("indicator", list(INDICATORS))
@pytest.mark.parametrize(
    ("cells", "explanation"),
    [
        ({"programme_code": None}, "The claim about {} names no programme."),
        ({"programme_code": "ANDERS"}, "No event of programme ANDERS was known."),
        ({"unit": "procent"}, "{} is measured in {}, the claim is in procent."),
    ],
)
def test_whatever_the_indicator_a_claim_that_cannot_be_checked_says_why(
    indicator: str, cells: dict[str, Any], explanation: str
) -> None:
    found = judged(claim(indicator, 50, **on(HORIZON), **cells))

    unit = {"share_to_work": "deel", "maximum_duration": "maanden"}.get(indicator, "aantal")
    stated = explanation.format(indicator, unit)
    assert (found.verdict, found.explanation(EN)) == ("not_checkable", stated[0].upper() + stated[1:])
