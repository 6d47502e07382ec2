"""What is kept beside the counts of a long delivery explains a figure with the same rows as the delivery itself.

Here: figures of whole histories. Not here: the rows of one delivery, many times over (``caseload/test_benefits_read``).
"""

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.jobs.as_of import log_contents
from pipeline.jobs.lineage.explain import explained, lineage_of
from pipeline.jobs.show import current_release
from pipeline.store.kept_results import KEPT
from schemas.catalogue import TABLES
from schemas.source import Source
from tests.explained.lived import lived
from tests.jobs.folder import Folder, benefit, caseload
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.system
OVER_TIME = ("caseload_flow", "outflow_reasons")
ROWS = 8
"""Of each table, spread over it: an explanation takes a third of a second."""


def _told_folder(ready_made: ReadyMade, path: Path, seed: int) -> Folder:
    """A history in which something is told of every delivery, however short; made once for all tests here."""

    def make(draft: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(log_contents, "WORTH_TELLING", 0)
            folder = Folder.at(draft)
            lived(folder, seed)
            folder.run()

    shutil.copytree(ready_made.path(f"told-{seed}", make), path, symlinks=True, dirs_exist_ok=True)
    return Folder.at(path)


def _told(folder: Folder) -> Path:
    return folder.data / "curated" / KEPT / "told-caseload"


def _answers(folder: Folder) -> list[dict[str, Any]]:
    """Figures of some rows of the tables over time, each explained: most are told by the same readings."""
    workspace = folder.writer()
    found = []
    for name in OVER_TIME:
        lineage = lineage_of(workspace, current_release(workspace.settings), TABLES[name])
        rows = lineage.scan(TABLES[name]).collect()
        for row in rows.gather_every(max(1, rows.height // ROWS)).iter_rows(named=True):
            found += [explained(lineage, TABLES[name], row, column).as_dict() for column in TABLES[name].not_key]
    return found


@pytest.mark.parametrize("seed", [13, 14, 15])
def test_rows_that_were_kept_explain_as_those_that_are_read(tmp_path: Path, ready_made: ReadyMade, seed: int) -> None:
    folder = _told_folder(ready_made, tmp_path, seed)
    kept = _answers(folder)
    assert len(kept) > 20
    assert any(_told(folder).glob("*.cell"))

    shutil.rmtree(_told(folder))

    assert kept == _answers(folder)

    # Without the counts of one delivery the log says which one counts.
    first, *_others = sorted((folder.data / "curated" / KEPT / "counts-caseload").glob("*.cell"))
    first.unlink()

    assert kept == _answers(folder)


def test_what_was_kept_is_used_and_stays_while_its_delivery_counts(
    tmp_path: Path, ready_made: ReadyMade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_contents, "WORTH_TELLING", 0)
    folder = _told_folder(ready_made, tmp_path, 13)
    before = sorted(path.name for path in _told(folder).glob("*.cell"))
    looked_at: list[bool] = []
    told = log_contents.LogContents.told

    def looked(
        contents: log_contents.LogContents, source: Source, reading: log_contents.Reading
    ) -> pl.DataFrame | None:
        found = told(contents, source, reading)
        looked_at.append(found is not None)
        return found

    monkeypatch.setattr(log_contents.LogContents, "told", looked)
    folder.put("caseload_totals/2018-09-01_t.csv", "x")
    folder.run()

    _answers(folder)

    assert sorted(path.name for path in _told(folder).glob("*.cell")) == before
    assert looked_at
    assert all(looked_at)


@pytest.mark.parametrize(("least", "is_told"), [(0, True), (log_contents.WORTH_TELLING, False)])
def test_a_short_delivery_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int, is_told: bool) -> None:
    monkeypatch.setattr(log_contents, "WORTH_TELLING", least)
    folder = Folder.at(tmp_path)
    folder.put("caseload/2017-02-07_short.csv", caseload(benefit(1), benefit(2)))
    folder.run()

    assert _told(folder).exists() == is_told
