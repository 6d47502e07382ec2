"""The errors this project raises on purpose. Not here: findings about data, which are rows, not exceptions."""

import errno
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.sentences import said


class UitstroomError(Exception):
    """Base of every error with a message meant for a person: what happened, where, and the next step."""


class Rejected(UitstroomError):
    """A file that cannot become a delivery.

    Carries a rule code of the ``FILE`` family and a detail without cell values.
    """

    def __init__(self, rule: str, detail: str = "", *, column: str = "") -> None:
        super().__init__(f"{rule}: {detail}" if detail else rule)
        self.rule = rule
        self.detail = detail
        self.column = column

    def __reduce__(self) -> tuple[object, ...]:
        """What it takes to make the same one in another process."""
        return _rejected, (self.rule, self.detail, self.column)


def _rejected(rule: str, detail: str, column: str) -> Rejected:
    return Rejected(rule, detail, column=column)


class Unstable(UitstroomError):
    """A file that changed while it was read: left alone in this run, tried again in the next."""


class LogError(UitstroomError):
    """The log cannot be read or written as promised."""


class Overtaken(LogError):
    """Somebody else recorded, published or decided between our look and our word. Nothing was done."""


class ReleaseBlocked(UitstroomError):
    """A curated table failed its own model; the last release stays current."""


class Fault(UitstroomError):
    """An error that nobody raised on purpose, told without its text: that may quote a cell or a name."""


def told(error: BaseException) -> Fault:
    """Where an unforeseen error came from, for who mends the program; nothing of what it was about."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " > ".join(f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in frames[-_FRAMES:])
    cause = error.__cause__ or error.__context__
    after = f", after {type(cause).__name__}" if cause else ""
    return Fault(said("fault", error=f"{type(error).__name__}{after}", where=where or "-"))


class WrongSetting(UitstroomError):
    """An environment variable holds something that it cannot mean."""


class NoCell(UitstroomError):
    """The process in which files are read cannot be started: the fault of the machine or the installation."""


class CannotWrite(UitstroomError):
    """The system refused to write: the disk is full, a folder is read-only, the account has no access."""


_FRAMES = 12
"""Of the way to an error, at most so many steps are told: the last ones."""

_NO_ROOM = "no-room"
_REFUSALS = {
    errno.ENOSPC: "full", errno.EDQUOT: "quota", errno.EFBIG: "file-size", errno.EROFS: "read-only",
    errno.EACCES: "no-access", errno.EPERM: "no-access", errno.EIO: "fault",
}  # fmt: skip
"""What the system reports: the end of the code of a sentence, for what it is and for the next step."""

_NUMBER = re.compile(r"\(os error (\d+)\)|\[Errno (\d+)\]|Os \{ code: (\d+),")
"""How polars, pyarrow and deltalake name the error of the system in a text, where they keep no ``errno``."""

_NUMBERLESS = "Invalid thrift: transport error"
"""What polars reports when the last part of a Parquet file could not be written; why is lost on the way."""

_PATH = re.compile(r"(?:Unable to \w+ file |: '?)((?:\.\.\.)?/[^\n\x1b']+?)(?= \(set POLARS_VERBOSE|[\n\x1b']|$)")


@contextmanager
def write_errors_explained(doing: str, where: object) -> Iterator[None]:
    """Turn a refusal of the system to write into ``CannotWrite``: what, where, and the next step.

    ``where`` is the folder to name when the refusal itself names no file. Any other error passes as it is.
    """
    try:
        yield
    except UitstroomError:
        raise
    except Exception as error:  # deltalake and polars have classes of their own; what is not a refusal is raised again
        refusal = _refusal(error)
        if refusal is None:
            raise
        what, remedy = said(f"disk.{refusal}"), said(f"disk.{refusal}.then")
        place = str(_place(error) or where)
        raise CannotWrite(said("disk.refused", what=what, doing=doing, where=place, remedy=remedy)) from error


def _refusal(error: Exception) -> str | None:
    if isinstance(error, OSError) and error.errno is not None:
        return _REFUSALS.get(error.errno)
    if found := _NUMBER.search(str(error)):
        return _REFUSALS.get(next(int(number) for number in found.groups() if number))
    return _NO_ROOM if _NUMBERLESS in str(error) else None


def _place(error: Exception) -> str | None:
    if isinstance(error, OSError) and isinstance(error.filename, str):
        return error.filename
    found = _PATH.search(str(error))
    return found[1] if found else None
