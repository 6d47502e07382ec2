"""Loading libraries: no look for garbage meanwhile, and none among what they made afterwards.

Prefect makes some hundred thousand objects while it is loaded, and all of them stay: to look through them again and
again takes a seventh of a start. Here: the block around imports. Not here: what is imported.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Within the block nothing is looked through; what is there at its end stays to the end of the process."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
