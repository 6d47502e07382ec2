"""Which hash a file had when its size and times were these, so that a night does not read again what has not changed.

A convenience, not a record: delete it and the next run hashes every file once. Not here: what a delivery is
(``file_fingerprint``), looking at a file that is not known (``jobs.ingest.reading``).
"""

import json
import os
from dataclasses import asdict
from datetime import date
from pathlib import Path

from pipeline.store.file_fingerprint import FileFingerprint
from pipeline.store.fs import atomic_write
from pipeline.store.raw import RawFile
from pipeline.store.sidecar import SIDECAR_SUFFIX

VERSION = 2
"""1 kept names and senders as they were, also where they held the number of a person."""
_DAYS = ("delivered_on", "named_on", "assumed_on")
_NAME = "landing-cache.json"
"""Of old, as is ``landed`` in its entries: a reading of a file was once called its landing. Other names would have
every file hashed once more.
"""


class FingerprintCache:
    """Fingerprints by file name; written once, at the end of a run, with one rename."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._changed = False
        self._known: dict[str, dict[str, object]] = self._read()
        self._stamps: dict[str, list[object]] = {}

    @classmethod
    def beside(cls, log: Path) -> "FingerprintCache":
        """The cache that lies in the folder of a log."""
        return cls(log / _NAME)

    def _read(self) -> dict[str, dict[str, object]]:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        is_ours = isinstance(content, dict) and content.get("version") == VERSION
        self._changed = not is_ours
        return content["files"] if is_ours else {}

    def recall(self, file: RawFile) -> FileFingerprint | None:
        """What was found when the file and its sidecar had the same size and times."""
        # Taken before it is read: what changes after that is seen the next time.
        stamp = self._stamps[file.file_name] = _stamp(file)
        entry = self._known.get(file.file_name)
        if entry is None or entry["stamp"] != stamp:
            return None
        fingerprint = dict(entry["landed"])  # type: ignore[call-overload]
        for name in _DAYS:
            day = fingerprint.get(name)
            fingerprint[name] = date.fromisoformat(day) if day else None
        fingerprint["unknown_keys"] = tuple(fingerprint.get("unknown_keys", ()))
        return FileFingerprint(**fingerprint)

    def keep(self, file: RawFile, fingerprint: FileFingerprint) -> None:
        """Remember what was found of a file that could not be recalled."""
        plain = asdict(fingerprint)
        plain |= {name: plain[name].isoformat() if plain[name] else None for name in _DAYS}
        self._known[file.file_name] = {"stamp": self._stamps[file.file_name], "landed": plain}
        self._changed = True

    def save(self) -> None:
        if not self._changed:
            return
        with atomic_write(self.path) as draft:
            draft.write_text(json.dumps({"version": VERSION, "files": self._known}), encoding="utf-8")


def _stamp(file: RawFile) -> list[object]:
    """Size, times and inode of file and sidecar.

    The change time cannot be set by hand, so a swapped file is noticed.
    """
    path = os.fspath(file.path)
    return [_times(path), _times(path + SIDECAR_SUFFIX)]


def _times(path: str) -> list[int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
