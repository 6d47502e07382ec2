"""How often clean months are held by the gates that look at rows, and which planted faults are; for ``bench.gates``.

The rows of ``simulate.seasons``, judged one month after the other as at the door, without files and without a log: what
is measured is the gates. Here: the months, the faults, the counting. Not here: sizes of scopes, the signal (``gates``).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl

from pipeline.jobs.ingest.row_keys import keys_of
from pipeline.simulate import seasons
from pipeline.versions.gates import stale, within
from pipeline.versions.gates.closed import Closed
from pipeline.versions.gates.continuing import continued, neighbours
from pipeline.versions.gates.preceding import PLACED, Judged
from schemas.catalogue import SOURCES
from schemas.limits.deliveries import SAME_DATES_BACK
from schemas.scope import SCOPE_ROWS

CASELOAD = SOURCES["caseload"]
FIRST = 26
"""The first months are left out: their benefits all began before the first date, in one month."""

Rows = pl.DataFrame
Fault = Callable[[list[Rows], Rows, np.random.Generator], Rows]


_dice = pl.col("registratienummer_uitkering").hash(7) % 100
"""What the simulator leaves out follows from the number of a dossier; one household in a hundred changes each month."""


def as_recorded(text: Rows) -> Rows:
    """A month of the simulator as the log would hold it, numbers of persons left as they are."""
    return text.select(
        row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64),
        municipality_code="gemeentecode",
        reference_date=pl.col("peildatum").str.to_date(),
        benefit_key="registratienummer_uitkering",
        client_key="bsn",
        partner_key=pl.lit(None, pl.String()),
        scheme_code=pl.when(_dice < 92).then(pl.lit("01")).when(_dice < 97).then(pl.lit("02")).otherwise(pl.lit("04")),
        household_code=pl.when(_dice == pl.col("peildatum").hash(7) % 100).then(pl.lit("3")).otherwise("leefvorm"),
        sex_code=(_dice % 2 + 1).cast(pl.String),
        birth_year=(1951 + _dice % 45).cast(pl.Int16),
        started_on=pl.col("ingangsdatum").str.to_date(),
        original_started_on=pl.lit(None, pl.Date()),
        ended_on=pl.col("einddatum").str.to_date(),
        end_reason="reden_einde",
    )


def earlier(months: int) -> Fault:
    """The export of so many months ago under the new date."""

    def fault(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
        return before[-months].with_columns(reference_date=pl.lit(_day(rows)))

    return fault


def stock_earlier(months: int) -> Fault:
    """The same without what had ended by then."""

    def fault(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:
        is_live = pl.col("ended_on").is_null() | (pl.col("ended_on") >= pl.lit(_day(before[-months])))
        return _numbered(earlier(months)(before, rows, rng).filter(is_live))

    return fault


def one_place_earlier(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:
    """The export of one municipality is that of last month."""
    place = pl.col("municipality_code") == str(rng.choice(list(seasons.SIZES)[:2]))
    old = before[-1].with_columns(reference_date=pl.lit(_day(rows)))
    return _numbered(pl.concat([rows.filter(~place), old.filter(place)]))


def doubled(share: float) -> Fault:
    """So many benefits stand there again under the number of another system."""

    def fault(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
        again = rows.filter(pl.Series(rng.random(rows.height) < share))
        return _numbered(pl.concat([rows, again.with_columns(benefit_key=pl.format("N{}", "benefit_key"))]))

    return fault


def swapped(share: float) -> Fault:
    """So many rows of two municipalities have the code of the other one."""

    def fault(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
        one, two = list(seasons.SIZES)[:2]
        turned = pl.col("municipality_code").replace({one: two, two: one})
        chosen = pl.Series(rng.random(rows.height) < share)
        return rows.with_columns(municipality_code=pl.when(chosen).then(turned).otherwise("municipality_code"))

    return fault


def copied_down(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
    """One citizen service number on a hundred rows that follow each other."""
    first = int(rng.integers(0, rows.height - 100))
    here = pl.int_range(pl.len()).is_between(first, first + 99)
    number = rows["client_key"][first]
    return rows.with_columns(client_key=pl.when(here).then(pl.lit(number)).otherwise("client_key"))


def strangers(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
    """As many rows of other people."""
    return rows.with_columns(client_key=pl.format("X{}", "client_key"), benefit_key=pl.format("X{}", "benefit_key"))


def ended(share: float) -> Fault:
    """So many current benefits ended the day before."""

    def fault(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
        chosen = pl.Series(rng.random(rows.height) < share) & rows["ended_on"].is_null()
        day = pl.lit(_day(rows) - timedelta(1))
        return rows.with_columns(ended_on=pl.when(chosen).then(day).otherwise("ended_on"))

    return fault


def without_ends(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
    """Neither end nor reason is told of those that ended."""
    return rows.with_columns(ended_on=pl.lit(None, pl.Date()), end_reason=pl.lit(None, pl.String()))


def all_of_one(column: str) -> Fault:
    """A column that was copied down from one of its cells."""

    def fault(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
        return rows.with_columns(pl.lit(rows[column][int(rng.integers(0, rows.height))]).alias(column))

    return fault


def moved(column: str) -> Fault:
    """All days of a column lie a month earlier, as where somebody chose the wrong field."""

    def fault(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
        return rows.with_columns(pl.col(column).dt.offset_by("-1mo"))

    return fault


def turned(column: str) -> Fault:
    """Every row has the cell of the row below, as where one column was sorted and not the others."""

    def fault(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:  # noqa: ARG001
        return rows.with_columns(pl.concat([rows[column][1:], rows[column][:1]]).alias(column))

    return fault


def renumbered(fault: Fault) -> Fault:
    """The same of all dossiers under new numbers."""

    def under_new_numbers(before: list[Rows], rows: Rows, rng: np.random.Generator) -> Rows:
        return fault(before, rows, rng).with_columns(benefit_key=pl.format("N{}", "benefit_key"))

    return under_new_numbers


AGAIN: dict[str, Fault] = {"ends moved, told again": moved("ended_on"), "ends left out, told again": without_ends}
"""Faults in a month that is delivered again."""

FAULTS: dict[str, Fault] = {
    "last month's export": earlier(1),
    "that of one municipality": one_place_earlier,
    "of 3 months ago": earlier(3),
    "of a year ago": earlier(12),
    "last month's without ended": stock_earlier(1),
    "of 2 months ago without": stock_earlier(2),
    "5 % twice": doubled(0.05),
    "1 % twice": doubled(0.01),
    "40 % of two places swapped": swapped(0.40),
    "10 % swapped": swapped(0.10),
    "3 % swapped": swapped(0.03),
    "a number copied down": copied_down,
    "other people": strangers,
    "all ended": ended(1.0),
    "30 % ended": ended(0.3),
    "15 % ended": ended(0.15),
    "ends left out": without_ends,
    "ends moved": moved("ended_on"),
    "schemes copied down": all_of_one("scheme_code"),
    "households copied down": all_of_one("household_code"),
    "sexes copied down": all_of_one("sex_code"),
    "births copied down": all_of_one("birth_year"),
    "starts moved": moved("started_on"),
    "and all renumbered": renumbered(moved("started_on")),
    "clients turned": turned("client_key"),
}


def _day(rows: Rows) -> date:
    day = rows["reference_date"][0]
    assert isinstance(day, date)
    return day


def _numbered(rows: Rows) -> Rows:
    return rows.with_columns(row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64))


def caught(before: list[Rows], rows: Rows) -> tuple[str, ...]:
    """Rules by which a month waits beside the month before, or by which rows of it are quarantined."""
    every = within.seen(CASELOAD, rows)
    assert every is not None
    wanted = within.suspects(CASELOAD, [every])
    found: list[Closed] = [*stale.stale([stale.ages(CASELOAD, rows)]).closed, *_continued(before, rows)]
    rules = {each.rule for each in found}
    if wanted.are_wanted:
        asked = wanted.among(rows)
        out = within.crowded(CASELOAD, asked)
        rules |= {"DELIVERY-013"} if out.height else set()
        rules |= {
            each.rule for each in within.doubled(CASELOAD, asked.join(out, on="row", how="anti"), wanted.scopes).closed
        }
    return tuple(sorted(rules))


def _continued(before: list[Rows], rows: Rows) -> list[Closed]:
    there = {f"{_day(each)}": each for each in before[-1 - SAME_DATES_BACK :]}
    placed = pl.concat([pl.DataFrame(schema=PLACED), *(_judged(name, each).placed for name, each in there.items())])
    own = _judged("own", rows)
    kept = {**there, "own": rows}
    return continued(own, neighbours(own, placed), lambda name: keys_of(CASELOAD, kept[name].lazy()))


def _judged(name: str, rows: Rows) -> Judged:
    counted = rows.group_by(place="municipality_code", valid_on="reference_date").agg(rows_good=pl.len().cast(pl.Int64))
    scopes = counted.with_columns(line=pl.lit(None, pl.String()), rows_quarantined=pl.lit(0, pl.Int64()))
    return Judged(name, _day(rows) + timedelta(9 if name != "own" else 10), None, scopes.select(SCOPE_ROWS.names()))


def months(count: int, seed: int) -> Iterator[Rows]:
    """Months as they are delivered: of one in fifteen the first version lacks what came late."""
    rng = np.random.default_rng(seed)
    register = seasons._register(seasons.counts(count, rng), count, rng, seed)
    for month in range(count):
        rows = as_recorded(seasons._rows(register, month))
        late = rng.random(rows.height) < (seasons.LATE_SHARE if rng.integers(0, seasons.AGAIN_ONE_IN) == 0 else 0)
        yield _numbered(rows.filter(pl.Series(~late)))


def rows_measured(seeds: int, count: int) -> None:
    """Clean months held, and faults caught in one month of eight."""
    clean, held, planted, found = 0, Counter[str](), 0, Counter[str]()
    for seed in range(seeds):
        rng, before = np.random.default_rng(1000 + seed), list[Rows]()
        for month, rows in enumerate(months(count, seed)):
            if month >= FIRST:
                clean += 1
                held.update([caught(before, rows)])
                if rng.integers(0, 8) == 0:
                    planted += 1
                    found.update(name for name, fault in FAULTS.items() if caught(before, fault(before, rows, rng)))
                    again = [*before, rows]
                    found.update(name for name, fault in AGAIN.items() if _continued(again, fault(before, rows, rng)))
            before = [*before[-12:], rows]
    false = {" ".join(rules): number for rules, number in held.items() if rules}
    print(f"\nrows, {seeds} times {count} months: of {clean:,} clean months held {sum(false.values())} {false or ''}")
    for name in (*FAULTS, *AGAIN):
        print(f"{name:>28}: {found[name]} of {planted} caught, {found[name] / planted:.1%}")
