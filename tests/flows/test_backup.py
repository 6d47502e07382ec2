"""Backup and restore with the commands of ``docs/how-to/operate.md``, read from there: another folder, this user."""

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline.store.releases import releases
from pipeline.store.releases.releases import Release
from pipeline.store.write_lock import write_lock
from tests.flows.conftest import ROOT, environment
from tests.jobs.folder import KEY, Folder, benefit, caseload, tree

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("flock") is None, reason="needs flock (on Debian: apt install util-linux)"),
]

PAGE = ROOT / "docs" / "how-to" / "operate.md"


def commands(heading: str, lib: Path) -> list[str]:
    """The commands below a heading of the page, as somebody without the rights of root runs them here."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    block = "\n".join(line[4:] for line in text.splitlines() if line.startswith("    "))
    places = {
        "/var/lib/uitstroom": str(lib), "/srv/uitstroom": str(ROOT), "/backup": str(lib / "backup"),
        "sudo -u uitstroom .venv/bin/uitstroom": f"{sys.executable} -m pipeline.cli", "sudo -u uitstroom ": "",
        "install -d -o uitstroom -g uitstroom": "install -d",
        "chown -R uitstroom:": f"chown -R {os.getuid()}", "2027-01-31": date.today().isoformat(),
    }  # fmt: skip
    for there, here in places.items():
        block = block.replace(there, here)
    lines = block.replace("\\\n", " ").splitlines()
    return [line for line in lines if line and not line.startswith("systemctl ")]


def run(lines: list[str], folder: Folder, *, check: bool = True) -> subprocess.CompletedProcess[str]:
    env = environment(folder)
    del env["UITSTROOM_KEY"]  # the key is the file beside the data
    ran = subprocess.run(
        ["bash", "-ec", "\n".join(lines)], cwd=folder.data.parent, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0 or not check, ran.stdout + ran.stderr
    return ran


def delivered(month: int, count: int) -> str:
    return caseload(*(benefit(number, peildatum=f"01-{month:02d}-2017") for number in range(count)))


def current(folder: Folder) -> Release:
    found = releases.current(folder.settings.curated)
    assert found is not None
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An installation with two nights behind it, the second of which changed a figure."""
    made = Folder.at(tmp_path, with_pages=True)
    (tmp_path / "backup").mkdir()
    made.settings.key_file.write_text(KEY)
    made.settings.key_file.chmod(0o600)
    made.put("caseload/2017-02-07_first.csv", delivered(2, 20))
    made.run()
    made.put("caseload/2017-02-20_again.csv", delivered(2, 18))
    made.run()
    return made


def test_what_was_backed_up_comes_back_to_the_byte(folder: Folder) -> None:
    before, files = current(folder), tree(current(folder).path)
    run(commands("Back up", folder.data.parent), folder)
    folder.put("caseload/2017-03-07_later.csv", delivered(3, 25))
    folder.run()
    assert current(folder).id != before.id

    ran = run(commands("Restore", folder.data.parent), folder)

    assert (current(folder).id, tree(current(folder).path)) == (before.id, files)
    assert folder.table("restatements").height > 0  # what changed earlier is history that came back too
    assert folder.problems() == ()
    assert "Traceback" not in ran.stderr
    # What came after the backup was put aside, not thrown away, and can be taken in again.
    later = folder.data.parent / "data-before" / "raw" / "caseload" / "2017-03-07_later.csv"
    folder.put("caseload/2017-03-07_later.csv", later.read_bytes())
    folder.run()
    assert folder.stock()["GM0899", "2017-03-01", "pw"] == 25


def test_the_backup_holds_what_was_sent_and_said_and_no_key(folder: Folder) -> None:
    run(commands("Back up", folder.data.parent), folder)

    (archive,) = (folder.data.parent / "backup").glob("*.tar.gz")
    ran = run([f"tar -tzf {archive}"], folder).stdout.split()
    assert {name.split("/")[1] for name in ran} - {""} >= {"raw", "log"}
    assert not any(part in name for name in ran for part in ("curated", "quarantine", ".key", ".prefect"))


def test_the_lock_is_taken_as_the_user_of_the_service() -> None:
    # As root, before the first run, it would make a file that the service cannot open.
    assert re.findall(r"^ +(.*)\bflock ", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == ["sudo -u uitstroom "]


def test_a_backup_waits_for_who_writes(folder: Folder) -> None:
    # Told not to wait, it gives up: so it would wait.
    lines = [line.replace("flock ", "flock --nonblock ", 1) for line in commands("Back up", folder.data.parent)]

    with write_lock(folder.data, "a run", tell=lambda _: None):
        assert run(lines, folder, check=False).returncode == 1
    assert list((folder.data.parent / "backup").iterdir()) == []
    assert run(lines, folder).returncode == 0
