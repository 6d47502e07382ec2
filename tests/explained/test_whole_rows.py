"""What is told of a whole row, of a value of its key, and of what stewards decided."""

import random
import re
from pathlib import Path

import pytest

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.lineage.explain import Explanation, explain_figure, explained
from pipeline.jobs.lineage.lineage import LogLineage
from pipeline.jobs.projections import PROJECTIONS
from pipeline.steward.explanation_text import tree
from schemas.catalogue import TABLES
from schemas.vocabulary import Decision
from tests.explained.lived import lived
from tests.explained.trial import UNTRIED, Lived, state_of
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import CBS, CLAIMS, Folder, benefit, caseload, claim, csv, region

EVERY = tuple(name for name in TABLES if name not in UNTRIED)
OF_THE_CASELOAD = (
    "caseload_stock", "caseload_service", "caseload_flow", "outflow_reasons", "benchmark", "reconciliation",
    "published_figures_check", "calendar",
)  # fmt: skip
OF_PROGRAMMES = (
    "trajectories", "programme_progress", "target_group_progress", "method_progress", "channel_progress",
    "programme_occupancy", "placement_outcomes", "activation",
)  # fmt: skip
"""Tables of which the rows behind all columns together give the row."""
JANUARY, FEBRUARY = "caseload/2017-01-06_a.csv", "caseload/2017-02-06_a.csv"


