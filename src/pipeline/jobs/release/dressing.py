"""The pages of a release: made before it becomes current, or the next night where that failed.

A release never waits for its pages and is never lost over them: whatever goes wrong is told, and the release stands
without. Here: when they are made and of what. Not here: the pages (``pipeline.site``), their files
(``store.releases.site_files``).
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from pipeline.jobs import fingerprints
from pipeline.jobs.projections import PROJECTIONS
from pipeline.jobs.release.release_history import tables_of
from pipeline.jobs.workspace import Progress, Workspace
from pipeline.store.fs import file_sha256
from pipeline.store.releases import site_files
from pipeline.store.releases.files import MANIFEST
from pipeline.store.releases.publisher import Publisher
from pipeline.store.releases.releases import Release
from schemas.sentences import said

if TYPE_CHECKING:
    from jinja2.bccache import BytecodeCache

Dress = Callable[[Release], None]


def dresser(alone: Publisher, workspace: Workspace, progress: Progress) -> Dress:
    """What gives a release its pages, where it does not have them yet."""

    def dress(release: Release) -> None:
        settings = workspace.settings.site
        if is_dressed(release, workspace):
            return
        made_of = _made_of(release, settings.least_group)
        progress(said("at.pages"))
        try:
            alone.put_site(release, _pages(release, settings.least_group), made_of)
        except Exception as error:
            # Derived, and to be had again: no mistake in a page may keep a release back. Its text may hold values.
            progress(said("at.no-pages", release=release.id, error=type(error).__name__))

    return dress


def is_dressed(release: Release, workspace: Workspace) -> bool:
    """Whether a release has the pages that it should have."""
    settings = workspace.settings.site
    return not settings.is_made or site_files.is_there(release.path, _made_of(release, settings.least_group))


def _made_of(release: Release, least: int) -> dict[str, Any]:
    return {
        "release": file_sha256(release.path / MANIFEST),
        "least_group": least,
        "pages_version": fingerprints.pages_version(),
    }


def _pages(release: Release, least: int) -> dict[str, bytes]:
    # Loaded when there is something to make: most commands make none.
    from pipeline.site.build import build

    return build(tables_of(release), release.manifest, _inputs(), least=least, compiled=_templates())


@cache
def _templates() -> "BytecodeCache":
    from pipeline.store.kept_templates import KeptTemplates

    return KeptTemplates(fingerprints.pages_version())


@cache
def _inputs() -> dict[str, tuple[str, ...]]:
    """Per table the names of the sources and tables that its projection declares."""
    return {name: tuple(each.name for each in projection.inputs) for name, projection in PROJECTIONS.items()}
