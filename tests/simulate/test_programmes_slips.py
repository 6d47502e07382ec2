"""What is planted in events and reports is there once, and nothing else is wrong."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.simulate import SimulatedFile
from tests.simulate.events_reader import Fact, Reported, facts, placements, read_events, rows_of, spans, standing, tally

ACTIVATION = {"participatieverklaring_getekend", "talentenkaart_vastgelegd", "vrijwilligerswerk_gestart"}
NOT_YET = {"aangemeld", "intake"} | ACTIVATION


@pytest.fixture(scope="module")
def reported(raw_dir: Path, simulated: tuple[SimulatedFile, ...]) -> list[Reported]:
    return read_events(raw_dir)


@pytest.fixture(scope="module")
def all_facts(reported: list[Reported]) -> list[Fact]:
    return facts(reported)


@pytest.fixture(scope="module")
def events(all_facts: list[Fact]) -> list[Fact]:
    return standing(all_facts)


def test_order_is_broken_only_where_planted(events: list[Fact]) -> None:
    dates = spans(events)
    after_end = []
    for fact in events:
        start, end = dates.get((fact.provider, fact.trajectory), (date.max, date.max))
        assert fact.on >= start or fact.kind in NOT_YET
        if fact.on > end:
            after_end.append((fact.provider, fact.kind, (fact.on - end).days))
    starts = Counter((fact.provider, fact.trajectory) for fact in events if fact.kind == "gestart")

    assert sorted(after_end) == [("RE05", "activiteit_gestart", 40), ("RE07", "geplaatst", 50)]
    assert [(key[0], count) for key, count in starts.items() if count > 1] == [("RE06", 2)]


def test_pauses_end_before_the_next_one(events: list[Fact]) -> None:
    turns: dict[str, list[str]] = {}
    for fact in sorted(events, key=lambda each: each.on):
        if fact.kind in ("onderbroken", "hervat"):
            turns.setdefault(fact.provider + fact.trajectory, []).append(fact.kind)

    assert all(own in (["onderbroken", "hervat"], ["onderbroken"]) for own in turns.values())
    assert len(turns) > 60


def test_ends_have_a_reason_and_placements_an_employment(events: list[Fact]) -> None:
    for fact in events:
        assert (fact.kind == "beeindigd") == (fact.reported["reden_einde"] in ("1", "2", "3"))
        assert (fact.kind == "geplaatst") == (fact.reported["dienstverband"] in ("voltijd", "deeltijd"))


def test_corrections_and_retractions(all_facts: list[Fact]) -> None:
    ids = {(fact.provider, fact.event_id): fact for fact in all_facts}
    pointing = [fact for fact in all_facts if fact.reported["vervangt"] or fact.reported["trekt_in"]]
    found = []
    for fact in pointing:
        target = ids.get((fact.provider, fact.reported["vervangt"] or fact.reported["trekt_in"]))
        late = (fact.known_from - target.known_from).days if target else 0
        order = "nowhere" if target is None else "after" if late > 0 else "before"
        found.append((fact.provider, "vervangt" if fact.reported["vervangt"] else "trekt_in", fact.kind, order))
        if target:
            assert (fact.kind, fact.trajectory, fact.client) == (target.kind, target.trajectory, target.client)

    assert sorted(found) == [
        ("RE02", "trekt_in", "geplaatst", "after"),
        ("RE03", "vervangt", "geplaatst", "after"),
        ("RE04", "vervangt", "gestart", "before"),
        ("RE04", "vervangt", "verlengd", "nowhere"),
        ("RE06", "trekt_in", "onderbroken", "nowhere"),
        ("RE06", "vervangt", "geplaatst", "after"),
        ("RE06", "vervangt", "geplaatst", "after"),
    ]


def test_the_mistaken_placement_was_believed_for_a_month(reported: list[Reported]) -> None:
    known = [standing(facts(reported, known_on=day)) for day in (date(2018, 4, 8), date(2018, 4, 9), date(2018, 5, 9))]
    march = [
        {
            fact.trajectory
            for fact in placements(each).values()
            if fact.provider == "RE02" and fact.on < date(2018, 4, 1)
        }
        for each in known
    ]

    assert len(march[1] - march[2]) == 1


def test_two_clients_are_with_two_providers_at_once(events: list[Fact]) -> None:
    runs: dict[str, set[tuple[str, str]]] = {}
    for fact in events:
        runs.setdefault(fact.client, set()).add((fact.provider, fact.trajectory))
    dates, found = spans(events), []
    for own in runs.values():
        for one, other in combinations(sorted(own & dates.keys()), 2):
            if one[0] != other[0]:
                assert dates[one][0] < dates[other][1]
                assert dates[other][0] < dates[one][1]
                found.append((one[0], other[0]))

    assert sorted(found) == [("RE01", "RE04"), ("RE02", "RE03")]


def test_words_and_contract_periods(all_facts: list[Fact]) -> None:
    starts = {"BB": date(2014, 1, 1)}
    early = [fact for fact in all_facts if fact.on < starts.get(fact.provider, date(2017, 3, 1))]
    by_word = Counter((name, fact.reported[name]) for fact in all_facts for name in ("doelgroep", "methodiek"))

    assert [(fact.provider, fact.kind, fact.on) for fact in early] == [("RE03", "aangemeld", date(2017, 2, 20))]
    assert by_word["doelgroep", "statushouders"] == by_word["methodiek", "paardencoaching"] == 1
    assert not any(
        fact.reported["doelgroep"] or fact.reported["methodiek"] for fact in all_facts if fact.provider == "BB"
    )


def test_repeated_rows(reported: list[Reported]) -> None:
    in_file = Counter((row.file, row.identity) for row in reported)
    new_rows = Counter(row.identity for row in reported if row["aanbieder"] not in ("RE01", "BB"))

    assert [(key[0][11:], count) for key, count in in_file.items() if count > 1] == [
        ("trajecten_RE03_201703_simulated.csv", 2)
    ]
    assert sorted(key[0] for key, count in new_rows.items() if count > 1) == ["RE02", "RE03"]


def test_cumulative_files_tell_everything_again(reported: list[Reported]) -> None:
    files: dict[str, set[tuple[str, str]]] = {}
    for row in reported:
        if row["aanbieder"] == "RE01":
            files.setdefault(row.file, set()).add(row.identity)
    ordered = [files[name] for name in sorted(files)]

    assert all(one <= other for one, other in pairwise(ordered))
    assert len(ordered) == 18


def test_what_providers_leave_out(reported: list[Reported]) -> None:
    assert {row["aanbieder"] for row in reported if not row["bsn"]} == {"RE05"}
    assert {row["aanbieder"] for row in reported if row["clientnummer"]} == {"RE05"}
    assert {row["aanbieder"] for row in reported if not row["gebeurtenis_id"]} == {"RE07"}


def test_events_are_registered_soon_and_delivered_the_next_month(all_facts: list[Fact]) -> None:
    late = [fact for fact in all_facts if not fact.reported["vervangt"] and not fact.reported["trekt_in"]]

    assert all(fact.on <= fact.registered < fact.known_from for fact in all_facts)
    assert sum((fact.registered - fact.on).days > 4 for fact in late) == 1  # the one before the contract
    assert max(fact.known_from for fact in all_facts) < date(2018, 9, 20)
    assert max(fact.on for fact in all_facts) <= date(2018, 8, 31)
    assert all(7 < fact.known_from.day < 13 for fact in all_facts)


def test_reports_agree_with_the_events_known_on_their_day_except_three(raw_dir: Path, reported: list[Reported]) -> None:
    found = facts(reported)
    paths = sorted((raw_dir / "provider_reports").rglob("*.csv"))
    odd: dict[str, list[str]] = {}
    for path in paths:
        (row,) = rows_of(path)
        until = date(*reversed([int(part) for part in row["periode_tot"].split("-")]))
        told_on = date.fromisoformat(path.name[:10])
        known = [fact for fact in found if fact.known_from <= told_on and fact.provider == row["aanbieder"]]
        right = tally(standing(known), until=until - timedelta(days=1))
        n, placed = int(row["deelnemers"]), int(row["geplaatst"])
        parts = [row.get("lopend"), row["geplaatst"], row.get("beeindigd_zonder_plaatsing")]
        wrong = {
            "placed > participants": placed > n,
            "sum": None not in parts and sum(int(part or 0) for part in parts) != n,
            "percentage": abs(float(row["plaatsing_pct"].replace(",", ".")) - 100 * placed / n) > 0.05 + 1e-9,
            "participants": n != right.participants,
            "placed": placed != right.placed,
            "part-time": int(row["waarvan_deeltijd"]) != right.part_time,
            "active": row.get("lopend") is not None and int(row["lopend"]) != right.active,
        }
        if any(wrong.values()):
            odd[path.name[11:]] = [name for name, is_wrong in wrong.items() if is_wrong]

    assert len(paths) == 7 * 6 + 14
    assert odd == {
        "rapportage_RE03_2017K3_simulated.csv": ["placed > participants", "placed"],
        "rapportage_RE04_2017K4_simulated.csv": ["percentage"],
        "rapportage_RE06_2018K1_simulated.csv": ["placed", "active"],
    }


def test_one_report_is_right_only_as_known_on_its_day(raw_dir: Path, events: list[Fact]) -> None:
    (path,) = (raw_dir / "provider_reports").rglob("*RE02_2018K1*")
    (row,) = rows_of(path)
    now = tally((fact for fact in events if fact.provider == "RE02"), until=date(2018, 3, 31))

    assert int(row["geplaatst"]) == now.placed + 1


def test_clients_are_in_the_caseload_on_the_day_of_referral(events: list[Fact], record_of: Any) -> None:
    """Shown by a file: on the first reference date after the referral, or as ended since the one before."""
    days = sorted(record_of)
    for fact in events:
        if fact.kind == "aangemeld" and fact.provider != "RE05":
            shown = next(day for day in days if day > fact.on)
            rows = [row for row in record_of[shown] if row.bsn == fact.client and row.municipality == "GM0899"]
            assert any(row.original <= fact.on and (row.end is None or row.end >= fact.on) for row in rows)


@pytest.mark.parametrize("programme", ["INNOVATIEF2016", "BETERE_BUREN"])
def test_half_to_two_thirds_of_the_placed_leave_the_benefit(events: list[Fact], record_of: Any, programme: str) -> None:
    to_work = {
        (row.bsn, row.end) for rows in record_of.values() for row in rows if row.end and row.reason in ("11", "13")
    }
    last_rows = record_of[date(2018, 8, 31)]
    on_benefit = {row.bsn for row in last_rows if row.is_alive}
    jobs = [
        fact
        for fact in placements(fact for fact in events if fact.programme == programme).values()
        if fact.provider != "RE05"
    ]
    left = [
        fact
        for fact in jobs
        if any(bsn == fact.client and fact.on <= end <= fact.on + timedelta(days=182) for bsn, end in to_work)
    ]
    beside = [
        fact
        for fact in jobs
        if fact.reported["dienstverband"] == "deeltijd" and fact not in left and fact.client in on_benefit
    ]

    assert 0.5 <= len(left) / len(jobs) <= 0.67
    assert len(beside) >= 5