def month(day: str, size: int) -> str:
    return caseload(*(benefit(n, peildatum=day) for n in range(size)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    made = Folder.at(tmp_path_factory.mktemp("rows"))
    made.put(JANUARY, month("01-01-2017", 6))
    made.put(FEBRUARY, month("01-02-2017", 7))
    made.put("published_figures/2017-03-01_k.csv", csv(CLAIMS, [claim(1, publicatiedatum="01-03-2017", waarde=7)]))
    made.put("municipal_statistics/2017-11-30_83747NED_2016.csv", csv(CBS, [region(899, Bijstandsontvangers_2=20)]))
    made.run()
    return made


def explain(folder: Folder, table: str, *key: str, column: str | None = None) -> Explanation:
    return explain_figure(folder.writer(), table, key, column=column)


ROWS = {
    "published_figures_check": (("P-1",), ("caseload_stock", "benefits", 7)),
    "benchmark": (("GM0899", "2016", "recipients"), ("caseload_stock", "persons", 6)),
    "caseload_stock": (("GM0899", "2017-02-01", "pw"), ("caseload_stock", "benefits", 6)),
}


@pytest.mark.parametrize("table", ROWS)
def test_a_whole_row_names_the_figures_that_it_stands_beside(folder: Folder, table: str) -> None:
    key, beside = ROWS[table]

    found = explain(folder, table, *key)

    assert found.own
    assert beside in [(each.table, each.column, each.value) for each in found.cells]
    assert [each["value"] for each in found.as_dict()["cells"]] == [each.value for each in found.cells]
    lines = "\n".join(tree(found))
    assert f"{beside[0]} GM0899" in lines
    assert f"{beside[1]} = {beside[2]}" in lines


@pytest.mark.parametrize("month", ["2016-02-01", "2016-04-01", "2016-05-01"])
def test_who_is_named_for_one_column_does_not_stand_among_those_of_another(tmp_path: Path, month: str) -> None:
    """By the first who started there is a row at all; that she left is needed beside those who were there."""
    made = Folder.at(tmp_path)
    begun = [event(number, "gestart", f"2016-01-{10 + number}", f"E{number}") for number in range(3)]
    left = [event(0, "beeindigd", "2016-02-20", "E9", reden_einde="anders"), event(1, "geplaatst", "2016-03-05", "E8")]
    made.put("trajectory_events/2016-05-10_e.csv", csv(EVENTS, [*begun, *left]))
    made.run()

    found = explain(made, "programme_occupancy", "INNOVATIEF2016", month)

    assert found.figure in _table(Lived.of(made.writer()), "programme_occupancy", found)


@pytest.mark.parametrize("table", ROWS)
def test_the_rows_that_are_named_give_the_whole_row(folder: Folder, table: str) -> None:
    """All that is not left aside in so many words."""
    found = explain(folder, table, *ROWS[table][0])
    aside = next(each.text for each in found.stated if "--column" in each.part).split(", ")
    lived = Lived.of(folder.writer())

    from_rows = _table(lived, table, found)

    wanted = {name: value for name, value in found.figure.items() if name not in aside}
    assert wanted in [{name: row[name] for name in wanted} for row in from_rows]


def _table(lived: Lived, table: str, found: Explanation) -> list[dict[str, object]]:
    return AsOfState(lived.only(found.traces)).table(table).to_dicts()


def test_a_figure_that_several_columns_rest_on_is_named_once(folder: Folder) -> None:
    cells = explain(folder, "caseload_stock", "GM0899", "2017-02-01", "pw").cells

    assert len({(each.table, each.key, each.column) for each in cells}) == len(cells)


def test_of_a_value_of_the_key_it_is_told_what_shows_that_there_is_such_a_row(folder: Folder) -> None:
    found = explain(folder, "caseload_stock", "GM0899", "2017-02-01", "pw", column="reference_date")

    assert [(trace.part, trace.file_name, trace.rows) for trace in found.traces] == [("delivery", FEBRUARY, (2,))]
    assert "shows that there is such a row" in tree(found)[-1]


def test_what_stewards_decided_about_a_delivery_is_named_with_who_and_why(tmp_path: Path) -> None:
    made, held = Folder.at(tmp_path), "caseload/2017-02-08_b.csv"
    bad = [benefit(n, peildatum="01-02-2017", ingangsdatum="31-02-2017") for n in (30, 31)]
    made.put(JANUARY, month("01-01-2017", 6))
    made.put(held, caseload(*(benefit(n, peildatum="01-02-2017") for n in range(7)), *bad))
    made.run()
    decide(made.writer(), Decision.RETRACTED, JANUARY, by="A. Steward", why="sent by mistake")
    decide(made.writer(), Decision.ACCEPTED, held, by="B. Steward", why="seen the letter")
    made.run()

    def decisions(name: str, column: str) -> list[str]:
        found = explain(made, "deliveries", name, column=column)
        assert [trace.file_name for trace in found.own] == [name]
        return [re.sub(r" on \d{4}-\d\d-\d\d by ", " by ", each.text) for each in found.stated]

    for column in ("status", "reason", "version_of_scope"):
        assert decisions(JANUARY, column) == ["retracted by A. Steward: sent by mistake"]
    assert decisions(JANUARY, "rows_recorded") == []
    for column in ("status", "rows_recorded"):
        assert decisions(held, column) == ["accepted by B. Steward: seen the letter"]
    assert decisions(held, "simulated") == []
    stock = explain(made, "caseload_stock", "GM0899", "2017-02-01", "pw", column="benefits")
    told = [each.text for each in stock.stated if each.part == "decision"]
    assert [re.sub(r" on \d{4}-\d\d-\d\d by ", " by ", each) for each in told] == [
        f"{held}: accepted by B. Steward: seen the letter"
    ]


@pytest.mark.system
@pytest.mark.parametrize("what", ["the row", "the key"])
def test_of_random_rows_the_named_rows_give_the_row_and_that_it_is_there(tmp_path: Path, what: str) -> None:
    made, chance = Folder.at(tmp_path), random.Random(3)
    lived(made, 3)
    log, wrong = Lived.of(made.writer()), []
    whole = log.whole()
    for name in (*OF_THE_CASELOAD, *OF_PROGRAMMES) if what == "the row" else EVERY:
        table, rows = TABLES[name], state_of(whole, None).table(name).to_dicts()
        for row in chance.sample(rows, min(2, len(rows))):
            lineage = LogLineage(state_of(whole, None), PROJECTIONS[name])
            found = explained(lineage, table, row, None if what == "the row" else table.key[0])
            left = [part.text.split(", ") for part in found.stated if "--column" in part.part]
            aside = {*table.not_key} if what == "the key" else {column for each in left for column in each}
            wanted = {column: value for column, value in row.items() if column not in aside}
            if wanted not in [{column: each[column] for column in wanted} for each in _table(log, name, found)]:
                wrong.append(f"{name} {found.figure}")
    assert wrong == []
