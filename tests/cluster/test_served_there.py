"""An installation that is served over a bucket: its nights, a decision and a rollback are in it, for every machine."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.store.releases import releases
from pipeline.versions.delivery_status import statuses
from tests.cluster.machines import Machine, put, small_deliveries
from tests.cluster.stores import Store
from tests.ending import ending
from tests.flows.conftest import ROOT, wait_until_open
from tests.flows.steward import Steward, secret_of
from tests.jobs.folder import KEY, benefit, caseload
from tests.ports import free_port
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.system

HELD = "caseload/2017-05-05_kort.csv"
WHO = {"by": "S. de Vries", "reason": "gebeld met de afzender"}


def test_a_night_a_decision_and_a_rollback_of_a_server_are_in_the_bucket(
    s3: Store, tmp_path: Path, ready_made: ReadyMade
) -> None:
    raw, work, port = tmp_path / "raw", tmp_path / "work", free_port()
    small_deliveries(raw)
    ready_made.database(work)
    put(raw, HELD, caseload(*(benefit(number, peildatum="01-03-2017") for number in range(6))))
    address = s3.address("served")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "UITSTROOM_"))}
    own = {"UITSTROOM_KEY": KEY, "UITSTROOM_RAW": str(raw), "UITSTROOM_WORK": str(work), "POLARS_MAX_THREADS": "1"}
    serving = subprocess.Popen(
        [sys.executable, "-m", "server.serve", "--data-dir", address, "--port", str(port)],
        cwd=ROOT, env=kept | own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        wait_until_open(serving)
        steward = Steward(f"http://127.0.0.1:{port}/api", secret_of(work))
        other = Machine.at(tmp_path / "other", address, raw)

        def current() -> releases.Release:
            shown = releases.current(other.writer().settings.curated)
            assert shown is not None
            return shown

        night = steward.finished(steward.start("nightly"))
        assert night["state_name"] == "Held", night["state"]
        first = current()
        assert {row["status"] for row in _deliveries(other)} >= {"recorded", "held", "rejected"}
        steward.do("accept-delivery", parameters={"request": {"delivery": HELD, **WHO, "run_now": False}})
        steward.finished(steward.start("nightly"))
        second = current()
        assert second.id != first.id
        assert [row["status"] for row in _deliveries(other) if row["file_name"] == HELD] == ["recorded"]
        steward.do("rollback", parameters={"request": {"release": "vorige", **WHO}})
        assert current().id == first.id
    finally:
        with ending(serving):
            serving.send_signal(signal.SIGINT)
            serving.communicate(timeout=1200)


def _deliveries(machine: Machine) -> list[dict[str, str]]:
    return statuses(machine.writer().log.events()).to_dicts()
