"""A delivery that a steward took back or refused is told beside a figure that it would decide, and is no row of it."""

from datetime import date

import pytest

from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.lineage.explain import ExplainedCell, Explanation, explain_figure
from pipeline.jobs.lineage.lineage import LogLineage
from pipeline.jobs.show import NothingToShow
from pipeline.steward.explanation_text import tree
from pipeline.versions.not_counting import PART
from schemas.catalogue import TABLES
from schemas.vocabulary import Decision
from tests.explained.test_known_until import stock, writer_on
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import TOTALS, Folder, csv, total

OLD, FIRST, AGAIN = "caseload/2016-03-02_o.csv", "caseload/2016-03-05_a.csv", "caseload/2016-04-02_b.csv"
TOTAL, APRIL, WAITS = "caseload_totals/2016-04-03_t.csv", "caseload/2016-04-05_c.csv", "caseload/2016-04-06_d.csv"
ONLY = "caseload/2016-05-05_e.csv"
BEGUN, PLACED = "trajectory_events/2016-02-10_e.csv", "trajectory_events/2016-04-10_e.csv"
LATER = "trajectory_events/2016-04-20_e.csv"
DAY = date(2027, 1, 4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """March three times, and a total about it; April, and what waited about it; May once; clients who started, of whom
    two were placed. A steward took back or refused all but the second of March, the first of April and one placement.
    """
    made = Folder.at(tmp_path_factory.mktemp("withdrawn"))
    made.put(OLD, stock("01-03-2016", 9))
    made.put(FIRST, stock("01-03-2016", 7))
    made.put(AGAIN, stock("01-03-2016", 8))
    made.put(APRIL, stock("01-04-2016", 7))
    made.put(TOTAL, csv(TOTALS, [total(peildatum="01-03-2016", aantal=9)]))
    made.put(WAITS, stock("01-04-2016", 6, 30, 31))
    made.put(ONLY, stock("01-05-2016", 7))
    made.put(BEGUN, csv(EVENTS, [event(n, "gestart", f"2016-01-1{n}", f"E{n}") for n in range(3)]))
    made.put(PLACED, csv(EVENTS, [event(0, "geplaatst", "2016-04-05", "E7")]))
    made.put(LATER, csv(EVENTS, [event(1, "geplaatst", "2016-04-15", "E8")]))
    made.run()
    for name in (OLD, AGAIN, TOTAL, ONLY, PLACED):
        decide(writer_on(made, DAY), Decision.RETRACTED, name, by="A. Steward", why="sent by mistake")
    decide(writer_on(made, DAY), Decision.REFUSED, WAITS, by="B. Steward", why="unreadable")
    made.run()
    return made


def explain(folder: Folder, table: str, *key: str, column: str | None = None) -> Explanation:
    return explain_figure(folder.writer(), table, key, column=column)


def told(of: Explanation | ExplainedCell) -> list[str]:
    """Of the figure, and of those that it comes from."""
    below = [text for cell in of.cells for text in told(cell)]
    return [*(each.text for each in of.stated if each.part == PART), *below]


def retracted(name: str, rows: str) -> str:
    return f"{name}: retracted on {DAY} by A. Steward: sent by mistake; {rows} of it about this would decide"


OF_MARCH = retracted(AGAIN, "8 rows")
OF_APRIL = f"{WAITS}: refused on {DAY} by B. Steward: unreadable; 6 rows of it about GM0899 2016-04-01 never counted"
OF_A_CLIENT = retracted(PLACED, "1 row")


def test_it_is_told_with_who_why_and_when_and_names_no_row(folder: Folder) -> None:
    """What is older than the delivery that counts would decide nothing, nor would a total beside benefits."""
    found = explain(folder, "caseload_stock", "GM0899", "2016-03-01", "pw", column="benefits")

    assert (found.value, told(found)) == (7, [OF_MARCH])
    assert {trace.file_name for trace in found.traces} == {FIRST}
    assert f"└─ {PART}: {OF_MARCH}" in tree(found)
    assert {"part": PART, "text": OF_MARCH} in found.as_dict()["stated"]


def test_so_is_what_waited_and_was_refused(folder: Folder) -> None:
    assert told(explain(folder, "caseload_stock", "GM0899", "2016-04-01", "pw", column="benefits")) == [OF_APRIL]


@pytest.mark.parametrize(
    ("table", "key", "column", "texts"),
    [
        ("caseload_stock", ("GM0899", "2016-04-01", "pw"), "change", [OF_APRIL, OF_MARCH]),
        ("caseload_stock", ("GM0899", "2016-04-01", "pw"), None, [OF_APRIL, OF_MARCH]),
        ("caseload_service", ("2016-03-01", "pw"), "municipalities", [OF_MARCH]),
        ("caseload_flow", ("GM0899", "2016-04-01", "pw"), "inflow", [OF_APRIL, OF_MARCH]),
        ("calendar", ("GM0899", "2016-03-01"), "state", [OF_MARCH]),
        ("programme_progress", ("INNOVATIEF2016", "*", "2016-04-01"), "placed", [OF_A_CLIENT]),
        ("programme_progress", ("INNOVATIEF2016", "RE01", "2016-04-01"), "placed", [OF_A_CLIENT]),
        ("programme_progress", ("INNOVATIEF2016", "*", "2016-03-01"), "placed", []),
        ("trajectories", ("T0", "RE01"), "placed_on", [OF_A_CLIENT]),
        ("trajectories", ("T1", "RE01"), "placed_on", []),
    ],
)
def test_each_is_told_once_beside_figures_that_it_is_about(
    folder: Folder, table: str, key: tuple[str, ...], column: str | None, texts: list[str]
) -> None:
    assert sorted(told(explain(folder, table, *key, column=column))) == sorted(texts)


def test_of_a_figure_that_is_gone_with_it_that_is_said_too(folder: Folder) -> None:
    with pytest.raises(NothingToShow) as missing:
        explain(folder, "caseload_stock", "GM0899", "2016-05-01", "pw")

    assert retracted(ONLY, "7 rows") in str(missing.value)


def test_what_the_log_keeps_of_a_delivery_says_what_its_rows_say(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most are asked of what is kept; a delivery of very many places and dates is read."""

    def every() -> list[list[str]]:
        asked = [(name, row) for name in BY_STOCK for row in folder.table(name).iter_rows(named=True)]
        keys = [(name, [str(row[key]) for key in TABLES[name].key]) for name, row in asked]
        return [told(explain(folder, name, *key, column=column)) for name, key in keys for column in BY_STOCK[name]]

    by_what_is_kept = every()
    assert sum(map(bool, by_what_is_kept)) > 10

    monkeypatch.setattr(LogLineage, "kept_scopes", lambda *_: None)

    assert every() == by_what_is_kept


BY_STOCK = {
    "caseload_stock": ("benefits", "change_pct", "record_since"),
    "caseload_flow": ("opening", "inflow"),
    "caseload_service": ("benefits",),
}
