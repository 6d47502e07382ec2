"""The sample run, once for all tests here: sample data, simulated deliveries, the real command in its own process."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Sample:
    """A data folder after its first run, and what that run printed."""

    data_dir: Path
    printed: str

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return uitstroom(*arguments, "--data-dir", str(self.data_dir))

    def json(self, *arguments: str) -> object:
        return json.loads(self.command(*arguments, "--json").stdout)

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet((self.data_dir / "curated" / "current").resolve() / f"{name}.parquet")


def uitstroom(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a person starts it, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "UITSTROOM_"))}
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    data_dir = tmp_path_factory.mktemp("sample") / "data"
    tracked = shutil.ignore_patterns("*_simulated*")
    shutil.copytree(REPOSITORY / "data" / "raw", data_dir / "raw", ignore=tracked)
    simulated = uitstroom("simulate", "--data-dir", str(data_dir))
    assert simulated.returncode == 0, simulated.stderr
    run = uitstroom("run", "--data-dir", str(data_dir))
    assert run.returncode == 0, run.stderr
    return Sample(data_dir, run.stdout)
