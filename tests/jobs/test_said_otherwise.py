"""Deliveries of the usual size that say something else: a stock that ended, codes copied down, events undone."""

from itertools import permutations
from pathlib import Path

import polars as pl
import pytest

from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import Folder, benefit, caseload, csv

FIRST, AGAIN, NEXT = "caseload/2017-02-07.csv", "caseload/2017-02-20.csv", "caseload/2017-03-07.csv"
ENDED = {"einddatum": "31-01-2017", "reden_einde": "01"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.at(tmp_path, publishes=False)


def month(size: int = 40, *, of: int = 0, day: str = "01-02-2017", **changed: object) -> str:
    """So many benefits, the first few of them with other cells; a quarter are of another scheme."""
    rows = [
        benefit(n, peildatum=day) | {"statistiekcode": "02" if n % 4 == 0 else "01"} | (changed if n < of else {})
        for n in range(size)
    ]
    return caseload(*rows)


def rule_of(folder: Folder, name: str) -> tuple[str, str]:
    """What became of a delivery, and why."""
    status = str(folder.delivery(name)["status"])
    last = folder.events().filter(pl.col("file_name") == name).sort("recorded_at").row(-1, named=True)
    return status, str(last["rule"] or "") if status == "held" else ""


@pytest.mark.parametrize(
    ("of", "changed", "rule"),
    [
        (40, ENDED, "DELIVERY-023"),
        (12, ENDED, "DELIVERY-023"),
        (7, ENDED, ""),
        (40, {"statistiekcode": "01"}, "DELIVERY-023"),
        (40, {"leefvorm": "3"}, "DELIVERY-024"),
        (40, {"leefvorm": ""}, "DELIVERY-024"),
        (40, {"geslacht": "1"}, "DELIVERY-024"),
        (40, {"geboortedatum": "19700000"}, "DELIVERY-024"),
        (8, {"leefvorm": "2"}, ""),
    ],
)
@pytest.mark.parametrize("day", ["01-02-2017", pytest.param("01-03-2017", marks=pytest.mark.system)])
def test_a_month_of_as_many_rows_that_says_something_else_waits(
    folder: Folder, of: int, changed: dict[str, object], rule: str, day: str
) -> None:
    folder.put(FIRST, month())
    name = AGAIN if day == "01-02-2017" else NEXT
    folder.put(name, month(of=of, day=day, **changed))

    folder.run()

    assert rule_of(folder, FIRST) == ("recorded", "")
    assert rule_of(folder, name) == ("held" if rule else "recorded", rule)
    assert folder.problems() == ()


def test_the_receipt_says_before_and_after(folder: Folder) -> None:
    folder.put(FIRST, month())
    folder.put(AGAIN, month(of=40, **ENDED))
    told = folder.run().receipt(AGAIN).detail

    assert told.startswith("far fewer or far more current benefits than before: Brunssum 2017-02: 40 current → 0 curr")


def test_what_was_left_open_before_is_no_change(folder: Folder) -> None:
    folder.put(FIRST, month(of=40, leefvorm="", geslacht=""))
    folder.put(AGAIN, month())

    folder.run()

    assert rule_of(folder, AGAIN) == ("recorded", "")


@pytest.mark.parametrize("order", [*permutations((FIRST, AGAIN, NEXT))])
def test_it_waits_in_any_order_of_loading(folder: Folder, order: tuple[str, ...]) -> None:
    content = {FIRST: month(), AGAIN: month(of=40, **ENDED), NEXT: month(day="01-03-2017")}
    for name in order:
        folder.put(name, content[name])
        folder.run()

    assert [rule_of(folder, name)[0] for name in (FIRST, AGAIN, NEXT)] == ["recorded", "held", "recorded"]
    assert folder.run().receipts == ()
    assert folder.problems() == ()


def _events(numbers: range, prefix: str, **changed: object) -> str:
    rows = [event(n, "gestart", "2016-02-01", f"{prefix}{n}") for n in numbers]
    return csv(EVENTS, [row | dict.fromkeys(changed, f"E{n}") for n, row in zip(numbers, rows, strict=True)])


@pytest.mark.parametrize("how", ["trekt_in", "vervangt"])
@pytest.mark.parametrize(("undone", "status"), [(range(30), "held"), (range(12), "held"), (range(8), "recorded")])
@pytest.mark.parametrize("is_turned", [pytest.param(False, marks=pytest.mark.system), True])
def test_a_provider_whose_events_are_mostly_undone_waits(
    folder: Folder, how: str, undone: range, status: str, is_turned: bool
) -> None:
    first, then = "trajectory_events/2016-03-01_a.csv", "trajectory_events/2016-04-01_b.csv"
    content = {first: _events(range(40), "E"), then: _events(undone, "N", **{how: True})}
    for name in sorted(content, reverse=is_turned):
        folder.put(name, content[name])
        folder.run()

    assert rule_of(folder, first) == ("recorded", "")
    assert rule_of(folder, then) == (status, "DELIVERY-025" if status == "held" else "")
    assert folder.problems() == ()


def test_a_provider_that_sends_everything_again_is_not_asked_about_old_corrections(folder: Folder) -> None:
    rows = [event(n, "gestart", "2016-02-01", f"E{n}") for n in range(40)]
    for month in range(8):
        first = 2 * month
        rows += [event(n, "gestart", "2016-02-02", f"N{n}") | {"vervangt": f"E{n}"} for n in range(first, first + 2)]
        folder.put(f"trajectory_events/2016-{month + 3:02}-10_a.csv", csv(EVENTS, rows))
        folder.run()

    assert folder.table("deliveries")["status"].unique().to_list() == ["recorded"]
