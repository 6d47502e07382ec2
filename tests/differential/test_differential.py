"""A share of the spoilt files; ``python -m tests.differential`` makes as many as are wanted (docs/reliability.md)."""

import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.differential import reference
from tests.differential.compare import spoilt, tried
from tests.examples import examples


def differences(seed: int) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl about days that are none
        return tried(seed, Path(folder)).differences


@examples(40)
@given(st.integers(20_000, 2**31))
@example(30)  # a batch in which no row fits
@example(116)  # a line end inside a quoted cell of a file with quotes around every cell
@example(609)
@example(3_628_801)  # a day of the year 17
@example(73_645_963)  # a typed number with a zero decimal where a name belongs
def test_a_spoilt_file_is_read_as_a_slow_reader_reads_it_and_loses_no_row(seed: int) -> None:
    assert differences(seed) == ()


def test_the_slow_reader_sees_a_lost_row() -> None:
    """The comparison would tell: a file with one row less than was begun, and a cell that is another."""
    with tempfile.TemporaryDirectory() as folder:
        made = next(each for seed in range(5_000) if (each := spoilt(seed, Path(folder))).kind == "csv:unchanged+same")
        begun, table = made.rows_begun(), reference.read_csv(made.path.read_bytes())
        made.path.write_bytes(b"\n".join(made.path.read_bytes().splitlines()[:-1]))

        assert begun == len(table.rows)
        assert made.rows_begun() == begun - 1


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [("2.420", "count", 2420), ("45,000", "count", None), ("33.333", "decimal", "33.333"),
     ("1.234,5", "asked", "1234.5"),
     ("1.23,4", "asked", None), ("1.234", "asked", None), ("−0,74", "asked", "-0.74")],
)  # fmt: skip
def test_the_slow_reader_reads_numbers_as_the_table_of_readings_says(text: str, marks: str, expected: object) -> None:
    found = reference.number_of(text, marks)
    assert (None if found is None else str(found)) == (None if expected is None else str(expected))
