"""All curated tables from the log. Not here: any table (the projections), publishing them (``publish``)."""

import polars as pl

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.workspace import Progress, Workspace
from schemas.catalogue import TABLES
from schemas.sentences import said


def project(
    workspace: Workspace, events: pl.DataFrame, progress: Progress, *, afresh: bool = False, keeps: bool = False
) -> dict[str, pl.DataFrame]:
    """All curated tables but ``restatements``, from the log as far as these events of deliveries go.

    ``keeps`` keeps results of steps for the next night, and sweeps away those that were of no use in this one.
    """
    state = AsOfState(LogContents(workspace, events, progress, afresh=afresh, keeps=keeps))
    tables = {}
    for name, table in TABLES.items():
        if not table.names_release:
            progress(said("at.table", table=name))
            tables[name] = state.table(name)
    if keeps:
        state.contents.steps.sweep()
    return tables
