"""A lasting installation as ``deploy/compose.yaml`` has it: PostgreSQL behind Prefect, one secret, its own commands.

Without containers: the same commands with the same environment, folders and addresses replaced by those of a test.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.flows.compose import ROOT, Service, compose, env_file, service
from tests.flows.conftest import environment
from tests.flows.person import logged_in
from tests.flows.postgres import ask, database
from tests.flows.steward import WRONG, Refused, Steward, secret_in
from tests.jobs.folder import KEY, Folder, benefit, caseload
from tests.ports import free_port

pytestmark = pytest.mark.system

PATIENCE = 1200.0
PASSWORD = "p@ss/w:rd#% é"
"""One that an address would be cut at."""
DATABASE = ("USER", "PASSWORD", "HOST", "PORT", "NAME")


@dataclass(frozen=True)
class Installation:
    """What a test puts in the place of container names, volumes and ``deploy/.env``."""

    folder: Folder
    home: Path
    database_port: int
    port: int

    @property
    def filled_in(self) -> dict[str, str]:
        made = env_file(ROOT / "deploy" / ".env.example")
        return made | {"DATA": str(self.folder.data), "POSTGRES_PASSWORD": PASSWORD}

    @property
    def database_url(self) -> str:
        stated = self.of("server").environment
        part = {name: quote(stated[f"PREFECT_SERVER_DATABASE_{name}"], safe="") for name in DATABASE}
        return "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format_map(part)

    def of(self, name: str) -> Service:
        found = service(name, self.filled_in)
        here = {each: self._here(value) for each, value in found.environment.items()}
        command = [self._here(part) for part in found.command]
        if name == "server":
            command += ["--port", str(self.port)]
        return Service(name, tuple(command), here)

    def _here(self, text: str) -> str:
        places = {
            "http://server:4200": f"http://127.0.0.1:{self.port}",
            "0.0.0.0": "127.0.0.1",
            "/run/secrets/uitstroom_key": str(self.home / "key"),
        }
        for there, here in places.items():
            text = text.replace(there, here)
        whole = {
            "database": "127.0.0.1",
            "5432": str(self.database_port),
            "/data": str(self.folder.data),
            "/prefect": str(self.home),
            "/prefect/page": str(self.home / "page"),
        }
        return whole.get(text, text)

    def environment(self, name: str, **more: str) -> dict[str, str]:
        ours = environment(self.folder, **self.of(name).environment)
        del ours["UITSTROOM_KEY"]  # the key is a file here
        return ours | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{ours['PATH']}"} | more

    @contextmanager
    def running(self, name: str, **more: str) -> Iterator[None]:
        """A service of the file, ended as its container would be."""
        with (
            (self.home / f"{name}.log").open("ab") as output,
            subprocess.Popen(
                self.of(name).command, cwd=ROOT, env=self.environment(name, **more), stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            ) as process,
        ):  # fmt: skip
            try:
                yield
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)

    def stated(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text(errors="replace")

    def wait_until_healthy(self) -> None:
        """As ``depends_on`` waits: the file's own health check, at this server's address."""
        check = [
            part.replace(":4200", f":{self.port}") for part in compose()["services"]["server"]["healthcheck"]["test"]
        ]
        assert check.pop(0) == "CMD"
        end = time.monotonic() + PATIENCE
        while subprocess.run(
            check, env=self.environment("server"), stdin=subprocess.DEVNULL, capture_output=True, check=False
        ).returncode:
            assert time.monotonic() < end, self.stated("server")
            time.sleep(0.5)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Database, server, worker and watchman, started in the order in which the file lets them."""
    home = tmp_path_factory.mktemp("prefect")
    made = Installation(Folder.at(tmp_path_factory.mktemp("lasting")), home, free_port(), free_port())
    made.folder.settings.raw.mkdir(parents=True)
    (home / "key").write_text(KEY)
    (home / "key").chmod(0o600)
    of_database = compose()["services"]["database"]["environment"]
    with ExitStack() as parts:
        password = made.filled_in["POSTGRES_PASSWORD"]
        parts.enter_context(
            database(made.database_port, of_database["POSTGRES_USER"], password, of_database["POSTGRES_DB"])
        )
        parts.enter_context(made.running("server"))
        made.wait_until_healthy()
        parts.enter_context(made.running("worker"))
        parts.enter_context(made.running("watchman"))
        yield made


@pytest.fixture(scope="module")
def steward(installation: Installation) -> Steward:
    made = Steward(f"http://127.0.0.1:{installation.port}/api", secret_in(installation.home))
    wanted = {"deployments": {"name": {"any_": ["maintain"]}}}  # the last that the worker registers
    end = time.monotonic() + PATIENCE
    while not made.ask("POST", "/deployments/filter", wanted):
        assert time.monotonic() < end, installation.stated("worker")
        time.sleep(0.5)
    return made


