"""How the cells are started in which files are read. Not here: what is done in them (``digest``)."""

from pipeline.jobs.ingest.digest import KEY_VARIABLE, digest
from pipeline.settings import Settings
from pipeline.store.cell_process import CellSetup
from pipeline.store.storage.access import variables

_DISTANT = 2 << 20
"""The kernel's own limit, per MiB that is watched: with a closer one, readers call valid files broken."""


def cell_setup(settings: Settings) -> CellSetup:
    """For the files of one data folder: what a cell needs to record there is in its environment."""
    key = ((KEY_VARIABLE, settings.key),) if settings.key else ()
    return CellSetup(digest.__module__, (*key, *variables(settings.remote)), settings.cells.memory_mib * _DISTANT)
