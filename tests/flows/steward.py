"""What a steward does in the browser, done through the same addresses: start a run, read it, answer it."""

import json
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows import embedded

Run = dict[str, Any]
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
PATIENCE = 1200.0
"""Seconds after which a test that would hang is ended; none waits that long when well."""
PAUSE = 0.7
"""Seconds between two looks: each costs the server a hundredth of one, and most things take several."""
SECRET, WRONG = "steward:one-secret-for-all", "steward:another"


def secret_of(data: Path) -> str:
    """The machine's secret of a served folder, as its owner may read it."""
    return secret_in(data / ".prefect")


def secret_in(home: Path) -> str:
    """The machine's secret in Prefect's home."""
    return (home / embedded.MACHINE_SECRET).read_text(encoding="utf-8")


class Refused(AssertionError):
    """The server did not take a request; ``text`` is what the form shows."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code, self.text = code, text


@dataclass(frozen=True)
class Steward:
    """Somebody at the address of a server, with the secret that its users share, or without one."""

    api: str
    secret: str | None = None

    def ask(self, method: str, path: str, body: object | None = None) -> Any:
        given = {"authorization": f"Basic {b64encode(self.secret.encode()).decode()}"} if self.secret else {}
        request = urllib.request.Request(
            f"{self.api}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"} | given,
        )
        for _ in range(20):
            try:
                with urllib.request.urlopen(request, timeout=1200) as answer:
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    raise Refused(error.code, error.read().decode()) from None
                time.sleep(0.5)  # the database was busy; a browser asks again too
        raise AssertionError("the server stays busy")

    def wait_for_server(self, seconds: float = PATIENCE) -> None:
        """Until the page opens again."""
        end = time.monotonic() + seconds
        while True:
            try:
                self.ask("GET", "/health")
            except (urllib.error.URLError, ConnectionError):
                assert time.monotonic() < end, f"no server answers at {self.api}"
                time.sleep(0.3)
            else:
                return

    def deployment(self, name: str) -> Run:
        found: Run = self.ask("GET", f"/deployments/name/{name}/{name}")
        return found

    def start(self, name: str, **more: Any) -> Run:
        made: Run = self.ask("POST", f"/deployments/{self.deployment(name)['id']}/create_flow_run", more)
        return made

    def run(self, run: Run) -> Run:
        found: Run = self.ask("GET", f"/flow_runs/{run['id']}")
        return found

    def runs(self, **wanted: Any) -> list[Run]:
        found: list[Run] = self.ask("POST", "/flow_runs/filter", wanted)
        return found

    def artifacts(self, run: Run) -> list[Run]:
        found: list[Run] = self.ask("POST", "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
        return found

    def until(self, run: Run, has: Callable[[Run], bool], seconds: float = PATIENCE) -> Run:
        """The run as soon as it is as wanted. The time only ends a test that would hang."""
        end = time.monotonic() + seconds
        while not has(now := self.run(run)):
            assert time.monotonic() < end, f"{now['name']} stays {now['state_name']}: {now['state'].get('message')}"
            time.sleep(PAUSE)
        return now

    def finished(self, run: Run) -> Run:
        return self.until(run, lambda now: now["state_type"] in FINAL)

    def cancel(self, run: Run) -> None:
        """What the page's Cancel button sends."""
        self.ask("POST", f"/flow_runs/{run['id']}/set_state", {"state": {"type": "CANCELLING", "name": "Cancelling"}})

    def answer(self, question: Run, **answers: Any) -> Run:
        """Fill in the form of a waiting run; the run when it has ended."""
        self._resume(question, answers)
        return self.finished(question)

    def answer_badly(self, question: Run, **answers: Any) -> Run:
        """Fill in the form of a waiting run; the run when it waits again."""
        self._resume(question, answers)
        before = question["state"]["state_details"]["pause_key"]
        return self.until(
            question,
            lambda now: (
                now["state_type"] in FINAL
                or (now["state_name"] == "Suspended" and now["state"]["state_details"]["pause_key"] != before)
            ),
        )

    def _resume(self, question: Run, answers: dict[str, Any]) -> None:
        taken = self.ask("POST", f"/flow_runs/{question['id']}/resume", {"run_input": answers})
        assert taken["status"] == "ACCEPT", taken

    def at_work(self) -> list[Run]:
        """Runs that are said to have a process, or to be about to."""
        return self.runs(flow_runs={"state": {"type": {"any_": ["PENDING", "RUNNING", "CANCELLING"]}}})

    def in_state(self, run: Run, name: str) -> Run:
        return self.until(run, lambda now: now["state_name"] == name)

    def in_state_any(self, runs: list[Run], name: str) -> Run:
        """The first of some runs that is in a state."""
        wanted = {"flow_runs": {"id": {"any_": [run["id"] for run in runs]}, "state": {"name": {"any_": [name]}}}}
        end = time.monotonic() + PATIENCE
        while not (found := self.runs(**wanted)):
            assert time.monotonic() < end, f"none is {name}: {[self.run(run)['state_name'] for run in runs]}"
            time.sleep(PAUSE)
        return found[0]

    def rest(self, name: str, seconds: float = PATIENCE) -> None:
        """Wait until no run of this deployment is due or at work, whoever started it."""
        wanted = {
            "flow_runs": {
                "state": {"type": {"any_": ["SCHEDULED", "PENDING", "RUNNING"]}},
                "expected_start_time": {"before_": datetime.now(UTC).isoformat()},
            },
            "deployments": {"id": {"any_": [self.deployment(name)["id"]]}},
        }
        end = time.monotonic() + seconds
        while due := self.ask("POST", "/flow_runs/filter", wanted):
            assert time.monotonic() < end, f"{due[0]['name']} stays {due[0]['state_name']}"
            time.sleep(PAUSE)

    def do(self, name: str, **more: Any) -> tuple[str, str]:
        """Run a deployment to its end; name and message of its last state."""
        state = self.finished(self.start(name, **more))["state"]
        return state["name"], state["message"] or ""
