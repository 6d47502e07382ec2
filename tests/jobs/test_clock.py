"""The clock does not move by a typo: in the name of a file, in a sidecar, or in a row.

Here: whole nights. Not here: each rule on its row (``tests/intake/test_validate.py``), how far a provider is known
(``tests/trajectories/test_horizon.py``), what is in the log from before (``test_log_bounds``).
"""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.jobs.ingest.check import check
from pipeline.jobs.nightly import take_in
from pipeline.jobs.workspace import open_writer
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total

TODAY = datetime.now(UTC).date()
BB = {"aanbieder": "BB", "programma": "BETERE_BUREN"}


def of(client: int, kind: str, day: str, **changed: object) -> dict[str, object]:
    """An event of BB, numbered by what it is."""
    return event(client, kind, day, f"{client}-{kind}", **(BB | changed))


def events(*rows: dict[str, object]) -> str:
    return csv(EVENTS, rows)


def trajectories(folder: Folder) -> dict[str, dict[str, object]]:
    return {row["trajectory_id"]: row for row in folder.table("trajectories").to_dicts()}


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    return unpublished


@pytest.mark.parametrize(
    ("name", "sidecar"),
    [
        ("2107-07-10_t.csv", None),
        ("21070710_t.csv", None),
        ("10-07-2107_t.csv", None),
        ("1999-12-31_t.csv", None),
        (f"{TODAY + timedelta(days=2)}_t.csv", None),
        ("2017-02-07_t.csv", "2999-01-01"),
        ("t.csv", "1970-01-01"),
    ],
)
def test_a_file_from_a_day_that_cannot_be_is_rejected(folder: Folder, name: str, sidecar: str | None) -> None:
    path = folder.put(f"caseload_totals/{name}", csv(TOTALS, [total()]))
    if sidecar:
        path.with_name(f"{name}.meta.json").write_text(json.dumps({"delivered_on": sidecar}))

    (receipt,) = folder.run().receipts

    assert (receipt.status, receipt.rule, check(path).rule) == ("rejected", "FILE-081", "FILE-081")
    assert folder.table("caseload_stock").is_empty()
    assert folder.take_in() == (), "said once"


@pytest.mark.parametrize("day", [TODAY, date(2000, 1, 1)])
def test_the_first_and_the_last_day_that_can_be(folder: Folder, day: date) -> None:
    folder.put(f"caseload_totals/{day}_t.csv", csv(TOTALS, [total(peildatum=f"{day:%d-%m-%Y}")]))

    assert [receipt.status for receipt in folder.take_in()] == ["recorded"]


def test_a_file_from_tomorrow_is_taken_in_tomorrow(folder: Folder) -> None:
    folder.put("caseload_totals/2017-03-02_t.csv", csv(TOTALS, [total()]))

    found = [
        receipt.status
        for day in (1, 2)
        for receipt in take_in(
            open_writer(folder.settings, clock=lambda day=day: datetime(2017, 3, day, 12, tzinfo=UTC)), lambda _: None
        )
    ]

    assert found == ["rejected", "recorded"]


def test_a_copy_under_a_day_that_cannot_be_moves_nothing(folder: Folder) -> None:
    folder.put("caseload_totals/2017-02-07_t.csv", csv(TOTALS, [total()]))
    folder.run()
    folder.put("caseload_totals/1917-02-07_t.csv", csv(TOTALS, [total()]))

    (receipt,) = folder.run().receipts

    assert receipt.rule == "FILE-081"
    known = folder.table("deliveries").filter(status="recorded")
    assert known["delivered_on"].to_list() == [date(2017, 2, 7)]


def test_where_nobody_states_the_day_it_is_told_that_it_was_assumed(folder: Folder) -> None:
    folder.put("caseload_totals/t.csv", csv(TOTALS, [total()]))
    folder.put("caseload_totals/2017-03-07_t.csv", csv(TOTALS, [total(peildatum="01-03-2017")]))

    ran = folder.run()

    assumed, stated = ran.receipt("caseload_totals/t.csv"), ran.receipt("caseload_totals/2017-03-07_t.csv")
    assert (assumed.is_day_assumed, stated.is_day_assumed) == (True, False)
    assert folder.delivery("caseload_totals/t.csv")["is_day_assumed"] is True
    assert folder.delivery("caseload_totals/2017-03-07_t.csv")["is_day_assumed"] is False
    assert folder.rules("caseload_totals/t.csv") == {(0, "FILE-082")}
    assert folder.rules("caseload_totals/2017-03-07_t.csv") == set()


KNOWN = [
    of(1, "gestart", "2017-03-06"),
    of(1, "geplaatst", "2017-05-01", dienstverband="voltijd"),
    of(2, "gestart", "2017-03-06"),
]


def test_an_undated_file_of_events_reaches_to_its_last_event(folder: Folder) -> None:
    folder.put("trajectory_events/2017-06-10_BB.csv", events(*KNOWN))
    folder.put("trajectory_events/BB_juli.csv", events(of(4, "intake", "2017-06-20")))

    folder.run()

    found = trajectories(folder)
    assert found["T1"]["durable"] is None, "too early"
    assert found["T2"]["days_in_trajectory"] == (date(2017, 6, 20) - date(2017, 3, 6)).days
    assert folder.table("programme_occupancy")["month"].max() == date(2017, 6, 1)
    assert folder.table("relation_findings").filter(rule="TRAJECT-005").is_empty()


