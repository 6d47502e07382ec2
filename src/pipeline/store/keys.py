"""The secret key of the pseudonyms: from the environment, or a file beside the data that only its owner can read.

Here: finding, making and guarding the key. Not here: what it is used for (``pipeline.intake.pseudonym``).
"""

import secrets
import stat
from pathlib import Path

from pipeline.errors import UitstroomError
from pipeline.store.fs import atomic_write, flush

KEY_BYTES = 32


class KeyProblem(UitstroomError):
    """The key is missing, malformed or readable by others."""


def load(path: Path, from_environment: str | None) -> bytes | None:
    """The key: hexadecimal in ``from_environment`` when given, else in the file ``path``; None where there is none."""
    if from_environment:
        return _decode(from_environment, "UITSTROOM_KEY")
    if not path.exists():
        return None
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeyProblem(f"The key file {path.name} can be read by others (mode {mode:o}). Run: chmod 600 {path}")
    return _decode(path.read_text(encoding="ascii", errors="replace"), path.name)


def load_or_make(path: Path, from_environment: str | None, *, may_make: bool) -> bytes:
    """The key (``load``), made on first use where ``may_make``: never beside a log whose key is lost."""
    if (found := load(path, from_environment)) is not None:
        return found
    if not may_make:
        raise KeyProblem(
            f"The log was written with a key, and {path} is not there. Restore it from your backup: "
            "with another key every client would become a stranger."
        )
    _make(path)
    made = load(path, None)
    assert made is not None
    return made


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path, replaces=False) as draft:  # another process made one first: then that one holds
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(secrets.token_hex(KEY_BYTES) + "\n", encoding="ascii")
    flush(path.parent)


def _decode(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyProblem(
            f"{where} does not hold a key of {KEY_BYTES * 2} hexadecimal digits. Restore it from your backup."
        )
    return key
