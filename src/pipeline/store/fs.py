"""What files and folders promise, each promise kept in one place: whole or absent, one holder, on disk, which bytes.

Here: atomic writing, locks, flushing, hashes of files. Not here: folders of files (``releases``), files that become
part of a table (``log``), who waits for a lock and what is shown meanwhile (``write_lock``).
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def atomic_write(path: Path, *, replaces: bool = True) -> Iterator[Path]:
    """A draft to write to; it takes the name ``path`` at the end, and is removed when the writing fails.

    With ``replaces=False`` a file that has the name by then keeps it, and the draft is dropped: the first one counts.
    The name of a draft is drawn, not made of the number of the process: numbers are used again, and containers that
    share a folder may have the same one.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        yield draft
        flush(draft)
        if replaces:
            os.replace(draft, path)
            return
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    except BaseException:  # whatever ended the writing: half a file is of no use to anybody
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def lock(path: Path, *, waits: bool = True) -> Iterator[None]:
    """Be the only one who holds this file or folder while the block runs; a file is made where there is none.

    Waits for the present holder; with ``waits=False`` raises BlockingIOError when there is one. The kernel gives the
    lock back when the process ends, however it ends. It is on the file, not on its name: whoever removes or replaces
    a file that is held lets a second holder in.
    """
    # For its owner alone: whoever can open a file to read it can hold its lock, and stop everybody who waits for it.
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether a living process has locked this file or folder. One that is gone, or is not ours to judge, counts as
    held: who asks wants to clear away what nobody holds.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def flush(path: Path) -> None:
    """Make a file, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_sha256(file: Path) -> str:
    """Hash of all bytes of a file, in hexadecimal."""
    with file.open("rb", buffering=0) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
