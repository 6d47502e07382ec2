"""No file of ``raw`` is opened more often than needed: twice where it is new (its bytes, its rows), then never."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.backfill.request import Request
from pipeline.jobs.backfill.apply import apply
from pipeline.jobs.backfill.make_plan import make_plan
from pipeline.settings import Settings
from schemas.vocabulary import BackfillMode
from tests.jobs.folder import Folder, benefit, caseload

FEBRUARY, MARCH = "2017-02-07_feb.csv", "2017-03-07_march.csv"
NEW = 2
"""Once to know its bytes, and whether they are known already; once to read its rows."""

Opened = Callable[[], dict[str, int]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """How often each raw file was opened since it was asked last, in whatever process."""
    seen = tmp_path_factory.mktemp("opens") / "opens"
    seen.touch()

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and "/raw/caseload/" in arguments[0]:
            here.append(arguments[0])

    def opened() -> dict[str, int]:
        found = Counter(Path(path).name for path in (*here, *seen.read_text().splitlines()))
        here.clear()
        seen.write_text("")
        return dict(found)

    here: list[str] = []
    sys.addaudithook(note)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENS_OUT", str(seen))
        yield opened


@pytest.fixture
def folder(tmp_path: Path, opened: Opened) -> Folder:
    # A key of its own, so cells of its own: those of other tests do not count what they open.
    folder = Folder(Settings(data_dir=tmp_path / "data", key_file=tmp_path / "data.key", key="6b" * 32))
    folder.put(f"caseload/{FEBRUARY}", caseload(benefit(1), benefit(2)))
    opened()
    return folder


def put_march(folder: Folder, opened: Opened) -> None:
    folder.put(f"caseload/{MARCH}", caseload(benefit(1, peildatum="01-03-2017")))
    opened()


def test_a_new_file_is_opened_twice_and_never_again(folder: Folder, opened: Opened) -> None:
    folder.run()
    assert opened() == {FEBRUARY: NEW}
    folder.run()
    assert opened() == {}
    put_march(folder, opened)
    folder.run()
    assert opened() == {MARCH: NEW}


def test_a_plan_and_its_application_open_what_is_new_and_leave_nothing_for_the_night(
    folder: Folder, opened: Opened
) -> None:
    folder.run()
    put_march(folder, opened)
    plan = make_plan(folder.writer(), Request("2017-02", "2017-04"), lambda _: None)
    assert opened() == {MARCH: NEW}
    apply(folder.writer(), plan, lambda _: None)
    assert opened() == {MARCH: NEW}
    folder.run()
    assert opened() == {}


@pytest.mark.parametrize(("mode", "times"), [(BackfillMode.REVALIDATE, 1), (BackfillMode.REPROJECT, 0)])
def test_reading_again_opens_once_and_projecting_again_not_at_all(
    folder: Folder, opened: Opened, mode: BackfillMode, times: int
) -> None:
    folder.run()
    opened()
    make_plan(folder.writer(), Request("2017-02", "2017-04", mode=mode), lambda _: None)
    assert opened() == ({FEBRUARY: times} if times else {})
