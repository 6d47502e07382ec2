"""A few figures of one random history in every test run, more of them in ``make test-system``; and that every table and
column of the catalogue is tried, or a written reason says why it is not.
"""

import random

import pytest

from schemas.catalogue import TABLES
from tests.explained.__main__ import one_history, one_restated, tried_in
from tests.explained.lived import lived
from tests.explained.trial import UNTRIED, Lived, Tried, cells
from tests.jobs.folder import Folder

SEED = 13
"""Of a history in which every table has a row."""
OF_THE_CASELOAD = (
    "caseload_stock", "caseload_flow", "outflow_reasons", "benchmark", "reconciliation", "published_figures_check",
    "deliveries", "findings", "relation_findings",
)  # fmt: skip
EVERY = tuple(name for name in TABLES if name not in UNTRIED)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = Folder.at(tmp_path_factory.mktemp("lived"))
    lived(folder, SEED)
    return Lived.of(folder.writer())


def _faults(told: dict[str, Tried]) -> list[str]:
    return [fault for own in told.values() for fault in (*own.insufficient, *own.unneeded)]


def test_named_rows_alone_give_a_figure_and_each_is_needed(log: Lived) -> None:
    names = (*OF_THE_CASELOAD, "placement_outcomes")
    told = tried_in(log, random.Random(SEED), names, len(names), 2)
    assert len(told) > len(names) / 3, "else hardly anything was tried"
    assert _faults(told) == []


@pytest.mark.system
def test_named_rows_of_many_figures_alone_give_them_and_each_is_needed() -> None:
    assert _faults(one_history(20, EVERY, 3 * len(EVERY), 2)) == []


@pytest.mark.system
def test_named_rows_give_figures_that_a_release_changed_as_they_were_before_and_after() -> None:
    told = one_restated(1000, 12, 2)
    assert told["restatements"].rows > 12
    assert _faults(told) == []


def test_every_column_of_every_table_is_tried_or_excused(log: Lived) -> None:
    """``cells`` asks for every column in turn, so that a few figures of a table are a few of its columns."""
    wanted = {(name, column) for name in EVERY for column in (*TABLES[name].not_key, TABLES[name].key[0])}
    turns = max(len(TABLES[name].not_key) + 1 for name in EVERY)
    asked = cells(log.whole(), random.Random(SEED), None, EVERY)
    found = {(each.table.name, each.column) for each, _ in zip(asked, range(turns * len(EVERY)), strict=False)}
    assert wanted - found == set()


def test_an_excuse_is_a_reason_for_a_table() -> None:
    assert UNTRIED.keys() <= TABLES.keys()
    assert all(len(reason.split()) > 4 for reason in UNTRIED.values())
