"""A source and a table are added by their declarations alone: the how-to page, carried out in a copy of the project."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.guide import Run, WriteFile, sittings, steps

PROJECT = Path(__file__).parents[2]
PARTS = ("src", "schemas", "flows", "server", "docs", "pyproject.toml")


@dataclass(frozen=True)
class Carried:
    """A copy of the project in which the page was carried out, and what every command gave."""

    root: Path
    commands: list[dict[str, str]]

    def output(self, command: str, nth: int = 0) -> str:
        """What a command printed; ``nth`` where the page has it more than once."""
        return [each["output"] for each in self.commands if each["command"].startswith(f"uitstroom {command}")][nth]


def copy_the_project(root: Path) -> None:
    """What a program needs of it."""
    for part in PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root / part)


def modules_from(root: Path) -> dict[str, str]:
    """The environment in which Python takes its modules from a copy, and compiles each once."""
    paths = (root / "src", root, PROJECT)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONDONTWRITEBYTECODE": ""}


pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Carried:
    root = tmp_path_factory.mktemp("guide")
    copy_the_project(root)
    environment = modules_from(root)
    commands = []
    for sitting in range(len(sittings())):
        script = PROJECT / "tests" / "house" / "walk.py"
        ran = subprocess.run(
            [sys.executable, script, root, str(sitting)],
            env=environment,
            capture_output=True,
            check=False,
            text=True,
            timeout=1200,
        )
        assert ran.returncode == 0, ran.stderr
        commands += [json.loads(line) for line in ran.stdout.splitlines()]
    return Carried(root, commands)


def test_every_command_of_the_page_ends_as_the_page_says(carried: Carried) -> None:
    wanted = [(step.command, step.code) for step in steps() if isinstance(step, Run)]
    assert [(each["command"], each["code"]) for each in carried.commands] == wanted
    assert len(wanted) > 10


def test_it_adds_three_files_and_changes_none(carried: Carried) -> None:
    written = [step.path for step in steps() if isinstance(step, WriteFile) and step.path.endswith(".py")]
    assert written == [
        "schemas/sources/sanctions.py",
        "schemas/tables/sanctions.py",
        "src/pipeline/caseload/sanctions_by_month.py",
    ]
    assert not any((PROJECT / path).exists() for path in written)
    for part in ("src", "schemas"):
        for path in (PROJECT / part).rglob("*.py"):
            assert (carried.root / path.relative_to(PROJECT)).read_bytes() == path.read_bytes()


def test_check_names_rule_row_and_column_and_writes_nothing(carried: Carried) -> None:
    first, second = carried.output("check"), carried.output("check", 1)
    assert "would be recorded as sanctions" in first
    assert "SANCTION-002" in first
    assert "verlaging_pct: row 4" in first
    assert "would be recorded as sanctions" in second


def test_the_table_counts_what_counts(carried: Carried) -> None:
    shown = carried.output("show sanctions_by_month")
    assert "| GM0899            | 2017-01-01 | 2         | 2       |" in shown
    assert "| GM0882            | 2017-01-01 | 1         | 1       |" in shown


def test_a_figure_leads_to_its_rows(carried: Carried) -> None:
    explained = carried.output("explain")
    assert "2 rows of raw/sanctions/2017-02-07_sanctions.csv" in explained
    assert "rows 2-3" in explained


def test_a_correction_is_a_restatement_with_its_delivery_as_the_cause(carried: Carried) -> None:
    assert "recorded: sanctions/2017-03-07_sanctions.csv" in carried.output("diff")
    assert "2 → 3" in carried.output("diff")
    january = next(line for line in carried.output("show restatements").splitlines() if "GM0899|2017-01-01" in line)
    delivery = next(
        line.split("|")[1].strip()
        for line in carried.output("show deliveries").splitlines()
        if "2017-03-07_sanctions.csv" in line
    )
    assert delivery in january
    assert "recorded" in january


def test_as_known_before_the_correction_it_is_what_it_was(carried: Carried) -> None:
    assert (
        carried.output("show sanctions_by_month", 1).splitlines()[:4]
        == (carried.output("show sanctions_by_month").splitlines()[:4])
    )


def test_a_backfill_reads_its_deliveries_again(carried: Carried) -> None:
    plan = carried.output("backfill")
    assert "read sanctions/2017-02-07_sanctions.csv again" in plan
    assert "2 deliveries give the same rows and findings again" in plan


def test_a_retraction_takes_the_figure_back_and_is_the_cause(carried: Carried) -> None:
    back = carried.output("diff", 1)
    assert "retracted: sanctions/2017-03-07_sanctions.csv" in back
    assert "3 → 2" in back


def test_a_rebuild_gives_the_same_bytes_and_all_is_whole(carried: Carried) -> None:
    assert "the same bytes" in carried.output("rebuild")
    assert "are whole" in carried.output("verify")


def test_no_number_of_a_person_leaves_raw(carried: Carried) -> None:
    outside = [each for each in (carried.root / "data").rglob("*") if each.is_file() and "raw" not in each.parts]
    assert outside
    for number in (b"123456782", b"111111110"):
        assert not [each for each in outside if number in each.read_bytes()]
        assert not [each for each in carried.commands if number.decode() in each["output"]]


def test_reference_pages_know_the_source_its_rules_and_the_table(carried: Carried) -> None:
    environment = modules_from(carried.root)
    subprocess.run(
        [sys.executable, "-m", "pipeline.reference.pages"], cwd=carried.root, env=environment, check=True, timeout=1200
    )
    pages = "\n".join(page.read_text(encoding="utf-8") for page in (carried.root / "docs" / "reference").glob("*.md"))
    for word in ("SANCTION-002", "Verlaging is geen percentage", "sanctions_by_month", "maatregelnummer"):
        assert word in pages
