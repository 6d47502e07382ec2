"""The same bytes under two days were delivered on the earlier one: rows are judged by it, in any order of arrival."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import TOTALS, Folder, csv, total
from tests.jobs.test_gates import accepted

EARLY, LATE = "trajectory_events/2017-02-20_e.csv", "trajectory_events/2017-09-08_c.csv"
BYTES = csv(EVENTS, [*(event(n, "gestart", "2017-01-10", f"E{n}") for n in range(1, 30)),
                     event(1, "geplaatst", "2017-05-01", "E90", dienstverband="voltijd")])  # fmt: skip
TABLES = (
    "deliveries", "trajectories", "programme_progress", "findings", "relation_findings", "caseload_stock",
)  # fmt: skip


def _came(folder: Folder, *nights: tuple[str, ...], content: str = BYTES) -> Folder:
    for names in nights:
        for name in names:
            folder.put(name, content)
        folder.run()
    return folder


def _state(folder: Folder) -> dict[str, list[tuple[object, ...]]]:
    """What the tables hold, but for how often something was read, and when."""
    aside = ("recorded_at", "first_recorded_at", "processing")
    return {name: folder.table(name).drop(aside, strict=False).sort(pl.all()).rows() for name in TABLES}


@pytest.mark.parametrize("nights", [((LATE,), (EARLY,)), ((EARLY, LATE),), ((LATE,), (EARLY,), ())])
def test_the_order_of_arrival_decides_no_row(tmp_path: Path, nights: tuple[tuple[str, ...], ...]) -> None:
    other, first = _came(Folder.at(tmp_path / "a"), (EARLY,), (LATE,)), _came(Folder.at(tmp_path / "b"), *nights)
    assert _state(first) == _state(other)
    taken = first.table("deliveries").filter(status="recorded")
    assert taken.select("file_name", "delivered_on").rows() == [(EARLY, date(2017, 2, 20))]
    assert first.table("trajectories")["placed_on"].drop_nulls().is_empty()
    assert first.problems() == ()
    assert first.run().receipts == ()


def test_what_would_be_rejected_with_the_earlier_day_counts_under_the_other_name(tmp_path: Path) -> None:
    """As it does where the earlier name came first, and was rejected."""
    content = csv(TOTALS, [total(peildatum="01-05-2017", aantal="870")])
    names = ("caseload_totals/2017-02-03_t.csv", "caseload_totals/2017-06-08_t.csv")
    late_first = _came(Folder.at(tmp_path / "a"), names[1:], names[:1], content=content)
    early_first = _came(Folder.at(tmp_path / "b"), names[:1], names[1:], content=content)
    assert _state(late_first) == _state(early_first)
    assert late_first.table("caseload_stock")["benefits"].to_list() == [870]


def test_what_a_person_let_in_is_read_again_too(tmp_path: Path) -> None:
    """Held for its bad rows and accepted; then the same bytes turn out to have come before one of its events."""
    bad = [event(n, "gestart", "2017-13-40", f"B{n}") for n in range(40, 46)]
    content = BYTES + csv(EVENTS, bad).partition("\n")[2]

    def let_in(folder: Folder, first: str, then: str) -> Folder:
        folder.put(first, content)
        folder.run()
        assert folder.table("deliveries")["status"].to_list() == ["held"]
        accepted(folder, first)
        folder.run()
        return _came(folder, (then,), content=content)

    late_first = let_in(Folder.at(tmp_path / "a"), LATE, EARLY)
    early_first = let_in(Folder.at(tmp_path / "b"), EARLY, LATE)
    assert late_first.table("trajectories").equals(early_first.table("trajectories"))
    assert late_first.table("trajectories")["placed_on"].drop_nulls().is_empty()
    assert late_first.problems() == early_first.problems() == ()
    assert late_first.run().receipts == ()
