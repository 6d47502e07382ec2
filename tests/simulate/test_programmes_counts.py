"""The programmes meet the public figures, read event by event with corrections and retractions applied."""

from collections import Counter
from datetime import date

import pytest

from tests.ready_made import ReadyMade
from tests.simulate.events_reader import (
    DEVELOPMENT,
    INNOVATION,
    LAST,
    Fact,
    Reported,
    Tally,
    average_occupancy,
    facts,
    placements,
    read_events,
    spans,
    standing,
    tally,
)

PROVIDERS = {
    "RE01": Tally(24, 4, 9, 2, 11),
    "RE02": Tally(22, 3, 8, 2, 11),
    "RE03": Tally(21, 3, 7, 2, 11),
    "RE04": Tally(20, 4, 7, 2, 9),
    "RE05": Tally(20, 3, 7, 2, 10),
    "RE06": Tally(20, 3, 6, 2, 11),
    "RE07": Tally(19, 2, 6, 1, 11),
}


@pytest.fixture(scope="module", params=[1, 2, 77])
def reported(request: pytest.FixtureRequest, ready_made: ReadyMade) -> list[Reported]:
    return read_events(ready_made.simulated(request.param)[0])


@pytest.fixture(scope="module")
def events(reported: list[Reported]) -> list[Fact]:
    return standing(facts(reported, known_on=date(2018, 9, 20)))


def _of(events: list[Fact], programme: str) -> list[Fact]:
    return [fact for fact in events if fact.programme == programme]


def _two_years_after(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 2, 2, 28) if is_leap_day else day.replace(year=day.year + 2)


def test_innovation_counts_each_client_once(events: list[Fact]) -> None:
    assert tally(_of(events, INNOVATION)) == Tally(144, 21, 50, 13, 73)


def test_innovation_counts_per_provider_exceed_the_total_by_two_clients(events: list[Fact]) -> None:
    found = {name: tally(fact for fact in events if fact.provider == name) for name in PROVIDERS}

    assert found == PROVIDERS
    assert sum(each.participants for each in found.values()) == 146


def test_the_fiftieth_placement_is_in_the_summer_of_2018(events: list[Fact]) -> None:
    days = sorted(fact.on for fact in placements(_of(events, INNOVATION)).values())

    assert len(days) == 50
    assert date(2018, 6, 1) <= days[49] <= LAST
    assert days[48] < days[49]


def test_without_the_retraction_there_would_be_51_placed(reported: list[Reported]) -> None:
    naive = standing(facts(reported), without=("trekt_in",))

    assert tally(_of(naive, INNOVATION)).placed == 51


def test_without_the_chain_of_corrections_one_part_time_job_is_missed(reported: list[Reported]) -> None:
    naive = standing(facts(reported), without=("vervangt",))

    assert tally(_of(naive, INNOVATION)).part_time == 12


def test_first_starts_are_in_march_2017_with_every_provider(events: list[Fact]) -> None:
    first = {
        name: min(start for (provider, _), (start, _) in spans(events).items() if provider == name)
        for name in PROVIDERS
    }

    assert {(day.year, day.month) for day in first.values()} == {(2017, 3)}


def test_target_groups_methods_and_channels(events: list[Fact]) -> None:
    own = _of(events, INNOVATION)
    groups = Counter(fact.reported["doelgroep"] for fact in own if fact.kind == "gestart")
    methods: dict[tuple[str, str], set[str]] = {}
    for fact in own:
        if fact.reported["methodiek"] and fact.reported["methodiek"] != "paardencoaching":
            methods.setdefault((fact.provider, fact.trajectory), set()).add(fact.reported["methodiek"])
    jobs = placements(own).values()

    assert groups.pop("statushouders") == 1
    assert groups.keys() == {"jongeren_arbeidsbeperking", "vijftigplus", "inburgeraars", "alleenstaande_ouders"}
    assert min(groups.values()) >= 5
    assert {len(each) for each in methods.values()} <= {2, 3, 4}
    assert len(methods) == 146
    assert {fact.reported["kanaal"] for fact in jobs} == {
        "uitzendbureau",
        "werkgeversservicepunt",
        "werkgever",
        "rechtstreeks",
    }
    assert any(fact.reported["branche"] == "automotive" for fact in jobs)
    assert {fact.reported["gesubsidieerd"] for fact in jobs} == {"ja", "nee"}
    for fact in jobs:
        low, high = (12, 28) if fact.reported["dienstverband"] == "deeltijd" else (32, 40)
        assert low <= int(fact.reported["uren_per_week"]) <= high


