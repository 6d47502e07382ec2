"""The state of every delivery: its last reading, its copies, and what was known of it on a day."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.versions.deliveries import deliveries_table
from pipeline.versions.delivery_names import other_names
from pipeline.versions.delivery_status import recorded, statuses
from pipeline.versions.findings import findings_table
from pipeline.versions.quarantine_reasons import quarantine_reasons
from pipeline.versions.supersede import versions
from schemas.catalogue import TABLES
from tests.examples import examples

FIRST, SECOND, THIRD = (datetime(2017, 4, day, tzinfo=UTC) for day in (1, 2, 3))
EVENTS: dict[str, Any] = {
    "event": pl.String,
    "delivery": pl.String,
    "source": pl.String,
    "processing": pl.Int16,
    "file_name": pl.String,
    "delivered_on": pl.Date,
    "recorded_at": pl.Datetime("us", "UTC"),
    "sender": pl.String,
    "simulated": pl.Boolean,
    "rows_read": pl.Int64,
    "rows_recorded": pl.Int64,
    "rows_quarantined": pl.Int64,
    "rows_duplicate": pl.Int64,
    "rows_held": pl.Int64,
    "rules_version": pl.String,
    "rule": pl.String,
    "detail": pl.String,
    "decided_on": pl.Date,
    "decided_by": pl.String,
    "why": pl.String,
    "sidecar_sha256": pl.String,
    "is_day_assumed": pl.Boolean,
}


def event(what: str, delivery: str = "a", **change: Any) -> dict[str, Any]:
    return {
        "event": what,
        "delivery": delivery,
        "source": "caseload",
        "processing": 0,
        "file_name": f"caseload/{delivery}.csv",
        "delivered_on": date(2017, 2, 7),
        "recorded_at": FIRST,
        "sender": None,
        "simulated": False,
        "rows_read": 3,
        "rows_recorded": 3,
        "rows_quarantined": 0,
        "rows_duplicate": 0,
        "rows_held": 0,
        "rules_version": "r1",
        "rule": "",
        "detail": "",
        "decided_on": None,
        "decided_by": None,
        "why": None,
        "sidecar_sha256": "",
        "is_day_assumed": False,
    } | change


def events(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=EVENTS)


def test_the_last_reading_of_a_delivery_is_its_state() -> None:
    folded = statuses(
        events(
            event("recorded", processing=1, recorded_at=SECOND),
            event("held", processing=0, recorded_at=THIRD),
            event("rejected", "b"),
        )
    )

    assert folded.select("delivery", "status", "processing").rows() == [("a", "recorded", 1), ("b", "rejected", 0)]


def test_within_a_reading_the_last_event_counts() -> None:
    folded = statuses(events(event("recorded", recorded_at=SECOND), event("held", recorded_at=FIRST)))

    assert folded["status"].to_list() == ["recorded"]


def test_a_delivery_that_is_read_again_keeps_its_place_and_the_hash_decides_within_a_day() -> None:
    order = recorded(
        statuses(
            events(
                event("held", "c", recorded_at=FIRST),
                event("recorded", "b", recorded_at=FIRST),
                event("recorded", "a", recorded_at=SECOND),
                event("recorded", "b", processing=1, recorded_at=THIRD),
                event("recorded", "c", processing=1, recorded_at=THIRD),
            )
        ),
        "caseload",
    )

    assert order.select("delivery", "recorded_at").rows() == [("a", SECOND), ("b", THIRD), ("c", THIRD)]


def test_copies_are_named_and_change_nothing_else() -> None:
    folded = statuses(
        events(
            event("copied", file_name="caseload/z.csv", recorded_at=THIRD, processing=7),
            event("copied", file_name="caseload/c.csv", recorded_at=SECOND),
            event("copied", file_name="caseload/c.csv", recorded_at=THIRD),
            event("recorded"),
        )
    )

    assert folded.select("status", "processing", "file_name", "also_delivered_as").rows() == [
        ("recorded", 0, "caseload/a.csv", "caseload/c.csv|caseload/z.csv")
    ]


@pytest.mark.parametrize(
    ("known_on", "known"),
    [(date(2017, 2, 6), []), (date(2017, 2, 7), ["a"]), (date(2017, 3, 6), ["a"]), (None, ["a", "b"])],
)
def test_as_known_on_a_day_is_what_was_delivered_up_to_it(known_on: date | None, known: list[str]) -> None:
    frame = events(event("recorded"), event("recorded", "b", delivered_on=date(2017, 3, 7)))

    assert statuses(frame, known_on)["delivery"].to_list() == known


def test_the_same_bytes_in_two_folders_have_a_row_each_and_count_where_they_were_recorded() -> None:
    folded = statuses(
        events(
            event("rejected", source="caseload", rule="FILE-022", detail="move it", rows_read=0, rows_recorded=0),
            event("recorded", source="caseload_totals", recorded_at=SECOND, file_name="caseload_totals/a.csv"),
        )
    )
    scopes = pl.DataFrame(
        {"delivery": ["a"], "rank": [0], "municipality_code": ["GM0899"]}, schema_overrides={"rank": pl.UInt32}
    )

    table = deliveries_table(folded, versions(scopes))

    assert table.select("source", "status", "reason", "version_of_scope").rows() == [
        ("caseload", "rejected", "FILE-022: move it", None),
        ("caseload_totals", "recorded", None, 1),
    ]
    TABLES["deliveries"].schema().validate(table)


def rejected(file_name: str, **changed: Any) -> dict[str, Any]:
    own = {"rule": "FILE-020", "detail": f"of {file_name}", "rows_read": 0, "rows_recorded": 0}
    return event("rejected", file_name=file_name, **own | changed)


def named(*happened: dict[str, Any], known_on: date | None = None) -> list[tuple[Any, ...]]:
    """(file name, status, reason) of all rows."""
    frame = events(*happened)
    folded = statuses(frame, known_on)
    table = deliveries_table(folded, NO_VERSIONS, other_names(frame, folded))
    TABLES["deliveries"].schema().validate(table)
    return table.select("file_name", "status", pl.col("reason").str.split(";").list.first()).rows()


def test_rejected_twins_have_a_row_each_with_a_reason_of_their_own() -> None:
    twins = [rejected("caseload/a.csv"), rejected("caseload/b.csv", processing=1, recorded_at=SECOND)]
    expected = [("caseload/a.csv", "rejected", "FILE-020: of caseload/a.csv"),
                ("caseload/b.csv", "rejected", "FILE-020: of caseload/b.csv")]  # fmt: skip
    assert named(*twins) == named(*reversed(twins)) == expected


def test_what_was_rejected_under_one_name_is_a_copy_once_it_counts_under_another() -> None:
    happened = [rejected("caseload/a.doc"), event("recorded", processing=1, recorded_at=SECOND),
                event("copied", file_name="caseload/c.csv", recorded_at=THIRD)]  # fmt: skip
    assert [(name, status) for name, status, _ in named(*happened)] == [
        ("caseload/a.csv", "recorded"), ("caseload/a.doc", "copied"), ("caseload/c.csv", "copied"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "then", "name"),
    [
        (("a.csv", 9, "recorded"), ("b.csv", 10, "copied"), "a.csv"),
        (("b.csv", 10, "recorded"), ("a.csv", 9, "copied"), "a.csv"),
        (("a.csv", 10, "held"), ("b.txt", 10, "copied"), "a.csv"),
        (("b.txt", 10, "held"), ("a.csv", 10, "copied"), "a.csv"),
        (("a.dat", 10, "rejected"), ("b.csv", 10, "recorded"), "b.csv"),
        (("a.csv", 9, "rejected"), ("b.csv", 10, "recorded"), "b.csv"),
    ],
)
def test_the_name_and_day_of_bytes_do_not_depend_on_which_name_came_first(
    first: tuple[str, int, str], then: tuple[str, int, str], name: str
) -> None:
    told = events(
        *[
            event(what, file_name=named, delivered_on=date(2017, 2, day), processing=number, recorded_at=at)
            for number, (at, (named, day, what)) in enumerate(zip((FIRST, SECOND), (first, then), strict=True))
        ]
    )

    row = statuses(told).row(0, named=True)
    (other,) = other_names(told, statuses(told)).iter_rows(named=True)

    named = {each: (day, what) for each, day, what in (first, then)}
    status = "held" if "held" in {first[2], then[2]} else "recorded"
    assert (row["status"], row["file_name"], row["delivered_on"].day) == (status, name, named[name][0])
    assert other["status"] == "copied"
    assert {row["file_name"], other["file_name"]} == {first[0], then[0]}


def test_a_file_that_was_being_written_is_told_until_it_has_become_something() -> None:
    unstable = event(
        "unstable", "u", file_name="caseload/a.csv", rows_read=0, rows_recorded=0, rule="FILE-055", detail="later"
    )
    assert named(unstable) == [("caseload/a.csv", "unstable", "FILE-055: later")]
    assert [status for _, status, _ in named(unstable, event("recorded", recorded_at=SECOND))] == ["recorded"]


NO_VERSIONS = pl.DataFrame(schema={"delivery": pl.String, "version_of_scope": pl.Int64})


def test_a_rejected_delivery_says_why_and_has_no_version() -> None:
    folded = statuses(events(event("rejected", rule="FILE-020", detail="missing: bsn", rows_read=0, rows_recorded=0)))

    table = deliveries_table(folded, NO_VERSIONS)

    assert table.select("reason", "version_of_scope").rows() == [("FILE-020: missing: bsn", None)]


FINDINGS = {
    "delivery": pl.String,
    "processing": pl.Int16,
    "source": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "rule": pl.String,
    "severity": pl.String,
}


def findings(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=FINDINGS, orient="row")


def test_findings_of_the_last_reading_are_shown_once_and_sorted() -> None:
    folded = statuses(events(event("recorded", processing=1), event("recorded", processing=0)))
    found = findings(
        ("a", 1, "caseload", 7, "bsn", "CASELOAD-010", "quarantine"),
        ("a", 1, "caseload", 3, "bsn", "CASELOAD-010", "quarantine"),
        ("a", 1, "caseload", 3, "bsn", "CASELOAD-010", "quarantine"),
        ("a", 0, "caseload", 2, "bsn", "CASELOAD-010", "quarantine"),
        ("b", 1, "caseload", 2, "bsn", "CASELOAD-010", "quarantine"),
    )

    table = findings_table(folded, found)

    assert table["row"].to_list() == [3, 7]
    TABLES["findings"].schema().validate(table)


def test_one_finding_about_the_same_bytes_in_two_folders_is_shown_from_the_same_folder_in_any_order() -> None:
    folded = statuses(events(event("rejected", source="caseload"), event("rejected", source="caseload_totals")))
    rows = [("a", 0, source, 0, "", "FILE-020", "reject") for source in ("caseload_totals", "caseload")]

    tables = [findings_table(folded, findings(*order)) for order in (rows, rows[::-1])]

    assert tables[0].rows() == tables[1].rows() == [("a", 0, "", "FILE-020", "reject", "caseload")]


def test_quarantined_rows_have_all_their_reasons() -> None:
    found = quarantine_reasons(
        findings(
            ("a", 0, "caseload", 3, "started_on", "CASELOAD-008", "quarantine"),
            ("a", 0, "caseload", 3, "bsn", "CASELOAD-010", "quarantine"),
            ("a", 0, "caseload", 3, "bsn", "CASELOAD-010", "quarantine"),
            ("a", 0, "caseload", 3, "birth_year", "CASELOAD-016", "warn"),
            ("a", 0, "caseload", 4, "", "DELIVERY-002", "quarantine"),
            ("a", 0, "caseload", 0, "", "DELIVERY-003", "hold"),
            ("a", 0, "caseload", 5, "", "DELIVERY-001", "warn"),
        )
    )

    assert found.select("row", "reasons").rows() == [
        (3, ["CASELOAD-008 started_on", "CASELOAD-010 bsn"]),
        (4, ["DELIVERY-002"]),
    ]


_EVENT = st.builds(
    event,
    st.sampled_from(["recorded", "held", "rejected", "copied"]),
    st.sampled_from(["a", "b"]),
    source=st.sampled_from(["caseload", "caseload_totals"]),
    processing=st.integers(0, 2),
    recorded_at=st.sampled_from([FIRST, SECOND, THIRD]),
    delivered_on=st.sampled_from([date(2017, 2, 7), date(2017, 3, 7)]),
)


@examples(15)
@given(st.lists(_EVENT, max_size=8), st.randoms(use_true_random=False))
def test_the_state_is_the_last_event_under_any_order(rows: list[dict[str, Any]], random: Any) -> None:
    own = [row for row in rows if row["event"] != "copied"]
    expected = {
        key: max((r["processing"], r["recorded_at"], r["event"]) for r in own if (r["source"], r["delivery"]) == key)
        for key in {(row["source"], row["delivery"]) for row in own}
    }

    folded = statuses(events(*random.sample(rows, len(rows))) if rows else pl.DataFrame(schema=EVENTS))

    found = folded.select("source", "delivery", "processing", "recorded_at", "status").rows()
    assert {row[:2]: row[2:] for row in found} == expected


@pytest.mark.parametrize(
    ("name", "is_assumed", "sidecar", "expected"),
    [
        ("caseload/a.csv", True, "", True),
        ("caseload/2017-02-07_a.csv", False, "", False),
        ("caseload/a.csv", None, "", True),
        ("caseload/a.csv", None, "f" * 64, False),
        ("caseload/2017/2017-02-07_a.csv", None, "", False),
        ("caseload/2017-02-07/a.csv", None, "", True),
    ],
)
def test_whether_the_day_was_assumed_is_kept_or_seen_from_the_name(
    name: str, is_assumed: bool | None, sidecar: str, expected: bool
) -> None:
    told = event("recorded", file_name=name, is_day_assumed=is_assumed, sidecar_sha256=sidecar)

    assert statuses(events(told))["is_day_assumed"].to_list() == [expected]


def test_a_day_that_a_copy_states_is_not_assumed() -> None:
    own = event("recorded", delivered_on=date(2026, 3, 1), is_day_assumed=True)
    copy = event("copied", file_name="caseload/2017-02-07_b.csv", delivered_on=date(2017, 2, 7))

    (row,) = statuses(events(own, copy)).to_dicts()

    assert (row["delivered_on"], row["is_day_assumed"]) == (date(2017, 2, 7), False)
