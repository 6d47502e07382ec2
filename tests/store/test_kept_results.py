"""KeptResults: kept once, found again, made again when damaged, swept when nothing needs them."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.store.kept_results import KeptResults, fingerprint

SHAPE = pl.Schema({"name": pl.String(), "count": pl.Int64()})
FRAME = pl.DataFrame({"name": ["a", "b"], "count": [1, 2]}, schema=SHAPE)
BOOK = pl.Schema({"key": pl.String(), "value": pl.Int64()})


class Made:
    """Makes the frame, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> pl.DataFrame:
        self.times += 1
        return FRAME


def only_file(root: Path) -> Path:
    (path,) = (each for each in root.rglob("*") if each.is_file())
    return path


def test_a_cell_is_made_once_and_found_again_by_another_run(tmp_path: Path) -> None:
    made = Made()
    for _ in range(3):
        assert_frame_equal(KeptResults(tmp_path).frame("step", "x", SHAPE, made), FRAME)
    assert made.times == 1


def test_another_name_is_another_cell(tmp_path: Path) -> None:
    made = Made()
    for name in (fingerprint("a", "b"), fingerprint("ab"), fingerprint("b", "a")):
        KeptResults(tmp_path).frame("step", name, SHAPE, made)
    assert made.times == 3


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_damaged_cell_is_made_again(tmp_path: Path, place: int) -> None:
    made = Made()
    KeptResults(tmp_path).frame("step", "x", SHAPE, made)
    path = only_file(tmp_path)
    whole = path.read_bytes()
    spoilt = bytearray(whole)
    spoilt[place] ^= 1
    for content in (bytes(spoilt), whole[:50], b""):
        path.write_bytes(content)
        assert_frame_equal(KeptResults(tmp_path).frame("step", "x", SHAPE, made), FRAME)
    assert made.times == 4
    assert path.read_bytes() == whole


def test_a_cell_of_another_shape_is_made_again(tmp_path: Path) -> None:
    KeptResults(tmp_path).keep("step", "x.all", pl.DataFrame({"other": [1]}))
    assert_frame_equal(KeptResults(tmp_path).frame("step", "x", SHAPE, Made()), FRAME)


def test_afresh_makes_every_cell_again_but_once(tmp_path: Path) -> None:
    made = Made()
    KeptResults(tmp_path).frame("step", "x", SHAPE, made)
    cells = KeptResults(tmp_path, afresh=True)
    for _ in range(2):
        cells.frame("step", "x", SHAPE, made)
    assert made.times == 2


def test_a_look_that_keeps_nothing_finds_and_does_not_write(tmp_path: Path) -> None:
    made = Made()
    look = KeptResults(tmp_path, keeps=False)
    look.frame("step", "x", SHAPE, made)
    assert list(tmp_path.rglob("*")) == []
    KeptResults(tmp_path).frame("step", "x", SHAPE, made)
    look.frame("step", "x", SHAPE, made)
    assert made.times == 2


def test_sweeping_removes_what_this_run_did_not_use(tmp_path: Path) -> None:
    for name in ("used", "held", "peeked", "old"):
        KeptResults(tmp_path).keep("step", name, FRAME)
    cells = KeptResults(tmp_path)
    cells.find("step", "used", SHAPE)
    cells.hold("step", "held")
    cells.peek("step", "peeked", SHAPE)
    cells.keep("step", "new", FRAME)
    cells.sweep()
    assert {path.stem for path in tmp_path.rglob("*.cell")} == {"used", "held", "new"}
    assert KeptResults(tmp_path).find("step", "old", SHAPE) is None


def cells_of(root: Path) -> set[str]:
    return {f"{path.parent.name}/{path.stem}" for path in root.rglob("*.cell")} - {"behind/book"}


def standing(kept: KeptResults, made: Made) -> pl.DataFrame:
    """A result that asks for one cell, and for another result that asks for a second one."""

    def inner() -> pl.DataFrame:
        return kept.frame("step", "y", SHAPE, Made())

    def make() -> pl.DataFrame:
        kept.frame("step", "x", SHAPE, Made())
        kept.standing("inner", "i", SHAPE, inner)
        return made()

    return kept.standing("table", "t", SHAPE, make)


def test_what_stands_is_made_once_and_what_it_asked_for_stays_with_it(tmp_path: Path) -> None:
    made = Made()
    for _ in range(3):
        kept = KeptResults(tmp_path)
        assert_frame_equal(standing(kept, made), FRAME)
        kept.sweep()
        assert cells_of(tmp_path) == {"table/t", "inner/i", "step/x.all", "step/y.all"}
    assert made.times == 1


def test_what_stands_and_asked_for_nothing_is_made_once(tmp_path: Path) -> None:
    made = Made()
    for _ in range(3):
        kept = KeptResults(tmp_path)
        kept.standing("table", "alone", SHAPE, made)
        kept.sweep()
    assert made.times == 1


