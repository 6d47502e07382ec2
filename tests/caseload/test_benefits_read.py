"""What is read of a delivery's benefits for an explanation is what all of them together would give."""

import random
from datetime import date, timedelta

import polars as pl
import pytest

from pipeline.caseload.benefits_read import Benefits, is_of
from pipeline.caseload.delivery_counts import ORIGIN, spell_ends, spell_starts
from schemas.sources.caseload import IS_LIVE

ON = date(2017, 2, 1)
_SCHEMA = {
    "row": pl.Int64(), "client_key": pl.String(), "partner_key": pl.String(), "household_code": pl.String(),
    "scheme_code": pl.String(), "started_on": pl.Date(), "original_started_on": pl.Date(), "ended_on": pl.Date(),
    "end_reason": pl.String(), "reference_date": pl.Date(),
}  # fmt: skip


def _benefits(chance: random.Random) -> Benefits:
    """A few dossiers of very few clients, so that spells are shared, restarted and ended."""

    def row(number: int) -> dict[str, object]:
        began = ON - timedelta(days=chance.randint(0, 40))
        ended = chance.choice((None, None, ON - timedelta(days=chance.randint(-3, 30))))
        return {
            "row": number, "client_key": chance.choice(("a", "b", "c", "d", None)), "partner_key": None,
            "household_code": chance.choice(("1", "2")), "scheme_code": chance.choice(("01", "01", "02", "14")),
            "started_on": began, "original_started_on": chance.choice((None, None, ON - timedelta(days=45), began)),
            "ended_on": ended if ended is None or ended >= began else None, "end_reason": None, "reference_date": ON,
        }  # fmt: skip

    rows = [row(number) for number in range(2, 2 + chance.randint(1, 14))]
    frame = pl.DataFrame(chance.sample(rows, len(rows)), schema=_SCHEMA)
    return Benefits("d", 1, "r", "GM0899", ON, frame.lazy)


@pytest.mark.parametrize("seed", range(60))
def test_spells_are_those_of_all_benefits(seed: int) -> None:
    chance = random.Random(seed)
    benefits, series = _benefits(chance), chance.choice(("pw", "all"))
    since, by = ON - timedelta(days=chance.randint(1, 40)), ["reference_date"]
    every = benefits.rows.filter(is_of(series)).collect()
    moved = benefits.moved(since).filter(is_of(series))
    for spells, is_inside in ((spell_starts, pl.col("date") > since), (spell_ends, pl.col("date") >= since)):
        assert spells(moved, by).filter(is_inside).sort("row").equals(spells(every, by).filter(is_inside).sort("row"))


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("is_asked_first", [True, False])
def test_a_witness_is_that_of_all_benefits(seed: int, is_asked_first: bool) -> None:
    benefits = _benefits(random.Random(seed))
    if not is_asked_first:
        benefits.moved(ON)
    is_first = pl.col("started_on") == pl.col("started_on").min().over("client_key", ORIGIN)
    marked = benefits.rows.with_columns(live=IS_LIVE, first=is_first).collect()
    order = ["live", "first", "started_on", "row"]
    assert benefits.witness == tuple(marked.sort(order, descending=[True, True, False, False])["row"].head(1))
