"""``make serve`` with the secret that all share: every part gives it, and who does not know it gets nothing."""

import signal
from pathlib import Path

import pytest

from tests.ending import ending
from tests.flows.conftest import serve, wait_until_open
from tests.flows.steward import SECRET, WRONG, Refused, Steward
from tests.jobs.folder import Folder, benefit, caseload
from tests.ports import free_port
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.system


def test_all_parts_give_the_secret_and_a_night_runs(tmp_path: Path, ready_made: ReadyMade) -> None:
    folder, port = Folder.at(tmp_path), free_port()
    ready_made.database(folder.data)
    folder.put("caseload/2017-02-07_first.csv", caseload(*(benefit(number) for number in range(20))))
    secrets = {"PREFECT_SERVER_API_AUTH_STRING": SECRET, "PREFECT_API_AUTH_STRING": SECRET}
    with ending(serve(folder, port, **secrets)) as process:
        try:
            wait_until_open(process)
            steward = Steward(f"http://127.0.0.1:{port}/api", SECRET)

            assert steward.do("nightly")[0] == "Completed"
            for other in (None, WRONG):
                with pytest.raises(Refused, match="401"):
                    Steward(steward.api, other).runs()
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=1200)

    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 20
    logs = "".join(path.read_text(errors="replace") for path in (folder.data / ".prefect").glob("*.log"))
    assert logs.count("401 Unauthorized") == 2, "of those two, and of no part of ours"
    assert SECRET.partition(":")[2] not in logs
