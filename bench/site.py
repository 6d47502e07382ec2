"""What the pages of a release cost: ``python -m bench.site``, for as many municipalities as the Netherlands has, or
``python -m bench.site FOLDER`` for the current release of a data folder.

Each time in a process of its own, seconds by the clock and of the processor, with loading the templates. The figures
are made up: totals of every municipality and month, in a release of their own.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import polars as pl

from pipeline import settings
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release import dressing
from pipeline.jobs.release.publish import release
from pipeline.jobs.release.release_history import tables_of
from pipeline.jobs.workspace import open_writer
from pipeline.store.releases import releases
from schemas import reference
from schemas.vocabulary import Series

_FIRST, _LAST = date(2023, 1, 1), date(2026, 9, 1)
"""45 dates, on all of which the Netherlands had 342 municipalities."""
_ROUNDS = 3


def everywhere(folder: Path) -> None:
    """A release about every municipality of these years, in every series, of 45 months."""
    listed = pl.date_range(_FIRST, _LAST, "1mo", eager=True)
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= _FIRST)
    there = begun & (pl.col("valid_until").is_null() | (pl.col("valid_until") > _LAST))
    codes = reference.municipalities().filter(there).select(gemeentecode="code").with_row_index("place")
    days = listed.alias("day").to_frame().with_row_index("month")
    series = pl.DataFrame({"reeks": [str(each) for each in Series]})
    size = 600 + pl.col("place").cast(pl.Int64) * 7 + pl.col("month").cast(pl.Int64)
    rows = codes.join(days, how="cross").join(series, how="cross").with_columns(aantal=size)
    into = folder / "raw" / "caseload_totals"
    into.mkdir(parents=True)
    for (day,), of_month in rows.group_by("day", maintain_order=True):
        assert isinstance(day, date)
        shown = of_month.select(
            pl.col("day").dt.strftime("%d-%m-%Y").alias("peildatum"), "gemeentecode", "reeks", "aantal"
        )
        shown.write_csv(into / f"{day.replace(day=20)}_totals.csv", separator=";")
    writer = open_writer(settings.load(folder))
    take_in(writer, lambda _: None)
    release(writer, lambda _: None)


def pages_here(folder: Path) -> tuple[float, float, int, int, int]:
    """Seconds by the clock and of the processor; pages, bytes of all, bytes of the largest page."""
    current = releases.current(settings.load(folder).curated)
    assert current is not None
    spent, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    pages = dressing._pages(current, settings.site_settings().least_group)
    seconds, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    of_cpu = now.ru_utime + now.ru_stime - spent.ru_utime - spent.ru_stime
    sizes = [len(content) for content in pages.values()]
    longest = max(len(content) for name, content in pages.items() if name.endswith(".html"))
    return seconds, of_cpu, len(pages), sum(sizes), longest


def measured(folder: Path) -> None:
    """Three times, in processes of their own."""
    current = releases.current(settings.load(folder).curated)
    assert current is not None
    places = tables_of(current)["caseload_stock"]["municipality_code"].n_unique()
    print(f"pages of a release about {places} municipalities", flush=True)
    for _ in range(_ROUNDS):
        command = [sys.executable, "-m", "bench.site", str(folder), "--here"]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.site", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        seconds, of_cpu, pages, size, longest = pages_here(options.folder)
        print(
            f"{seconds:5.2f} s by the clock, {of_cpu:5.2f} of the processor: {pages:,} pages and files, "
            f"{size / 1e6:.1f} MB, the longest page {longest / 1e3:.0f} kB"
        )
    elif options.folder:
        measured(options.folder)
    else:
        with tempfile.TemporaryDirectory(prefix="uitstroom-bench-") as name:
            everywhere(Path(name))
            measured(Path(name))


if __name__ == "__main__":
    main()
