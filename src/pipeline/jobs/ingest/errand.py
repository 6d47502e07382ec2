"""One piece of work for a worker of a cluster: what is sent, and how the worker does it, in a cell of its own.

A worker has the program, the environment that opens the store, and the key. None of it is sent: a message names a file,
what is known of it, and an address. Here: finding the file and the key on the worker's side. Not here: what is done
with a file (``digest``), workers (``store.cluster``).
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from pipeline import settings
from pipeline.errors import NoCell, UitstroomError, told
from pipeline.jobs.ingest.cell_setup import cell_setup
from pipeline.jobs.ingest.digest import Order
from pipeline.jobs.workspace import code_version
from pipeline.settings import Settings
from pipeline.store.cell_task import Broke, Cause, Limits
from pipeline.store.cells import Cells, cells, kept_warm
from pipeline.store.raw import RawFile
from pipeline.store.storage.data_folder import fetch_raw


@dataclass(frozen=True)
class Errand:
    """What a worker is sent. ``name``: of the file, below the folder of raw files."""

    work: Callable[[Any], object]
    argument: RawFile | Order
    limits: Limits
    name: str
    remote: str
    code_version: str


def errands(sender: Settings) -> Callable[[Callable[[Any], object], Any, Limits], Callable[[], object]]:
    """Makes errands out of pieces of work for the workers of one data folder."""

    def errand(work: Callable[[Any], object], argument: RawFile | Order, limits: Limits) -> Callable[[], object]:
        path = (argument.file if isinstance(argument, Order) else argument).path
        name = path.relative_to(sender.raw).as_posix()
        return partial(run, Errand(work, argument, limits, name, sender.remote, code_version()))

    return errand


def run(errand: Errand) -> object:
    """Do it. What comes of it is an answer, whatever that is: only a worker that dies gives none."""
    try:
        if errand.code_version != code_version():
            raise NoCell("A worker of the cluster has another version of the program. Install the same one everywhere.")
        here = settings.load(errand.remote)
        path = fetch_raw(here, errand.name)
        if not path.is_file():
            return Broke(Cause.STOPPED, "its worker finds no such file; see UITSTROOM_RAW")
        pool = _pool(here)
        return pool.result(pool.begin(errand.work, _found(errand.argument, path, here), errand.limits))
    except UitstroomError as error:
        return error.with_traceback(None)
    except Exception as error:  # whatever it is goes to the parent as a sentence: its text may quote a cell
        return told(error)


def _found(argument: RawFile | Order, path: Path, here: Settings) -> RawFile | Order:
    """The same, with what is another thing on this side: where the file lies, and the key."""
    if isinstance(argument, Order):
        return replace(argument, file=replace(argument.file, path=path), key_file=here.key_file)
    return replace(argument, path=path)


_kept = ExitStack()


@cache
def _pool(here: Settings) -> Cells:
    """The one cell of this worker, which stays for the next piece of work."""
    _kept.enter_context(kept_warm())
    return _kept.enter_context(cells(cell_setup(here), 1))