def test_second_placements_follow_soon_or_late(events: list[Fact]) -> None:
    gaps: dict[str, list[int]] = {INNOVATION: [], DEVELOPMENT: []}
    turns: dict[tuple[str, str], list[Fact]] = {}
    for fact in events:
        if fact.kind in ("geplaatst", "plaatsing_beeindigd"):
            turns.setdefault((fact.provider, fact.trajectory), []).append(fact)
    for own in turns.values():
        ordered = sorted(own, key=lambda fact: fact.on)
        assert [fact.kind for fact in ordered] == ["geplaatst", "plaatsing_beeindigd", "geplaatst"][: len(ordered)]
        if len(ordered) == 3:
            gaps[ordered[0].programme].append((ordered[2].on - ordered[1].on).days)

    assert sorted(gaps[INNOVATION]) == [12, 20, 62, 75]
    assert gaps[DEVELOPMENT]
    assert max(gaps[DEVELOPMENT]) <= 24


@pytest.mark.parametrize("year", [2016, 2017])
def test_development_occupancy_and_placements(events: list[Fact], year: int) -> None:
    own = _of(events, DEVELOPMENT)
    placed = sum(fact.on.year == year for fact in placements(own).values())

    assert 88 <= average_occupancy(own, year) <= 92
    assert placed == 30


def test_development_placed_more_than_120_and_more_through_agencies_late_2016(events: list[Fact]) -> None:
    jobs = placements(_of(events, DEVELOPMENT)).values()
    quarters = Counter(
        (fact.on.year, (fact.on.month - 1) // 3 + 1) for fact in jobs if fact.reported["kanaal"] == "uitzendbureau"
    )

    assert sum(fact.on >= date(2015, 1, 1) for fact in jobs) > 120
    assert quarters[2016, 4] == 9
    assert sum(quarters[2016, quarter] for quarter in (1, 2, 3)) == 3
    assert max(count for quarter, count in quarters.items() if quarter != (2016, 4)) < 9


def test_nobody_but_two_stays_over_24_months(events: list[Fact]) -> None:
    long = [
        key
        for key, (start, end) in spans(events).items()
        if key[0] == "BB" and min(end, date(2018, 9, 1)) > _two_years_after(start)
    ]

    assert len(long) == 2


def test_nobody_is_in_both_programmes(events: list[Fact]) -> None:
    clients = [{fact.client for fact in _of(events, programme)} for programme in (INNOVATION, DEVELOPMENT)]

    assert not clients[0] & clients[1]


def test_some_come_back_to_the_second_programme(events: list[Fact]) -> None:
    runs: dict[str, set[str]] = {}
    for fact in _of(events, DEVELOPMENT):
        runs.setdefault(fact.client, set()).add(fact.trajectory)
    several = [own for own in runs.values() if len(own) > 1]
    dates = spans(events)

    assert len(several) == 4
    for own in several:
        (_, ended), (again, _) = sorted(dates["BB", trajectory] for trajectory in own)
        assert again > ended


@pytest.mark.parametrize(
    "kind", ["participatieverklaring_getekend", "talentenkaart_vastgelegd", "vrijwilligerswerk_gestart"]
)
def test_activation_in_every_month(events: list[Fact], kind: str) -> None:
    own = [fact for fact in events if fact.kind == kind]
    months = Counter((fact.on.year, fact.on.month) for fact in own)

    assert len(months) == 44
    assert len({(fact.client, fact.kind) for fact in own}) == len(own)
