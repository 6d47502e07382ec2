"""What a file is by its content, whatever its name: told to the sender in words, with the next step.

Here: marks at the start of a file, and of what lies inside a container. Not here: reading any kind (beside this file).
Only some kilobytes are looked at, of an Office container its names; no library opens the file for it.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.store.byte_source import ByteSource

_HEAD = 64 << 10
_CHUNK = 1 << 20
_MOST = 256 << 20
"""Of a container no more is searched for the names of its parts."""


@dataclass(frozen=True)
class Kind:
    """What it is, with an article, and what to do with it."""

    name: str
    advice: str
    is_text: bool = False
    """Letters, but not those of a table."""


_UNPACK = "unpack it and send the files in it one by one"
_EXPORT = "export the data as CSV in UTF-8"
_NO_TABLE = "there are no rows in it that could be read; ask for the data as CSV"

GZIP = Kind("a gzip archive", "name it .csv.gz where a CSV is packed in it, send other kinds unpacked")
PARQUET = Kind("a Parquet file", "name it .parquet")
WORKBOOK = Kind("an Excel workbook", "name it .xlsx")
OLD_WORKBOOK = Kind("an old Excel workbook (.xls)", "open it in Excel and save it as .xlsx")
LOCKED_OLD_WORKBOOK = Kind("an old Excel workbook (.xls) with a password", "save it as .xlsx without a password")
ENCRYPTED = Kind("an encrypted Office file", "save it without a password, and send it over a safe channel")
OFFICE = Kind("an Office document of another kind", _EXPORT)
PLAIN = Kind("plain text", "name it .csv if it is separated text, .jsonl if each line is one object", is_text=True)
ARCHIVE = Kind("a zip archive", _UNPACK)
UTF_16 = Kind("text in UTF-16", "save it as UTF-8")
PAGE = Kind("a web page (HTML)", "open it in Excel and save it as .xlsx, or ask for a real export", is_text=True)
SHEET_XML = Kind("an Excel workbook saved as XML", "open it in Excel and save it as .xlsx", is_text=True)
XML = Kind("an XML document", _EXPORT, is_text=True)
JSON_LIST = Kind(
    "a JSON list", "ask for JSON Lines: one object per line, no list around them, named .jsonl", is_text=True
)
JSON_LINES = Kind("JSON", "name it .jsonl if each line is one object, else ask for JSON Lines", is_text=True)
RICH_TEXT = Kind("a Word document as RTF", _EXPORT, is_text=True)
PGP = Kind("an encrypted message (PGP)", "decrypt it first, and place the file that was in it", is_text=True)
MESSAGE = Kind("an e-mail", "save the attachment and place that", is_text=True)
SHORTCUT = Kind("a shortcut, not the file itself", "place the file that it leads to", is_text=True)
OLD_SHEET = Kind("an old kind of sheet (SYLK or DIF)", "open it in Excel and save it as .xlsx", is_text=True)
POINTER = Kind("a pointer of Git LFS, not the file itself", "fetch the file with: git lfs pull", is_text=True)

_MARKS: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"\x1f\x8b", GZIP),
    (0, b"PAR1", PARQUET),
    (0, b"PARE", Kind("an encrypted Parquet file", "export it without encryption")),
    (0, b"7z\xbc\xaf\x27\x1c", Kind("a 7-Zip archive", _UNPACK)),
    (0, b"Rar!\x1a\x07", Kind("a RAR archive", _UNPACK)),
    (0, b"\xfd7zXZ\0", Kind("an xz archive", _UNPACK)),
    (0, b"\x28\xb5\x2f\xfd", Kind("a Zstandard archive", _UNPACK)),
    (0, b"\x04\x22\x4d\x18", Kind("an LZ4 archive", _UNPACK)),
    (0, b"\x1f\x9d", Kind("a compress (.Z) archive", _UNPACK)),
    (0, b"LZIP\x01", Kind("an lzip archive", _UNPACK)),
    (0, b"MSCF\0\0\0\0", Kind("a cabinet archive", _UNPACK)),
    (257, b"ustar", Kind("a tar archive", _UNPACK)),
    (0, b"%PDF-", Kind("a PDF document", _EXPORT)),
    (0, b"%!PS", Kind("a PostScript document", _EXPORT)),
    (0, b"SQLite format 3\0", Kind("an SQLite database", _EXPORT)),
    (4, b"Standard Jet DB\0", Kind("an Access database", _EXPORT)),
    (4, b"Standard ACE DB\0", Kind("an Access database", _EXPORT)),
    (0, b"$FL2@(#)", Kind("an SPSS file", _EXPORT)),
    (0, b"$FL3@(#)", Kind("an SPSS file", _EXPORT)),
    (0, b"<stata_dta>", Kind("a Stata file", _EXPORT)),
    (84, b"SAS FILE", Kind("a SAS file", _EXPORT)),
    (0, b"HEADER RECORD*******LIBRARY", Kind("a SAS transport file", _EXPORT)),
    (0, b"RDX2\n", Kind("an R data file", _EXPORT)),
    (0, b"RDX3\n", Kind("an R data file", _EXPORT)),
    (0, b"ARROW1\0\0", Kind("an Arrow (Feather) file", "export it as Parquet or CSV")),
    (0, b"FEA1\0", Kind("a Feather file", "export it as Parquet or CSV")),
    (0, b"ORC\x0a", Kind("an ORC file", "export it as Parquet or CSV")),
    (0, b"Obj\x01", Kind("an Avro file", "export it as Parquet or CSV")),
    (0, b"\x89HDF\r\n\x1a\n", Kind("an HDF5 file", _EXPORT)),
    (0, b"\x89PNG\r\n\x1a\n", Kind("a picture (PNG)", _NO_TABLE)),
    (0, b"\xff\xd8\xff", Kind("a picture (JPEG)", _NO_TABLE)),
    (0, b"GIF87a", Kind("a picture (GIF)", _NO_TABLE)),
    (0, b"GIF89a", Kind("a picture (GIF)", _NO_TABLE)),
    (0, b"II*\0", Kind("a picture (TIFF)", _NO_TABLE)),
    (0, b"MM\0*", Kind("a picture (TIFF)", _NO_TABLE)),
    (8, b"WEBPVP8", Kind("a picture (WebP)", _NO_TABLE)),
    (4, b"ftypheic", Kind("a picture (HEIC)", _NO_TABLE)),
    (6, b"\0\0\0\0", Kind("a picture (bitmap)", _NO_TABLE)),
    (0, b"\x09\x00\x04\x00", OLD_WORKBOOK),
    (0, b"\x09\x02\x06\x00", OLD_WORKBOOK),
    (0, b"\x09\x04\x06\x00", OLD_WORKBOOK),
    (0, b"\x09\x08\x08\x00", OLD_WORKBOOK),
    (0, b"\x7fELF", Kind("a program", _NO_TABLE)),
    (0, b"MZ\x90\0", Kind("a program", _NO_TABLE)),
    (
        0,
        b"L\0\0\0\x01\x14\x02\0",
        Kind("a shortcut, not the file itself", "place the file that it leads to"),
    ),
    (0, b"Salted__", Kind("an encrypted file (OpenSSL)", "decrypt it first, and place the file that was in it")),
    (0, b"age-encryption.org/", Kind("an encrypted file (age)", "decrypt it first, and place the file that was in it")),
    (0, codecs.BOM_UTF32_LE, Kind("text in UTF-32", "save it as UTF-8")),
    (0, codecs.BOM_UTF32_BE, Kind("text in UTF-32", "save it as UTF-8")),
    (0, codecs.BOM_UTF16_LE, UTF_16),
    (0, codecs.BOM_UTF16_BE, UTF_16),
)

_BZIP = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_TEXTS: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(rb"<\?xml[^>]*>.{0,4000}?urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL), SHEET_XML),
    (re.compile(rb"(?:<\?xml[^>]*>\s*)?(?>(?:<!--(?>.{0,4000}?-->)\s*)*)<(?:!doctype\s+html|html|head|body|table|meta|style|"
                rb"script|title|div|p|br|pre|center|font)\b", re.DOTALL | re.IGNORECASE), PAGE),
    (re.compile(rb"<\?xml\s|<!DOCTYPE\s|<[A-Za-z_][\w:.-]*(?:\s[^<>;|\t]*)?>\s*<"), XML),
    (re.compile(rb"\[\s*(?:[\[{\]]|\"[^\"]*\"\s*[,\]]|-?\d+(?:\.\d+)?\s*[,\]])"), JSON_LIST),
    (re.compile(rb"\{\s*(?:\"[^\"]*\"\s*:|\})"), JSON_LINES),
    (re.compile(rb"\{\\rtf"), RICH_TEXT),
    (re.compile(rb"-----BEGIN (?:PGP MESSAGE|PKCS7|CMS|AGE ENCRYPTED FILE)"), PGP),
    (re.compile(rb"(?:MIME-Version:|Return-Path:|Received: |Delivered-To: )"), MESSAGE),
    (re.compile(rb"version https://git-lfs"), POINTER),
    (re.compile(rb"\[InternetShortcut\]"), SHORTCUT),
    (re.compile(rb"ID;P[A-Z0-9]*(?:;[A-Z])*\r?\n[A-Z];"), OLD_SHEET),
    (re.compile(rb"TABLE\r?\n0,1\r?\n\""), OLD_SHEET),
)  # fmt: skip
_PARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"xl/workbook.bin", Kind("a binary Excel workbook (.xlsb)", "open it in Excel and save it as .xlsx")),
    (b"xl/", WORKBOOK),
    (b"word/", Kind("a Word document", _EXPORT)),
    (b"ppt/", Kind("a PowerPoint file", _EXPORT)),
    (b"application/vnd.oasis.opendocument.spreadsheet", Kind("an OpenDocument sheet (.ods)", "save it as .xlsx")),
    (b"application/vnd.oasis.opendocument", Kind("an OpenDocument text", _EXPORT)),
    (b"Index/", Kind("a Numbers or Pages document", "export it as .xlsx")),
)
"""Names inside a zip archive that show what it is."""


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


_ENCRYPTED, _WORKBOOK, _BOOK = _utf16("EncryptedPackage"), _utf16("Workbook"), _utf16("Book\0")
_OFFICE_CONTAINER = b"\xd0\xcf\x11\xe0"
_PASSWORD = re.compile(rb"\x09\x08[\x08\x10]\x00.{8}(?:.{8})?\x2f\x00", re.DOTALL)
"""The start of a workbook, followed by the mark of a password."""


def kind_of(source: ByteSource, *, is_packed: bool = False) -> Kind | None:
    """What the content is; None where it shows no mark. ``is_packed``: only the start of what is in it is looked at."""
    head = source.rewind().read(_HEAD)
    kind = _by_mark(head)
    if kind is None and head.startswith(b"PK\x03\x04"):
        kind = _in_archive(head if is_packed else head + _tail(source))
    if kind is None and head.startswith(_OFFICE_CONTAINER):
        kind = _in_container(source.rewind())
    source.rewind()
    return kind or _text_kind(head)


def _by_mark(head: bytes) -> Kind | None:
    if _BZIP.match(head):
        return Kind("a bzip2 archive", _UNPACK)
    if head.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        return ARCHIVE
    for place, mark, kind in _MARKS:
        if head.startswith(mark, place) and (place != 6 or head.startswith(b"BM")) and not _is_word(head, mark):
            return kind
    return None


def _is_word(head: bytes, mark: bytes) -> bool:
    """Letters that may as well begin a header: binary only if there is something in the file that is no letter."""
    return mark in (b"PAR1", b"PARE", b"ORC\x0a", b"%!PS") and not any(byte in head for byte in (0, 1, 0x15))


def _tail(source: ByteSource) -> bytes:
    return source.rewind(max(source.size - _HEAD, 0)).read(_HEAD)


def _in_archive(names: bytes) -> Kind:
    return next((kind for name, kind in _PARTS if name in names), ARCHIVE)


def _in_container(source: ByteSource) -> Kind:
    """Of an Office container: its names are spread over it, wherever there was room."""
    found: set[bytes] = set()
    for chunk in _overlapping(source):
        if _ENCRYPTED in chunk:
            return ENCRYPTED
        found |= {name for name in (_WORKBOOK, _BOOK) if name in chunk}
        found |= {b"password"} if _PASSWORD.search(chunk) else set()
    if not found & {_WORKBOOK, _BOOK}:
        return OFFICE
    return LOCKED_OLD_WORKBOOK if b"password" in found else OLD_WORKBOOK


def _overlapping(source: ByteSource) -> Iterator[bytes]:
    before, done = b"", 0
    while done < _MOST and (chunk := source.read(_CHUNK)):
        yield before + chunk
        before, done = chunk[-64:], done + len(chunk)


def _text_kind(head: bytes) -> Kind | None:
    if 0 in head:
        return UTF_16 if _is_utf16(head) else None
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    return next((kind for pattern, kind in _TEXTS if pattern.match(text)), None)


def _is_utf16(head: bytes) -> bool:
    """Without a mark: every second byte is 0, and hardly one between them."""
    even, odd = head[0::2], head[1::2]
    least, most = sorted((even.count(0), odd.count(0)))
    return most > 0.7 * len(odd) and least < 0.05 * len(even)


def is_plain(head: bytes) -> bool:
    """Whether the start could be that of separated text."""
    return bool(head.strip()) and not any(code in head for code in range(9)) and 0x1B not in head
