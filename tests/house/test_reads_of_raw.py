"""No file of ``raw`` is opened more often than needed: twice where it is new (its bytes, its rows), then never."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.backfill.request import Request
from pipeline.jobs.backfill.apply import apply
from pipeline.jobs.backfill.make_plan import make_plan
from schemas.vocabulary import BackfillMode
from tests.jobs.folder import Folder, benefit, caseload

FEBRUARY, MARCH = "2017-02-07_feb.csv", "2017-03-07_march.csv"
NEW = 2
"""Once to know its bytes, and whether they are known already; once to read its rows."""
_opened: Counter[str] = Counter()


def _count(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str) and "/raw/caseload/" in arguments[0]:
        _opened[Path(arguments[0]).name] += 1


@pytest.fixture(scope="module", autouse=True)
def _counting() -> None:
    sys.addaudithook(_count)


def opened() -> dict[str, int]:
    """How often each file was opened since it was asked last."""
    found = dict(_opened)
    _opened.clear()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder.at(tmp_path)
    folder.put(f"caseload/{FEBRUARY}", caseload(benefit(1), benefit(2)))
    opened()
    return folder


def put_march(folder: Folder) -> None:
    folder.put(f"caseload/{MARCH}", caseload(benefit(1, peildatum="01-03-2017")))
    opened()


def test_a_new_file_is_opened_twice_and_never_again(folder: Folder) -> None:
    folder.run()
    assert opened() == {FEBRUARY: NEW}
    folder.run()
    assert opened() == {}
    put_march(folder)
    folder.run()
    assert opened() == {MARCH: NEW}


def test_a_plan_and_its_application_open_what_is_new_and_leave_nothing_for_the_night(folder: Folder) -> None:
    folder.run()
    put_march(folder)
    plan = make_plan(folder.writer(), Request("2017-02", "2017-04"), lambda _: None)
    assert opened() == {MARCH: NEW}
    apply(folder.writer(), plan, lambda _: None)
    assert opened() == {MARCH: NEW}
    folder.run()
    assert opened() == {}


@pytest.mark.parametrize(("mode", "times"), [(BackfillMode.REVALIDATE, 1), (BackfillMode.REPROJECT, 0)])
def test_reading_again_opens_once_and_projecting_again_not_at_all(
    folder: Folder, mode: BackfillMode, times: int
) -> None:
    folder.run()
    opened()
    make_plan(folder.writer(), Request("2017-02", "2017-04", mode=mode), lambda _: None)
    assert opened() == ({FEBRUARY: times} if times else {})
