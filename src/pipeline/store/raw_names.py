"""What the name of something below raw shows by itself: silent, a sidecar and whose, and how it is printed.

Here: names alone, without looking at any file. Not here: which files there are (``raw``), what a sidecar states
(``sidecar``).
"""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from pipeline.errors import Rejected
from pipeline.store.sidecar import SIDECAR_SUFFIX
from schemas.spelling import shown

_SILENT = ("Thumbs.db", "README.md")
_LIKE_A_BYTE = re.compile(rb"\\(?=x[0-9a-f]{2})")


def is_silent(name: str, *, is_folder: bool) -> bool:
    """Whether nobody needs a word about it: these names alone (contract, section Files). All else is told.

    ``~$`` are Excel's locks on a workbook that someone has open.
    """
    return name.startswith(".") or (not is_folder and (name.startswith("~$") or name in _SILENT))


def is_sidecar(name: str) -> bool:
    """Whether it is named as a sidecar, in whatever case."""
    return name.lower().endswith(SIDECAR_SUFFIX)


def lonely_sidecars(names: Collection[str]) -> dict[str, Rejected]:
    """The sidecars in a folder that are nobody's, each with why. ``names``: all that is not silent in it."""
    lonely = [name for name in names if is_sidecar(name) and not _has_file(name, names)]
    near = _near(names) if lonely else {}
    return {name: _lonely(near.get(_alike(name[: -len(SIDECAR_SUFFIX)]), [])) for name in lonely}


def _has_file(sidecar: str, names: Collection[str]) -> bool:
    own = sidecar.removesuffix(SIDECAR_SUFFIX)
    return own != sidecar and own in names and not is_sidecar(own)


def _near(names: Iterable[str]) -> dict[str, list[str]]:
    """Files by what their sidecar may be called by mistake: the name in other letters, or without its last ending."""
    near: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        if not is_sidecar(name):
            for each in {_alike(name), _alike(name).rpartition(".")[0]} - {""}:
                near[each].append(name)
    return near


def _lonely(near: Sequence[str]) -> Rejected:
    if not near:
        return Rejected("FILE-051", "the file that it belongs to is not there; place that beside it, or remove it")
    wanted = " or ".join(shown(printable(name + SIDECAR_SUFFIX)) for name in near[:3])
    return Rejected(
        "FILE-051", f"no file has its name, letter for letter; name it {wanted}, or remove it if that is there"
    )


def _alike(name: str) -> str:
    """The name without what an eye may miss: case, and which of two ways an accent is stored."""
    return unicodedata.normalize("NFC", name).casefold()


def printable(name: str) -> str:
    """The name as text that can be stored and printed, another one for every file: bytes that are no UTF-8 are written
    as ``\\xe9``, and where a name holds such a text already its backslash is doubled.
    """
    return _LIKE_A_BYTE.sub(rb"\\\\", os.fsencode(name)).decode("utf-8", errors="backslashreplace")