def test_what_two_ask_for_stays_while_one_of_them_does(tmp_path: Path) -> None:
    """The second was handed what the first one read, and is asked for alone some nights later."""

    def night(*names: str) -> set[str]:
        kept = KeptResults(tmp_path)
        for name in names:
            kept.standing("table", name, SHAPE, lambda: kept.frame("step", "x", SHAPE, Made()))
        kept.sweep()
        return cells_of(tmp_path)

    both = {"table/a", "table/b", "step/x.all"}
    assert night("a", "b") == both
    assert night("a", "b") == both
    assert night("a", "new") == {"table/a", "table/new", "step/x.all"}


def test_what_stands_no_longer_goes_with_what_it_asked_for(tmp_path: Path) -> None:
    kept = KeptResults(tmp_path)
    standing(kept, Made())
    kept.standing("table", "alone", SHAPE, Made())
    kept.sweep()
    later = KeptResults(tmp_path)
    later.standing("table", "alone", SHAPE, Made())
    later.sweep()
    assert cells_of(tmp_path) == {"table/alone"}


@pytest.mark.parametrize("lost", ["table/t", "behind/book"])
def test_what_stands_is_made_again_where_it_or_what_is_known_of_it_is_lost(tmp_path: Path, lost: str) -> None:
    made = Made()
    for _ in range(2):
        kept = KeptResults(tmp_path)
        standing(kept, made)
        kept.sweep()
        (tmp_path / f"{lost}.cell").unlink()
    assert made.times == 2


def test_a_look_that_keeps_nothing_makes_what_stands_and_writes_nothing(tmp_path: Path) -> None:
    standing(KeptResults(tmp_path, keeps=False), Made())
    assert list(tmp_path.rglob("*")) == []


def test_what_stands_is_made_afresh(tmp_path: Path) -> None:
    made = Made()
    for afresh in (False, True):
        kept = KeptResults(tmp_path, afresh=afresh)
        standing(kept, made)
        kept.sweep()
    assert made.times == 2


def test_a_book_is_asked_about_new_keys_only_and_forgets_those_that_nobody_asks_for(tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def find(missing: pl.DataFrame) -> pl.DataFrame:
        asked.append(missing["key"].sort().to_list())
        return pl.DataFrame({"key": ["b", "b"], "value": [1, 2]}, schema=BOOK)

    for keys in (["a", "b"], ["a", "b"], ["b", "c"], ["a"]):
        found = KeptResults(tmp_path).book("step", pl.DataFrame({"key": keys}), BOOK, find)
        expected = [(key, value) for key in keys for value in ((1, 2) if key == "b" else (None,))]
        assert found.rows() == expected
    assert asked == [["a", "b"], ["c"], ["a"]]


def numbered(number: int) -> pl.DataFrame:
    return pl.DataFrame({"name": [f"n{number}"] * number, "count": range(number)}, schema=SHAPE)


MANY = ["3", "0", "1", "2"]
ROWS = pl.concat([numbered(int(name)) for name in MANY])


def keep(cells: KeptResults, names: Iterable[str]) -> None:
    for name in names:
        cells.keep("step", name, numbered(int(name)))


def assert_many(cells: KeptResults, expected: pl.DataFrame, missing: list[str]) -> None:
    rows, absent = cells.many("step", MANY, SHAPE)
    assert_frame_equal(rows, expected)
    assert absent == missing


def test_many_cells_are_read_in_one_go_in_the_order_of_their_names(tmp_path: Path) -> None:
    assert_many(KeptResults(tmp_path), ROWS.clear(), MANY)
    keep(KeptResults(tmp_path), sorted(MANY))
    assert_many(KeptResults(tmp_path), ROWS, [])


def test_of_many_cells_the_missing_the_damaged_and_those_of_another_shape_are_named(tmp_path: Path) -> None:
    keep(KeptResults(tmp_path), MANY)
    KeptResults(tmp_path).keep("step", "2", pl.DataFrame({"other": [1]}))
    (tmp_path / "step" / "0.cell").unlink()
    damaged = tmp_path / "step" / "3.cell"
    damaged.write_bytes(damaged.read_bytes()[:-1])

    assert_many(KeptResults(tmp_path), numbered(1), ["3", "0", "2"])
    keep(KeptResults(tmp_path), ["3", "0", "2"])
    assert_many(KeptResults(tmp_path), ROWS, [])


def test_many_of_none_are_no_rows_of_the_shape(tmp_path: Path) -> None:
    rows, missing = KeptResults(tmp_path).many("step", [], SHAPE)
    assert (rows.schema, rows.height, missing, list(tmp_path.iterdir())) == (SHAPE, 0, [], [])


def test_afresh_believes_of_many_only_what_it_kept_itself_and_sweeping_spares_that(tmp_path: Path) -> None:
    keep(KeptResults(tmp_path), [*MANY, "9"])
    cells = KeptResults(tmp_path, afresh=True)

    assert_many(cells, ROWS.clear(), MANY)
    keep(cells, MANY)
    assert_many(cells, ROWS, [])
    cells.sweep()
    assert sorted(path.name for path in (tmp_path / "step").iterdir()) == sorted(f"{name}.cell" for name in MANY)
