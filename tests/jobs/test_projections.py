"""Projections see what they declare and nothing else, every table has exactly one, and the order of asking is free."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.caseload.stock import stock_lines
from pipeline.caseload.stock_membership import IN_STOCK
from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.declared_inputs import DeclaredInputs
from pipeline.jobs.projections import BY_PROVIDER, COUNTED, KEPT_TABLES, PROJECTIONS, SOURCES_OF
from pipeline.trajectories.programme_facts import started
from pipeline.versions.projection import Judge, Known, Projection, UndeclaredInput
from schemas.catalogue import SOURCES, TABLES
from schemas.source import ReadMode, Source
from schemas.sources import caseload, caseload_totals, provider_reports, trajectory_events
from schemas.table import Table
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from tests.jobs.all_sources import ALL_SOURCES
from tests.jobs.changed_tree import Edit, answers
from tests.jobs.folder import Folder
from tests.jobs.state import states_of

DAYS = (None, date(2017, 3, 21))
EVERY_DAY = pytest.mark.parametrize("day", DAYS)
PROJECTED = [name for name, table in TABLES.items() if not table.names_release]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[date | None], AsOfState]:
    """A state of a folder with deliveries of every source, in which nothing has been asked yet."""
    folder = Folder.at(tmp_path_factory.mktemp("all"))
    for name, content in ALL_SOURCES.items():
        folder.put(name, content)
    folder.take_in()
    (read,) = states_of(folder, None, afresh=True, keeps=False)
    return lambda day: AsOfState(read.contents, day)


def made_up(project: Callable[[Known], pl.DataFrame], *inputs: Source | Table) -> Projection:
    """A projection of the stock that asks what it likes."""
    return Projection(table=CASELOAD_STOCK, inputs=inputs, project=project, explain=())


def ask(state: AsOfState, projection: Projection) -> pl.DataFrame:
    assert projection.project is not None
    return projection.project(DeclaredInputs(state, projection))


ASKED = pl.DataFrame({"client_key": ["nobody"], "reference_date": [date(2017, 2, 1)]})
REPORTED = pl.DataFrame({"provider_code": ["RE01"], "delivered_on": [date(2017, 3, 8)]})
JUDGE = Judge(judge=lambda reports, _: reports.select("provider_code"), shape=pl.Schema({"provider_code": pl.String()}))

UNDECLARED: dict[str, Callable[[Known], object]] = {
    "caseload: rows": lambda known: known.rows(caseload.SOURCE),
    "caseload: redelivered": lambda known: known.redelivered(caseload.SOURCE),
    "caseload: reach": lambda known: known.reach(caseload_totals.SOURCE, caseload.SOURCE),
    "caseload: look_up": lambda known: known.look_up(IN_STOCK, ASKED),
    "caseload: once": lambda known: known.once(stock_lines),
    "caseload: rows of a day before": lambda known: known.on(date(2017, 3, 1)).rows(caseload.SOURCE),
    "caseload: once on a day before": lambda known: known.on(date(2017, 3, 1)).once(stock_lines),
    "caseload_stock: table": lambda known: known.table(CASELOAD_STOCK),
    "trajectory_events: providers": lambda known: known.providers(trajectory_events.SOURCE),
    "trajectory_events: provider_part": lambda known: known.provider_part(trajectory_events.SOURCE, started),
    "trajectory_events: beside": lambda known: known.beside_providers(trajectory_events.SOURCE, REPORTED, JUDGE),
}
"""What is asked for, and how."""


@EVERY_DAY
def test_the_last_day_of_delivery_is_declared_too(day: date | None, fresh: Callable[[date | None], AsOfState]) -> None:
    """It is another one when a file came of which nothing counts, and what is kept does not know of that file."""

    def project(known: Known) -> pl.DataFrame:
        return pl.DataFrame({"latest": [known.latest]})

    with pytest.raises(UndeclaredInput, match="looks at latest"):
        ask(fresh(day), made_up(project))
    told = ask(fresh(day), replace(made_up(project), looks_at_latest=True))
    assert told["latest"].to_list() == [fresh(day).latest]


@pytest.mark.parametrize("asked", ["statuses", "other_names", "log_findings", "versions", "twins"])
def test_what_does_not_count_is_looked_at_by_tables_that_are_made_every_night(
    asked: str, fresh: Callable[[date | None], AsOfState]
) -> None:
    def project(known: Known) -> pl.DataFrame:
        return getattr(known, asked).select(found=pl.len())

    with pytest.raises(UndeclaredInput, match="looks_at_what_waits"):
        ask(fresh(None), made_up(project, caseload_totals.SOURCE))
    for allowed in (made_up(project), replace(made_up(project, caseload_totals.SOURCE), looks_at_what_waits=True)):
        assert ask(fresh(None), allowed).height == 1


def test_tables_are_kept_that_rest_on_what_counts_alone() -> None:
    assert {name for name in SOURCES_OF if SOURCES_OF[name]} - {"calendar"} == KEPT_TABLES


@pytest.mark.parametrize("question", UNDECLARED)
@EVERY_DAY
def test_an_input_that_is_not_declared_is_not_given(
    question: str, day: date | None, fresh: Callable[[date | None], AsOfState]
) -> None:
    def project(known: Known) -> pl.DataFrame:
        UNDECLARED[question](known)
        return CASELOAD_STOCK.empty()

    what = question.partition(":")[0]
    with pytest.raises(UndeclaredInput, match=f"caseload_stock looks at {what}: add it to its inputs"):
        ask(fresh(day), made_up(project, caseload_totals.SOURCE, provider_reports.SOURCE))


@pytest.mark.parametrize("question", UNDECLARED)
@EVERY_DAY
def test_the_same_input_is_given_where_it_is_declared(
    question: str, day: date | None, fresh: Callable[[date | None], AsOfState]
) -> None:
    def project(known: Known) -> pl.DataFrame:
        UNDECLARED[question](known)
        return CASELOAD_STOCK.empty()

    projection = made_up(project, *SOURCES.values(), *TABLES.values())
    assert ask(fresh(day), projection).is_empty()


def test_a_source_does_not_stand_for_a_table_of_the_same_name(fresh: Callable[[date | None], AsOfState]) -> None:
    namesake = replace(CASELOAD_FLOW, name=caseload.SOURCE.name)
    with pytest.raises(UndeclaredInput, match="looks at caseload"):
        ask(fresh(None), made_up(lambda known: known.table(namesake), caseload.SOURCE))


def test_a_shared_step_that_was_kept_is_still_refused_to_who_does_not_declare_its_inputs(
    fresh: Callable[[date | None], AsOfState],
) -> None:
    """Else a table would depend on who came first."""
    state = fresh(None)

    def project(known: Known) -> pl.DataFrame:
        return known.once(stock_lines)

    both = (caseload.SOURCE, caseload_totals.SOURCE)
    kept = ask(state, made_up(project, *both))
    assert kept.height > 0
    assert ask(state, made_up(project, *both, provider_reports.SOURCE)) is kept
    with pytest.raises(UndeclaredInput, match="looks at caseload: "):
        ask(state, made_up(project, caseload_totals.SOURCE))


@pytest.mark.parametrize("name", PROJECTED)
def test_a_projection_asks_for_all_that_it_declares_and_no_more(
    name: str, fresh: Callable[[date | None], AsOfState]
) -> None:
    projection = PROJECTIONS[name]
    assert projection.project is not None
    view = DeclaredInputs(fresh(None), projection)

    table = projection.project(view)

    latest = {(date, "latest")} if projection.looks_at_latest else set()
    assert view.used == {(type(each), each.name) for each in projection.inputs} | latest
    TABLES[name].schema().validate(table)


@EVERY_DAY
def test_tables_are_the_same_in_whatever_order_they_are_asked_for(
    day: date | None, fresh: Callable[[date | None], AsOfState]
) -> None:
    first = fresh(day)
    wanted = {name: first.table(name) for name in PROJECTED}
    orders = [PROJECTED[::-1], *(random.Random(seed).sample(PROJECTED, len(PROJECTED)) for seed in range(3))]

    for order in orders:
        state = fresh(day)
        unlike = [name for name in order if not state.table(name).equals(wanted[name])]
        assert unlike == [], order


@pytest.mark.parametrize("day", DAYS)
def test_every_projection_gives_its_empty_table_on_an_empty_log_and_asks_only_for_what_it_declares(
    tmp_path: Path, day: date | None
) -> None:
    """The cheapest look at a new projection: what it asks without declaring it is found here, and not by a night."""
    (state,) = states_of(Folder.at(tmp_path), day, afresh=True, keeps=False)

    of_the_program = {"municipalities", "programmes", "providers", "codes", "rules"}
    not_empty = {name for name in PROJECTED if not ask(state, PROJECTIONS[name]).equals(TABLES[name].empty())}
    assert not_empty == of_the_program


@pytest.mark.parametrize("source", SOURCES)
def test_a_projection_of_nothing_gives_its_empty_table_whatever_else_was_delivered(tmp_path: Path, source: str) -> None:
    """A state does not make such a table, so it is made here."""
    folder = Folder.at(tmp_path)
    for name, content in ALL_SOURCES.items():
        if name.startswith(f"{source}/"):
            folder.put(name, content)
    folder.take_in()
    (state,) = states_of(folder, None, afresh=True, keeps=False)
    resting = [name for name in PROJECTED if name in KEPT_TABLES and source not in SOURCES_OF[name]]

    assert state.contents.delivered == {source}
    assert [name for name in resting if not ask(state, PROJECTIONS[name]).equals(TABLES[name].empty())] == []
    assert [name for name in resting if not state.table(name).equals(TABLES[name].empty())] == []


def test_every_table_has_its_projection_and_every_source_that_is_digested_says_how() -> None:
    assert list(PROJECTIONS) == list(TABLES)
    assert {name: projection.table for name, projection in PROJECTIONS.items()} == TABLES
    assert [name for name, each in PROJECTIONS.items() if each.project is None] == [
        name for name, table in TABLES.items() if table.names_release
    ]
    assert set(COUNTED) == {name for name, source in SOURCES.items() if source.read is ReadMode.COUNTED}
    assert set(BY_PROVIDER) == {name for name, source in SOURCES.items() if source.read is ReadMode.BY_PROVIDER}


FLOW, COUNTS = "src/pipeline/caseload/flow.py", "src/pipeline/caseload/delivery_counts.py"
DIGEST = "src/pipeline/trajectories/provider_digest.py"
BAD = {
    "BadDeclaration: caseload_flow: no module declares a Projection. Add one to a room of src/pipeline/caseload": Edit(
        FLOW, "\nPROJECTION = ", "\n_PROJECTION = "
    ),
    "BadDeclaration: src/pipeline/caseload/flow.py and src/pipeline/caseload/flow.py: caseload_flow has two": Edit(
        FLOW, "\nPROJECTION = ", "\nANOTHER = Projection(CASELOAD_FLOW, (), None, EXPLAIN)\nPROJECTION = "
    ),
    "BadDeclaration: caseload: no module declares how it is counted (Counted). Add one": Edit(
        COUNTS, "\nCOUNTED = ", "\n_COUNTED = "
    ),
    "BadDeclaration: trajectory_events: no module declares what its providers come to (ByProvider). Add one": Edit(
        DIGEST, "\nBY_PROVIDER = ", "\n_BY_PROVIDER = "
    ),
}


def test_a_declaration_that_is_missing_or_made_twice_is_named_before_anything_runs(tmp_path: Path) -> None:
    found = answers(tmp_path, (Edit(), *BAD.values()))

    assert found[0].error == ""
    for answer, start in zip(found[1:], BAD, strict=True):
        assert answer.error.startswith(start)


def test_the_sources_of_a_table_are_those_of_all_tables_behind_it_too() -> None:
    direct = {name: {each.name for each in of.inputs if isinstance(each, Source)} for name, of in PROJECTIONS.items()}
    tables = {name: {each.name for each in of.inputs} & set(TABLES) for name, of in PROJECTIONS.items()}
    wanted = {name: set(own) for name, own in direct.items()}
    for _ in PROJECTIONS:  # no chain is longer than there are tables
        for name, behind in tables.items():
            wanted[name] |= {source for table in behind for source in wanted[table]}

    assert wanted == SOURCES_OF
    assert SOURCES_OF["benchmark"] == {"caseload", "caseload_totals", "municipal_statistics"}
    assert SOURCES_OF["channel_progress"] == {"trajectory_events"}
    assert SOURCES_OF["relation_findings"] >= {*SOURCES_OF["reconciliation"], "published_figures"}
    assert direct["benchmark"] == {"municipal_statistics", "caseload"}, "else the first of these says nothing"
