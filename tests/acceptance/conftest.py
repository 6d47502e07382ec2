"""The sample run, made once for all tests here: the real deliveries and the simulated ones, one night through the jobs.

``make run`` does the same with commands and under Prefect: ``test_sample_commands`` holds both equal.
"""

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from pipeline.cli import main
from pipeline.jobs.nightly import Night, take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.workspace import open_writer
from pipeline.settings import Settings
from pipeline.steward.terminal_summary import summary
from tests.ready_made import ReadyMade

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Sample:
    """A data folder after its first night, and the summary of that night."""

    data_dir: Path
    printed: str

    @property
    def settings(self) -> Settings:
        return settings_of(self.data_dir)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command as a person would type it, in this process: it is spared the start of another one."""
        words, out, err = [*arguments, "--data-dir", str(self.data_dir)], io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(words)
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

    def json(self, *arguments: str) -> object:
        return json.loads(self.command(*arguments, "--json").stdout)

    def table(self, name: str) -> pl.DataFrame:
        return table(self.data_dir, name)


def settings_of(data_dir: Path) -> Settings:
    """What a command makes of ``--data-dir`` alone."""
    return Settings(data_dir=data_dir, key_file=data_dir.with_name("data.key"), key=None)


def table(data_dir: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet((data_dir / "curated" / "current").resolve() / f"{name}.parquet")


def put_tracked_files(raw: Path) -> None:
    """The real deliveries, which are kept in git."""
    shutil.copytree(REPOSITORY / "data" / "raw", raw, ignore=shutil.ignore_patterns("*_simulated*"), dirs_exist_ok=True)


def one_night(data_dir: Path) -> Night:
    """What the nightly flow does, without Prefect."""
    writer = open_writer(settings_of(data_dir))
    return Night(take_in(writer, lambda _: None), release(writer, lambda _: None))


def uitstroom(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a person starts it, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "UITSTROOM_"))}
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=1200,
        check=False,
    )


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, ready_made: ReadyMade) -> Sample:
    data_dir = tmp_path_factory.mktemp("sample") / "data"
    simulated, _ = ready_made.simulated()
    shutil.copytree(simulated, data_dir / "raw")
    put_tracked_files(data_dir / "raw")
    return Sample(data_dir, summary(one_night(data_dir)))
