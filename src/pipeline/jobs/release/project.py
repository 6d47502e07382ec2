"""Curated tables from the log. Not here: any table (the projections), publishing them (``publish``)."""

from collections.abc import Collection

import polars as pl

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.workspace import Progress, Workspace
from pipeline.versions.figure_diff import COMPARED_TABLES
from schemas.catalogue import TABLES
from schemas.sentences import said


def project(
    workspace: Workspace, events: pl.DataFrame, progress: Progress, *, afresh: bool = False, keeps: bool = False
) -> dict[str, pl.DataFrame]:
    """All curated tables but those that name their own release, from the log as far as these events of deliveries go.

    ``keeps`` keeps results of steps for the next night, and sweeps away those that were of no use in this one.
    """
    contents = LogContents(workspace, events, progress, afresh=afresh, keeps=keeps)
    tables = _made(contents, progress, TABLES)
    if keeps:
        contents.steps.sweep()
    return tables


def project_compared(workspace: Workspace, events: pl.DataFrame, progress: Progress) -> dict[str, pl.DataFrame]:
    """Those whose figures are compared with another state of the log."""
    return _made(LogContents(workspace, events, progress, keeps=False), progress, COMPARED_TABLES)


def _made(contents: LogContents, progress: Progress, names: Collection[str]) -> dict[str, pl.DataFrame]:
    state, tables = AsOfState(contents), {}
    for name, table in TABLES.items():
        if name in names and not table.names_release:
            progress(said("at.table", table=name))
            tables[name] = state.table(name)
    return tables
