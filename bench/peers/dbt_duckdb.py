"""dbt on DuckDB: the project in ``dbt/``, set up as dbt-duckdb documents it: external sources, views for staging, then
tables and external Parquet, and the rules once more as data tests of what counts. One ``dbt build``.
"""

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from bench.peers.duckdb_sql import REFERENCE, found
from bench.peers.told import Found, tell

PROJECT = Path(__file__).parent / "dbt"


def find(source: Path, target: Path) -> Found:
    target.mkdir(parents=True)
    places = {"PEER_SOURCE": str(source), "PEER_TARGET": str(target), "PEER_REFERENCE": str(REFERENCE)}
    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    kept = ["--target-path", str(target / "target"), "--log-path", str(target / "logs")]
    dbt = [str(Path(sys.executable).parent / "dbt"), "--no-version-check", "--quiet", "build"]
    subprocess.run([*dbt, *folders, *kept], check=True, env={**os.environ, **places})
    with duckdb.connect(str(target / "caseload.duckdb"), read_only=True) as database:
        return found(database)


if __name__ == "__main__":
    tell(find)
