"""JSON Lines: spelling of values, lines that are no object, names that differ per line."""

import gzip
import itertools
from pathlib import Path

import pytest

from pipeline.errors import Rejected
from pipeline.store.byte_source import ByteSource
from pipeline.store.formats.jsonl_file import open_jsonl
from pipeline.store.formats.open_table import open_table


def read(path: Path, content: bytes, block_size: int) -> tuple[tuple[str, ...], list[object], list[object]]:
    path.write_bytes(content)
    table = open_jsonl(ByteSource(path), block_size=block_size)
    batches = list(table.batches)
    rows = itertools.chain.from_iterable(batch.frame.rows() for batch in batches)
    misshapen = itertools.chain.from_iterable(batch.misshapen.rows() for batch in batches)
    return table.header, list(rows), list(misshapen)


@pytest.mark.parametrize("block_size", [1, 2, 13, 1 << 20])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_lines_keep_their_numbers(tmp_path: Path, block_size: int, line_end: bytes) -> None:
    lines = [
        b'{"a": "1", "b": 2}',
        b"",
        b"[1]",
        b'{"a": 1, "a": 2}',
        b'{"c": "x"}',
        b"{}",
        b'{"a": NaN}',
        b'{"a"',
        b'{"b": "y"}',
    ]

    header, rows, misshapen = read(tmp_path / "x.jsonl", b"\xef\xbb\xbf" + line_end.join(lines), block_size)

    assert header == ("a", "b", "c")
    assert rows == [(1, "1", "2", None), (5, None, None, "x"), (9, None, "y", None)]
    assert misshapen == [(3, "FILE-032"), (4, "FILE-085"), (7, "FILE-090"), (8, "FILE-032")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.10", "1.10"), ("1e3", "1000"), ("-0.0", "-0.0"), ("12345678901234567890", "12345678901234567890"),
        ("true", "true"), ("false", "false"), ("null", None), ('""', None), ('" x "', " x "), ('"007"', "007"),
        ('[1, 2.50, "é"]', '[1,2.5,"é"]'), ('{"x": {"y": null}}', '{"x":{"y":null}}'),
    ],
)  # fmt: skip
def test_values_keep_their_spelling(tmp_path: Path, value: str, text: str | None) -> None:
    _, rows, misshapen = read(tmp_path / "x.jsonl", f'{{"k": "k", "a": {value}}}\n'.encode(), 1 << 20)

    assert (rows, misshapen) == ([(1, "k", text)], [])


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 50_000, "01"])
def test_values_that_are_no_text_make_the_line_misshapen(tmp_path: Path, value: str) -> None:
    content = f'{{"a": "k"}}\n{{"a": {value}}}\n'.encode()

    _, rows, misshapen = read(tmp_path / "x.jsonl", content, 1 << 20)

    assert (rows, misshapen) == ([(1, "k")], [(2, "FILE-032")])


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('{"a": 1}{"a": 2}', "FILE-086"), ('{"a": 1} {"a": 2}', "FILE-086"), ('{"a": 1},{"a": 2}', "FILE-086"),
        ('{"a": 1}{"a": 2', "FILE-086"), ('{"a": 1} x', "FILE-032"), ('{"a": 1}]', "FILE-032"),
        ('[1]{"a": 2}', "FILE-032"),
        ('{"a": 1, "a": 1}', "FILE-085"), ('{"a": {"b": 1, "b": 2}}', "FILE-085"),
        ('{"a": 1, "\\u0061": 2}', "FILE-085"), ('{"a": NaN}', "FILE-090"), ('{"a": -Infinity}', "FILE-090"),
        ('{"a": "\\ud800"}', "FILE-091"), ('{"a": {"b": "\\udfff"}}', "FILE-091"),
    ],
)  # fmt: skip
def test_a_name_twice_and_two_objects_on_a_line_have_a_sentence_of_their_own(
    tmp_path: Path, line: str, rule: str
) -> None:
    _, rows, misshapen = read(tmp_path / "x.jsonl", f'{{"a": "k"}}\n{line}\n'.encode(), 1 << 20)

    assert (rows, misshapen) == ([(1, "k")], [(2, rule)])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('[{"a": 1}]', "without a list"), ('{"a": 1, "a": 2}', "a name stands twice"),
        ('{"a": 1}{"a": 2}', "several objects"), ('{"a": NaN}', "NaN"), ('{"a": 1},', "a comma stands behind"),
        ('{"a": 1};', "a comma stands behind"), ('{\n"a": 1,\n"b": {"c": 2}\n}', "over several lines"),
        ('[\n{\n"a": 1\n}\n]', "over several lines"), ('{"a":\n1}', "over several lines"),
        ("bsn;datum\n1;2", "name it .csv"), ('"bsn","datum"\n"1","2"', "name it .csv"), ("x", "no line holds"),
    ],
)  # fmt: skip
def test_a_file_without_any_object_is_told_why(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(Rejected, match=f"FILE-033.*{says}"):
        read(tmp_path / "x.jsonl", f"\n{line}\n{line}\n".encode(), 1 << 20)


def test_marks_of_byte_order_are_no_part_of_the_first_line(tmp_path: Path) -> None:
    assert read(tmp_path / "x.jsonl", b'\xef\xbb\xbf\xef\xbb\xbf{"a": 1}', 1 << 20)[1] == [(1, "1")]


def test_packed_and_in_windows_1252(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress('{"naam": "José"}\n'.encode("cp1252")))

    table = open_table(path)

    assert (table.encoding, table.separator, table.is_excel) == ("windows-1252", "", False)
    assert next(table.batches).frame["c0"].to_list() == ["José"]
