"""Prefect's newer page is taken out of an installation, and of nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server import remove_v2_ui
from server.remove_v2_ui import TwoPages, remove_newer, server_folder
from server.serve import CannotServe, _leave_one_page


@pytest.fixture
def server(tmp_path: Path) -> Path:
    for name in ("ui", "ui_build", "ui-v2", "ui_v2_build"):
        (tmp_path / name / "assets").mkdir(parents=True)
        (tmp_path / name / "assets" / "page.js").write_text("page")
    return tmp_path


def test_the_newer_page_goes_and_the_other_stays(server: Path) -> None:
    assert remove_newer(server) == ["ui-v2", "ui_v2_build"]
    assert {path.name for path in server.iterdir()} == {"ui", "ui_build"}
    assert remove_newer(server) == []


def test_it_is_found_where_it_is_installed() -> None:
    import prefect

    assert server_folder() / "ui" == Path(prefect.__ui_static_path__)
    assert {server_folder() / name for name in remove_v2_ui.NEWER} == {
        Path(prefect.__ui_v2_static_path__), Path(prefect.__ui_v2_static_subpath__),
    }  # fmt: skip


def test_what_cannot_be_removed_ends_serving_with_a_sentence(server: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    monkeypatch.setattr(remove_v2_ui, "server_folder", lambda: server)

    with pytest.raises(TwoPages, match=r"cannot be removed \(Permission denied: .*ui-v2\)\. As the owner"):
        remove_newer(server)
    with pytest.raises(CannotServe, match="As the owner of that folder run once"):
        _leave_one_page()
    assert remove_v2_ui.main() == 1


def test_without_prefect_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remove_v2_ui, "find_spec", lambda _name: None)

    with pytest.raises(TwoPages, match="Prefect is not installed here"):
        server_folder()


def test_prefect_itself_is_not_loaded_for_it() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "import sys, server.remove_v2_ui as page; page.main(); print('prefect' in sys.modules)"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1] == "False"
