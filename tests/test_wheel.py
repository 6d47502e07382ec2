"""The wheel alone, installed in a folder of its own, runs the command and holds its reference lists."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline import __version__
from pipeline.jobs.fingerprints import rules_version, tables_version

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[1]
PACKAGES = {"src": ("pipeline", "uitstroom"), ".": ("flows", "schemas", "server")}
"""By the folder that they stand in."""
PROBE = """
import json, flows.nightly, pipeline, schemas.catalogue, server.serve, uitstroom
from importlib.metadata import version
from pipeline.jobs.fingerprints import rules_version, tables_version
from schemas import reference
print(json.dumps({
    "files": [each.__file__ for each in (flows.nightly, pipeline, schemas.catalogue, server.serve, uitstroom)],
    "version": [pipeline.__version__, version("uitstroom")],
    "fingerprints": [rules_version(), tables_version()],
    "codes": reference.codes("end_reason").height,
}))
"""


def run(*command: str, cwd: Path, installed: Path | None = None) -> str:
    """Output of a command in a process that knows the installed wheel, and not this repository's folders."""
    environment = {**os.environ, "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    environment.pop("PYTHONPATH", None)
    if installed is not None:
        environment |= {"PYTHONPATH": str(installed), "PREFECT_HOME": str(cwd / ".prefect")}
    ran = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT), cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    command = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    run(*command, "--target", str(target), str(wheel), cwd=wheel.parent)
    return target


def test_the_wheel_holds_the_code_and_its_lists_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    code = [(ROOT / place, package) for place, packages in PACKAGES.items() for package in packages]
    expected = {
        str(file.relative_to(base))
        for base, package in code
        for file in (base / package).rglob("*")
        if file.suffix in (".py", ".csv") and "__pycache__" not in file.parts
    }
    assert {name for name in names if ".dist-info/" not in name} >= expected
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {
        each for packages in PACKAGES.values() for each in packages
    }
    assert {"schemas/reference/codes.csv", "schemas/reference/aliases.csv"} <= names


def test_the_installed_wheel_imports_from_its_own_folder_and_knows_the_same_rules(
    installed: Path, tmp_path: Path
) -> None:
    ran = json.loads(run("-c", PROBE, cwd=tmp_path, installed=installed).splitlines()[-1])

    assert all(Path(file).is_relative_to(installed) for file in ran["files"]), ran["files"]
    assert ran["version"] == [__version__, __version__]
    assert ran["codes"] == 45
    assert ran["fingerprints"] == [rules_version(), tables_version()]


def test_the_command_answers(installed: Path, tmp_path: Path) -> None:
    assert run("-m", "pipeline.cli", "--version", cwd=tmp_path, installed=installed).strip() == __version__


def test_the_installed_command_makes_sample_data(installed: Path, tmp_path: Path) -> None:
    ran = run("-m", "pipeline.cli", "simulate", "--json", "--data-dir", "data", cwd=tmp_path, installed=installed)

    files = json.loads(ran)
    assert files
    assert list((tmp_path / "data" / "raw").rglob("*.csv"))
