"""A small file that is there as a whole or not at all, whatever ends the process that writes it.

Not here: folders of files (``releases``), files that a table must first be told about (``log``).
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A draft to write to; it takes the name ``path`` at the end, and is removed when the writing fails.

    The name of a draft is drawn, not made of the number of the process: numbers are used again, and containers that
    share a folder may have the same one.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        yield draft
        _flush(draft)
        os.replace(draft, path)
    except BaseException:  # whatever ended the writing: half a file is of no use to anybody
        draft.unlink(missing_ok=True)
        raise


def _flush(path: Path) -> None:
    """Without this a power cut may leave the new name with nothing behind it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
