"""One writer at a time in a data folder that lies in an object store, as far as that can be had.

A store has no locks: this is an object with a name in it, renewed while its holder lives. Who was stopped and goes on
later believes to hold it still, so nothing rests on it but peace: commits are applied once, the pointer is swapped only
from what it was. Here: taking, renewing and giving back. Not here: one writer on one machine (``store.write_lock``).
"""

import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.errors import Overtaken, UitstroomError
from pipeline.store.storage.objects import Objects
from schemas.sentences import Sentence, said

NAME = ".writer.json"
SECONDS = 60.0
"""A holder that was not seen to renew for so long is taken to be dead."""
_RENEW = 4
"""Times in that time that a living holder renews it."""
_LOOK_AGAIN = 2.0

Tell = Callable[[Sentence], None]


@contextmanager
def lease(objects: Objects, work: Path, who: str, tell: Tell, seconds: float = SECONDS) -> Iterator[None]:
    """Hold the lease while the block runs. Waits for a holder that lives, and tells so once.

    To be asked for by the one writer in the folder ``work``: another one who worked there and holds it still is dead.
    """
    held = _Lease(objects, work, who, seconds)
    held.take(tell)
    renewing = threading.Thread(target=held.renew, name="lease", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        held.ended.set()
        renewing.join()
        held.give_back()


class _Lease:
    def __init__(self, objects: Objects, work: Path, who: str, seconds: float) -> None:
        self._objects, self._seconds, self._tag = objects, seconds, ""
        since = datetime.now().astimezone().isoformat(" ", "minutes")
        self._own = {"who": who, "host": socket.gethostname(), "pid": os.getpid(), "since": since}
        self._own["work"] = sha256(f"{self._own['host']}:{work}:{work.stat().st_ino}".encode()).hexdigest()[:16]
        self.ended = threading.Event()

    def take(self, tell: Tell) -> None:
        seen, unchanged_since, has_told = "", time.monotonic(), False
        while True:
            content, tag = self._objects.read_tagged(NAME)
            holder = _holder(content)
            if tag != seen:
                seen, unchanged_since = tag, time.monotonic()
            is_ours = holder is not None and holder.get("work") == self._own["work"]
            if holder is None or is_ours or time.monotonic() - unchanged_since > self._seconds:
                with suppress(Overtaken):
                    self._tag = self._objects.swap(NAME, self._signed(), tag)
                    return
                continue
            if not has_told:
                tell(said("at.waiting", who=_words(holder)))
                has_told = True
            time.sleep(min(_LOOK_AGAIN, self._seconds / _RENEW))

    def renew(self) -> None:
        while not self.ended.wait(self._seconds / _RENEW):
            try:
                self._tag = self._objects.swap(NAME, self._signed(), self._tag)
            except Overtaken:
                return  # taken over: what we do is safe all the same
            except UitstroomError:
                continue  # out of reach for a moment

    def give_back(self) -> None:
        with suppress(UitstroomError):
            self._objects.swap(NAME, json.dumps({"free": secrets.token_hex(8)}).encode(), self._tag)

    def _signed(self) -> bytes:
        return json.dumps({**self._own, "seen": secrets.token_hex(8)}).encode()


def _holder(content: bytes | None) -> dict[str, Any] | None:
    with suppress(ValueError, TypeError):
        found = json.loads(content or b"")
        return found if isinstance(found, dict) and "who" in found else None
    return None


def _words(holder: dict[str, Any]) -> str:
    return f"{holder['who']} (on {holder.get('host')}, process {holder.get('pid')}, since {holder.get('since')})"
