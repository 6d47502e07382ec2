"""From the header of a file to the columns of its source: names matched without regard to case, blanks, accents, ``_``
and ``-``.

Here: matching and what is missing or unknown. Not here: values (``parse``), and where the header was found
(``pipeline.store``).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from schemas.source import Source

_MOST_DIGITS = 5


@dataclass(frozen=True)
class Resolution:
    """Which cell column holds which source column. ``cells`` maps names of events to ``c0``, ``c1``, …"""

    cells: dict[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    """Required columns that the header lacks, as the contract names them."""
    doubled: tuple[str, ...]
    """Columns that two headers of the file stand for."""


def fold(header: str) -> str:
    """A header without the differences that do not count (contract, head of the page)."""
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode()
    return re.sub(r"[\s_\-]+", "", plain).lower()


def printable(header: str, position: int) -> str:
    """The header as it may be shown. A file without header line has data there, so what may be a number or a date of
    a person is not shown.
    """
    if sum(character.isdigit() for character in header) > _MOST_DIGITS or len(header) > 80:
        return f"column {position + 1}"
    return header


def resolve(header: tuple[str, ...], source: Source, aliases: pl.DataFrame) -> Resolution:
    """Match a header to the columns of ``source``, with the aliases that stewards keep (source, header, alias)."""
    names = _names(source, aliases)
    left_out = {fold(name) for name in source.left_out}
    cells: dict[str, str] = {}
    unknown: list[str] = []
    doubled: list[str] = []
    for position, text in enumerate(header):
        name = names.get(fold(text))
        if name is None and fold(text) in left_out:
            continue
        if name is None:
            unknown.append(printable(text, position))
        elif name in cells:
            doubled.append(source.header_of(name))
        else:
            cells[name] = f"c{position}"
    if not cells:  # nothing in it is a header: all of it may be data
        unknown = [f"column {position + 1}" for position in range(len(header))]
    return Resolution(cells, tuple(unknown), _missing(source, cells), tuple(doubled))


def best_match(header: tuple[str, ...], sources: Iterable[Source], aliases: pl.DataFrame) -> str | None:
    """The one source whose required columns this header all has, if there is one: the folder the file belongs in."""
    fitting = [source for source in sources if not resolve(header, source, aliases).missing]
    fitting.sort(key=lambda source: -len(resolve(header, source, aliases).cells))
    return fitting[0].name if fitting else None


def _names(source: Source, aliases: pl.DataFrame) -> dict[str, str]:
    names = {fold(column.header): column.name for column in source.columns}
    own = aliases.filter(pl.col("source") == source.name)
    by_header = {column.header: column.name for column in source.columns}
    for header, alias in own.select("header", "alias").iter_rows():
        if header in by_header:
            names.setdefault(fold(alias), by_header[header])
    return names


def _missing(source: Source, cells: dict[str, str]) -> tuple[str, ...]:
    missing = [column.header for column in source.columns if column.required and column.name not in cells]
    missing += [
        " or ".join(source.header_of(name) for name in group)
        for group in source.one_of
        if not any(name in cells for name in group)
    ]
    return tuple(missing)
