"""Separated text: the cells are those that Python's csv module finds, whatever block size, quoting and line ends."""

import csv
import io
import itertools
import os
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Rejected
from pipeline.store.byte_source import ByteSource
from pipeline.store.formats.csv_file import open_csv
from pipeline.store.formats.text_table import TextTable
from tests.examples import examples


def opened(content: bytes, block_size: int) -> TextTable:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return open_csv(ByteSource(Path(file.name)), block_size=block_size)


def read(
    content: bytes, block_size: int = 1 << 20
) -> tuple[tuple[str, ...], list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Header, rows with their number, misshapen rows with their rule."""
    table = opened(content, block_size)
    batches = list(table.batches)
    rows = list(itertools.chain.from_iterable(batch.frame.rows() for batch in batches))
    misshapen = list(itertools.chain.from_iterable(batch.misshapen.rows() for batch in batches))
    return table.header, rows, misshapen


def expected(text: str, separator: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The same by Python's csv module, one row at a time; a record that is no row stands for its lines."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=separator)
    width, rows, misshapen, number = len(next(reader)), [], [], 2
    start = reader.line_num
    for record in reader:
        here, start = lines[start : reader.line_num], reader.line_num
        over_lines = [cell for cell in record if "\n" in cell or "\r" in cell]
        is_swallowed = len(here) > 1 and sum(cell.count(separator) for cell in over_lines) >= max(1, width // 2)
        if len(record) == width and not is_swallowed:
            rows += [(number, *(cell or None for cell in record))] if any(record) else []
            number += 1
            continue
        short_or_long = "FILE-030" if len(record) < width else "FILE-031"
        rule = "FILE-070" if len(here) > 1 else short_or_long
        if "".join(record).strip(" \t\r\n"):
            filled = [i for i, line in enumerate(here) if line.strip(' \t\r\n"' + separator)]
            misshapen += [(number + i, rule) for i in (filled if len(here) > 1 and filled else [0])]
        number += len(here)
    return rows, misshapen


CELLS = st.text(st.sampled_from("ab1 ;,\t|\"\n\ré€.'"), max_size=6)
PLAIN_CELLS = st.text(st.sampled_from("ab1 é€.'-\""), max_size=5)
BLOCKS = st.sampled_from([1, 2, 3, 7, 16, 61, 1 << 16])


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, str]:
    """A file as the csv module writes it, sometimes with rows of a wrong length and blank lines."""
    separator = draw(st.sampled_from(";,\t|"))
    line_end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    width = draw(st.integers(2, 4))
    lengths = st.sampled_from([width] * 8 + [width - 1, width + 1, 0])
    rows = draw(st.lists(lengths.flatmap(lambda n: st.lists(CELLS, min_size=n, max_size=n)), max_size=8))
    out = io.StringIO(newline="")
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
    writer = csv.writer(out, delimiter=separator, lineterminator=line_end, quoting=quoting)
    writer.writerow([f"kolom {i}" for i in range(width)])
    for row in rows:
        writer.writerow(row)
    text = out.getvalue()
    return (text.removesuffix(line_end) if draw(st.booleans()) else text), separator


@examples(62)
@given(tables(), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]), BLOCKS)
def test_cells_are_those_of_the_csv_module(table: tuple[str, str], encoding: str, block_size: int) -> None:
    text, separator = table
    if encoding == "cp1252":
        text = text.replace("€", "ß")  # "é€€" in Windows-1252 is also a Chinese character in UTF-8

    _, rows, misshapen = read(text.encode(encoding), block_size)

    assert (rows, misshapen) == expected(text, separator)


@examples(50)
@given(st.lists(st.lists(PLAIN_CELLS, min_size=2, max_size=2), min_size=1, max_size=8), BLOCKS)
def test_stray_quotes_are_characters(cells: list[list[str]], block_size: int) -> None:
    text = "a;b\n" + "".join(f"x{a};y{b}\n" for a, b in cells)

    _, rows, misshapen = read(text.encode(), block_size)

    assert (rows, misshapen) == expected(text, ";")


@examples(75)
@given(st.text(st.sampled_from('a;"\n\r1 '), max_size=40), BLOCKS)
def test_any_block_size_gives_the_same(text: str, block_size: int) -> None:
    def outcome(size: int) -> object:
        try:
            return read(b"k;l\n" + text.encode(), size)
        except Rejected as error:
            return str(error)

    assert outcome(block_size) == outcome(1 << 16)


@pytest.mark.parametrize("block_size", [5, 1 << 20])
def test_misshapen_rows_leave_the_others_their_numbers(block_size: int) -> None:
    content = b"a;b;c\n1;2;3\n\n4;5\n6;7;8;9\n   \n;;\n10;11;12\ntotaal 3\n"

    _, rows, misshapen = read(content, block_size)

    assert rows == [(2, "1", "2", "3"), (8, "10", "11", "12")]
    assert misshapen == [(4, "FILE-030"), (5, "FILE-031"), (9, "FILE-030")]


@pytest.mark.parametrize(
    ("content", "header", "rows"),
    [
        (b"\n\r\na;b\n1;2\n", ("a", "b"), [(4, "1", "2")]),
        (b"sep=|\r\na;x|b\r\n1|2\r\n", ("a;x", "b"), [(3, "1", "2")]),
        (b'"a;a,b,c";b\n1;2\n', ("a;a,b,c", "b"), [(2, "1", "2")]),
        (b' a ;" b "\n1; 2 \n', ("a", "b"), [(2, "1", " 2 ")]),
        (b"a;b;;\n1;2;;\n", ("a", "b"), [(2, "1", "2")]),
        (b"a\n1\n\n2\n", ("a",), [(2, "1"), (4, "2")]),
        (b'a 5" b;c\n1;2\n3;"x"\n', ('a 5" b', "c"), [(2, "1", "2"), (3, "3", "x")]),
        (b"a;b\r1;2\r3;4", ("a", "b"), [(2, "1", "2"), (3, "3", "4")]),
        (b'a;b\n"";" "\n', ("a", "b"), [(2, None, " ")]),
        (b"\xef\xbb\xbf\xef\xbb\xbfa;b\n1;2\n", ("a", "b"), [(2, "1", "2")]),
    ],
    ids=[
        "blank lines first",
        "hint",
        "quoted separators",
        "blanks",
        "trailing",
        "one",
        "quote in name",
        "CR",
        "empty",
        "two marks",
    ],
)
@pytest.mark.parametrize("block_size", [3, 1 << 20])
def test_shapes_seen_in_files(
    content: bytes, header: tuple[str, ...], rows: list[tuple[object, ...]], block_size: int
) -> None:
    assert read(content, block_size) == (header, rows, [])


def _with_stray_quotes(first: int, last: int) -> bytes:
    lines = ["a;b;c;d;e", *(f"{n};{n};{n};{n};{n}" for n in range(2, 12))]
    lines[first - 1], lines[last - 1] = (
        f'{first};{first};"{first};{first};{first}',
        f'{last};{last};{last}";{last};{last}',
    )
    return "\n".join(lines).encode()


@pytest.mark.parametrize("block_size", [5, 1 << 20])
@pytest.mark.parametrize(("first", "last"), [(2, 3), (4, 9), (2, 11)])
def test_rows_between_two_stray_quotes_are_counted(first: int, last: int, block_size: int) -> None:
    _, rows, misshapen = read(_with_stray_quotes(first, last), block_size)

    assert misshapen == [(row, "FILE-070") for row in range(first, last + 1)]
    assert [row[0] for row in rows] == [row for row in range(2, 12) if not first <= row <= last]


def test_a_value_over_lines_stays_one_value() -> None:
    _, rows, misshapen = read(b'a;b;c;d;e\n1;2;3;4;"een\ntwee; drie\nvier"\n6;7;8;9;0\n')

    assert (rows, misshapen) == (
        [(2, "1", "2", "3", "4", "een\ntwee; drie\nvier"), (3, "6", "7", "8", "9", "0")],
        [],
    )


def test_a_header_that_swallows_a_row_is_refused() -> None:
    with pytest.raises(Rejected, match="FILE-017"):
        opened(b'a;b;"c\n1";2;3\n4;5;6\n', 1 << 16)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separator_is_found_in_the_header(separator: str) -> None:
    content = f"naam{separator}bsn{separator}x\n1{separator}2{separator}3\n".encode()

    assert opened(content, 1 << 16).separator == separator


def test_column_types_of_a_batch() -> None:
    batch = next(opened(b"a;b\n1;\n1\n", 1 << 16).batches)

    assert dict(batch.frame.schema) == {"row": pl.Int64, "c0": pl.String, "c1": pl.String}
    assert dict(batch.misshapen.schema) == {"row": pl.Int64, "rule": pl.String}


def test_long_rows_across_threads() -> None:
    cell = "x" * 700_000
    content = f'a;b\n{cell};"1\n2"\n{cell};2\n3\n'.encode()

    _, rows, misshapen = read(content)

    assert [(row[0], len(str(row[1])), row[2]) for row in rows] == [(2, 700_000, "1\n2"), (3, 700_000, "2")]
    assert misshapen == [(4, "FILE-030")]


PUBLISHED = (
    b'"ID","Leeftijd","Regiokenmerken","Inwoners_1","Bijstandsontvangers_2"\n'
    b'"0","20150","NL01  ","14188300","  496600"\n'
    b'"1","90200","AM35  ","      10","       ."\n'
)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_statline_as_published(bom: bytes) -> None:
    header, rows, misshapen = read(bom + PUBLISHED)

    assert header[:3] == ("ID", "Leeftijd", "Regiokenmerken")
    assert rows == [
        (2, "0", "20150", "NL01  ", "14188300", "  496600"),
        (3, "1", "90200", "AM35  ", "      10", "       ."),
    ]
    assert misshapen == []


STATLINE = Path(os.environ.get("UITSTROOM_STATLINE", "no-such-folder"))
"""Folder with CBS bulk files as downloaded; they are not kept in the repository."""


@pytest.mark.parametrize("path", sorted(STATLINE.glob("statline_*.csv")), ids=lambda path: path.name)
def test_published_bulk_files_are_read_whole(path: Path) -> None:
    table = open_csv(ByteSource(path))
    batches = list(table.batches)

    text = path.read_bytes().decode("utf-8-sig")
    rows, misshapen = expected(text, ",")
    assert [row for batch in batches for row in batch.frame.rows()] == rows
    assert misshapen == []
    assert table.header[0] == "ID"
