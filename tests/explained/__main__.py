"""Tries many figures and prints, per table, how many explanations were sufficient and necessary.

python -m tests.explained --cells 2000 [--seed 0] [--table caseload_flow] [--leave-out 3]
python -m tests.explained --cells 60 --restated: figures that releases changed, of histories that published them
"""

import argparse
import itertools
import random
import tempfile
from collections.abc import Iterable
from pathlib import Path

from pipeline.jobs.projections import PROJECTIONS
from tests.explained.lived import lived
from tests.explained.restated import try_restated
from tests.explained.trial import UNTRIED, Lived, Tried, cells, try_cells
from tests.jobs.folder import Folder

TABLES = tuple(name for name in PROJECTIONS if name not in UNTRIED)
PER_HISTORY = 60


def one_history(seed: int, names: Iterable[str], count: int, most: int) -> dict[str, Tried]:
    """So many figures of one history."""
    with tempfile.TemporaryDirectory(prefix="uitstroom-explained-") as name:
        folder = Folder.at(Path(name))
        lived(folder, seed)
        return tried_in(Lived.of(folder.writer()), random.Random(seed), names, count, most)


def tried_in(log: Lived, chance: random.Random, names: Iterable[str], count: int, most: int) -> dict[str, Tried]:
    """Half of the figures as known at the end, half of them on two past days: of a delivery, and of a decision."""
    whole, every = log.whole(), list(names)
    days = sorted(set(log.events["delivered_on"]))
    decided = sorted(set(log.events["decided_on"].drop_nulls())) or days
    told: dict[str, Tried] = {}
    for day, share in ((None, 2), (chance.choice(days[len(days) // 3 :]), 4), (chance.choice(decided), 4)):
        asked = itertools.islice(cells(whole, chance, day, chance.sample(every, len(every))), count // share)
        add(told, try_cells(log, whole, asked, chance, most))
    return told


def one_restated(seed: int, count: int, most: int) -> dict[str, Tried]:
    """So many figures that the releases of one history changed."""
    with tempfile.TemporaryDirectory(prefix="uitstroom-explained-") as name:
        folder = Folder.at(Path(name))
        lived(folder, seed, publishes=True)
        return {"restatements": try_restated(folder, random.Random(seed), count, most)}


def add(told: dict[str, Tried], more: dict[str, Tried]) -> None:
    for name, tried in more.items():
        own = told.setdefault(name, Tried())
        for what, value in vars(tried).items():
            setattr(own, what, getattr(own, what) + value)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.explained")
    parser.add_argument("--cells", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the first history")
    parser.add_argument("--per-history", type=int, default=PER_HISTORY, help="figures of each history")
    parser.add_argument("--table", action="append", choices=TABLES, help="these alone; may be repeated")
    parser.add_argument("--restated", action="store_true", help="figures that releases changed instead")
    parser.add_argument("--leave-out", type=int, default=3, help="rows of an explanation that are left out in turn")
    options = parser.parse_args()
    told: dict[str, Tried] = {}
    per = min(options.per_history, options.cells)
    for seed in range(options.seed, options.seed - (-options.cells // per)):
        found = (
            one_restated(seed, per, options.leave_out)
            if options.restated
            else one_history(seed, options.table or TABLES, per, options.leave_out)
        )
        for name, own in found.items():
            for fault in (*own.insufficient, *own.unneeded):
                print(f"seed {seed}, {name}: {fault}", flush=True)
        add(told, found)
    _print_table(told)


def _print_table(told: dict[str, Tried]) -> None:
    print(f"{'table':24} {'cells':>6} {'rows':>8} {'sufficient':>11} {'left out':>9} {'necessary':>10} {'ms':>6}")
    for name in (each for each in PROJECTIONS if each in told):
        own = told[name]
        print(
            f"{name:24} {own.cells:>6} {own.rows:>8,} {own.cells - len(own.insufficient):>11} {own.left_out:>9} "
            f"{own.left_out - len(own.unneeded):>10} {1000 * own.seconds / own.cells:>6.0f}"
        )


if __name__ == "__main__":
    main()
