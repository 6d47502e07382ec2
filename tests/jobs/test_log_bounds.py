"""What is in the log from before there was a rule against it is found by ``verify``, with what to do.

The log is made by hand: rows as an earlier version recorded them, in the tables and the list of deliveries.
"""

from datetime import date
from typing import Any

import polars as pl
import pytest

from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.store.log.table import short
from tests.jobs.all_sources import ALL_SOURCES
from tests.jobs.folder import Folder
from tests.ready_made import ReadyMade


def recorded(folder: Folder) -> None:
    for name, content in ALL_SOURCES.items():
        folder.put(name, content)
    folder.take_in()


@pytest.fixture
def known(folder: Folder, ready_made: ReadyMade) -> Folder:
    return ready_made.copy(recorded, folder)


def record_as_before(folder: Folder, source: str, row: dict[str, Any], told: dict[str, Any]) -> str:
    """One more delivery of a source: a row like the ones it has, and an event like the ones it had, both changed."""
    log, delivery = folder.writer().log, "ab" * 32
    own = {"delivery": delivery, "row": 2, **row}
    table = log.sources[source]
    one = (
        folder.log_rows(source)
        .head(1)
        .with_columns(pl.lit(value).cast(table.schema[name]).alias(name) for name, value in own.items())
    )
    if table.by_year:
        one = one.with_columns(valid_year=pl.lit(2017, pl.Int32()))
    table.commit(table.stage(one.select(list(table.schema)), f"{short(delivery)}-0"), "before", 0)
    counts = {"rows_read": 1, "rows_recorded": 1, "rows_quarantined": 0, "rows_duplicate": 0, "size": 1}
    event = {"delivery": delivery, "file_name": f"{source}/oud.csv", "is_day_assumed": None, **counts, **told}
    like = log.events().filter(event="recorded", source=source).head(1)
    log.append_event(
        like.with_columns(pl.lit(value).cast(DELIVERY_EVENTS[name]).alias(name) for name, value in event.items()),
        "before",
        0,
    )
    return delivery


def test_a_log_by_todays_rules_has_nothing_to_tell(known: Folder) -> None:
    assert known.problems() == ()


@pytest.mark.parametrize(
    ("source", "row", "rule", "column"),
    [
        ("caseload", {"reference_date": date(2071, 8, 31)}, "CASELOAD-017", "peildatum"),
        ("caseload", {"started_on": date(12, 8, 25)}, "VALUE-001", "ingangsdatum"),
        ("caseload", {"started_on": date(1917, 8, 25)}, "CASELOAD-019", "ingangsdatum"),
        ("caseload_totals", {"reference_date": date(2071, 8, 31)}, "TOTALS-009", "peildatum"),
        ("trajectory_events", {"event": "geplaatst", "occurred_on": date(2018, 5, 1)}, "EVENT-017", "datum"),
        ("trajectory_events", {"event": "beeindigd", "occurred_on": date(2071, 5, 1)}, "EVENT-018", "datum"),
        ("trajectory_events", {"provider_code": "RE06\u200b"}, "EVENT-019", "aanbieder"),
        ("trajectory_events", {"programme_code": "ANDERS"}, "EVENT-014", "programma"),
        ("provider_reports", {"period_until": date(2072, 7, 1)}, "REPORT-007", "periode_tot"),
        ("provider_reports", {"period_from": date(17, 3, 1)}, "VALUE-001", "periode_van"),
        ("provider_reports", {"provider_code": "ZZ99"}, "REPORT-008", "aanbieder"),
        ("published_figures", {"published_on": date(2071, 3, 8)}, "CLAIM-006", "publicatiedatum"),
    ],
)
def test_a_row_against_a_rule_of_today_is_named(
    known: Folder, source: str, row: dict[str, Any], rule: str, column: str
) -> None:
    delivery = record_as_before(known, source, row, {})

    found = [each for each in known.problems() if rule in each]

    assert len(found) == 1
    assert f"{source}/oud.csv: 1 row(s) in the log with {column} against {rule}" in found[0]
    assert f"uitstroom retract {delivery[:12]}" in found[0]


@pytest.mark.parametrize(("day", "rename"), [(date(2107, 7, 10), True), (date(1999, 12, 31), False)])
def test_a_day_of_delivery_that_cannot_be_is_named(known: Folder, day: date, rename: bool) -> None:
    delivery = record_as_before(known, "provider_reports", {}, {"delivered_on": day})

    (found,) = [each for each in known.problems() if "delivered_on" in each]

    assert str(day) in found
    assert f"uitstroom retract {delivery[:12]}" in found
    assert ("give the file in raw a name" in found) is rename


def test_what_a_steward_took_back_is_not_named_again(known: Folder) -> None:
    delivery = record_as_before(
        known, "provider_reports", {"provider_code": "ZZ99"}, {"delivered_on": date(2107, 7, 10)}
    )
    decision = {"event": "retracted", "decided_on": date(2026, 1, 1), "decided_by": "K", "why": "typo"}
    events = known.events().filter(delivery=delivery)
    again = events.with_columns(pl.lit(value).alias(name) for name, value in decision.items())
    known.writer().log.append_event(again.cast(DELIVERY_EVENTS), "decision", 0)

    assert known.problems() == ()
