"""Files that cannot be read: each ends in one stable code, and no message holds a value of a cell."""

import gzip
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import Rejected, Unstable
from pipeline.store.formats.csv_blocks import BLOCK_SIZE
from pipeline.store.formats.open_table import open_table
from schemas.rules.file import FILE
from schemas.vocabulary import Severity

SECRET = "123456782"
ROWS = f"bsn;naam\n{SECRET};Jansen\n".encode()


def read_all(path: Path) -> pl.DataFrame:
    return pl.concat([batch.frame for batch in open_table(path).batches])


def refused(path: Path) -> Rejected:
    with pytest.raises(Rejected) as caught:
        list(open_table(path).batches)
    printed = "".join(traceback.format_exception_only(caught.value))
    context = caught.value.__cause__ or (None if caught.value.__suppress_context__ else caught.value.__context__)
    assert context is None, "what lies behind it is printed too, and may quote a row"
    assert SECRET not in printed
    assert "Jansen" not in printed
    return caught.value


BAD_CONTENT: dict[str, tuple[str, bytes, str]] = {
    "no bytes": ("x.csv", b"", "FILE-008"),
    "only blanks": ("x.csv", b" \r\n\t\n", "FILE-008"),
    "only a BOM": ("x.csv", b"\xef\xbb\xbf", "FILE-008"),
    "BOM and blanks": ("x.csv", b"\xef\xbb\xbf \n", "FILE-008"),
    "only a separator hint": ("x.csv", b"sep=;\r\n", "FILE-008"),
    "empty jsonl": ("x.jsonl", b"", "FILE-008"),
    "empty parquet": ("x.parquet", b"", "FILE-008"),
    "empty xlsx": ("x.xlsx", b"", "FILE-008"),
    "empty gzip": ("x.csv.gz", gzip.compress(b""), "FILE-008"),
    "header only": ("x.csv", b"bsn;naam\r\n", "FILE-009"),
    "header and blank lines": ("x.csv", b"bsn;naam\n\n  \n;\n", "FILE-009"),
    "unknown extension": ("x.doc", ROWS, "FILE-005"),
    "no extension": ("x", ROWS, "FILE-005"),
    "gzip of unknown": ("x.txt2.gz", ROWS, "FILE-005"),
    "workbook named csv": ("x.csv", b"PK\x03\x04" + ROWS, "FILE-010"),
    "pdf named txt": ("x.txt", b"%PDF-1.7\n" + ROWS, "FILE-010"),
    "UTF-16": ("x.csv", ROWS.decode().encode("utf-16"), "FILE-010"),
    "binary junk": ("x.csv", bytes(range(256)) * 40, "FILE-010"),
    "NUL bytes": ("x.csv", ROWS + f"{SECRET};Jan\0sen\n".encode(), "FILE-011"),
    "two encodings": ("x.csv", ROWS + "1;José\n".encode() + "2;José\n".encode("cp1252"), "FILE-012"),
    "two encodings, reversed": ("x.csv", ROWS + "2;José\n".encode("cp1252") + "1;José\n".encode(), "FILE-012"),
    "BOM and 1252": ("x.csv", b"\xef\xbb\xbf" + ROWS + "2;José\n".encode("cp1252"), "FILE-012"),
    "undefined in 1252": ("x.csv", ROWS + b"2;Jos\x8d \n", "FILE-013"),
    "truncated gzip": ("x.csv.gz", gzip.compress(ROWS * 100)[:-12], "FILE-015"),
    "not gzip": ("x.csv.gz", ROWS, "FILE-015"),
    "gzip with a tail": ("x.csv.gz", gzip.compress(ROWS) + b"Jansen", "FILE-015"),
    "gzip bomb": ("x.csv.gz", gzip.compress(b"bsn;naam\n" + b"1;2\n" * 8_000_000), "FILE-016"),
    "unclosed quote": ("x.csv", b"bsn;naam\n1;a\n" + f'{SECRET};"Jansen\n3;c\n'.encode(), "FILE-017"),
    "unclosed quote, closed later": ("x.csv", f'"b";"n"\n"{SECRET}";"Jansen\n"3";"c"\n'.encode(), "FILE-017"),
    "unclosed quote in header": ("x.csv", b'bsn;"naam\n1;2\n', "FILE-017"),
    "same name twice": ("x.csv", b"Reden einde;bsn;reden_EINDE\n1;2;3\n", "FILE-018"),
    "same name but for accents": ("x.csv", "financiële;Financiele\n1;2\n".encode(), "FILE-018"),
    "no name": ("x.csv", b"bsn;;naam\n1;2;3\n", "FILE-019"),
    "no name at the end, with values": ("x.csv", b"bsn;naam;\n1;2;\n1;2;Jansen\n", "FILE-019"),
    "too many columns": ("x.csv", b";".join(b"a%d" % i for i in range(2001)) + b"\n1\n", "FILE-034"),
    "junk named parquet": ("x.parquet", ROWS, "FILE-029"),
    "junk between parquet marks": ("x.parquet", b"PAR1" + ROWS + b"\x10\0\0\0PAR1", "FILE-029"),
    "no line an object": ("x.jsonl", f'["{SECRET}"]\nJansen\n'.encode(), "FILE-033"),
    "pretty printed json": ("x.jsonl", f'[\n{{\n"bsn": "{SECRET}"\n}}\n]\n'.encode(), "FILE-033"),
    "jsonl with a double name": ("x.jsonl", b'{"bsn": 1}\n{"BSN": 2}\n', "FILE-018"),
    "jsonl of empty objects": ("x.jsonl", b"{}\n{}\n", "FILE-009"),
    "junk named xlsx": ("x.xlsx", ROWS, "FILE-024"),
    "another Office document named xlsx": ("x.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + ROWS, "FILE-024"),
}


@pytest.mark.parametrize(("name", "content", "code"), BAD_CONTENT.values(), ids=BAD_CONTENT)
def test_bad_content_is_refused_with_its_code(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    found = refused(path)

    assert found.rule == code
    assert found.detail


def _folder(path: Path) -> None:
    path.mkdir()


def _dangling(path: Path) -> None:
    path.symlink_to("gone.csv")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("make", "code"),
    [(_folder, "FILE-001"), (_dangling, "FILE-002"), (_loop, "FILE-002"), (os.mkfifo, "FILE-004")],
    ids=["folder", "dangling link", "link loop", "pipe"],
)
def test_what_is_not_a_file_is_refused_without_blocking(
    tmp_path: Path, make: Callable[[Path], None], code: str
) -> None:
    make(tmp_path / "x.csv")

    assert refused(tmp_path / "x.csv").rule == code


def test_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(ROWS)
    path.chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    script = (
        "import os, sys, pathlib\n"
        "from pipeline.store.formats.open_table import open_table\n"
        "from pipeline.errors import Rejected\n"
        "if os.getuid() == 0:\n    os.setgid(65534); os.setuid(65534)\n"
        "try:\n    open_table(pathlib.Path(sys.argv[1]))\n"
        "except Rejected as error:\n    print(error.rule)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert done.stdout.strip() == "FILE-003"


def test_unclosed_quote_names_the_row_where_it_opened(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b'bsn;naam\n1;"a\nb"\n\n' + f'{SECRET};"Jansen\n'.encode() + b"3;c\n" * 1000)

    assert "row 4" in refused(path).detail


def test_a_number_in_place_of_a_header_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(f"{SECRET};x;{SECRET}\n1;2;3\n".encode())

    detail = refused(path).detail
    assert detail.startswith("same name twice: a name (columns 1 and 3)")
    assert SECRET not in detail


@pytest.mark.parametrize("size", [64 << 20, 1 << 30], ids=["64 MiB", "1 GiB"])
def test_endless_line_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as file:
        file.write(b"bsn;naam\n" + b"1;2;" * (1 << 20))
        file.truncate(size)  # the rest is a hole that takes no space

    assert refused(path).rule == "FILE-014"


def test_encoding_is_decided_by_the_last_byte(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"bsn;naam\n" + b"1;Jansen\n" * 1_000_000 + b"2;Jos\xe9")

    table = open_table(path)

    assert table.encoding == "windows-1252"
    assert pl.concat([batch.frame for batch in table.batches])["c1"][-1] == "José"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"naam\nJansen\n", "utf-8"),
        ("naam\nJosé €\n".encode(), "utf-8"),
        ("naam\nJosé €\n".encode("utf-8-sig"), "utf-8-sig"),
        ("naam\nJosé €\n".encode("cp1252"), "windows-1252"),
    ],
)
def test_encoding(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(content)

    table = open_table(path)

    assert (table.encoding, table.header) == (encoding, ("naam",))
    assert next(table.batches).frame["c0"].to_list() == [
        content.decode("cp1252" if encoding[0] == "w" else "utf-8-sig").split("\n")[1]
    ]


def test_name_decides_the_format(tmp_path: Path) -> None:
    path = tmp_path / "5f3a"
    path.write_bytes(gzip.compress(ROWS))

    table = open_table(path, name="X.CSV.GZ")

    assert table.header == ("bsn", "naam")


def test_gzip_of_several_members(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(ROWS) + gzip.compress(b"2;b\n") + b"\0" * 10)

    assert read_all(path)["c1"].to_list() == ["Jansen", "b"]


def test_file_that_changes_between_two_batches_is_unstable(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    header, row = ROWS.splitlines(keepends=True)
    path.write_bytes(header + row * (BLOCK_SIZE // len(row) + 9))
    os.utime(path, (1, 1))
    table = open_table(path)
    next(table.batches)

    with path.open("ab") as file:
        file.write(b"1;2\n")

    with pytest.raises(Unstable, match=r"x\.csv"):
        list(table.batches)


@pytest.mark.parametrize("form", ["jsonl", "parquet", "xlsx"])
def test_a_line_that_names_the_source_is_told_in_every_format(tmp_path: Path, form: str) -> None:
    path, frame = tmp_path / f"x.{form}", pl.DataFrame({"a": ["1", "Bron: CBS", "2"], "b": ["x", None, "y"]})
    writers: dict[str, Callable[[Path], object]] = {
        "jsonl": frame.write_ndjson, "parquet": frame.write_parquet, "xlsx": frame.write_excel,
    }  # fmt: skip
    writers[form](path)

    (batch,) = open_table(path).batches

    row = 3 if form == "xlsx" else 2
    assert (batch.source_lines, row in batch.frame["row"], batch.frame.height) == ((row,), False, 2)


def test_rules_are_unique_and_complete() -> None:
    codes = [rule.code for rule in FILE.rules]

    assert len(set(codes)) == len(codes)
    assert {"FILE-020", "FILE-021", "FILE-022", "FILE-023"} <= set(codes)
    assert {code for _, _, code in BAD_CONTENT.values()} <= set(codes)
    assert all(rule.title and rule.title_nl and rule.why and rule.fix for rule in FILE.rules)
    assert {rule.code for rule in FILE.rules if rule.severity is Severity.QUARANTINE} == {
        "FILE-030",
        "FILE-031",
        "FILE-032",
        "FILE-085",
        "FILE-086",
        "FILE-070",
        "FILE-090",
        "FILE-091",
    }
