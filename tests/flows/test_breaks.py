"""When things break: what is killed, locked or stopped ends right within one further run, and nobody cleans up.

A served folder of its own, with real processes that are really killed. Nothing here waits for a moment: runs are held
by locks that somebody else could hold too, or stopped and continued, until what has to happen has happened.
"""

import fcntl
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from flows.choices import SOURCE_NAMES
from pipeline.store.write_lock import write_lock
from server.serve import CannotServe, Part, _watch_over
from tests.flows.conftest import Installation
from tests.flows.steward import Run
from tests.jobs.folder import Folder, benefit, caseload, conserved
from tests.ready_made import ReadyMade

IN_WORDS = SOURCE_NAMES["caseload"]
pytestmark = pytest.mark.system

WHO = {"by": "A. Steward", "reason": "seen the sender's letter"}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, ready_made: ReadyMade) -> Iterator[Installation]:
    folder = Folder.at(tmp_path_factory.mktemp("breaks"))
    ready_made.database(folder.data)
    folder.put("caseload/2015-12-07_first.csv", month("2015-12-01", 5))
    folder.put("caseload/2017-03-07_later.csv", month("2017-03-01", 14))  # by then December 2015 is final
    made = Installation(folder)
    made.start()
    try:
        assert made.steward.do("nightly")[0] == "Completed"
        yield made
    finally:
        made.end()


def month(day: str, size: int, **changed: object) -> str:
    """A delivery about one month, with as many benefits."""
    year, number, _ = day.split("-")
    return caseload(*(benefit(n, peildatum=f"01-{number}-{year}", **changed) for n in range(size)))


def until(has_come: Callable[[], object], what: str, seconds: float = 300) -> None:
    """Wait; the time only ends a test that would hang."""
    end = time.monotonic() + seconds
    while not has_come():
        assert time.monotonic() < end, f"{what} does not come"
        time.sleep(0.1)


