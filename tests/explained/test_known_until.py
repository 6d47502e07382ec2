"""Until which day a claim is said to be known that was judged later: the last delivery, or a later decision."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.known_on import state_on
from pipeline.jobs.release.publish import release
from pipeline.jobs.workspace import Writer, open_writer
from schemas.tables.checks import PUBLISHED_FIGURES_CHECK
from schemas.vocabulary import Decision
from tests.explained.trial import Asked, Lived, faults, state_of
from tests.jobs.all_sources import REPORTS
from tests.jobs.folder import CLAIMS, Folder, benefit, caseload, claim, csv

CLAIM = "published_figures/2016-03-01_k.csv"
FIRST, AGAIN, LAST = "caseload/2016-03-05_a.csv", "caseload/2016-04-02_b.csv", "caseload/2016-04-05_c.csv"
Step = tuple[date, Decision, str]
RETRACTED = (date(2016, 4, 20), Decision.RETRACTED, AGAIN)
REINSTATED = (date(2016, 5, 25), Decision.REINSTATED, AGAIN)
WORDS = ("explanation", "explanation_nl")


def stock(day: str, size: int, *bad: int) -> str:
    unreadable = (benefit(number, peildatum=day, ingangsdatum="31-02-2016") for number in bad)
    return caseload(*(benefit(number, peildatum=day) for number in range(size)), *unreadable)


def writer_on(folder: Folder, day: date) -> Writer:
    return open_writer(folder.settings, clock=lambda: datetime(day.year, day.month, day.day, tzinfo=UTC))


def delivered(path: Path, steps: Iterable[Step], again: str) -> Folder:
    """A claim about a stock that came later, and came again; then what a steward decided, each on its day."""
    folder = Folder.at(path, publishes=False)
    delivered_in(folder, again)
    for day, decision, name in steps:
        decide(writer_on(folder, day), decision, name, by="a steward", why="to see what happens")
        take_in(writer_on(folder, day), lambda _: None)
    return folder


def delivered_in(folder: Folder, again: str) -> None:
    about = {"publicatiedatum": "01-03-2016", "peildatum": "01-03-2016", "waarde": 8}
    folder.put(CLAIM, csv(CLAIMS, [claim(1, **about)]))
    folder.put(FIRST, stock("01-03-2016", 8))
    folder.put(AGAIN, again)
    folder.put(LAST, stock("01-04-2016", 8))
    take_in(writer_on(folder, date(2016, 4, 10)), lambda _: None)


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., dict[str, object]]:
    """The verdict; it must be the same as known on the day until which it is said to be known, and each of its words
    and the day rest on what is named for them.
    """

    def verdict(*steps: Step, again: str | None = None) -> dict[str, object]:
        folder = delivered(tmp_path, steps, again or stock("01-03-2016", 7))
        log = Lived.of(folder.writer())
        whole = log.whole()
        (row,) = state_of(whole, None).table(PUBLISHED_FIGURES_CHECK.name).to_dicts()
        (then,) = (
            state_on(log.workspace, row["as_known_on"], lambda _: None).table(PUBLISHED_FIGURES_CHECK.name).to_dicts()
        )
        assert then["value_found"] == row["value_found"]
        for column in ("as_known_on", *WORDS):
            asked = Asked(PUBLISHED_FIGURES_CHECK, row, column, None)
            assert [*faults(log, whole, asked, random.Random(1), 99)] == []
        return row

    return verdict


def test_without_a_decision_it_is_the_day_of_the_last_delivery(told: Callable[..., dict[str, object]]) -> None:
    row = told()

    assert (row["value_found"], row["as_known_on"]) == (7.0, date(2016, 4, 5))


@pytest.mark.parametrize(("steps", "value"), [([RETRACTED], 8.0), ([RETRACTED, REINSTATED], 7.0)])
def test_a_later_decision_that_changes_what_counts_is_told(
    told: Callable[..., dict[str, object]], steps: list[Step], value: float
) -> None:
    row = told(*steps)

    assert (row["value_found"], row["as_known_on"]) == (value, steps[-1][0])
    assert f"as known on {steps[-1][0]}: " in str(row["explanation"])
    assert f"zoals bekend op {steps[-1][0].day} " in str(row["explanation_nl"])


def test_what_waited_is_known_from_the_day_on_which_it_was_let_in(told: Callable[..., dict[str, object]]) -> None:
    row = told((date(2016, 5, 2), Decision.ACCEPTED, AGAIN), again=stock("01-03-2016", 7, 30, 31))

    assert (row["value_found"], row["as_known_on"]) == (7.0, date(2016, 5, 2))


def test_that_what_waited_is_refused_changes_nothing(told: Callable[..., dict[str, object]]) -> None:
    row = told((date(2016, 5, 2), Decision.REFUSED, AGAIN), again=stock("01-03-2016", 7, 30, 31))

    assert (row["value_found"], row["as_known_on"]) == (8.0, date(2016, 4, 5))


def test_a_table_that_is_kept_tells_a_decision_about_a_source_that_it_does_not_rest_on(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    delivered_in(folder, stock("01-03-2016", 7))
    report = "provider_reports/2016-04-03_r.csv"
    counts = dict(zip(REPORTS[4:], (1, 1, 0, 0, 0), strict=True))
    of = {"aanbieder": "RE01", "programma": "INNOVATIEF2016", "periode_van": "2016-01-01", "periode_tot": "2016-04-01"}
    folder.put(report, csv(REPORTS, [of | counts]))
    take_in(writer_on(folder, date(2016, 4, 11)), lambda _: None)
    release(writer_on(folder, date(2016, 4, 11)), lambda _: None)
    decide(writer_on(folder, RETRACTED[0]), Decision.RETRACTED, report, by="a steward", why="to see what happens")

    release(writer_on(folder, RETRACTED[0]), lambda _: None)

    assert folder.table(PUBLISHED_FIGURES_CHECK.name)["as_known_on"].to_list() == [RETRACTED[0]]
