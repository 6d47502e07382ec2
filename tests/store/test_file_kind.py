"""A file of another kind than its name promises is called what it is, with the next step; a table never is."""

import bz2
import gzip
import io
import json
import lzma
import sqlite3
import tarfile
import time
import zipfile
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import polars as pl
import pytest

from pipeline.errors import Rejected
from pipeline.store.formats.open_table import open_table

ROWS = "bsn;naam\n123456782;Jansen\n"
SECRET = ("123456782", "Jansen")


def office(*names: str, before: bytes = b"", at: int = 512) -> bytes:
    """An Office container with entries of these names; as made by Excel, these stand at some multiple of 128."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    return (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(at, b"\0") + before).ljust(at + 512, b"\0") + entries


def biff(*, is_locked: bool) -> bytes:
    start = b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\1" * 12
    return start + (b"\x2f\x00\x06\x00" if is_locked else b"\x42\x00\x02\x00")


def archive(**members: str) -> bytes:
    with zipfile.ZipFile(stream := io.BytesIO(), "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["bsn", "naam"])
    book.save(stream := io.BytesIO())
    return stream.getvalue()


def parquet() -> bytes:
    pl.DataFrame({"bsn": ["123456782"]}).write_parquet(stream := io.BytesIO())
    return stream.getvalue()


def database(folder: Path) -> bytes:
    with sqlite3.connect(folder / "x.db") as made:
        made.execute("create table persons (bsn text)")
    made.close()
    return (folder / "x.db").read_bytes()


def tar() -> bytes:
    with tarfile.open(fileobj=(stream := io.BytesIO()), mode="w") as made:
        made.addfile(tarfile.TarInfo("x.csv"))
    return stream.getvalue()


PAGE = "<html><body><table><tr><td>123456782</td><td>Jansen</td></tr></table></body></html>"
KINDS: dict[str, tuple[bytes, str]] = {
    "old workbook": (office("Workbook", before=biff(is_locked=False)), "an old Excel workbook (.xls)"),
    "old workbook of 1995": (office("Book"), "an old Excel workbook (.xls)"),
    "old workbook, entries far away": (office("Workbook", at=3 << 20), "an old Excel workbook (.xls)"),
    "locked old workbook": (office("Workbook", before=biff(is_locked=True)), "workbook (.xls) with a password"),
    "encrypted": (office("EncryptionInfo", "EncryptedPackage"), "an encrypted Office file"),
    "letter": (office("WordDocument"), "an Office document of another kind"),
    "page": (PAGE.encode(), "a web page (HTML)"),
    "page, as Excel writes it": (b"\xef\xbb\xbf\r\n<!-- made -->\n<META charset=utf-8>" + PAGE.encode(), "(HTML)"),
    "xhtml": (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n' + PAGE.encode(), "a web page (HTML)"),
    "sheet as xml": (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">Jansen</Workbook>',
        "an Excel workbook saved as XML",
    ),
    "xml": (b'<?xml version="1.0"?><rows><row>Jansen</row></rows>', "an XML document"),
    "xml without a head": (b"<rows>\n <row>Jansen</row></rows>", "an XML document"),
    "rtf": (rb"{\rtf1\ansi Jansen}", "a Word document as RTF"),
    "zip": (archive(**{"x.csv": ROWS}), "a zip archive"),
    "word": (archive(**{"[Content_Types].xml": "", "word__document.xml": ""}), "a Word document"),
    "ods": (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "an OpenDocument sheet (.ods)"),
    "xlsb": (archive(**{"xl__workbook.bin": ""}), "a binary Excel workbook (.xlsb)"),
    "bzip2": (bz2.compress(ROWS.encode()), "a bzip2 archive"),
    "xz": (lzma.compress(ROWS.encode()), "an xz archive"),
    "zstd": (b"\x28\xb5\x2f\xfd" + ROWS.encode(), "a Zstandard archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4", "a 7-Zip archive"),
    "rar": (b"Rar!\x1a\x07\x01\0", "a RAR archive"),
    "tar": (tar(), "a tar archive"),
    "pdf": (b"%PDF-1.7\n" + ROWS.encode(), "a PDF document"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(99), "a picture (PNG)"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(99), "a picture (JPEG)"),
    "utf-16": (ROWS.encode("utf-16"), "text in UTF-16"),
    "utf-16 without a mark": (ROWS.encode("utf-16-le"), "text in UTF-16"),
    "utf-16, big end first": (ROWS.encode("utf-16-be"), "text in UTF-16"),
    "utf-32": (ROWS.encode("utf-32"), "text in UTF-32"),
    "access": (b"\0\1\0\0Standard ACE DB\0", "an Access database"),
    "spss": (b"$FL2@(#) SPSS DATA FILE", "an SPSS file"),
    "pgp": (b"-----BEGIN PGP MESSAGE-----\n", "an encrypted message (PGP)"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a pointer of Git LFS"),
}  # fmt: skip
NAMES = {"x.csv": ("FILE-010", "FILE-053"), "x.jsonl": ("FILE-010", "FILE-053"), "x.txt": ("FILE-010", "FILE-053"),
         "x.xlsx": ("FILE-024", "FILE-025", "FILE-054"), "x.parquet": ("FILE-029",), "x.csv.gz": ("FILE-015",),
         "x.xls": ("FILE-005",), "x": ("FILE-005",)}  # fmt: skip


def refused(path: Path, content: bytes) -> Rejected:
    path.write_bytes(content)
    with pytest.raises(Rejected) as caught:
        list(open_table(path).batches)
    assert not any(value in caught.value.detail for value in SECRET)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
def test_content_of_another_kind_is_called_what_it_is_under_any_name(tmp_path: Path, kind: str) -> None:
    content, says = KINDS[kind]
    refusals = {name: refused(tmp_path / name, content) for name in NAMES}
    assert {name: each for name, each in refusals.items() if each.rule not in NAMES[name]} == {}
    assert {name: each for name, each in refusals.items() if says not in each.detail} == {}
    assert {name: each for name, each in refusals.items() if ";" not in each.detail} == {}, "the next step"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_packed_is_called_what_it_is(tmp_path: Path, kind: str) -> None:
    content, says = KINDS[kind]
    refusal = refused(tmp_path / "x.csv.gz", gzip.compress(content))
    assert refusal.rule in ("FILE-010", "FILE-053")
    assert says in refusal.detail or kind.startswith(("old", "locked", "encrypted"))


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("x.xlsx", KINDS["old workbook"][0], "FILE-054", "save it as .xlsx"),
        ("x.xlsx", KINDS["encrypted"][0], "FILE-025", "without a password"),
        ("x.xlsx", KINDS["locked old workbook"][0], "FILE-025", "without a password"),
        ("x.xlsx", ROWS.encode(), "FILE-024", "plain text named .xlsx; name it .csv"),
        ("x.parquet", ROWS.encode(), "FILE-029", "plain text named .parquet"),
        ("x.csv.gz", ROWS.encode(), "FILE-015", "plain text named .csv.gz"),
        ("x.csv", gzip.compress(ROWS.encode()), "FILE-010", "name it .csv.gz"),
        ("x.csv.gz", gzip.compress(gzip.compress(ROWS.encode())), "FILE-010", "packed twice"),
        ("x.csv", json.dumps([{"bsn": 1}]).encode(), "FILE-053", "a JSON list"),
        ("x.csv", b'{"bsn": "123456782"}\n', "FILE-053", "name it .jsonl"),
        ("x.json", json.dumps([{"bsn": 1}]).encode(), "FILE-005", "a JSON list"),
        ("x.jsonl", json.dumps([{"bsn": 1}]).encode(), "FILE-033", "without a list around"),
        ("x.csv", workbook(), "FILE-010", "an Excel workbook named .csv; name it .xlsx"),
        ("x.xlsx.gz", gzip.compress(workbook()), "FILE-005", "a gzip archive"),
        ("x.csv", parquet(), "FILE-010", "a Parquet file named .csv; name it .parquet"),
        ("x.xlsx", parquet(), "FILE-024", "a Parquet file"),
        ("x.doc", ROWS.encode(), "FILE-005", "plain text"),
    ],
    ids=lambda each: "bytes" if isinstance(each, bytes) else None,  # an archive holds when it was made
)  # fmt: skip
def test_the_next_step_fits_what_was_sent(tmp_path: Path, name: str, content: bytes, code: str, says: str) -> None:
    refusal = refused(tmp_path / name, content)
    assert refusal.rule == code
    assert says in refusal.detail


def test_a_database_is_called_a_database(tmp_path: Path) -> None:
    assert "an SQLite database" in refused(tmp_path / "x.csv", database(tmp_path)).detail


@pytest.mark.parametrize(
    "header",
    ["PAR1;naam", "ID;Periode", "BM;naam", "MZ;naam", "II;naam", "ORC\nx", "%!PS;naam", "[bsn];[naam]", "<bsn>;<naam>",
     "GIF;x", "{bsn};naam", "ID;P\nC", "TABLE;x", "PK;naam", "Received;x", "RDX2;x", "Obj;x", "ÿØ;x", "RIFF;x"],
)  # fmt: skip
def test_a_table_is_never_taken_for_another_kind(tmp_path: Path, header: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"{header}\n1;2\n", "utf-8")
    assert sum(batch.frame.height + batch.misshapen.height for batch in open_table(path).batches) > 0


def test_recognising_takes_no_time_on_a_hostile_start(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"<!-- -->" * 8_000 + b"\n1;2\n")
    began = time.process_time()
    list(open_table(path).batches)
    assert time.process_time() - began < 2
