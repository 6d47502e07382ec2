"""All that differs between an earlier release and another one, row by row, for who keeps a copy in step.

Here: choosing the two, and writing the difference to a folder. Not here: finding it (``versions.row_diff``), figures
with their causes (``differences``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.errors import write_errors_explained
from pipeline.jobs.release.differences import named_release
from pipeline.jobs.release.release_history import tables_of
from pipeline.jobs.show import current_release
from pipeline.jobs.workspace import Workspace
from pipeline.store.releases.files import write_json
from pipeline.store.releases.releases import Release
from pipeline.versions.row_diff import ADDED, CHANGED, REMOVED, TableChange, changes
from schemas.catalogue import TABLES

_OWNER = 0o600


@dataclass(frozen=True)
class Changes:
    """What differs in ``release`` from the release ``since``; tables that do not differ are left out."""

    since: str
    release: Release
    tables: Mapping[str, TableChange]
    gone: tuple[str, ...] = ()
    """Tables that the earlier release had and this one has not."""

    @property
    def rows(self) -> dict[str, pl.DataFrame]:
        """The rows of every table that differs, behind ``row_change``."""
        return {name: each.rows for name, each in self.tables.items()}

    @property
    def summary(self) -> dict[str, Any]:
        """What a reader has to know before the rows."""
        return {
            "since": self.since,
            "release": self.release.id,
            "schema_version": self.release.manifest.get("schema_version"),
            "gone": list(self.gone),
            "tables": {
                name: {
                    "key": list(each.table.key),
                    "is_whole": each.is_whole,
                    **{what: each.count(what) for what in (ADDED, CHANGED, REMOVED)},
                }
                for name, each in self.tables.items()
            },
        }


def changes_since(workspace: Workspace, since: str, *, with_clients: bool = False) -> Changes:
    """What differs in the current release. ``since`` names a release on disk by its id, how it begins, or its name.

    Tables about single clients are left out unless they are asked for: who has a copy of the others may not see them.
    """
    before, after = named_release(workspace, since), current_release(workspace.settings)
    wanted = {name for name, table in TABLES.items() if with_clients or not table.is_per_client}
    earlier, now = (tables_of(each, wanted) for each in (before, after))
    gone = tuple(sorted(set(_tables(before)) - set(_tables(after))))
    return Changes(before.id, after, changes(earlier, now), gone)


def _tables(release: Release) -> list[str]:
    return [name.removesuffix(".parquet") for name in release.manifest["files"] if name.endswith(".parquet")]


def write_changes(found: Changes, folder: Path) -> None:
    """One Parquet file per table that differs, and ``changes.json``, which is written last."""
    with write_errors_explained("writing what changed", folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in found.rows.items():
            if TABLES[name].is_per_client:  # for who asked for it alone, before a row stands in it
                (folder / f"{name}.parquet").touch(mode=_OWNER)
                (folder / f"{name}.parquet").chmod(_OWNER)
            rows.write_parquet(folder / f"{name}.parquet", compression="snappy")
        write_json(folder / "changes.json", found.summary)
