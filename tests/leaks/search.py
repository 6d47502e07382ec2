"""Looking for numbers in whatever is left behind: every byte, and every table, archive and database taken apart.

The expected side: it shares nothing with what it tests. It is stricter, too: it knows no dates and no telephones, joins
groups of digits over any marks, and finds a number inside a longer one.
"""

import gzip
import html
import json
import re
import sqlite3
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import unquote

import pyarrow.parquet as pq

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_CHAIN = re.compile(r"[0-9](?:[^0-9A-Za-z]*[0-9])+")
_GROUP = re.compile("[0-9]+")
_NOT_ASCII = bytes(range(128)) + b"x" * 128
_IDEOGRAPHS = {ord(digit): str(value) for value, digit in enumerate("〇一二三四五六七八九")}


def found_in(text: str, numbers: Collection[str]) -> set[str]:
    """Which of the numbers stand in a text, in whatever way."""
    forms = {text}
    if "%" in text:
        forms |= {unquote(text), unquote(unquote(text))}
    if "&" in text:
        forms.add(html.unescape(text))
    if "\\u" in text:
        forms.add(re.sub(r"\\+u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text))
    return {number for form in forms for number in _found_in(_plain(form), numbers)}


def _plain(text: str) -> str:
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text.translate(_IDEOGRAPHS))
    return _FOREIGN.sub(lambda found: "".join(map(_one, found[0])), folded)


def _one(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return ""
    return "x" if character.isalpha() and unicodedata.category(character) != "Lm" else " "


def _found_in(text: str, numbers: Collection[str]) -> Iterator[str]:
    for chain in _CHAIN.finditer(text):
        groups = _GROUP.findall(chain[0])
        for first, group in enumerate(groups):
            if len(group) >= 9:
                yield from (group[at : at + 9] for at in range(len(group) - 8) if group[at : at + 9] in numbers)
            digits = ""
            for each in groups[first:]:
                digits += each
                if digits.lstrip("0") in numbers:
                    yield digits.lstrip("0")
                if len(digits.lstrip("0")) > 9:
                    break


def leaks_below(root: Path, numbers: Collection[str]) -> dict[str, set[str]]:
    """The files below a folder that hold one of the numbers, in a name, a byte, or what they come to when read."""
    found: dict[str, set[str]] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        texts = [name, *(_texts(path) if path.is_file() and not path.is_symlink() else ())]
        if here := {number for text in texts for number in found_in(text, numbers)}:
            found[name] = here
    return found


def _texts(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    yield content.translate(_NOT_ASCII).decode("ascii")
    if content.startswith(b"PAR1"):
        yield from _table(path)
    elif content.startswith(b"SQLite format 3"):
        yield from _database(path)
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content).decode("utf-8", errors="replace")
    else:
        yield content.decode("utf-8", errors="replace")
        yield from _json(content)


def _table(path: Path) -> Iterator[str]:
    table = pq.ParquetFile(path).read()
    yield "\n".join([*table.column_names, str(table.schema)])
    for column in table.columns:
        yield "\n".join({str(value) for value in column.to_pylist()})


def _database(path: Path) -> Iterator[str]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        names = [name for (name,) in base.execute("select name from sqlite_master where type = 'table'")]
        for name in names:
            for row in base.execute(f'select * from "{name}"'):
                yield "\n".join(v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row)


def _json(content: bytes) -> Iterator[str]:
    for line in (content, *content.splitlines()):
        try:
            yield json.dumps(json.loads(line), ensure_ascii=False)
        except ValueError:
            continue
