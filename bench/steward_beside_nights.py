"""How often the server is too busy to answer one steward who clicks while nights run, one after the other.

    python -m bench.steward_beside_nights [--minutes 60]

Serves a folder of its own as ``make serve`` does, logs in, and asks again and again for what the browser asks for on
each page, several at a time and without a rest; now and then it starts a run and cancels it. Meanwhile every night
finds a new delivery. Counted are answers of 500 and above and connections that broke: those of the steward, and those
of all others (worker, watchman, runs), by what was asked. Here: the clicking and the counting. Not here: how long a
night takes (``bench.night``).
"""

import argparse
import asyncio
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bench.prefect_overhead import KEY, fill
from server.guard import users

NAME, PASSWORD = "anna", "a-long-enough-password"
AT_A_TIME = 6
"""Requests that a browser has under way at one address."""
_LOGGED = re.compile(r'"(\w+) (\S+) HTTP/1\.1" (\d{3})')
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_KINDS = ("COMPLETED", "FAILED", "CRASHED", "RUNNING", "SCHEDULED", "PAUSED", "CANCELLED")

Asked = tuple[str, str, dict[str, Any] | None]


def page(run: str, flow: str, deployment: str, artifact: str) -> Mapping[str, list[Asked]]:
    """What each page asks for, as a browser's log has it; the pages are read in this order."""
    of_run, of_deployment = {"flow_runs": {"id": {"any_": [run]}}}, {"deployments": {"id": {"any_": [deployment]}}}
    scheduled = {**of_deployment, "flow_runs": {"state": {"name": {"any_": ["Scheduled"]}}}, "limit": 1}
    pool = [("GET", "/api/work_pools/uitstroom", None), ("GET", "/api/work_pools/uitstroom/queues/default", None)]
    return {
        "begin": [("GET", "/begin", None)],
        "dashboard": [
            *[("POST", "/api/flow_runs/count", _in(kind)) for kind in _KINDS],
            *[("POST", "/api/flow_runs/filter", {**_in(kind), "limit": 100}) for kind in _KINDS],
            ("POST", "/api/flows/paginate", {"limit": 100}),
            ("POST", "/api/task_runs/count", {}),
            ("POST", "/api/work_pools/uitstroom/workers/filter", {}),
            ("POST", "/api/work_pools/uitstroom/queues/filter", {"limit": 51}),
            ("POST", "/api/flow_runs/lateness", {}),
        ],
        "runs": [
            ("POST", "/api/ui/flow_runs/history", {"sort": "START_TIME_DESC", "limit": 100}),
            ("POST", "/api/flow_runs/paginate", {"sort": "START_TIME_DESC", "limit": 100, "page": 1}),
            ("POST", "/api/task_runs/paginate", {"limit": 100, "page": 1}),
            ("POST", "/api/deployments/paginate", {"limit": 100}),
            ("POST", "/api/ui/flow_runs/count-task-runs", {"flow_run_ids": [run]}),
            *pool,
        ],
        "run": [
            ("GET", f"/api/flow_runs/{run}", None),
            ("GET", f"/api/flow_runs/{run}/graph-v2", None),
            ("POST", "/api/logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}, "limit": 200}),
            ("POST", "/api/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}}),
            ("POST", "/api/task_runs/count", of_run),
            ("GET", f"/api/flows/{flow}", None),
            *pool,
        ],
        "report": [("GET", f"/api/artifacts/{artifact}", None), ("GET", "/uitgave/", None)],
        "deployments": [
            ("POST", "/api/deployments/paginate", {"sort": "NAME_ASC", "limit": 10, "page": 1}),
            ("POST", "/api/deployments/count", {}),
            *[("POST", "/api/flow_runs/filter", scheduled)] * 10,
            ("POST", "/api/ui/flows/count-deployments", {"flow_ids": [flow]}),
            ("POST", "/api/ui/flows/next-runs", {"flow_ids": [flow]}),
        ],
        "form": [("GET", f"/api/deployments/{deployment}", None), ("GET", f"/api/flows/{flow}", None), *pool],
        "artifacts": [("POST", "/api/artifacts/latest/filter", {}), ("POST", "/api/artifacts/latest/count", {})],
    }


def _in(kind: str) -> dict[str, Any]:
    return {"flow_runs": {"state": {"type": {"any_": [kind]}}}}


@dataclass
class Account:
    """What came of it."""

    asked: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    nights: Counter[str] = field(default_factory=Counter)


@dataclass
class Steward:
    """Somebody with a browser at this address."""

    browser: httpx.AsyncClient
    account: Account
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_A_TIME))

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request; what it gave, or None where it failed."""
        async with self._places:
            began = time.perf_counter()
            self.account.asked += 1
            try:
                answer = await self.browser.request(method, path, json=body, follow_redirects=True)
            except httpx.TransportError as error:
                self.account.failed[f"{type(error).__name__} {method} {_ID.sub('…', path)}"] += 1
                return None
            self.account.seconds.append(time.perf_counter() - began)
        if answer.status_code >= 400:  # before the first night there is no report to read
            if answer.status_code != 404:
                self.account.failed[f"{answer.status_code} {method} {_ID.sub('…', path)}"] += 1
            return None
        return answer.json() if answer.headers["content-type"].startswith("application/json") else answer.text

    async def newest(self, what: str, **wanted: Any) -> dict[str, Any]:
        found = await self.ask("POST", f"/api/{what}/filter", {"limit": 1, **wanted})
        return dict(found[0]) if found else {"id": "0" * 8 + "-0000-4000-8000-" + "0" * 12}


async def clicking(steward: Steward, until: float) -> None:
    """All pages of the newest run, again and again; after each round a run is started and called back."""
    deployments = {each["name"]: each["id"] for each in await steward.ask("POST", "/api/deployments/filter", {}) or []}
    while time.monotonic() < until:
        run = await steward.newest("flow_runs", sort="START_TIME_DESC")
        flow, artifact = await steward.newest("flows"), await steward.newest("artifacts", sort="CREATED_DESC")
        for asked in page(run["id"], flow["id"], deployments["known-on"], artifact["id"]).values():
            await asyncio.gather(*(steward.ask(*each) for each in asked))
        start = f"/api/deployments/{deployments['known-on']}/create_flow_run"
        made = await steward.ask("POST", start, {"parameters": {"request": {"day": "2012-03-01"}}})
        if made:
            stop = {"state": {"type": "CANCELLING", "name": "Cancelling"}}
            await steward.ask("POST", f"/api/flow_runs/{made['id']}/set_state", stop)


async def nights(steward: Steward, raw: Path, until: float) -> None:
    """A night with a new delivery, as soon as the one before has ended."""
    night = (await steward.ask("GET", "/api/deployments/name/nightly/nightly"))["id"]
    for number in itertools.count():
        if time.monotonic() > until:
            return
        fill(raw, 1, first=number)
        made = await steward.ask("POST", f"/api/deployments/{night}/create_flow_run", {})
        if made is None:
            continue
        state = ""
        while state not in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} and time.monotonic() < until + 120:
            await asyncio.sleep(1)
            found = await steward.ask("GET", f"/api/flow_runs/{made['id']}")
            state = found["state_type"] if found else state
        steward.account.nights[state] += 1


@contextmanager
def served(data: Path, port: int) -> Iterator[str]:
    """A folder of our own, served as ``make serve`` does; its address."""
    home = data / ".prefect"
    home.mkdir(parents=True, mode=0o700)
    users.add(users.users_file(home), NAME, PASSWORD)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "UITSTROOM_"))}
    command = [sys.executable, "-m", "server.serve", "--data-dir", str(data), "--port", str(port)]
    with subprocess.Popen(command, env=kept | {"UITSTROOM_KEY": KEY}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            if not any("Open http" in line for line in process.stdout):
                raise SystemExit("the folder could not be served")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=120)
            finally:
                process.kill()  # else leaving the block waits for it, for ever


async def play(address: str, raw: Path, minutes: float) -> Account:
    """Both at once, for so long."""
    account, until = Account(), time.monotonic() + 60 * minutes
    headers = {"origin": address, "sec-fetch-site": "same-origin"}
    limits = httpx.Limits(keepalive_expiry=2)  # the server lets go after five seconds: who asks just then finds nobody
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=120, limits=limits) as browser:
        answer = await browser.post("/inloggen", data={"name": NAME, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        steward = Steward(browser, account)
        await asyncio.gather(clicking(steward, until), nights(steward, raw, until))
    return account


def told_by(log: Path) -> tuple[Counter[str], int]:
    """Answers of 500 and above that the server gave to anybody, by what was asked; and how often SQLite was locked."""
    text = log.read_text(errors="replace")
    found = (match for match in _LOGGED.finditer(text) if int(match[3]) >= 500)
    counted = Counter(f"{match[3]} {match[1]} {_ID.sub('…', match[2])}" for match in found)
    return counted, len(re.findall(r"^sqlite3\.OperationalError: database is locked", text, re.MULTILINE))


def main() -> int:
    """Print the account; exit code 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="python -m bench.steward_beside_nights", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="steward-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        data = Path(folder) / "data"
        fill(data / "raw", 0)
        with served(data, port) as address:
            account = asyncio.run(play(address, data / "raw", options.minutes))
        everybody, locked = told_by(data / ".prefect" / "server.log")
    times = sorted(account.seconds)
    print(f"{options.minutes:g} minutes: {account.asked:,} requests of a steward; nights: {dict(account.nights)}")
    print(f"seconds of an answer: median {median(times):.3f}, one in a hundred {times[-1 - len(times) // 100]:.2f}")
    print(f"failed for the steward: {dict(account.failed) or 'none'}")
    print(f"500 and above for anybody: {dict(everybody) or 'none'}; locked: {locked}")
    return 1 if account.failed or everybody else 0


if __name__ == "__main__":
    raise SystemExit(main())
