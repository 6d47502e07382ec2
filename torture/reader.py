"""A process that reads without pause: resolves ``current`` once a round, then reads several tables of that release.

Started as ``python -m torture.reader TOOL PLACE STOP``: ``PLACE`` links to the folder at hand. It ends when the file
``STOP`` is there, and prints what it saw as JSON. Imports one tool and nothing of the pipeline.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from torture.sums import Rows, Tool, signs_of_a_mix

TOOLS = ("duckdb", "pyarrow", "polars")
PAUSE = 0.005


def tool(name: str) -> Tool:
    """One of the tools; only this one is imported."""
    return {"duckdb": _duckdb, "pyarrow": _pyarrow, "polars": _polars}[name]()


def _duckdb() -> Tool:
    import duckdb

    session = duckdb.connect(config={"threads": 1})

    def rows(path: Path, columns: Sequence[str]) -> Rows:
        return session.execute(f"SELECT {', '.join(columns)} FROM read_parquet(?)", [str(path)]).fetchall()

    def height(path: Path) -> int:
        ((count,),) = session.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchall()
        return int(count)

    return Tool(rows, height)


def _pyarrow() -> Tool:
    import pyarrow.parquet as pq

    def rows(path: Path, columns: Sequence[str]) -> Rows:
        table = pq.read_table(path, columns=list(columns), use_threads=False)
        return list(zip(*(table[name].to_pylist() for name in columns), strict=True))

    return Tool(rows, lambda path: int(pq.read_table(path, columns=[], use_threads=False).num_rows))


def _polars() -> Tool:
    import polars as pl

    def rows(path: Path, columns: Sequence[str]) -> Rows:
        return pl.read_parquet(path, columns=list(columns), glob=False).select(columns).rows()

    return Tool(rows, lambda path: pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())


def round_of(place: Path, reading: Tool) -> tuple[str, str]:
    """(verdict, release or sign) of one round."""
    home = place.resolve()
    folder = home
    try:
        folder = (home / "data" / "curated" / "current").resolve()
        signs = signs_of_a_mix(folder, reading)
    except Exception as error:  # the tools have their own classes for a file that is gone
        if place.resolve() != home or not home.exists():
            return "moved", ""  # the folder at hand was changed for another one: no matter of the pipeline
        return ("cut off" if not folder.exists() else "failed"), type(error).__name__
    return ("mixed", "; ".join(signs)) if signs else ("whole", folder.name)


def main(name: str, place: Path, stop: Path) -> None:
    reading, seen = tool(name), Counter[str]()
    releases: set[str] = set()
    signs: set[str] = set()
    print("ready", flush=True)
    parent = os.getppid()
    while not stop.exists() and os.getppid() == parent:
        verdict, what = round_of(place, reading)
        seen[verdict] += 1
        (releases if verdict == "whole" else signs).add(what)
        time.sleep(PAUSE)
    print(json.dumps({"tool": name, "rounds": dict(seen), "releases": len(releases), "signs": sorted(signs - {""})}))


if __name__ == "__main__":
    os.nice(19)  # the writers are the ones to be broken; readers take what is left
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
