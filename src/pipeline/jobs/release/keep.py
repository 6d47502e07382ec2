"""Releases that are kept by name: cited in a report, so that pruning leaves them. Events in the log, with who and why.

Here: keeping one, letting it go, and which releases stay because of it. Not here: taking the others away
(``store.releases``), making one again that is gone (``remake``).
"""

import re

from pipeline.errors import UitstroomError
from pipeline.jobs.release.differences import named_release
from pipeline.jobs.release.release_history import KEPT, LET_GO, ReleaseHistory
from pipeline.jobs.workspace import Workspace, Writer
from pipeline.store.releases.publisher import publisher
from pipeline.store.releases.retention import Retention
from pipeline.store.storage.data_folder import published
from schemas.person_number import holds_number
from schemas.signature import signature_problem

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{1,59}")


class CannotKeep(UitstroomError):
    """The name, who decides or the reason is not as it has to be, or the name is another release's."""


def keep(writer: Writer, release: str, *, name: str, by: str, why: str) -> str:
    """Keep a release on disk under a name, until it is let go. Gives its id. A name never moves to another release."""
    _require(name, by, why)
    with publisher(writer.settings.curated, published(writer.settings)):  # nobody prunes it meanwhile
        found, history = named_release(writer, release), ReleaseHistory.of(writer)
        holder = history.kept.get(name, found.id)
        if holder != found.id:
            raise CannotKeep(
                f"{name} is the name of release {holder}, and a citation does not move. Choose another one."
            )
        if name not in history.kept:
            history.append(writer, KEPT, found.id, events=writer.log.events().height, by=by, why=why, kept_as=name)
    return found.id


def let_go(writer: Writer, *, name: str, by: str, why: str) -> str:
    """Keep it no longer under this name. Gives its id."""
    _require(name, by, why)
    history = ReleaseHistory.of(writer)
    if name not in history.kept:
        names = ", ".join(sorted(history.kept)) or "none"
        raise CannotKeep(f"No release is kept as {name}. Names there are: {names}.")
    release = history.kept[name]
    history.append(writer, LET_GO, release, events=writer.log.events().height, by=by, why=why, kept_as=name)
    return release


def retention(workspace: Workspace, number: int | None = None) -> Retention:
    """Which releases stay: by the settings, or ``number`` of the youngest, and those that are kept by name."""
    settings = workspace.settings
    kept = frozenset(ReleaseHistory.of(workspace).kept.values())
    return Retention(number or settings.keep_releases, settings.keep_release_days, kept)


def _require(name: str, by: str, why: str) -> None:
    if not _NAME.fullmatch(name) or holds_number(name):
        raise CannotKeep(
            "A name has 2 to 60 small letters, digits, hyphens, points or underscores, such as jaarverslag-2018, "
            "and no number of a person."
        )
    if problem := signature_problem(by, why):
        raise CannotKeep(problem)
