"""A data folder as another program reads it: releases, tables, explanations, changes. What ``import uitstroom`` opens.

Here: one short method a question. Not here: the answers (``lineage``, ``release``), recording anything.
"""

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Self

import polars as pl

from pipeline import settings
from pipeline.jobs import show
from pipeline.jobs.lineage.explain import Explanation, explain_figure
from pipeline.jobs.release.differences import difference, named_release
from pipeline.jobs.release.known_on import history_on, tables_on
from pipeline.jobs.workspace import Workspace, open_workspace
from pipeline.store.releases import releases
from pipeline.store.releases.releases import Release
from schemas.catalogue import TABLES


class OpenWorkspace(Workspace):
    """One data folder, to be read. It needs no key, writes nothing, and sees what is there when it is asked."""

    @classmethod
    def at(cls, data_dir: str | Path = "data") -> Self:
        """The data folder ``data_dir``, the one with ``raw/``, ``log/`` and ``curated/``. Raises UitstroomError where
        there is none.
        """
        found = open_workspace(settings.load(data_dir))
        return cls(found.settings, found.log)

    @cached_property
    def _past(self) -> dict[tuple[str, date], pl.DataFrame]:
        return {}

    def release(self, id: str = "current") -> Release:  # noqa: A002  the name is part of the contract
        """A release that is on disk: the current one, or the one whose id is or begins with ``id``.

        ``.path`` is resolved: tables read from that folder belong together, whatever is published meanwhile.
        """
        return show.current_release(self.settings) if id == "current" else named_release(self, id)

    def table(self, name: str, known_on: date | str | None = None) -> pl.DataFrame:
        """A curated table of the current release, or as it was known on a day (a date, or text such as 2017-03-31).

        Grain, key, units and meaning of every column: ``docs/reference/tables.md``, and the metadata of the file. A
        table of a past day is projected in memory and remembered; that takes seconds.
        """
        if known_on is None:
            return show.table(self.release(), name)
        day = _day(known_on)
        if (name, day) not in self._past:
            self._past[name, day] = self._as_known_on(show.declared(name).name, day)
        return self._past[name, day]

    def _as_known_on(self, name: str, day: date) -> pl.DataFrame:
        if TABLES[name].names_release:
            return history_on(self, day)[name]
        return tables_on(self, day, lambda _: None, (name,))[name]

    def explain(
        self, table: str, *key: object, column: str | None = None, known_on: date | str | None = None
    ) -> Explanation:
        """Where a row comes from: the deliveries behind it, with file and row numbers, and the figures it comes from.

        ``key`` holds the values of the table's key in their order, as text or as they are in the table; ``column``
        names the figure that is meant, ``known_on`` the past day on which it is asked about.
        """
        day = None if known_on is None else _day(known_on)
        return explain_figure(self, table, [str(value) for value in key], column=column, known_on=day)

    def changes(self, since: str | Release) -> pl.DataFrame:
        """The figures in which the current release differs from an earlier one that is on disk.

        Grain: table, key, column; with value_before, value_after, and, where the log knows it, the delivery that caused
        it.
        """
        return difference(self, since.id if isinstance(since, Release) else since).figures

    def deliveries(self) -> pl.DataFrame:
        """What came in, and what became of it: the table ``deliveries`` of the current release."""
        return self.table("deliveries")

    def releases(self) -> tuple[str, ...]:
        """Ids of the releases on disk, the one that was made current longest ago first."""
        return releases.releases(self.settings.curated)


def _day(known_on: date | str) -> date:
    if isinstance(known_on, date):
        return known_on
    try:
        return date.fromisoformat(known_on)
    except ValueError:
        raise show.NothingToShow("known_on takes a day as 2017-03-31, or a date.") from None
