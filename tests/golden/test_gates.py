"""For every gate a folder with the delivery that it holds, and what its receipt says: ``gates/<rule>/<source>/<file>``
and ``gates.csv``, both meant to be read.

The last file is held, all before it are recorded. Numbers of persons are test numbers. Not here: the edges of each gate
and the order of arrival (``tests/jobs``).
"""

import csv
import shutil
from pathlib import Path

import pytest

from schemas.catalogue import RULES
from schemas.vocabulary import Severity
from tests.jobs.folder import Folder

FOLDER = Path(__file__).parent / "gates"
WAITS = "; nothing of it counts until a steward accepts it or it is delivered again"


def said() -> dict[str, tuple[str, str]]:
    """Per rule the file that is held and the reason it is given."""
    with FOLDER.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {row["rule"]: (row["file"], row["reason"]) for row in csv.DictReader(file, delimiter=";")}


def test_every_gate_has_a_golden_delivery() -> None:
    holding = {rule.code for rule in RULES.values() if rule.severity is Severity.HOLD}

    assert holding == set(said()) == {each.name for each in FOLDER.iterdir()}


@pytest.mark.system
@pytest.mark.parametrize("rule", sorted(said()))
def test_a_gate_holds_its_golden_delivery_and_says_why(tmp_path: Path, rule: str) -> None:
    folder = Folder.at(tmp_path, publishes=False)
    shutil.copytree(FOLDER / rule, folder.settings.data_dir / "raw", dirs_exist_ok=True)
    files = sorted(path.relative_to(FOLDER / rule).as_posix() for path in (FOLDER / rule).rglob("*.csv"))
    held, reason = said()[rule]

    receipts = {each.file_name: each for each in folder.run().receipts}

    assert held == files[-1]
    assert {name: each.status for name, each in receipts.items()} == dict.fromkeys(files, "recorded") | {held: "held"}
    assert (receipts[held].rule, receipts[held].detail) == (rule, reason + WAITS)
    assert folder.problems() == ()
