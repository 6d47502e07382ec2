"""Projecting a log of trajectory events: all tables that rest on them, and what is found in them.

The log has been filled before.
"""

import sys
import time
from pathlib import Path

from pipeline import settings
from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.projections import SOURCES_OF
from pipeline.jobs.workspace import open_workspace
from schemas.sources import trajectory_events
from schemas.tables.checks import RELATION_FINDINGS
from schemas.tables.trajectories import TRAJECTORIES

OF_EVENTS = [name for name, sources in SOURCES_OF.items() if sources == {trajectory_events.SOURCE.name}]

if __name__ == "__main__":
    workspace = open_workspace(settings.load(Path(sys.argv[1])))
    began = time.perf_counter()
    state = AsOfState(LogContents(workspace, workspace.log.events(), lambda _: None))
    tables = {name: state.table(name) for name in (*OF_EVENTS, RELATION_FINDINGS.name)}
    print(time.perf_counter() - began, tables[TRAJECTORIES.name].height)
