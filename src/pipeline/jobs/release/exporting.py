"""From a release, or from what changed since one, to the content of an export. Not here: any format (``exports``)."""

from datetime import date

from pipeline.exports.content import Content, content
from pipeline.jobs.release.changes import changes_since
from pipeline.jobs.release.known_on import known_on
from pipeline.jobs.release.release_history import tables_of
from pipeline.jobs.show import current_release
from pipeline.jobs.workspace import Progress, Workspace
from schemas.catalogue import TABLES


def content_of(
    workspace: Workspace,
    progress: Progress,
    *,
    day: date | None = None,
    since: str | None = None,
    with_clients: bool = False,
) -> Content:
    """The current release, or the one as known on a day, or what differs in the current one since another.

    Tables about single clients only where they are asked for.
    """
    if since is not None:
        found = changes_since(workspace, since, with_clients=with_clients)
        return content(found.release.manifest, found.rows, since=found.since)
    release = (
        current_release(workspace.settings) if day is None else known_on(workspace, day, progress, with_pages=False)
    )
    wanted = [name for name, table in TABLES.items() if with_clients or not table.is_per_client]
    return content(release.manifest, tables_of(release, wanted))
