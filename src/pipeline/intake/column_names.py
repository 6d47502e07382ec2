"""From the header of a file to the columns of its source.

Here: matching names, and what is missing or unknown. Not here: which spellings are one name (``schemas.spelling``),
values (``parse``), and where the header was found (``pipeline.store``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from pipeline.intake.statline import title_key, titles
from schemas.person_number import holds_number
from schemas.source import Source
from schemas.spelling import is_nearly, may_name, shown_name, spelling


@dataclass(frozen=True)
class Resolution:
    """Which cell column holds which source column. ``cells`` maps names of events to ``c0``, ``c1``, …"""

    cells: dict[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    """Required columns that the header lacks, as the contract names them."""
    doubled: tuple[str, ...]
    """Columns that two headers of the file stand for."""
    nearly: tuple[tuple[str, str], ...] = ()
    """Unknown headers, each with a column that is absent and may be meant by that name."""


def resolve(header: tuple[str, ...], source: Source, aliases: pl.DataFrame) -> Resolution:
    """Match a header to the columns of ``source``, with the aliases that stewards keep (source, header, alias)."""
    names, by_title = _names(source, aliases), titles(source, aliases)
    left_out = {spelling(name) for name in source.left_out}
    cells: dict[str, str] = {}
    strange: list[tuple[int, str]] = []
    doubled: list[str] = []
    for position, text in enumerate(header):
        name = names.get(spelling(text)) or by_title.get(title_key(text))
        if name is None and spelling(text) in left_out:
            continue
        if name is None:
            strange.append((position, text))
        elif name in cells:
            doubled.append(source.header_of(name))
        else:
            cells[name] = f"c{position}"
    unknown = [shown_name(text, position + 1) for position, text in strange]
    if not cells or holds_number(", ".join(unknown)):
        # Nothing in it is a header and all of it may be data, or digits that stand side by side are somebody's number.
        unknown = [f"column {position + 1}" for position, _ in strange]
    nearly = tuple(_nearly([text for _, text in strange], unknown, source, cells))
    return Resolution(cells, tuple(unknown), _missing(source, cells), tuple(doubled), nearly)


def _nearly(
    strange: Iterable[str], shown: Iterable[str], source: Source, cells: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Of unknown headers those that may stand for a column that is absent, each as it may be shown."""
    absent = [column for column in source.columns if column.is_missed and column.name not in cells]
    for text, told in zip(strange, shown, strict=True):
        slips = [each for each in absent if is_nearly(text, each.header)]
        meant = slips or [each for each in absent if may_name(text, each.header, each.name_stems)]
        yield from ((told, each.header) for each in meant)


def best_match(header: tuple[str, ...], sources: Iterable[Source], aliases: pl.DataFrame) -> str | None:
    """The one source whose required columns this header all has, if there is one: the folder the file belongs in."""
    fitting = [source for source in sources if not resolve(header, source, aliases).missing]
    fitting.sort(key=lambda source: -len(resolve(header, source, aliases).cells))
    return fitting[0].name if fitting else None


def _names(source: Source, aliases: pl.DataFrame) -> dict[str, str]:
    names = {spelling(column.header): column.name for column in source.columns}
    own = aliases.filter(pl.col("source") == source.name)
    by_header = {column.header: column.name for column in source.columns}
    for header, alias in own.select("header", "alias").iter_rows():
        if header in by_header:
            names.setdefault(spelling(alias), by_header[header])
    return names


def _missing(source: Source, cells: dict[str, str]) -> tuple[str, ...]:
    missing = [column.header for column in source.columns if column.required and column.name not in cells]
    missing += [
        " or ".join(source.header_of(name) for name in group)
        for group in source.one_of
        if not any(name in cells for name in group)
    ]
    return tuple(missing)
