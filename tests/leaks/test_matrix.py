"""No number of a person leaves raw: form × place × format, then every byte and every table is searched for them."""

import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.jobs.nightly import Night
from pipeline.steward.held_reports import held_report
from pipeline.steward.reports import night_report
from pipeline.steward.terminal_summary import summary
from schemas.catalogue import SOURCES, TABLES
from schemas.signature import signature_problem
from tests.ending import ran_to_its_end
from tests.jobs.folder import KEY, Folder, Ran
from tests.leaks.planted import Plant, plant, searched_columns
from tests.leaks.search import found_in, leaks_below
from tests.ready_made import ReadyMade
from tests.written import FORMS, formed

REPOSITORY = Path(__file__).parents[2]
SHARE = 8
"""While a person waits every column has one form in eight, another eighth in every format."""
PREFECT_SHARE = 1 if os.environ.get("UITSTROOM_MATRIX") == "full" else 4
"""Under Prefect one form in four; all of them, which takes minutes, where UITSTROOM_MATRIX is ``full``."""


@dataclass
class Left:
    """A data folder after two nights over all that is planted, and what was said on the way."""

    folder: Folder
    planted: Plant
    told: dict[str, str] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)

    def command(self, *words: str) -> int:
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            code = main([*words, "--data-dir", str(self.folder.data)])
        self.told[" ".join(words)] = f"{out.getvalue()}\n{err.getvalue()}"
        return code


def put(folder: Folder, planted: Plant) -> None:
    for name, content in planted.files.items():
        folder.put(name, content)


@contextmanager
def heard() -> Iterator[io.StringIO]:
    """All that anything logs meanwhile."""
    handler, root = logging.StreamHandler(io.StringIO()), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield handler.stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """A night; every held delivery is accepted, so that its good rows are recorded; another night; every command."""
    left = Left(Folder.at(tmp_path_factory.mktemp("matrix")), plant(SHARE))
    put(left.folder, left.planted)
    with pytest.MonkeyPatch.context() as patch, heard() as log:
        patch.setenv("UITSTROOM_KEY", KEY)
        left.ran.append(left.folder.run())
        for delivery in left.folder.table("deliveries").filter(status="held")["delivery"]:
            assert left.command("accept", delivery, "--by", "A. Steward", "--reason", "to see what is kept") == 0
        left.ran.append(left.folder.run())
        for name in TABLES:
            left.command("show", name, "--limit", "0")
            left.command("show", name, "--json")
        for words in (["verify"], ["releases"], ["diff"], ["doctor"]):
            left.command(*words)
        for delivery in left.folder.table("deliveries")["delivery"].head(10):
            left.command("explain", "deliveries", delivery)
        left.told["log"] = log.getvalue()
    return left


def test_every_source_format_and_place_has_its_rows(left: Left) -> None:
    deliveries = left.folder.table("deliveries")
    cells = deliveries.filter(deliveries["file_name"].str.contains("_cells|83747NED|37789ksz"))

    assert set(cells["status"]) == {"recorded"}, cells.select("file_name", "status", "reason").rows()
    assert set(cells["source"]) == set(SOURCES)
    assert (cells["rows_recorded"] <= 3).all()
    columns = left.folder.table("findings").filter(rule="VALUE-004").group_by("source").len().rows()
    assert all(count > len(searched_columns(SOURCES[name])) for name, count in columns)


def test_no_byte_and_no_table_outside_raw_holds_a_number(left: Left) -> None:
    below = left.folder.data
    found = {
        f"{part.name}/{name}": {left.planted.numbers[number] for number in numbers}
        for part in below.iterdir()
        if part.name != "raw"
        for name, numbers in leaks_below(part, left.planted.numbers).items()
    }

    assert found == {}
    assert leaks_below(below / "raw", left.planted.numbers)  # the search would find what is there


def test_nothing_said_or_logged_holds_a_number(left: Left) -> None:
    for number, ran in enumerate(left.ran):
        night = Night(ran.receipts, ran.published)
        report = night_report(night)
        left.told[f"receipts {number}"] = repr(ran.receipts)
        left.told[f"summary {number}"] = summary(night)
        left.told[f"report {number}"] = f"{report.markdown}\n{json.dumps(report.tables, ensure_ascii=False)}"
        held = [asdict(each) for each in held_report(ran.published.release)]
        left.told[f"held {number}"] = json.dumps(held, default=str, ensure_ascii=False)
    found = {what: found_in(text, left.planted.numbers) for what, text in left.told.items()}

    assert {what: numbers for what, numbers in found.items() if numbers} == {}
    assert len(left.told["log"]) + len(left.told["report 0"]) > 1_000


def test_nothing_said_steers_a_terminal(left: Left) -> None:
    said = {what: text for what, text in left.told.items() if what.startswith(("show", "verify", "summary", "explain"))}

    assert [what for what, text in said.items() if not text.replace("\n", "").replace("\u202f", "").isprintable()] == []


@pytest.mark.parametrize("name", FORMS)
def test_who_and_why_are_refused_however_a_number_is_written(name: str) -> None:
    text = formed(name, "931063644")

    assert "looks like it holds the number of a person" in str(signature_problem(f"Jan {text}", "a letter"))
    assert "looks like it holds the number of a person" in str(signature_problem("Jan", f"zaak {text}"))


@pytest.mark.parametrize("words", [("accept", "0" * 64), ("rollback", "x"), ("approve", "x" * 12)])
def test_a_command_refuses_them_as_a_form_does(
    tmp_path: Path, words: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UITSTROOM_KEY", KEY)
    left = Left(Folder.at(tmp_path), Plant({}, {}))
    asked = (*words, "--by", "A. Steward", "--reason", "over 931 063 644")

    assert left.command(*asked) == 1
    assert left.told[" ".join(asked)].strip() == (
        "uitstroom: Why ('Waarom') looks like it holds the number of a person: give a ticket number instead."
    )


@pytest.mark.system
def test_a_whole_night_under_prefect_keeps_none_of_the_matrix(tmp_path: Path, ready_made: ReadyMade) -> None:
    folder, planted = Folder.at(tmp_path), plant(PREFECT_SHARE)
    ready_made.database(folder.data)
    put(folder, planted)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    run = ran_to_its_end(
        [sys.executable, "-m", "pipeline.cli", "run", "--data-dir", str(folder.data)],
        env=environment | {"UITSTROOM_KEY": KEY, "PREFECT_LOGGING_LEVEL": "DEBUG"},
        cwd=REPOSITORY,
    )

    assert run.returncode == 0, run.stderr[-2000:]
    assert found_in(run.stdout + run.stderr, planted.numbers) == set()
    found = {
        f"{part.name}/{name}": {planted.numbers[number] for number in numbers}
        for part in folder.data.iterdir()
        if part.name != "raw"
        for name, numbers in leaks_below(part, planted.numbers).items()
    }
    assert found == {}
    assert (folder.data / ".prefect" / "prefect.db").stat().st_size > 100_000
