"""What is read of a delivery's benefits for an explanation, or was kept of them, is what all together would give."""

import random
from datetime import date, timedelta

import polars as pl
import pytest

from pipeline.caseload.benefits_read import Benefits, is_of
from pipeline.caseload.spells import MOVED_DAYS, ORIGIN, spell_ends, spell_starts, telling
from schemas.sources.caseload import IS_LIVE

ON = date(2017, 2, 1)
_SCHEMA = {
    "municipality_code": pl.String(), "row": pl.Int64(),
    "client_key": pl.String(), "partner_key": pl.String(), "household_code": pl.String(),
    "scheme_code": pl.String(), "started_on": pl.Date(), "original_started_on": pl.Date(), "ended_on": pl.Date(),
    "end_reason": pl.String(), "reference_date": pl.Date(),
}  # fmt: skip


def _benefits(chance: random.Random, *, is_kept: bool) -> Benefits:
    """A few dossiers of very few clients, so that spells are shared, restarted and ended; beside them those of another
    municipality.
    """

    def row(number: int) -> dict[str, object]:
        began = ON - timedelta(days=chance.choice((chance.randint(0, 2 * MOVED_DAYS), 100, 120)))
        ended = chance.choice((None, None, ON - timedelta(days=chance.randint(-3, 30))))
        return {
            "municipality_code": "GM0899" if number % 4 else "GM0882", "row": number,
            "client_key": chance.choice(("a", "b", "c", "d", None)), "partner_key": None,
            "household_code": chance.choice(("1", "2")), "scheme_code": chance.choice(("01", "01", "02", "14")),
            "started_on": began, "original_started_on": chance.choice((None, None, ON - timedelta(days=130), began)),
            "ended_on": ended if ended is None or ended >= began else None, "end_reason": None, "reference_date": ON,
        }  # fmt: skip

    rows = [row(number) for number in range(2, 2 + chance.randint(1, 14))]
    frame = pl.DataFrame(chance.sample(rows, len(rows)), schema=_SCHEMA)
    own = frame.filter(municipality_code="GM0899")
    return Benefits("d", 1, "r", "GM0899", ON, own.lazy, lambda: telling(frame.lazy()) if is_kept else None)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("is_kept", [True, False])
def test_spells_are_those_of_all_benefits(seed: int, is_kept: bool) -> None:
    chance = random.Random(seed)
    benefits, series = _benefits(chance, is_kept=is_kept), chance.choice(("pw", "all"))
    since, by = ON - timedelta(days=chance.randint(1, MOVED_DAYS + 30)), ["reference_date"]
    every = benefits.rows.filter(is_of(series)).collect()
    moved = benefits.moved(since).filter(is_of(series))
    for spells, is_inside in ((spell_starts, pl.col("date") > since), (spell_ends, pl.col("date") >= since)):
        found, wanted = (spells(each, by).filter(is_inside).sort("row").drop("client_key") for each in (moved, every))
        assert found.equals(wanted)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("is_asked_first", [True, False])
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_witness_is_that_of_all_benefits(seed: int, is_kept: bool, is_asked_first: bool) -> None:
    benefits = _benefits(random.Random(seed), is_kept=is_kept)
    if not is_asked_first:
        benefits.moved(ON)
    is_first = pl.col("started_on") == pl.col("started_on").min().over("client_key", ORIGIN)
    marked = benefits.rows.with_columns(live=IS_LIVE, first=is_first).collect()
    order = ["live", "first", "started_on", "row"]
    assert benefits.witness == tuple(marked.sort(order, descending=[True, True, False, False])["row"].head(1))


def _dossier(row: int, client: str, began: int, **other: object) -> dict[str, object]:
    """Begun so many days before the reference date."""
    known = {"municipality_code": "GM0899", "household_code": "1", "scheme_code": "01", "reference_date": ON}
    return {**known, "row": row, "client_key": client, "started_on": ON - timedelta(days=began), **other}


def _told(*dossiers: dict[str, object]) -> Benefits:
    frame = pl.DataFrame(dossiers, schema=_SCHEMA)
    own = frame.filter(municipality_code="GM0899")
    return Benefits("d", 1, "r", "GM0899", ON, own.lazy, lambda: telling(frame.lazy()))


def test_a_dossier_that_restarted_a_spell_is_no_witness() -> None:
    origin, ended = ON - timedelta(days=100), ON - timedelta(days=10)
    restarted = _dossier(3, "a", 9, original_started_on=origin)
    benefits = _told(_dossier(2, "a", 100, ended_on=ended), restarted, _dossier(4, "b", 5))

    assert benefits.witness == (4,)


def test_spells_of_one_municipality_are_no_spells_of_another() -> None:
    same = {"original_started_on": ON - timedelta(days=130)}
    elsewhere = {"municipality_code": "GM0882", "ended_on": ON - timedelta(days=3), **same}
    found = _told(_dossier(2, "a", 100, **same), _dossier(3, "a", 120, **elsewhere), _dossier(4, "b", 110)).find_told()
    there = _dossier(5, "c", 115, municipality_code="GM0882")
    alone = _told(_dossier(2, "a", 100, **same), _dossier(3, "a", 120, **elsewhere), there).find_told()

    assert found is not None
    assert alone is not None
    assert sorted(found["row"]) == [3, 4], "what ended there, and the witness here"
    assert alone.filter("is_witness")["row"].to_list() == [2, 5]