@contextmanager
def nobody_publishes(folder: Folder) -> Iterator[None]:
    """Within the block a run that has recorded cannot publish: somebody else holds the releases."""
    with (folder.settings.curated / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def recorded(folder: Folder, name: str) -> bool:
    return name in folder.events()["file_name"].to_list()


def until_recorded(folder: Folder, name: str) -> None:
    """Wait for the delivery. Events are read again only after a commit: to read them costs a hundred looks for one."""
    commits, read = folder.settings.log / "deliveries" / "_delta_log", list[set[str]]()

    def has_come() -> bool:
        now = set(os.listdir(commits))
        if now in read[-1:]:
            return False
        read.append(now)
        return recorded(folder, name)

    until(has_come, name)


def at_work(installation: Installation, day: str, size: int) -> Run:
    """A night that has recorded this month, while nobody may publish."""
    name = f"caseload/{day}_month.csv"
    installation.folder.put(name, month(day, size))
    run = installation.steward.start("nightly")
    until_recorded(installation.folder, name)
    return run


def right(installation: Installation, day: str, size: int) -> None:
    """One further night, and all is as it should be."""
    name, message = installation.steward.do("nightly")
    assert name == "Completed", message
    folder = installation.folder
    assert folder.stock()["GM0899", day, "pw"] == size
    assert folder.problems() == ()
    assert conserved(folder.table("deliveries"))
    until(lambda: not installation.steward.at_work(), "the end of all runs")


def test_a_killed_server_comes_back_to_a_run_that_waits_and_to_one_that_is_at_work(installation: Installation) -> None:
    steward, folder = installation.steward, installation.folder
    folder.put("caseload/2016-01-01_month.csv", month("2016-01-01", 7))
    with nobody_publishes(folder):
        with write_lock(folder.data, "uitstroom run (by hand)", tell=lambda _: None):
            run = steward.in_state(steward.start("nightly"), "AwaitingWriter")
            installation.kill("server.guard")
            steward.wait_for_server()
            assert steward.run(run)["state_name"] == "AwaitingWriter"
        until_recorded(folder, "caseload/2016-01-01_month.csv")
        installation.kill("server.guard")
    steward.wait_for_server()
    ended = steward.finished(run)

    assert ended["state_name"] in {"Completed", "Crashed"}, ended["state"]
    right(installation, "2016-01-01", 7)


def test_a_killed_worker_comes_back_and_its_run_is_crashed(installation: Installation) -> None:
    with nobody_publishes(installation.folder):
        run = at_work(installation, "2016-03-01", 9)
        process = installation.process_of("server.run_process")
        installation.kill("prefect worker")
        ended = installation.steward.finished(run)
        until(lambda: process not in installation.processes(), "the end of the run's process")

    assert ended["state_name"] == "Crashed"
    right(installation, "2016-03-01", 9)


def test_after_an_orderly_end_in_the_middle_of_a_run_the_next_start_goes_on(installation: Installation) -> None:
    with nobody_publishes(installation.folder):
        run = at_work(installation, "2016-02-01", 8)
        assert "Ended." in installation.end()
        assert not installation.processes()
    installation.start()

    assert installation.steward.finished(run)["state_name"] in {"Crashed", "Cancelled"}
    right(installation, "2016-02-01", 8)


def test_server_and_worker_killed_together_come_back_together(installation: Installation) -> None:
    server, worker = installation.process_of("server.guard"), installation.process_of("prefect worker")
    for process in (server, worker):
        os.kill(process, signal.SIGKILL)
    installation.steward.wait_for_server()

    installation.folder.put("caseload/2016-04-01_month.csv", month("2016-04-01", 10))
    right(installation, "2016-04-01", 10)


def test_after_a_power_cut_one_night_takes_in_what_came_and_questions_still_wait(installation: Installation) -> None:
    steward, folder = installation.steward, installation.folder
    folder.put("caseload/2017-02-07_final.csv", month("2015-12-01", 6))
    held = "caseload/2017-03-06_held.csv"
    rows = [benefit(n, peildatum="01-02-2017", **({"ingangsdatum": "31-02-2017"} if n < 5 else {})) for n in range(20)]
    folder.put(held, caseload(*rows))
    blocked = steward.finished(steward.start("nightly"))
    assert blocked["state_name"] == "Blocked", blocked["state"]
    # What is held while the release is blocked is asked about.
    assert f"Te beslissen: 1, als eerste {held}: open de wachtende run" in blocked["state"]["message"]
    delivery = folder.events().filter(pl.col("file_name") == held)["delivery"][0]
    (about_it,) = steward.runs(flow_runs={"tags": {"all_": [delivery]}})
    about_it = steward.in_state(about_it, "Suspended")
    assert "DELIVERY-003" in steward.artifacts(about_it)[0]["data"]
    (question,) = steward.runs(flows={"name": {"any_": ["decide-release"]}})
    steward.in_state(question, "Suspended")

    names = [f"caseload/2016-05-{number:02d}_month.csv" for number in range(1, 31)]
    for number, name in enumerate(names):
        folder.put(name, month("2016-05-01", number + 1))
    run = steward.start("nightly")
    until_recorded(folder, names[0])
    installation.kill_everything()
    installation.start()

    ended = steward.finished(run)
    assert ended["state_name"] == "Crashed"
    assert "Het proces werd afgebroken, of de machine stopte." in ended["state"]["message"]
    assert [steward.run(each)["state_name"] for each in (question, about_it)] == ["Suspended"] * 2
    assert folder.stock()["GM0899", "2015-12-01", "pw"] == 5
    (reasons,) = steward.artifacts(question)
    assert r"GM0899\|2015-12-01\|pw: 5 wordt 6" in reasons["data"]

    answered = steward.answer(about_it, decision="aanvaarden", run_now=False, **WHO)
    assert f"{held} is aanvaard, door A. Steward." in answered["state"]["message"]
    # What was decided is not asked again, also while the release cannot show it.
    assert steward.do("nightly")[0] == "Blocked"
    assert len(steward.runs(flow_runs={"tags": {"all_": [delivery]}})) == 1
    taken_in = folder.events().filter(pl.col("file_name").is_in(names) & (pl.col("event") == "recorded"))
    assert sorted(taken_in["file_name"]) == names
    assert folder.problems() == ()

    answered = steward.answer(question, decision="akkoord", run_now=False, **WHO)
    assert answered["state"]["message"].startswith("De wijziging is goedgekeurd door A. Steward.")
    right(installation, "2016-05-01", 30)
    assert folder.stock()["GM0899", "2015-12-01", "pw"] == 6
    decided = folder.writer().log.publications.rows().collect().filter(pl.col("event") == "approved")
    assert decided.select("decided_by", "why").rows() == [(WHO["by"], WHO["reason"])]


def test_a_locked_database_makes_runs_late_and_nothing_worse(installation: Installation) -> None:
    with nobody_publishes(installation.folder):
        run = at_work(installation, "2016-06-01", 29)
        database = sqlite3.connect(
            installation.folder.data / ".prefect" / "prefect.db", isolation_level=None, timeout=60
        )
        database.execute("BEGIN EXCLUSIVE")
    try:
        # Longer than the server waits for its database: it has to refuse, and to be asked again.
        stated = installation.folder.data / ".prefect" / "server.log"
        before = stated.read_text().count("database is locked")
        until(lambda: stated.read_text().count("database is locked") > before, "a refusal")
    finally:
        database.execute("ROLLBACK")
        database.close()
    ended = installation.steward.finished(run)

    assert ended["state_name"] in {"Completed", "Crashed"}, ended["state"]
    right(installation, "2016-06-01", 29)


ELSEWHERE = {"gemeentecode": "0882", "ingangsdatum": "01-05-2012"}
MONTHS = [f"2013-{number:02d}" for number in range(1, 13)]


def test_a_backfill_stopped_from_the_page_goes_on_with_the_same_plan(
    installation: Installation, tmp_path: Path
) -> None:
    steward, folder, undisturbed = installation.steward, installation.folder, Folder.at(tmp_path)
    shutil.copytree(folder.settings.raw, undisturbed.settings.raw)
    undisturbed.run()  # the place of the months is new beside these, as it is in the folder
    for number, each in enumerate(MONTHS):
        for own in (folder, undisturbed):
            own.put(f"caseload/{each}-07_month.csv", month(f"{each}-01", 10 + number, **ELSEWHERE))
    asked = {
        "from_month": "2013-01",
        "until_month": "2014-01",
        "sources": [IN_WORDS],
        "reason": "ticket 12",
    }
    waiting = steward.in_state(steward.start("backfill-plan", parameters={"request": asked}), "Suspended")
    (plan,) = (tag.removeprefix("plan:") for tag in waiting["tags"] if tag.startswith("plan:"))
    steward.cancel(waiting)
    assert steward.finished(waiting)["state_name"] == "Cancelled"

    apply = {"parameters": {"request": {"plan": plan, **WHO}}}
    run = steward.start("backfill-apply", **apply)
    until_recorded(folder, f"caseload/{MONTHS[0]}-07_month.csv")
    with standing_still(installation.process_of("server.run_process")) as process:
        steward.cancel(run)
        until(lambda: is_asked_to_end(process), "the wish to stop")
    stopped = steward.finished(run)
    there = [each for each in MONTHS if recorded(folder, f"caseload/{each}-07_month.csv")]

    assert stopped["state_name"] == "Cancelled"
    assert 0 < len(there) < len(MONTHS)
    assert there == MONTHS[: len(there)]
    (bar,) = (each for each in steward.artifacts(run) if each["type"] == "progress")
    assert f"is gestopt na {len(there)} van {len(MONTHS)} maanden" in bar["description"]
    assert "Ga verder met hetzelfde plan" in bar["description"]
    assert ("GM0882", "2013-01-01", "pw") not in folder.stock()
    assert folder.problems() == ()

    name, message = steward.do("backfill-apply", **apply)
    assert name == "Completed"
    assert "Alle cijfers zijn als gepland." in message
    undisturbed.run()
    for table in ("caseload_stock", "caseload_flow", "outflow_reasons"):
        of_the_plan = pl.col("municipality_code") == "GM0882"
        assert folder.table(table).filter(of_the_plan).equals(undisturbed.table(table).filter(of_the_plan)), table


@contextmanager
def standing_still(process: int) -> Iterator[int]:
    """Within the block the process does nothing, and what is sent to it waits."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield process
    finally:
        os.kill(process, signal.SIGCONT)


def is_asked_to_end(process: int) -> bool:
    """Whether SIGTERM waits for the process."""
    reported = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines() if ":\t" in line
    )
    return bool(int(reported["ShdPnd"], 16) & 1 << (signal.SIGTERM - 1))


def test_a_part_that_ends_again_and_again_ends_all_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match=r"^The server ends again and again\. Look in .*server\.log\.$"):
        _watch_over(Part("server", ("this",), tmp_path / "server.log"), [], port=1)
