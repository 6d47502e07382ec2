"""A cell from inside: the process that does one piece of work after another for the one that started it.

``python -m pipeline.store.cell SOCKET PARENT MEMORY MODULE``. Here: living no longer than the parent, and answering
whatever happens. Not here: starting it (``cell_process``), which work it is.
"""

import ctypes
import importlib
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.errors import UitstroomError
from pipeline.store.cell_process import Done
from pipeline.store.cell_task import Broke, Cause

_PR_SET_PDEATHSIG = 1


def _die_with(parent: int) -> None:
    """Have the kernel end this process when the one that started it ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we could ask
        os._exit(0)


def _limit(most_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a picture of this memory would hold what was read
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if most_bytes and sys.platform == "linux":
        most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _answer(work: Callable[[Any], object], argument: object) -> Done | UitstroomError:
    try:
        return Done(work(argument))
    except UitstroomError as error:
        return error.with_traceback(None)
    except MemoryError:
        return Done(Broke(Cause.MEMORY))
    except BaseException as error:  # the panics of readers are no Exceptions; the text of none of them may leave here
        return Done(Broke(Cause.ERROR, _class_and_place(error)))


def _class_and_place(error: BaseException) -> str:
    places = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    own = [f" in {path.name}, line {line}" for path, line in places if {"pipeline", "schemas"} & set(path.parts)]
    where = own[-1] if own else ""
    return f"{type(error).__name__}{where}"


def _serve(connection: Connection) -> None:
    connection.send("ready")
    while True:
        try:
            work, argument = connection.recv()
            connection.send(_answer(work, argument))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return  # nobody asks any more


def main() -> None:
    descriptor, parent, most_bytes, module = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; the one who started us decides
    _die_with(int(parent))
    _limit(int(most_bytes))
    importlib.import_module(module)
    _serve(Connection(int(descriptor)))


if __name__ == "__main__":
    main()
