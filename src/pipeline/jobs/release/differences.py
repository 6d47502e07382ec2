"""How one release differs from another, figure by figure and as text.

Here: choosing the two, comparing them, and readable lines. Not here: which columns are figures
(``versions.figure_diff``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.jobs.release.release_history import ReleaseHistory, tables_of
from pipeline.jobs.show import current_release
from pipeline.jobs.workspace import Workspace
from pipeline.store.releases import releases
from pipeline.versions.figure_diff import COMPARED_TABLES, compare

_ATTRIBUTED = ["release", "table", "key", "column", "cause", "event", "candidates"]


class NothingToCompare(UitstroomError):
    """There is no second release, or no such one."""


@dataclass(frozen=True)
class Difference:
    """Two releases and the figures in which they differ: shape of ``versions.figure_diff``, with cause and event where
    the log knows them.
    """

    before: str
    after: str
    figures: pl.DataFrame
    deliveries: dict[str, str]
    """File names of the deliveries that are named as causes."""


def difference(workspace: Workspace, before: str | None = None, after: str | None = None) -> Difference:
    """Compare two releases on disk, named by their ids or first characters.

    Without ``after`` the current one; without ``before`` the one that ``after`` followed.
    """
    last = named_release(workspace, after) if after else current_release(workspace.settings)
    first = named_release(workspace, before) if before else named_release(workspace, _previous(workspace, last.id))
    figures = compare(*(tables_of(each, COMPARED_TABLES) for each in (first, last)))
    own = releases.read(last, "restatements").collect().filter(pl.col("release") == last.id)
    attributed = own.filter(pl.col("previous_release") == first.id).select(_ATTRIBUTED[1:])
    caused = figures.join(attributed, on=["table", "key", "column"], how="left")
    file_names = releases.read(last, "deliveries").select("delivery", "file_name").collect()
    return Difference(first.id, last.id, caused, dict(file_names.iter_rows()))


def since(workspace: Workspace, then: releases.Release) -> pl.DataFrame:
    """Every figure in which the current release differs from an earlier state, such as that of a day: shape of
    ``versions.figure_diff``. Empty where nothing is published.
    """
    link = releases.current(workspace.settings.curated)
    now = link if link is not None else then
    return compare(*(tables_of(each, COMPARED_TABLES) for each in (then, now)))


def _previous(workspace: Workspace, release: str) -> str:
    rows = ReleaseHistory.of(workspace).published.filter(pl.col("release") == release)
    previous = rows["previous"][0] if rows.height else None
    if previous is None:
        raise NothingToCompare(f"{release} is the first release: there is none before it to compare with.")
    return str(previous)


def named_release(workspace: Workspace, begin: str) -> releases.Release:
    """A release on disk, by its id, how it begins, or the name that it is kept by."""
    begin = ReleaseHistory.of(workspace).kept.get(begin, begin)
    there = [name for name in releases.releases(workspace.settings.curated) if name.startswith(begin)]
    if len(there) != 1:
        known = ", ".join(releases.releases(workspace.settings.curated)) or "none"
        raise NothingToCompare(
            f"{len(there)} releases on disk begin with {begin}. There are: {known}. "
            "One that is gone is made again by: uitstroom release ID"
        )
    return releases.checked(workspace.settings.curated, there[0])


def lines(compared: Difference) -> Iterator[str]:
    """The difference as a person reads it: per table and key, each figure before and after, and the file behind it."""
    yield f"{compared.before} → {compared.after}: {compared.figures.height} figures differ"
    for (table, key), rows in compared.figures.group_by("table", "key", maintain_order=True):
        causes = [str(cause) for cause in rows["cause"].drop_nulls().unique().sort()]
        events = " ".join(str(event) for event in rows["event"].drop_nulls().unique().sort())
        names = ", ".join(compared.deliveries.get(cause, cause[:12]) for cause in causes)
        yield f"\n{table}  {str(key).replace('|', '  ')}" + (f"\n  {events}: {names}" if names else "")
        for column, before, after in rows.select("column", "value_before", "value_after").iter_rows():
            yield f"  {column:26} {_number(before):>12} → {_number(after)}"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.10g}"
