"""How often clean deliveries are held, and which planted faults are: ``python -m bench.gates``.

Simulated months with seasons, a cycle, drift, late corrections and bad rows (``simulate.seasons``), of which nothing
should be held; and the same months with one fault each. First by counts alone, over many seeds and several thresholds,
then by rows (``gate_rows``); with ``--whole`` one set of files goes through the door and into a release as well. The
page ``docs/explanation/thresholds.md`` has the figures.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from bench.gate_rows import rows_measured
from pipeline import settings
from pipeline.checks import unlikely_moves
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.workspace import open_writer
from pipeline.simulate.seasons import SIZES, Counts, counts, first_of, simulate_seasons
from pipeline.simulate.seasons_providers import simulate_providers
from pipeline.store.releases import releases
from pipeline.versions.gates import replaced
from pipeline.versions.gates.preceding import PLACED, Judged
from schemas.catalogue import SOURCES
from schemas.scope import SCOPE_ROWS

MONTHS = 240
CASELOAD = SOURCES["caseload"]
BOUNDS = ((0.90, 1.11), (0.85, 1.18), (0.80, 1.25), (0.75, 1.33), (0.70, 1.43), (0.60, 1.67))
STRANGER = "GM0363"
Part = tuple[str, date, int]


def rows_of(own: Counts, month: int) -> int:
    """Rows of a municipality in the file of a month: its stock, and what ended since the month before."""
    return int(own.stock[month]) + (int(own.outflow[month - 1]) if month else 0)


def delivery(name: str, on: date, parts: list[Part]) -> Judged:
    rows = [(place, None, day, count, 0) for place, day, count in parts if count > 0]
    return Judged(name, on, None, pl.DataFrame(rows, schema=SCOPE_ROWS, orient="row"))


def months_of(made: dict[str, Counts], rng: np.random.Generator) -> Iterator[Judged]:
    """One delivery a month, and of one in fifteen a second one with late corrections."""
    for month in range(MONTHS):
        day = first_of(month)
        parts = [(code, day, rows_of(own, month)) for code, own in made.items()]
        yield delivery(f"{month:03}", day + timedelta(days=9), parts)
        if rng.integers(0, 15) == 0:
            again = [
                (code, day, count + int(rng.integers(-count // 100 - 1, count // 100 + 2))) for code, _, count in parts
            ]
            yield delivery(f"{month:03}a", day + timedelta(days=30), again)


Fault = Callable[[Judged, list[Part], np.random.Generator], list[Part]]


def half_copied(_: Judged, parts: list[Part], rng: np.random.Generator) -> list[Part]:
    """The file stops somewhere: the last municipalities are short or gone."""
    left, cut = int(sum(count for *_, count in parts) * rng.uniform(0.1, 0.9)), []
    for place, day, count in parts:
        cut.append((place, day, min(count, left)))
        left -= min(count, left)
    return cut


def only_corrections(_: Judged, parts: list[Part], rng: np.random.Generator) -> list[Part]:
    return [(place, day, int(rng.integers(1, max(2, count // 20)))) for place, day, count in parts]


def twice(_: Judged, parts: list[Part], rng: np.random.Generator) -> list[Part]:  # noqa: ARG001
    """Every benefit a second time under the number of another system."""
    return [(place, day, 2 * count) for place, day, count in parts]


def one_place_short(_: Judged, parts: list[Part], rng: np.random.Generator) -> list[Part]:
    chosen = int(rng.integers(0, len(parts)))
    return [(place, day, int(count * 0.6) if n == chosen else count) for n, (place, day, count) in enumerate(parts)]


def mistyped_date(_: Judged, parts: list[Part], rng: np.random.Generator) -> list[Part]:
    """A row or a few about the month before."""
    place, day, count = parts[0]
    few = int(rng.integers(1, 4))
    return [(place, day, count - few), *parts[1:], (place, (day - timedelta(days=1)).replace(day=1), few)]


def mistyped_place(_: Judged, parts: list[Part], rng: np.random.Generator) -> list[Part]:
    place, day, count = parts[0]
    few = int(rng.integers(1, 4))
    return [(place, day, count - few), *parts[1:], (STRANGER, day, few)]


FAULTS: dict[str, Fault] = {
    "file stops at 10–90 %": half_copied,
    "corrections alone (under 5 %)": only_corrections,
    "everything twice": twice,
    "one municipality 40 % short": one_place_short,
    "1–3 rows of a mistyped date": mistyped_date,
    "1–3 rows of a mistyped place": mistyped_place,
}


@contextmanager
def bounds(shrunk: float, swollen: float) -> Iterator[None]:
    """The gate about size with other thresholds."""
    usual = replaced.SHRUNK_BELOW_SHARE, replaced.SWOLLEN_ABOVE_SHARE
    try:
        replaced.SHRUNK_BELOW_SHARE, replaced.SWOLLEN_ABOVE_SHARE = shrunk, swollen  # type: ignore[misc]
        yield
    finally:
        replaced.SHRUNK_BELOW_SHARE, replaced.SWOLLEN_ABOVE_SHARE = usual  # type: ignore[misc]


def measured(seeds: int) -> None:
    """Clean deliveries held, and faults caught, at several thresholds."""
    print(f"{seeds} times {MONTHS} months of {len(SIZES)} municipalities, judged one by one in their order")
    print(f"{'bounds':>12} {'clean':>7} {'held':>5} {'per 1,000':>9}  " + "; ".join(FAULTS))
    for low, high in BOUNDS:
        clean, held, caught, planted = 0, 0, Counter[str](), 0
        with bounds(low, high):
            for seed in range(seeds):
                rng = np.random.default_rng(seed)
                made = counts(MONTHS, rng)
                counting = pl.DataFrame(schema=PLACED)
                for judged in months_of(made, rng):
                    clean += 1
                    held += bool(replaced.replaced(CASELOAD, judged, counting))
                    if len(judged.delivery) == 3 and rng.integers(0, 8) == 0 and clean > 1:
                        planted += 1
                        for name, fault in FAULTS.items():
                            parts = fault(judged, list(judged.brought.select("place", "valid_on", "rows").rows()), rng)
                            bad = delivery(judged.delivery, judged.delivered_on, parts)
                            caught[name] += bool(replaced.replaced(CASELOAD, bad, counting))
                    counting = pl.concat([counting, judged.placed])
        shares = "  ".join(f"{caught[name] / planted:>6.1%}" for name in FAULTS)
        print(f"{low:>5.0%}/{high:<6.0%} {clean:>7,} {held:>5} {1000 * held / clean:>9.2f}  {shares}", flush=True)


def stock_of(made: dict[str, Counts]) -> pl.DataFrame:
    """The tables of stock and flow in one, as the signal takes them."""
    parts = []
    for code, own in made.items():
        days = [first_of(month) for month in range(MONTHS)]
        parts.append(
            pl.DataFrame(
                {
                    "municipality_code": code, "series": "pw", "reference_date": days,
                    "previous_reference_date": [None, *days[:-1]], "benefits": own.stock,
                    "inflow": [0, *own.inflow.tolist()], "outflow": [0, *own.outflow.tolist()],
                }
            )
        )  # fmt: skip
    return pl.concat(parts)


def signals(seeds: int) -> None:
    """Figures of clean months that are signalled, and falls of one month that are found."""
    print(f"\nsignal, {seeds} times {MONTHS} months; then falls of one municipality in one month")
    figures, found = 0, Counter[str]()
    falls = {share: [0, 0] for share in (0.03, 0.05, 0.10, 0.15)}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        table = stock_of(counts(MONTHS, rng))
        figures += table.height
        for column in ("benefits", "inflow", "outflow"):
            found[column] += unlikely_moves.unlikely_moves(table, column).height
        for share, hits in falls.items():
            place, day = str(rng.choice(list(SIZES)[:2])), first_of(int(rng.integers(30, MONTHS)))
            here = (pl.col("municipality_code") == place) & (pl.col("reference_date") == day)
            fallen = pl.when(here).then((pl.col("benefits") * (1 - share)).cast(pl.Int64)).otherwise("benefits")
            moved = unlikely_moves.unlikely_moves(table.with_columns(benefits=fallen), "benefits")
            hits[0] += moved.filter(pl.col("reference_date") == day).height > 0
            hits[1] += 1
    for column, count in found.items():
        print(f"{column:>10}: {count} of {figures:,} figures of clean months, {1000 * count / figures:.2f} per 1,000")
    for share, (hits, of) in falls.items():
        print(f"a fall of {share:.0%} in a month: {hits} of {of} found")


def whole() -> None:
    """Files of all stock, event and provider sources, through the door and into a release."""
    with tempfile.TemporaryDirectory(prefix="uitstroom-gates-") as name:
        folder = Path(name) / "data"
        files = [*simulate_seasons(folder / "raw", months=MONTHS), *simulate_providers(folder / "raw", months=MONTHS)]
        writer = open_writer(settings.load(folder))
        began = time.perf_counter()
        receipts = take_in(writer, lambda _: None)
        print(
            f"\n{len(files)} clean files, {sum(file.rows for file in files):,} rows; "
            f"taken in in {time.perf_counter() - began:.0f} s"
        )
        for source in dict.fromkeys(receipt.source for receipt in receipts):
            own = [receipt for receipt in receipts if receipt.source == source]
            held = [receipt for receipt in own if receipt.status == "held"]
            print(f"{source:>18}: {len(own)} deliveries, {len(held)} held, {1000 * len(held) / len(own):.1f} per 1,000")
            for receipt in held:
                print(f"{'':>20}{receipt.file_name}: {receipt.rule} {receipt.detail}")
        published = release(writer, lambda _: None).release
        relations = releases.read(published, "relation_findings").collect()
        print(relations.group_by("rule").len().sort("rule"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.gates")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--row-seeds", type=int, default=4, help="how often the gates about rows are measured")
    parser.add_argument("--whole", action="store_true", help="also take in one set of files, which takes minutes")
    options = parser.parse_args()
    measured(options.seeds)
    signals(options.seeds)
    rows_measured(options.row_seeds, MONTHS)
    if options.whole:
        whole()


if __name__ == "__main__":
    main()
