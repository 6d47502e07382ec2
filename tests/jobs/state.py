"""What a folder's log comes to on a day, without a release. Not here: running the steps of a night (``folder``)."""

from dataclasses import replace
from datetime import date

import polars as pl

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.declared_inputs import DeclaredInputs
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.projections import PROJECTIONS
from schemas.catalogue import TABLES
from schemas.source import Source
from tests.jobs.folder import Folder


def state_of(folder: Folder, day: date | None = None, *, afresh: bool = False, keeps: bool = True) -> AsOfState:
    """As known on a day, or now, with all that is in the log."""
    return states_of(folder, day, afresh=afresh, keeps=keeps)[0]


def states_of(folder: Folder, *days: date | None, afresh: bool = False, keeps: bool = True) -> tuple[AsOfState, ...]:
    """The same for several days, with the log read once."""
    writer = folder.writer()
    contents = LogContents(writer, writer.log.events(), lambda _: None, afresh=afresh, keeps=keeps)
    return tuple(AsOfState(contents, day) for day in days)


def winners(state: AsOfState, source: Source) -> pl.DataFrame:
    """The rows of a source that count, or their counts, as a projection that declares it sees them."""
    return DeclaredInputs(state, replace(PROJECTIONS["deliveries"], inputs=(source,))).rows(source)


def tables_of(state: AsOfState) -> dict[str, pl.DataFrame]:
    """All curated tables but the one that names its release."""
    return {name: state.table(name) for name, table in TABLES.items() if not table.names_release}