def test_a_night_runs_to_its_end(installation: Installation, steward: Steward) -> None:
    installation.folder.put("caseload/2017-02-07_first.csv", caseload(*(benefit(number) for number in range(20))))

    run = steward.finished(steward.start("nightly"))

    assert (run["state_name"], run["state"]["message"].split(".")[0]) == (
        "Completed",
        "1 bestand verwerkt: 1 opgenomen",
    )
    assert installation.folder.stock()["GM0899", "2017-02-01", "pw"] == 20
    assert {"night", "night-receipts"} <= {each["key"] for each in steward.artifacts(run)}


def test_the_history_of_runs_lies_in_postgresql_and_nowhere_else(installation: Installation, steward: Steward) -> None:
    run = steward.finished(steward.start("maintain"))

    found = ask(f"SELECT state_name FROM flow_run WHERE id = '{run['id']}'", installation.database_url)
    assert found == [("Completed",)]
    assert list(installation.home.glob("*.db*")) == []


def test_the_schedule_makes_runs(steward: Steward) -> None:
    nightly = {"deployments": {"name": {"any_": ["nightly"]}}}
    end = time.monotonic() + PATIENCE
    while not (runs := [run for run in steward.runs(**nightly) if "auto-scheduled" in run["tags"]]):
        assert time.monotonic() < end, "no run was scheduled"
        time.sleep(0.5)

    assert {run["state_name"] for run in runs} == {"Scheduled"}


def test_the_page_asks_the_address_it_came_from(installation: Installation) -> None:
    # Without it a browser would be sent to the address inside the container.
    with logged_in(f"http://127.0.0.1:{installation.port}", installation.home) as browser:
        said = browser.get("/ui-settings").json()

    assert (said["api_url"], said["auth"]) == ("/api", None)
    assert said["available_uis"] == ["v1"]
    assert [path.name for path in (installation.home / "page").iterdir() if path.is_dir()] == ["v1"]


@pytest.mark.parametrize("secret", [None, WRONG])
def test_who_does_not_know_the_secret_gets_nothing(steward: Steward, secret: str | None) -> None:
    with pytest.raises(Refused, match="401") as refused:
        Steward(steward.api, secret).runs()

    assert refused.value.code == 401


def test_a_file_that_arrives_starts_a_night(installation: Installation, steward: Steward) -> None:
    installation.folder.put(
        "caseload/2017-03-07_next.csv", caseload(*(benefit(n, peildatum="01-03-2017") for n in range(12)))
    )
    end = time.monotonic() + PATIENCE
    while ("GM0899", "2017-03-01", "pw") not in installation.folder.stock():
        assert time.monotonic() < end, installation.stated("watchman")
        time.sleep(0.5)

    started = steward.runs(flow_runs={"tags": {"all_": ["arrived"]}})
    assert started
    assert {steward.finished(run)["state_type"] for run in started} <= {"COMPLETED", "CANCELLED"}


def test_a_report_says_what_it_leaves_out_and_keeps_pictures_without_room_beside_it(
    installation: Installation, steward: Steward
) -> None:
    script = (
        "from flows import reports; from pipeline.steward.reports import Report\n"
        "told = Report('# Test', {'receipts': [{'rows': 1}]}, {'some-plot': b'png'}, {'receipts': 5}, ('some-plot',))\n"
        "reports._send('sent', told, 'Sent')"
    )
    secret = {"PREFECT_API_AUTH_STRING": secret_in(installation.home)}  # as a run has it from its worker
    ours = installation.environment("worker", **secret)
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=ours, check=True)

    sent = steward.ask("POST", "/artifacts/filter", {"artifacts": {"key": {"like_": "sent"}}})
    ran = {each["key"]: (each["type"], each["description"]) for each in sent}
    assert ran == {
        "sent": ("markdown", "Sent"),
        "sent-receipts": ("table", "Ontvangstbewijzen: 1 van 6"),
        "sent-some-plot": ("image", "Sent"),
    }
    (picture,) = (each["data"] for each in sent if each["type"] == "image")
    assert picture == "data:image/png;base64,cG5n"


def test_a_worker_with_another_secret_says_so_and_ends(installation: Installation, steward: Steward) -> None:
    ran = subprocess.run(
        installation.of("worker").command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=installation.environment("worker", PREFECT_API_AUTH_STRING=WRONG), check=False, timeout=PATIENCE,
    )  # fmt: skip

    assert ran.returncode == 1
    assert "401 Unauthorized" in ran.stderr
    assert WRONG.partition(":")[2] not in ran.stdout + ran.stderr
