"""What is named where a provider is known so far by a file with the same bytes as one before: its row in that file.

Here: which file is named. Not here: how far such a file reaches (``tests/jobs/test_sent_again.py``).
"""

import random
from pathlib import Path
from typing import Any

import pytest

from pipeline.versions.explanation import Trace
from schemas.catalogue import TABLES
from schemas.vocabulary import Decision
from tests.explained.trial import Asked, Lived, faults, state_of
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import CLAIMS, Folder, claim, csv
from tests.jobs.nights import decides, nights

FIRST, AGAIN, LATER = (
    f"trajectory_events/{day}_e.csv" for day in ("2016-03-10", "2016-09-01", "2017-01-10")
)  # fmt: skip
COPY_OF_FIRST = "trajectory_events/2017-03-01_e.csv"
PLACED = csv(EVENTS, [event(1, "gestart", "2016-01-05", "E1"), event(1, "geplaatst", "2016-02-01", "E2")])
OTHER = csv(EVENTS, [event(2, "gestart", "2016-03-08", "E9")])
CLAIM = "published_figures/2016-03-20_c.csv"
_OF_CLAIM = {"indicator": "placed", "gemeentecode": "", "reeks": "", "peildatum": "01-04-2016", "waarde": "1"}
_OF_CLAIM |= {"publicatiedatum": "20-03-2016", "programma": "INNOVATIEF2016"}
FILES = {
    FIRST: PLACED, AGAIN: PLACED, LATER: OTHER, COPY_OF_FIRST: PLACED,
    CLAIM: csv([*CLAIMS, "programma"], [claim(8, **_OF_CLAIM)]),
}  # fmt: skip


def asked(folder: Folder, table: str, column: str, **key: object) -> tuple[dict[str, Any], tuple[Trace, ...]]:
    """A row, and what is named for one of its columns: that alone gives it, and takes every row of it."""
    log = Lived.of(folder.writer())
    whole = log.whole()
    row = state_of(whole, None).table(table).filter(**key).row(0, named=True)
    question = Asked(TABLES[table], row, column, None)
    assert [*faults(log, whole, question, random.Random(1), 99)] == []
    return row, question.explained(whole).traces


def named(traces: tuple[Trace, ...]) -> dict[str, tuple[str, tuple[int, ...]]]:
    return {trace.part: (trace.file_name, trace.rows) for trace in traces}


def test_the_file_that_reaches_so_far_is_named_with_its_day(tmp_path: Path) -> None:
    row, traces = asked(nights(tmp_path, FILES, [FIRST, AGAIN]), "trajectories", "durable", trajectory_id="T1")

    assert row["durable"] is True
    assert named(traces) == {"job": (FIRST, (3,)), "known until": (AGAIN, (3,))}
    assert [str(trace.delivered_on) for trace in traces] == ["2016-03-10", "2016-09-01"]


@pytest.mark.parametrize("column", ["durable", "status", "placed_on"])
def test_a_file_that_a_figure_does_not_need_is_not_named(tmp_path: Path, column: str) -> None:
    folder = nights(tmp_path, FILES, [FIRST, AGAIN, LATER, COPY_OF_FIRST])

    _, traces = asked(folder, "trajectories", column, trajectory_id="T1")

    assert COPY_OF_FIRST not in {trace.file_name for trace in traces}


@pytest.mark.parametrize("column", ["durable", "days_in_trajectory"])
def test_a_copy_speaks_again_where_the_newer_file_was_taken_back(tmp_path: Path, column: str) -> None:
    folder = nights(tmp_path, FILES, [FIRST, AGAIN, LATER, COPY_OF_FIRST], [decides(Decision.RETRACTED, LATER)])

    row, traces = asked(folder, "trajectories", column, trajectory_id="T1")

    assert row["durable"] is True
    assert named(traces)["known until"][0] == COPY_OF_FIRST


@pytest.mark.parametrize("table", ["programme_progress", "programme_occupancy"])
def test_the_last_month_of_a_programme_rests_on_it(tmp_path: Path, table: str) -> None:
    folder = nights(tmp_path, FILES, [FIRST, AGAIN])
    last = folder.table(table)["month"].max()

    _, traces = asked(folder, table, TABLES[table].not_key[-1], month=last)

    assert AGAIN in {trace.file_name for trace in traces}


def test_a_claim_is_known_as_of_the_day_on_which_it_was_sent_again(tmp_path: Path) -> None:
    folder = nights(tmp_path, FILES, [FIRST, CLAIM], [AGAIN])

    row, traces = asked(folder, "published_figures_check", "as_known_on", claim_id="P-8")

    assert str(row["as_known_on"]) == "2016-09-01"
    assert AGAIN in {trace.file_name for trace in traces}
