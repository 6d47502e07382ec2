"""The watchman: ends runs that have lost their process and, when asked, starts a night when files arrive.

Here: noticing that something arrived in ``data/raw`` and has come to rest, and looking again and again. Not here: what
is in a file and whether it is new (the night finds out, and doing it twice does no harm); who is dead
(``flows.liveness``).
"""

import argparse
import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from flows.data_dir import here
from pipeline.store import standard_streams
from pipeline.store.fs import atomic_write

LOOK_SECONDS = 5.0
SETTLE_SECONDS = 20.0

Seen = Mapping[str, tuple[int, int]]
"""Size and time of change, in nanoseconds, of every file below a folder."""


def look(raw: Path) -> Seen:
    """All files below ``raw`` as they are now. One that vanishes meanwhile is not there."""
    seen: dict[str, tuple[int, int]] = {}
    for folder, _, names in os.walk(raw):
        for name in names:
            path = Path(folder) / name
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            seen[path.relative_to(raw).as_posix()] = (status.st_size, status.st_mtime_ns)
    return seen


def fingerprint(seen: Seen) -> str:
    """The same for the same files, whoever looks: what keeps one change from starting two runs."""
    return hashlib.sha256(json.dumps(sorted(seen.items())).encode()).hexdigest()


def has_arrived(before: Seen, now: Seen) -> bool:
    """Whether a file is new or changed; one that went away is no reason to run."""
    return any(before.get(name) != status for name, status in now.items())


class Watch:
    """What was there when a run was last started, kept in a file so that a restart starts nothing twice."""

    def __init__(self, raw: Path, memory: Path, start: Callable[[str], None], settle: float = SETTLE_SECONDS) -> None:
        self._raw, self._memory, self._start, self._settle = raw, memory, start, settle
        self._last: Seen = {}
        self._since = 0.0

    def step(self, clock: float) -> bool:
        """Look once, at this moment of a steady clock in seconds; whether a run was started."""
        now = look(self._raw)
        if now != self._last:
            self._last, self._since = now, clock
        if clock - self._since < self._settle or not has_arrived(self._remembered(), now):
            return False
        self._start(fingerprint(now))
        # After the start: dying in between starts the same run again, which the server knows by its fingerprint.
        with atomic_write(self._memory) as draft:
            draft.write_text(json.dumps(now))
        return True

    def _remembered(self) -> Seen:
        try:
            return {name: (size, changed) for name, (size, changed) in json.loads(self._memory.read_text()).items()}
        except (OSError, ValueError):
            return {}


def start_a_night(mark: str) -> None:
    """Have the worker run a night, unless one was started for the same files."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        night = client.read_deployment_by_name("nightly/nightly")
        run = client.create_flow_run_from_deployment(night.id, idempotency_key=f"arrived {mark}", tags=["arrived"])
    print(f"Files arrived: {run.name} takes them in.", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Look every few seconds until asked to stop."""
    import httpx
    from prefect.exceptions import PrefectException
    from prefect.settings import get_current_settings

    from flows.liveness import end_the_dead

    parser = argparse.ArgumentParser(prog="python -m server.watch", description=__doc__.splitlines()[0])
    parser.add_argument("--arrivals", action="store_true", help="start a night when a file arrives in raw/")
    parser.add_argument("--settle", type=float, default=SETTLE_SECONDS, help="seconds in which nothing may change")
    options = parser.parse_args(arguments)
    settings = here()
    memory = Path(get_current_settings().home) / "arrived.json"
    memory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    watch = Watch(settings.raw, memory, start_a_night, options.settle)
    while True:
        try:
            for line in end_the_dead(datetime.now(UTC)):
                print(line, flush=True)
            if options.arrivals:
                watch.step(time.monotonic())
        except httpx.HTTPStatusError as error:
            is_secret = error.response.status_code == 401
            why = "401 Unauthorized: check PREFECT_API_AUTH_STRING" if is_secret else str(error)
            print(f"The server refuses ({why}); tried again soon.", flush=True)
        except (httpx.HTTPError, PrefectException) as error:
            print(f"The server does not answer as expected ({type(error).__name__}); tried again soon.", flush=True)
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    standard_streams.keep_open()
    raise SystemExit(main())
