"""The rules across the events of a trajectory: each once broken and once just kept, and nothing else is said."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.catalogue import RULES, TABLES
from tests.trajectories import trajectory_reference as slow
from tests.trajectories.known import programmes
from tests.trajectories.test_progress import path
from tests.trajectories.trajectory_reference import Event

HORIZON = date(2019, 12, 31)
START, END = date(2017, 3, 1), date(2017, 6, 1)
STARTED, ENDED = ("gestart", START), ("beeindigd", END)
JOB = date(2017, 4, 3)


def findings(events: list[Event], horizon: date | None = HORIZON) -> list[dict[str, Any]]:
    found = programmes(slow.frame(events), horizon).findings
    TABLES["relation_findings"].schema().validate(found)
    return found.to_dicts()


def stated(events: list[Event], horizon: date | None = HORIZON) -> list[tuple[str, str]]:
    return [(finding["rule"], finding["subject"]) for finding in findings(events, horizon)]


def of_events(*events: tuple[str, date], programme: str = "INNOVATIEF2016") -> list[Event]:
    """One trajectory, its events numbered from T-c1-0."""
    return path("c1", *events, programme=programme)


def broken(rule: str, *numbers: int) -> list[tuple[str, str]]:
    return [(rule, f"RE01/T-c1/T-c1-{number}") for number in numbers]


DAY_BEFORE, DAY_AFTER = START - timedelta(days=1), END + timedelta(days=1)
ACTIVATION = ("participatieverklaring_getekend", "talentenkaart_vastgelegd", "vrijwilligerswerk_gestart")


@pytest.mark.parametrize("kind", ["aangemeld", "intake", *ACTIVATION])
def test_traject_001_referral_intake_and_activation_may_come_before_the_start(kind: str) -> None:
    assert stated(of_events((kind, DAY_BEFORE), STARTED)) == []
    assert stated(of_events((kind, DAY_BEFORE))) == []


WORK = ("activiteit_gestart", "activiteit_beeindigd", "onderbroken", "hervat", "verlengd")


@pytest.mark.parametrize("kind", [*WORK, "geplaatst", "beeindigd"])
def test_traject_001_all_else_comes_on_the_day_of_the_start_or_after(kind: str) -> None:
    assert stated(of_events((kind, START), STARTED)) == []
    assert ("TRAJECT-001", "RE01/T-c1/T-c1-0") in stated(of_events((kind, DAY_BEFORE), STARTED))
    assert stated(of_events((kind, DAY_BEFORE))) == broken("TRAJECT-001", 0)


def test_traject_001_says_what_was_expected() -> None:
    [one] = findings(of_events(("verlengd", DAY_BEFORE), STARTED))
    [other] = findings(of_events(("verlengd", DAY_BEFORE)))

    assert one["what"] == "verlengd on 2017-02-28 comes before the start"
    assert (one["expected"], one["found"], one["severity"]) == ("on or after 2017-03-01", "2017-02-28", "warn")
    assert other["expected"] == "on or after a start, which was not delivered"


@pytest.mark.parametrize("kind", [*WORK, "intake", "aangemeld"])
def test_traject_002_work_stops_with_the_end(kind: str) -> None:
    assert stated(of_events(STARTED, ENDED, (kind, END))) == []
    assert stated(of_events(STARTED, ENDED, (kind, DAY_AFTER))) == broken("TRAJECT-002", 2)


@pytest.mark.parametrize(("days", "is_fine"), [(0, True), (1, True), (92, True), (93, False)])
def test_traject_002_a_placement_up_to_92_days_after_the_end_is_aftercare(days: int, is_fine: bool) -> None:
    events = of_events(STARTED, ENDED, ("geplaatst", END + timedelta(days=days)))

    assert stated(events) == ([] if is_fine else broken("TRAJECT-002", 2))
    assert programmes(slow.frame(events), HORIZON).trajectories["status"].to_list() == ["placed"]


def test_traject_002_ends_of_jobs_and_activation_may_follow_at_any_time() -> None:
    late = END + timedelta(days=400)

    after = [(kind, late) for kind in ACTIVATION]
    assert stated(of_events(STARTED, ("geplaatst", JOB), ENDED, ("plaatsing_beeindigd", late), *after)) == []


def test_traject_003_starts_once() -> None:
    [finding] = findings(of_events(STARTED, ("gestart", date(2017, 5, 1))))

    assert (finding["rule"], finding["subject"]) == ("TRAJECT-003", "RE01/T-c1")
    assert (finding["what"], finding["expected"], finding["found"]) == (
        "gestart 2 times", "1", "2017-03-01, 2017-05-01"
    )  # fmt: skip
    corrected = Event("RE01", "new", "gestart", date(2017, 5, 1), "T-c1", replaces="T-c1-0")
    assert stated([*of_events(STARTED), corrected]) == []


def test_traject_003_a_restart_after_the_end_is_a_new_trajectory() -> None:
    restart = ("gestart", date(2017, 9, 1))

    assert stated(of_events(STARTED, ENDED) + path("c1", restart, trajectory="again")) == []
    assert stated(of_events(STARTED, ENDED, restart)) == [*broken("TRAJECT-002", 2), ("TRAJECT-003", "RE01/T-c1")]


def test_traject_004_ends_once() -> None:
    assert stated(of_events(STARTED, ENDED)) == []
    assert stated(of_events(STARTED, ENDED, ("beeindigd", DAY_AFTER))) == [("TRAJECT-004", "RE01/T-c1")]


@pytest.mark.parametrize(
    ("end", "horizon", "is_late"),
    [
        (date(2019, 3, 1), HORIZON, False),
        (date(2019, 3, 2), HORIZON, True),
        (None, date(2019, 3, 1), False),
        (None, date(2019, 3, 2), True),
        (None, None, False),
    ],
)
def test_traject_005_lasts_at_most_the_maximum_of_the_programme(
    end: date | None, horizon: date | None, is_late: bool
) -> None:
    events = [STARTED, ("beeindigd", end)] if end else [STARTED]

    assert stated(of_events(*events, programme="BETERE_BUREN"), horizon) == [("TRAJECT-005", "RE01/T-c1")] * is_late
    assert stated(of_events(*events), horizon) == [], "INNOVATIEF2016 has no maximum"


def test_traject_005_an_extension_does_not_move_the_maximum() -> None:
    events = of_events(STARTED, ("verlengd", date(2018, 6, 1)), programme="BETERE_BUREN")

    [finding] = findings(events)

    assert (finding["expected"], finding["found"]) == ("ended by 2019-03-01", "not ended")


@pytest.mark.parametrize("link", ["replaces", "retracts"])
def test_traject_006_names_an_event_that_was_delivered(link: str) -> None:
    pointing = Event("RE01", "x", "gestart", START, "T-c1", **{link: "T-c1-0"})

    assert stated([pointing]) == [("TRAJECT-006", "RE01/x")]
    assert stated([*of_events(STARTED), pointing]) == []


def test_traject_007_goes_round_in_no_circle() -> None:
    first = Event("RE01", "x", "gestart", START, replaces="y")

    assert stated([first, Event("RE01", "y", "gestart", START, replaces="x")]) == [
        ("TRAJECT-007", "RE01/x"), ("TRAJECT-007", "RE01/y")
    ]  # fmt: skip
    assert stated([first, Event("RE01", "y", "gestart", START)]) == []


def test_traject_008_names_one_client() -> None:
    other = Event("RE01", "x", "intake", START, "T-c1", client="c2")

    [finding] = findings([*of_events(STARTED), other])

    assert (finding["rule"], finding["subject"], finding["found"]) == ("TRAJECT-008", "RE01/T-c1", "2")
    assert stated([*of_events(STARTED), Event("RE01", "x", "intake", START, "T-c2", client="c2")]) == []


def test_traject_009_no_job_ends_that_did_not_begin() -> None:
    job, over = ("geplaatst", JOB), ("plaatsing_beeindigd", date(2017, 5, 1))

    assert stated(of_events(STARTED, job, over)) == []
    assert stated(of_events(STARTED, over)) == broken("TRAJECT-009", 1)
    assert stated(of_events(STARTED, job, over, over)) == broken("TRAJECT-009", 3)
    assert stated(of_events(STARTED, job, ("plaatsing_beeindigd", JOB))) == []


def test_traject_009_one_end_too_many_is_one_finding_and_later_jobs_end_in_peace() -> None:
    too_early, job, over = (
        ("plaatsing_beeindigd", date(2017, 3, 9)), ("geplaatst", JOB), ("plaatsing_beeindigd", date(2017, 5, 1))
    )  # fmt: skip

    assert stated(of_events(STARTED, too_early, job, over)) == broken("TRAJECT-009", 1)


def other_provider(*events: tuple[str, date], programme: str = "INNOVATIEF2016", client: str = "c1") -> list[Event]:
    return path(client, *events, programme=programme, provider="RE02", trajectory="B")


def test_relation_008_one_provider_at_a_time() -> None:
    [finding] = findings(of_events(STARTED) + other_provider(("gestart", END)))

    assert (finding["rule"], finding["subject"]) == ("RELATION-008", "RE01/T-c1+RE02/B")
    assert "c1" not in finding["what"], "named by trajectories, not by client"


@pytest.mark.parametrize(
    ("own", "other"),
    [
        pytest.param(of_events(STARTED, ENDED), other_provider(("gestart", END)), id="one after the other"),
        pytest.param(of_events(STARTED), other_provider(STARTED, client="c2"), id="two clients"),
        pytest.param(of_events(STARTED), other_provider(STARTED, programme="BETERE_BUREN"), id="two programmes"),
        pytest.param(of_events(STARTED), other_provider(("aangemeld", START)), id="only referred"),
        pytest.param(of_events(STARTED), path("c1", STARTED, trajectory="B"), id="two with one provider"),
    ],
)
def test_relation_008_is_not_about(own: list[Event], other: list[Event]) -> None:
    assert stated(own + other, date(2018, 1, 1)) == []


def test_every_rule_is_told_about_with_its_own_severity() -> None:
    job_over = ("plaatsing_beeindigd", START)
    events = [
        *of_events(("verlengd", DAY_BEFORE), STARTED, STARTED, job_over, ENDED, ENDED, ("verlengd", DAY_AFTER)),
        *path("c2", STARTED, programme="BETERE_BUREN"),
        *path("c2", STARTED, programme="BETERE_BUREN", provider="RE02"),
        Event("RE01", "x", "intake", START, "T-c1", client="c3", replaces="nothing"),
        Event("RE01", "y", "intake", START, replaces="z"),
        Event("RE01", "z", "intake", START, replaces="y"),
    ]

    found = findings(events)

    assert {finding["rule"] for finding in found} == {f"TRAJECT-00{number}" for number in range(1, 10)} | {
        "RELATION-008"
    }
    assert all(finding["severity"] == RULES[finding["rule"]].severity for finding in found)


def test_an_event_without_a_number_is_named_without_its_content() -> None:
    """What stands for its number holds the client's pseudonym and all that was told."""
    told = "content|hervat|2017-07-01|T-c1|pseudonym-of-c1|INNOVATIEF2016|vijftigplus"
    events = [replace(each, event_id=told) if each.kind == "hervat" else each for each in of_events(
        STARTED, ENDED, ("hervat", date(2017, 7, 1)))]  # fmt: skip

    [finding] = findings(events)

    assert finding["rule"] == "TRAJECT-002"
    assert re.fullmatch(r"RE01/T-c1/content-[0-9a-f]{16}", finding["subject"])
    assert not any("pseudonym" in str(cell) or "vijftigplus" in str(cell) for cell in finding.values())
