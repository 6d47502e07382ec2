"""The floor of ``bench.floor`` on the same files: read and written as typed Parquet. It checks and finds nothing."""

import os
from pathlib import Path

from bench.floor import write_typed
from bench.peers.told import Found, tell


def find(source: Path, target: Path) -> Found:
    before = sum(os.times()[:4])
    target.mkdir(parents=True)
    for file in sorted(source.glob("*.csv")):
        write_typed(file, target / f"{file.stem}.parquet")
    return {"cpu_seconds": sum(os.times()[:4]) - before}


if __name__ == "__main__":
    tell(find)
