"""Tables by reason, target group, method, channel and activity, with small groups covered.

Here: which cells such a table has, how they add up, and what is seen of each. Not here: why a cell must be covered
(``disclosure``), how it looks (``templates/parts.html``). Percentages and part-time of groups are not on the site:
beside a count either would give another count away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipeline.site.contents import Row, own_dates
from pipeline.site.disclosure import Cell, Cover, Name, covers
from pipeline.site.language import Language
from schemas import reference
from schemas.vocabulary import OUTFLOW_TO_WORK_REASONS

_SPLIT = ("active", "placed", "ended_otherwise")
NOT_TOLD = ""
"""Stands for what has no reason, group or method."""


@dataclass(frozen=True)
class Reader:
    """For whom a table is made: what is small, and in which language."""

    least: int
    language: Language


@dataclass(frozen=True)
class Groups:
    """One table: its columns, its rows with what is seen in each column. ``rows`` is None where none may be seen."""

    columns: tuple[str, ...]
    rows: list[tuple[str, list[str]]] | None
    totals: tuple[str, ...] = ()

    @property
    def has_covered(self) -> bool:
        return any(cell == "x" for _, cells in self.rows or () for cell in cells)


def _texts(cells: Iterable[Cell], reader: Reader) -> dict[Name, str] | None:
    table = list(cells)
    seen = covers(table, reader.least)
    if seen is None:
        return None
    words = {Cover.SMALL: f"<{reader.least}", Cover.WITHHELD: "x"}
    return {
        cell.name: words.get(seen[cell.name], reader.language.count(cell.value)) for cell in table if not cell.is_unseen
    }


def _rows(names: Mapping[str, str], columns: Sequence[Name], texts: Mapping[Name, str] | None) -> Any:
    if texts is None:
        return None
    return [(words, [texts[code, column] for column in columns]) for code, words in names.items()]


def reasons(frame: pl.DataFrame, flows: pl.DataFrame, series: str, reader: Reader) -> Groups | None:
    """Outflow of the last year and of the year before, by reason; the sums stand in the bridge."""
    spans = years(flows.filter(pl.col("series") == series).sort("reference_date").rows(named=True))
    if frame.is_empty() or not spans:
        return None
    names = _reason_names(reader.language)
    per_span = [_of_span(frame, flows, series, span.ends, names) for span in spans]
    used = {code for cells in per_span for code, _ in cells}
    texts: dict[Name, str] = {}
    for at, cells in enumerate(per_span):
        found = _texts(_network(at, dict(cells)), reader)
        if found is None:
            return Groups((), None)
        texts |= found
    shown = {code: words for code, words in names.items() if code in used}
    columns = tuple(f"{reader.language.day(span.begin)} {NDASH} {reader.language.day(span.ends[-1])}" for span in spans)
    totals = tuple(reader.language.count(sum(value for _, value in cells)) for cells in per_span)
    return Groups(columns, _rows(shown, range(len(spans)), texts), totals)


@dataclass(frozen=True)
class Year:
    """A year of intervals without a gap, from the date that stands for one month to that of the same month later."""

    begin: date
    ends: tuple[date, ...]


def years(flows: Sequence[Row]) -> list[Year]:
    """The last year of a bridge and the one before it, where every interval of them is known.

    By dates and not by a number of intervals: 31 August beside 1 September makes one more of these in a year.
    """
    own = own_dates([row["reference_date"] for row in flows] + [row["previous_reference_date"] for row in flows])
    found: list[Year] = []
    end = max(own.values(), default=None)
    while end and len(found) < 2 and (begin := own.get((end.year - 1, end.month))):
        inside = [row for row in flows if begin < row["reference_date"] <= end]
        borders = [begin, *(row["reference_date"] for row in inside)]
        if [row["previous_reference_date"] for row in inside] != borders[:-1] or borders[-1] != end:
            break
        found.append(Year(begin, tuple(borders[1:])))
        end = begin
    return found


NDASH = "\N{EN DASH}"


def _reason_names(language: Language) -> dict[str, str]:
    """Every reason of today's list: which ones do not occur is no secret that a shorter list would keep."""
    codes = reference.codes("end_reason").filter(pl.col("valid_until").is_null()).sort("code")
    label = "label_nl" if language.is_dutch else "label_en"
    named = {code: f"{words} ({code})" for code, words in codes.select("code", label).iter_rows()}
    return {**named, NOT_TOLD: language("reden onbekend of vervallen", "reason unknown or abolished")}


