"""The data folder may lie anywhere: blanks, accents and signs in its path are nothing to a night or a question."""

import os
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.jobs.folder import Folder, benefit, caseload

PARTS = (
    "Mijn documenten", "één café", "50% #1", "[x]", "a?b*c", "{x}", "d'Oude \"IJssel\"", "a;b&c=d+e,f~g:h", "$HOME !",
)  # fmt: skip


@pytest.mark.parametrize("part", [PARTS[0], *(pytest.param(each, marks=pytest.mark.system) for each in PARTS[1:])])
def test_nights_and_questions_read_what_they_wrote(
    tmp_path: Path, part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Folder.at(tmp_path / part / "uit stroom")
    folder.put("caseload/2017-02-07_a.csv", caseload(benefit(1)))
    folder.run()
    folder.put("caseload/2017-03-07_b.csv", caseload(benefit(1, peildatum="01-03-2017")))
    folder.run()

    assert folder.stock()["GM0899", "2017-03-01", "pw"] == 1
    assert folder.problems() == ()
    where = ["--data-dir", os.fspath(folder.settings.data_dir)]
    assert main(["explain", *where, "caseload_stock", "GM0899", "2017-03-01", "pw"]) == 0
    assert "2017-03-07_b.csv" in capsys.readouterr().out


@pytest.mark.parametrize("part", ["50%20", "a\nb", "\udce9"])
def test_what_the_log_cannot_find_again_is_refused_at_the_start(
    tmp_path: Path, part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--data-dir", str(tmp_path / part / "data")]) == 1
    assert "Give the folder another name" in capsys.readouterr().err
