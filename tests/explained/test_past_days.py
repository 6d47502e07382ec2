"""Explanations of what is not the current release: a past day, a release before, one that is no longer on disk."""

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

import uitstroom
from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.lineage.explain import ExplainedCell, explain_figure
from pipeline.jobs.release.rollback import rollback
from pipeline.store.releases import releases
from schemas.vocabulary import Decision
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total

FIRST, AGAIN = "caseload/2017-02-06_a.csv", "caseload/2017-02-07_b.csv"
KEY = ("GM0899", "2017-02-01", "pw")


def february(size: int) -> str:
    return caseload(*(benefit(n, peildatum="01-02-2017") for n in range(size)))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """February of seven benefits, then of five, each in a release; the rate beside January changes with it."""
    made = Folder.at(tmp_path)
    made.put("caseload/2017-01-06_a.csv", caseload(*(benefit(n, peildatum="01-01-2017") for n in range(4))))
    made.put(FIRST, february(7))
    made.run()
    made.put(AGAIN, february(5))
    made.run()
    return made


def restated(folder: Folder, column: str) -> Sequence[ExplainedCell]:
    rows = folder.table("restatements").filter(table="caseload_stock", key="|".join(KEY), column=column)
    (row,) = rows.to_dicts()
    return explain_figure(folder.writer(), "restatements", (row["release"], row["table"], row["key"], column)).cells


def told(cells: Sequence[ExplainedCell]) -> list[tuple[str, object, str | None, list[str]]]:
    return [(each.part, each.value, each.release, [trace.file_name for trace in each.traces]) for each in cells]


def test_before_and_after_are_told_apart_where_neither_release_is_on_disk(folder: Folder) -> None:
    both = told(restated(folder, "benefits"))
    before, after = releases.releases(folder.settings.curated)

    folder.put("caseload_totals/2017-03-04_t.csv", csv(TOTALS, [total(peildatum="01-03-2017", aantal=9)]))
    folder.run()
    for name in (before, after):
        shutil.rmtree(folder.settings.curated / "releases" / name)

    assert both == [("before", 7, before, [FIRST]), ("after", 5, after, [AGAIN])]
    assert told(restated(folder, "benefits")) == both


def test_a_figure_that_others_make_is_told_apart_too(folder: Folder) -> None:
    """Each release has its own stocks behind the change: those of the second are not those of the first."""
    before, after = restated(folder, "change")

    assert [each.value for each in before.cells] == [7, 4]
    assert [each.value for each in after.cells] == [5, 4]
    assert {each.release for each in after.cells} == {after.release}


def both(folder: Folder, day: str) -> tuple[object, object]:
    """A stock as known on a day: as shown, and as explained."""
    work = uitstroom.open(folder.data)
    shown = work.table("caseload_stock", known_on=day).filter(series="pw", reference_date=date(2017, 2, 1))["benefits"]
    return shown.item(), work.explain("caseload_stock", *KEY, column="benefits", known_on=day).value


def test_a_decision_that_no_night_has_published_yet_counts_for_a_past_day(folder: Folder) -> None:
    decide(folder.writer(), Decision.RETRACTED, AGAIN, by="A. Steward", why="sent by mistake")

    assert both(folder, "2017-02-09") == (5, 5)
    assert both(folder, date.max.isoformat()) == (7, 7)


def test_a_past_day_is_the_same_whichever_release_is_current(folder: Folder) -> None:
    rollback(folder.writer(), releases.releases(folder.settings.curated)[0], by="A. Steward", why="to look at it")

    assert both(folder, "2017-02-06") == (7, 7)
    assert both(folder, "2017-02-08") == (5, 5)


@pytest.mark.parametrize("name", ["releases", "restatements"])
def test_tables_about_releases_are_explained_as_known_on_a_day(folder: Folder, name: str) -> None:
    work, day = uitstroom.open(folder.data), date.max
    row = work.table(name, known_on=day).to_dicts()[0]
    key = [row[column] for column in (("release",) if name == "releases" else ("release", "table", "key", "column"))]

    found = work.explain(name, *key, known_on=day)

    assert found.figure == row
    if name == "restatements":
        assert {each.part: each.value for each in found.cells}["after"] == row["value_after"]