def _of_span(
    frame: pl.DataFrame, flows: pl.DataFrame, series: str, span: Sequence[date], names: Mapping[str, str]
) -> list[tuple[str, int]]:
    """Benefits per reason in these intervals, noughts included; what the bridge has more is without a reason."""
    inside = (pl.col("series") == series) & pl.col("reference_date").is_in(list(span))
    counted = dict(frame.filter(inside).group_by("end_reason").agg(pl.col("benefits").sum()).iter_rows())
    listed = {code: counted.get(code, 0) for code in names if code != NOT_TOLD}
    outflow = int(flows.filter(inside)["outflow"].sum())
    unlisted = sum(value for code, value in counted.items() if code not in names)
    return [*listed.items(), (NOT_TOLD, max(outflow - sum(counted.values()), 0) + unlisted)]


def _network(at: int, counts: Mapping[str, int]) -> list[Cell]:
    """A column: reasons add up to outflow to work and to the rest, both known from the bridge."""

    def kind(code: str) -> str:
        return "work" if code in OUTFLOW_TO_WORK_REASONS else "other"

    sums = {name: sum(value for code, value in counts.items() if kind(code) == name) for name in ("work", "other")}
    return [
        *(Cell((code, at), kind(code), "end", value) for code, value in counts.items()),
        *(Cell(("sum", name), "begin", name, value, is_known=True) for name, value in sums.items()),
        Cell("all", "end", "begin", sum(counts.values()), is_known=True),
    ]


def split(
    frame: pl.DataFrame, group: str, total: Mapping[str, int], names: Mapping[str, str], reader: Reader
) -> Groups:
    """Participants by group, each split in active, placed and ended otherwise. ``total`` stands on the same page.

    A client may stand in two groups: then the groups come to more than the total, by a number that nobody is told.
    """
    counts = {row[group]: row for row in frame.rows(named=True)}
    cells = [Cell((code, name), code, name, row[name]) for code, row in counts.items() for name in _SPLIT]
    cells += [Cell((code, "participants"), "begin", code, row["participants"]) for code, row in counts.items()]
    more = {name: sum(row[name] for row in counts.values()) - total[name] for name in _SPLIT}
    cells += [Cell(("sum", name), name, "end", total[name], is_known=True) for name in _SPLIT]
    cells += [Cell(("twice", name), name, "begin", more[name], is_unseen=True) for name in _SPLIT if more[name] > 0]
    cells += [Cell(("none", name), "begin", name, -more[name], is_unseen=True) for name in _SPLIT if more[name] < 0]
    cells.append(Cell("all", "end", "begin", sum(total[name] for name in _SPLIT), is_known=True))
    columns = ("participants", *_SPLIT)
    named = {code: names.get(code, code.replace("_", " ")) for code in sorted(counts)}
    return Groups(columns, _rows(named, columns, _texts(cells, reader)))


def parts(counts: Mapping[str, int], total: int, names: Mapping[str, str], reader: Reader) -> Groups:
    """One column of groups that add up to a total which stands on the same page."""
    cells = [Cell((code, 0), "begin", "end", value) for code, value in counts.items()]
    rest = total - sum(counts.values())
    if rest:
        tail, head = ("begin", "end") if rest > 0 else ("end", "begin")
        cells.append(Cell("rest", tail, head, abs(rest), is_unseen=True))
    cells.append(Cell("all", "end", "begin", total, is_known=True))
    named = {code: names.get(code, code.replace("_", " ")) for code in counts}
    return Groups(("count",), _rows(named, (0,), _texts(cells, reader)))


def apart(
    counts: Mapping[tuple[str, str], int], names: Mapping[str, str], columns: Sequence[str], reader: Reader
) -> Groups:
    """Counts without any sum: only the small ones are covered."""

    def text(value: int) -> str:
        return reader.language.count(value) if value >= reader.least else f"<{reader.least}"

    rows = [(words, [text(counts.get((code, column), 0)) for column in columns]) for code, words in names.items()]
    return Groups(tuple(columns), rows)
