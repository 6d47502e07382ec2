"""Processes of tests that end with their block. Not here: starting them (the tests that do).

``with subprocess.Popen(...)`` waits at its end until the process ends, for ever if need be: also when the block failed
because the process took too long.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import AnyStr

PATIENCE = 300.0


@contextmanager
def ending(child: "subprocess.Popen[AnyStr]", patience: float = PATIENCE) -> Iterator["subprocess.Popen[AnyStr]"]:
    """The process, for a block at whose end it ends too: killed at once where the block fails, else when it takes
    longer than ``patience``, which is a failure."""
    with child:
        try:
            yield child
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream is not None:
                    stream.close()
            child.wait(patience)
        finally:
            child.kill()
