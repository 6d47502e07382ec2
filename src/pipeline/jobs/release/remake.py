"""A release that was published and is gone, made again from the log: the same bytes, or nothing.

Here: what it was made from, and what it said of the releases before it. Not here: keeping one from going (``keep``).
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.jobs.release import release_history
from pipeline.jobs.release.facts import facts_of
from pipeline.jobs.release.project import project
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Progress, Workspace
from pipeline.store.releases.publisher import publisher
from pipeline.store.releases.releases import Release


class CannotRemake(UitstroomError):
    """There never was such a release, or another version of the program made it."""


@dataclass(frozen=True)
class _AsPublished:
    """The history as it was when a release was published (``store.releases.files.Recorder``)."""

    workspace: Workspace
    history: ReleaseHistory

    def naming(self, release: str) -> dict[str, pl.DataFrame]:
        return release_history.naming(self.workspace, self.history.up_to(release))

    def record(self, release: str) -> None:
        """Nothing: it was recorded when it was published."""


def remake(workspace: Workspace, begin: str, progress: Progress) -> tuple[Release, bool]:
    """Make a release again that is not on disk, or not whole. Gives it, and whether it had to be made.

    ``begin``: its id, how that begins, or the name that it is kept by. It is not made current.
    """
    history = ReleaseHistory.of(workspace)
    publication = _publication(history, history.kept.get(begin, begin))
    release = str(publication["release"])
    if (there := release_history.on_disk(workspace, release)) is not None:
        return there, False
    _require_same_program(workspace, publication)
    with publisher(workspace.settings.curated) as alone:
        events = workspace.log.events().head(publication["events"])
        frames, facts = project(workspace, events, progress), facts_of(events, workspace)
        return alone.put_back(release, frames, facts=facts, recorder=_AsPublished(workspace, history)), True


def _publication(history: ReleaseHistory, begin: str) -> dict[str, Any]:
    found = history.published.filter(pl.col("release").str.starts_with(begin))
    if found.height != 1:
        youngest = ", ".join(history.published["release"].tail(5)) or "none"
        raise CannotRemake(
            f"{found.height} releases that were published begin with {begin}. The last ones: {youngest}."
        )
    return found.row(0, named=True)


def _require_same_program(workspace: Workspace, publication: dict[str, Any]) -> None:
    made_by = (publication["code_version"], publication["rules_version"])
    if made_by != (workspace.code_version, workspace.rules_version):
        raise CannotRemake(
            f"Release {publication['release']} was made by version {made_by[0]} with rules {made_by[1]}; this is "
            f"{workspace.code_version} with rules {workspace.rules_version}, whose bytes differ. Make it again with "
            "that version of the program: it can read this folder."
        )
