"""A machine that publishes again and again beside another one, or reads beside both; run as a process of its own.

python -m tests.cluster.publisher publish ADDRESS FOLDER NAME TIMES
python -m tests.cluster.publisher read ADDRESS FOLDER UNTIL
"""

import json
import sys
from datetime import date
from pathlib import Path

from pipeline.jobs.show import current_release
from pipeline.jobs.workspace import open_workspace
from pipeline.store.releases.files import problems
from tests.cluster.machines import Machine, put
from tests.jobs.folder import benefit, caseload


def publish(address: str, folder: Path, name: str, times: int) -> None:
    """Each time one more delivery, and a release with it. Nobody takes turns: no lease is asked for."""
    number = int(name)
    machine = Machine.at(folder, address, folder / "raw")
    for time in range(1, times + 1):
        month = date(2013 + (2 * time + number) // 12, (2 * time + number) % 12 + 1, 1)
        changed = {"peildatum": f"{month:%d-%m-%Y}", "ingangsdatum": "01-01-2012"}
        rows = [benefit(each, **changed) for each in range(12)]
        put(folder / "raw", f"caseload/{month:%Y-%m}-20_{name}.csv", caseload(*rows))
        receipts, published = machine.night()
        print(json.dumps([[each.status for each in receipts], published.release.id, published.is_new]), flush=True)


def read(address: str, folder: Path, until: Path) -> None:
    """What is current, as often as there is time for it: each release whole, none of parts of two."""
    machine = Machine.at(folder, address)
    seen: list[tuple[str, int]] = []
    while not until.exists():
        if not list(open_workspace(machine.settings).settings.curated.glob("current")):
            continue
        release = current_release(machine.settings)
        assert not list(problems(release.path)), release.id
        seen.append((release.id, release.manifest["files"]["deliveries.parquet"]["rows"]))
    print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    what, address, folder, *rest = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    if what == "publish":
        publish(address, Path(folder), rest[0], int(rest[1]))
    else:
        read(address, Path(folder), Path(rest[0]))