@pytest.mark.parametrize("what", ["beeindigd", "verlengd", "plaatsing_beeindigd"])
@pytest.mark.parametrize("beside", [[], KNOWN], ids=["alone", "with what has happened"])
def test_what_is_announced_in_an_undated_file_does_not_show_how_far_its_provider_is_known(
    folder: Folder, what: str, beside: list[dict[str, object]]
) -> None:
    """As where the year of an end is typed wrong: it lay ahead of the day on which the file came, and shows nothing."""
    ahead, tables = TODAY + timedelta(days=100), ("programme_progress", "programme_occupancy", "placement_outcomes")
    folder.put("trajectory_events/2017-05-10_BB.csv", events(*KNOWN))
    folder.run()
    before = [folder.table(name).rows() for name in tables]
    folder.put("trajectory_events/BB_juli.csv", events(*beside, of(2, what, ahead.isoformat())))

    folder.run()

    assert trajectories(folder)["T1"]["durable"] is None, "too early"
    assert trajectories(folder)["T2"]["days_in_trajectory"] == (date(2017, 5, 10) - date(2017, 3, 6)).days
    assert [folder.table(name).rows() for name in tables] == before


def test_of_whom_only_an_announced_end_is_known_in_an_undated_file_nothing_is_counted(folder: Folder) -> None:
    ahead = TODAY + timedelta(days=100)
    folder.put("trajectory_events/BB.csv", events(of(1, "beeindigd", ahead.isoformat())))

    folder.run()

    assert folder.delivery("trajectory_events/BB.csv")["status"] == "recorded"
    assert folder.table("trajectories")["days_in_trajectory"].to_list() == [None]
    assert folder.table("programme_progress").is_empty()


def test_what_one_provider_delivers_later_says_nothing_about_another(folder: Folder) -> None:
    folder.put("trajectory_events/2017-06-10_BB.csv", events(*KNOWN))
    folder.run()
    before = trajectories(folder)
    folder.put("trajectory_events/2026-06-10_RE01.csv", events(event(9, "gestart", "2017-03-06", "E9")))

    folder.run()

    after = trajectories(folder)
    assert {key: after[key] for key in before} == before
    assert after["T9"]["days_in_trajectory"] == (date(2026, 6, 10) - date(2017, 3, 6)).days


def test_a_wrong_day_in_the_name_of_a_file_makes_no_other_stock_final(folder: Folder) -> None:
    for month in range(1, 7):
        folder.put(f"caseload_totals/2017-{month:02}-07.csv", csv(TOTALS, [total(peildatum=f"01-{month:02}-2017")]))
    folder.run()
    before = folder.table("caseload_stock")["vintage"].to_list()
    folder.put("caseload_totals/2019-07-07.csv", csv(TOTALS, [total(peildatum="01-07-2017")]))

    folder.run()

    assert folder.table("caseload_stock")["vintage"].to_list() == [*before, "provisional"]


def test_an_undated_stock_makes_no_other_final(folder: Folder) -> None:
    folder.put("caseload/2017-02-07.csv", caseload(benefit(1)))
    folder.put("caseload/maart.csv", caseload(benefit(1, peildatum="01-03-2017")))

    folder.run()

    assert set(folder.table("caseload_stock")["vintage"]) == {"provisional"}


def test_dates_to_come_are_found_and_move_nothing(folder: Folder) -> None:
    good = [of(n, "gestart", "2017-03-06") for n in range(1, 60)]
    bad = [of(1, "geplaatst", "2071-05-01"), of(2, "beeindigd", "2071-12-31", reden_einde="1")]
    folder.put("trajectory_events/2017-06-10_BB.csv", events(*good, *bad))

    folder.run()

    assert folder.rules("trajectory_events/2017-06-10_BB.csv") == {
        (61, "EVENT-016"), (61, "EVENT-017"), (61, "EVENT-018"), (62, "EVENT-018"),
    }  # fmt: skip
    assert set(folder.table("trajectories")["status"]) == {"active"}
    assert folder.table("programme_progress")["month"].max() == date(2017, 6, 1)


def test_an_announced_end_is_recorded_and_counts_from_its_own_date_on(folder: Folder) -> None:
    folder.put("trajectory_events/2017-06-10_BB.csv", events(*KNOWN, of(2, "beeindigd", "2017-12-31", reden_einde="1")))
    folder.run()
    assert trajectories(folder)["T2"]["status"] == "active"
    folder.put("trajectory_events/2018-01-10_BB.csv", events(of(3, "gestart", "2018-01-02")))

    folder.run()

    assert trajectories(folder)["T2"]["status"] == "ended"


def test_a_code_is_compared_without_what_cannot_be_seen(folder: Folder) -> None:
    seen = [
        event(n, "gestart", "2017-03-06", f"E{n}", aanbieder=f"RE06{c}")
        for n, c in enumerate("\u200b\u00a0\ufeff\u3164")
    ]
    hidden = [event(n, "gestart", "2017-03-06", f"E{n}") for n in range(10, 130)]
    unknown = [
        event(200, "gestart", "2017-03-06", "X1", aanbieder="ZZ99"),
        event(201, "gestart", "2017-03-06", "X2", aanbieder="null"),
        event(202, "gestart", "2017-03-06", "X3", aanbieder="*"),
        event(203, "gestart", "2017-03-06", "X4", programma="INNOVATIEF2061"),
    ]
    folder.put("trajectory_events/2017-06-10_e.csv", events(*seen, *hidden, *unknown))

    folder.run()

    assert set(folder.log_rows("trajectory_events")["provider_code"]) == {"RE01", "RE06"}
    rules = [rule for _, rule in sorted(folder.rules("trajectory_events/2017-06-10_e.csv"))]
    assert rules == ["EVENT-019", "VALUE-003", "EVENT-019", "EVENT-014"], "null is no name at all"
