"""The pages of a release: made with it, made again where they are missing, and never in the way of it."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline.jobs.release.dressing import dresser
from pipeline.jobs.release.known_on import known_on
from pipeline.jobs.release.publish import Published, release
from pipeline.jobs.workspace import Writer, open_workspace
from pipeline.store.releases.publisher import publisher
from pipeline.store.releases.releases import Release
from schemas.sentences import Sentence
from tests.jobs.folder import Folder, tree
from tests.jobs.test_restatements import february_and_march
from tests.ready_made import ReadyMade


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.at(tmp_path, with_pages=True)


@pytest.fixture
def two_months(folder: Folder, ready_made: ReadyMade) -> Folder:
    return ready_made.copy(february_and_march, folder)


def pages(release: Release) -> dict[str, str]:
    return tree(release.path / "site")


def again(writer: Writer) -> Published:
    return release(writer, lambda _: None)


def test_a_night_makes_the_pages_of_its_release(two_months: Folder) -> None:
    made = again(two_months.writer()).release

    assert {"index.html", "en/index.html", "gemeente-GM0899.html", "stijl.css", "manifest.json"} <= pages(made).keys()
    assert "2017-03-07_march.csv" in (made.path / "site" / "leveringen-caseload.html").read_text()
    assert not any(name.startswith("site") for name in made.manifest["files"])
    assert two_months.problems() == ()


def test_a_later_night_makes_the_same_pages_again_where_they_are_missing(two_months: Folder) -> None:
    made = again(two_months.writer()).release
    before = pages(made)
    shutil.rmtree(made.path / "site")

    night = again(two_months.writer())

    assert (night.is_new, night.release.id) == (False, made.id)
    assert pages(night.release) == before


def test_a_night_with_nothing_new_leaves_them_alone(two_months: Folder) -> None:
    made = again(two_months.writer()).release
    stamp = (made.path / "site").stat().st_ino

    again(two_months.writer())

    assert (made.path / "site").stat().st_ino == stamp


def test_a_release_as_known_on_a_day_has_pages_of_that_day(two_months: Folder) -> None:
    then = known_on(open_workspace(two_months.writer().settings), date(2017, 2, 10), lambda _: None)

    text = (then.path / "site" / "index.html").read_text()
    assert "2017-02-10" in text
    assert "march.csv" not in (then.path / "site" / "leveringen-caseload.html").read_text()


def test_a_release_stands_where_its_pages_cannot_be_made(two_months: Folder, tmp_path: Path) -> None:
    writer = two_months.writer()
    made = again(writer).release
    before = pages(made)
    broken = Release(made.id, made.path, {**made.manifest, "files": {"no_such_table.parquet": {}}})
    (made.path / "site" / "index.html").unlink()
    told: list[Sentence] = []

    with publisher(writer.settings.curated) as alone:
        dresser(alone, writer, told.append)(broken)

    assert str(told[-1]).startswith(f"the site of {made.id} could not be made (")
    assert "no_such_table" not in str(told[-1])
    assert pages(again(writer).release) == before
