"""A served installation: the real server, worker, deployments and automations, as a steward meets them."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import polars as pl
import pytest
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectHTTPStatusError
from prefect.input.run_input import Keyset, keyset_from_base_key
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings
from prefect.states import Scheduled, Suspended

from flows import questions
from flows.choices import SOURCE_NAMES
from flows.embedded import DOOR_TAG
from flows.question_forms import DeliveryDecision
from pipeline.store.write_lock import write_lock
from server.deploy import MOST_RUNS, catch_up, declared
from tests.ending import PATIENCE, ending
from tests.flows.conftest import ROOT, Served, environment, serve
from tests.flows.person import logged_in
from tests.flows.steward import Refused, Run
from tests.jobs.folder import Folder, benefit, caseload

IN_WORDS = SOURCE_NAMES["caseload"]
pytestmark = pytest.mark.system

NO_SUCH_DAY = {"ingangsdatum": "31-02-2017"}
WHO = {"by": "A. Steward", "reason": "seen the sender's letter"}


def with_bad(bad: int, of: int, first: int = 0) -> str:
    return caseload(*(benefit(first + n, **(NO_SUCH_DAY if n < bad else {})) for n in range(of)))


def month(name: str, bad: int, of: int) -> str:
    """A delivery about another month, so that tests do not meet each other's figures."""
    return with_bad(bad, of).replace("01-02-2017", name)


def held_by_a_night(served: Served, *days: str) -> list[str]:
    """Have a night hold a delivery about each of these months; their hashes."""
    names = [f"caseload/2017-{day[3:5]}-07_held.csv" for day in days]
    for name, day in zip(names, days, strict=True):
        served.folder.put(name, month(day, 5, 20))
    run = served.steward.finished(served.steward.start("nightly"))
    assert run["state_name"] == "Held", run["state"]
    return [str(served.folder.delivery(name)["delivery"]) for name in names]


def questions_about(served: Served, delivery: str) -> list[Run]:
    return served.steward.runs(flow_runs={"tags": {"all_": [delivery]}})


def test_every_declared_deployment_is_there_and_only_the_night_has_a_schedule(served: Served) -> None:
    found = {name: served.steward.deployment(name) for name in (each["name"] for each in declared())}

    assert {name for name, each in found.items() if each["schedules"]} == {"nightly"}
    assert all(each["enforce_parameter_schema"] for each in found.values())
    assert all(each["description"] and "English" not in each["description"] for each in found.values())
    assert all("data_dir" not in str(each["parameter_openapi_schema"]) for each in found.values())


def test_there_is_one_page_and_the_newer_one_is_nowhere(served: Served) -> None:
    # The newer page asks a host outside, from the browser.
    with logged_in(f"http://127.0.0.1:{served.port}", served.folder.data / ".prefect") as browser:
        assert browser.get("/ui-settings").json()["available_uis"] == ["v1"]
        assert browser.get("/v2/dashboard").text == browser.get("/dashboard").text


def test_the_server_makes_runs_of_the_schedule(served: Served) -> None:
    # The failure this looks for is silent: a cron in the UI of which no run ever comes.
    nightly = {"deployments": {"name": {"any_": ["nightly"]}}}
    end = datetime.now(UTC) + timedelta(seconds=300)
    while not (runs := [run for run in served.steward.runs(**nightly) if "auto-scheduled" in run["tags"]]):
        assert datetime.now(UTC) < end, "no run was scheduled"

    assert {run["state_name"] for run in runs} == {"Scheduled"}


def test_a_night_leaves_a_report_a_question_and_a_message_and_the_answer_changes_the_figure(served: Served) -> None:
    name = "caseload/2017-03-07_held.csv"
    served.folder.put(name, month("01-03-2017", 5, 20))
    night = served.steward.finished(served.steward.start("nightly"))
    delivery = str(served.folder.delivery(name)["delivery"])

    assert night["state_name"] == "Held"
    assert {"night", "night-held", "night-receipts", "night-file-findings"} <= {
        each["key"] for each in served.steward.artifacts(night)
    }
    assert served.reported.wait_for("held")["state"] == "Held"
    # The state says how things stand, every night; who was called is not called again.
    assert served.steward.do("nightly")[0] == "Held"
    assert len([told for told in served.reported.messages if name in told["text"]]) == 1

    (question,) = served.steward.runs(flow_runs={"tags": {"all_": [delivery]}})
    question = served.steward.in_state(question, "Suspended")
    (reasons,) = served.steward.artifacts(question)
    assert "VALUE-001" in reasons["data"]
    message = served.steward.answer(question, decision="aanvaarden", **WHO)["state"]["message"]

    assert f"{name} is aanvaard, door A. Steward" in message
    (shown,) = (run for run in served.steward.runs() if f"De run {run['name']} verwerkt het" in message)
    assert served.steward.finished(shown)["state_name"] == "Completed"
    assert served.folder.stock()[("GM0899", "2017-03-01", "pw")] == 15
    accepted = served.folder.events().filter((pl.col("delivery") == delivery) & (pl.col("event") == "accepted"))
    assert accepted.select("decided_by", "why").rows() == [(WHO["by"], WHO["reason"])]


def test_a_rejected_file_ends_a_night_as_attention_and_is_told_once(served: Served) -> None:
    name = "caseload/2017-03-09_no_table.csv"
    served.folder.put(name, "no;table\n1;2\n")

    night = served.steward.finished(served.steward.start("nightly"))
    assert (night["state_name"], night["state_type"]) == ("Attention", "FAILED")
    assert f"1 afgewezen, als eerste {name} (FILE-" in night["state"]["message"]
    assert served.reported.wait_for(name)["state"] == "Attention"

    assert served.steward.do("nightly")[0] == "Completed"
    assert [told["state"] for told in served.reported.messages if name in told["text"]] == ["Attention"]
    description = served.steward.deployment("backfill-plan")["description"]
    assert "Welke maanden er zijn" in description
    assert description.count("---\n\n## ") == 1  # the calendar of now in the place of the one before


def test_what_is_held_is_asked_about_once_whatever_becomes_of_it_and_again_only_when_cancelled(served: Served) -> None:
    steward = served.steward
    by_form, blank, corrected = held_by_a_night(served, "01-04-2017", "01-08-2017", "01-07-2017")
    (first,) = questions_about(served, corrected)
    steward.in_state(first, "Suspended")
    decided_by_form(served, by_form)
    answered_after_a_blank(served, blank)

    served.folder.put("caseload/2017-07-09_correct.csv", month("01-07-2017", 0, 20))
    assert steward.do("nightly")[0] == "Held"
    assert served.folder.stock()[("GM0899", "2017-07-01", "pw")] == 20
    assert [run["id"] for run in questions_about(served, corrected)] == [first["id"]]
    # What a form decided settles the question that was waiting.
    (settled,) = questions_about(served, by_form)
    assert steward.finished(settled)["state"]["name"] in {"Cancelled", "Settled"}

    steward.cancel(first)
    assert steward.finished(first)["state_name"] == "Cancelled"
    assert steward.do("nightly")[0] == "Held"
    (again,) = (run for run in questions_about(served, corrected) if run["id"] != first["id"])
    steward.in_state(again, "Suspended")
    answered = steward.answer(again, decision="weigeren", run_now=False, **WHO)
    assert "is geweigerd, door A. Steward" in answered["state"]["message"]

    assert steward.do("nightly")[0] == "Completed"
    assert [len(questions_about(served, each)) for each in (by_form, blank, corrected)] == [1, 1, 2]
    assert served.folder.stock()[("GM0899", "2017-07-01", "pw")] == 20


def decided_by_form(served: Served, delivery: str) -> None:
    name, message = served.steward.do(
        "reject-delivery", parameters={"request": {"delivery": delivery[:12], **WHO, "run_now": False}}
    )
    assert (name, "is geweigerd, door A. Steward" in message) == ("Completed", True)


def answered_after_a_blank(served: Served, delivery: str) -> None:
    """A blank answer is asked again and takes nothing away."""
    steward = served.steward
    (question,) = questions_about(served, delivery)
    asked = steward.in_state(question, "Suspended")

    again = steward.answer_badly(asked, decision="weigeren", by="     ", reason="about a letter", run_now=False)
    assert shown_above(served, again).startswith("**'Wie' zegt te weinig: geef een naam of functie")
    for typed in ({"by": WHO["by"], "reason": "about 123456782"}, {"by": "123.456.782", "reason": "a letter"}):
        with pytest.raises(Refused, match="lijkt het nummer van een persoon"):
            steward.answer(again, decision="weigeren", run_now=False, **typed)
    assert_kept_nowhere(served, "123456782")
    ended = steward.answer(again, decision="weigeren", run_now=False, by="  A. Steward ", reason="a letter")

    assert (ended["state_name"], "is geweigerd, door A. Steward." in ended["state"]["message"]) == ("Completed", True)
    refused = served.folder.events().filter((pl.col("delivery") == delivery) & (pl.col("event") == "refused"))
    assert refused.select("decided_by", "why").rows() == [("A. Steward", "a letter")]


@pytest.mark.parametrize(
    ("deployment", "request_", "says"),
    [
        ("backfill-plan", {"from_month": "2016-01", "until_month": "2017-01", "reason": "x"}, "reason"),
        (
            "backfill-plan",
            {"from_month": "2016-01", "until_month": "2017-01", "reason": "ticket 12", "sources": ["nope"]},
            "nope",
        ),
        ("accept-delivery", {"delivery": "x" * 201, **WHO}, "delivery"),
        ("rollback", {"release": "", **WHO}, "release"),
    ],
)
def test_the_form_refuses_nonsense_and_names_it(
    served: Served, deployment: str, request_: dict[str, object], says: str
) -> None:
    with pytest.raises(Refused, match=says) as refused:
        served.steward.start(deployment, parameters={"request": request_})

    assert refused.value.code == 409


def test_what_only_the_run_can_refuse_it_refuses_in_one_sentence(served: Served) -> None:
    # Months that there are not: browser/test_backfill.
    unknown = {"delivery": "0" * 12, **WHO}
    runs = [
        served.steward.start("accept-delivery", parameters={"request": unknown}),
        served.steward.start("backfill-apply", parameters={"request": {"plan": "ffff0000ffff0000", **WHO}}),
        served.steward.start(
            "decide-release", parameters={"block": "0" * 12, "reasons": ["nothing"]}, tags=[f"{DOOR_TAG}anna"]
        ),
    ]
    ended = [served.steward.finished(run)["state"] for run in runs]

    assert {state["name"] for state in ended} == {"Failed"}
    assert [state["message"].split(".")[0] for state in ended] == [
        "0 leveringen beginnen met 000000000000",
        ended[1]["message"].split(".")[0],
        "Deze vraag stelt de nacht zelf, met de cijfers die zouden veranderen: beantwoord de wachtende run, of gebruik "
        "approve-release",
    ]
    assert "ffff0000ffff0000" in ended[1]["message"]
    assert not any("Traceback" in state["message"] for state in ended)


def test_a_number_of_a_person_typed_into_a_form_is_refused_and_kept_nowhere(served: Served) -> None:
    for number, reason in (("931063644", "about 931 063 644"), ("123456782", "bsn: 1234.56.782")):
        for typed in ({"by": "A. Steward", "reason": reason}, {"by": number, "reason": "a letter"}):
            with pytest.raises(Refused, match="lijkt het nummer van een persoon"):
                served.steward.start("accept-delivery", parameters={"request": {"delivery": "0" * 12} | typed})
        assert_kept_nowhere(served, number)


def test_a_number_of_a_person_typed_at_a_terminal_is_refused_and_kept_nowhere(served: Served) -> None:
    typed = json.dumps({"delivery": "0" * 12, "by": "A. Steward", "reason": "about 871-530-296"})
    command = [sys.executable, "-m", "prefect", "deployment", "run", "accept-delivery/accept-delivery"]
    ran = subprocess.run(
        [*command, "--param", f"request={typed}"],
        env=environment(served.folder, **shared(served)), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode != 0
    assert "lijkt het nummer van een persoon" in " ".join((ran.stdout + ran.stderr).split())
    assert_kept_nowhere(served, "871530296")


def shared(served: Served) -> dict[str, str]:
    """What a program on the same machine has to know of the server."""
    return {"PREFECT_API_URL": served.steward.api, "PREFECT_API_AUTH_STRING": served.steward.secret or ""}


def assert_kept_nowhere(served: Served, number: str) -> None:
    """No byte of the server's database, its log beside it, or its own log is of this number, however it was typed."""
    home = served.folder.data / ".prefect"
    forms = re.compile(b"[^0-9]{0,3}".join(re.escape(digit.encode()) for digit in number))
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name.endswith(".db") for path in files)
    assert [path.name for path in files if forms.search(path.read_bytes())] == []


def shown_above(served: Served, question: Run) -> str:
    """What stands above the form of a waiting run."""
    keys = question["state"]["state_details"]["run_input_keyset"]
    return str(served.steward.ask("GET", f"/flow_runs/{question['id']}/input/{keys['description']}"))


@pytest.fixture
def not_begun(served: Served) -> Iterator[UUID]:
    """A question that has not begun; its delivery is unknown, so that it is settled as soon as it does."""
    tomorrow = Scheduled(scheduled_time=datetime.now(UTC) + timedelta(days=1))
    known = {PREFECT_API_URL: served.steward.api, PREFECT_API_AUTH_STRING: served.steward.secret}
    with temporary_settings(known), get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(f"{questions.DELIVERY}/{questions.DELIVERY}")
        run = client.create_flow_run_from_deployment(deployment.id, parameters={"delivery": "0" * 64}, state=tomorrow)
        yield run.id
        client.delete_flow_run(run.id)


def test_a_form_stored_twice_stays_as_it_was_and_one_stored_by_half_is_completed(
    served: Served, not_begun: UUID
) -> None:
    first, second = (DeliveryDecision.with_initial_data(description=text) for text in ("Three rows.", "Four rows."))
    keys: Keyset = keyset_from_base_key("suspended-verdict")
    text = f"/flow_runs/{not_begun}/input/{keys['description']}"

    first.save(keys, not_begun)
    second.save(keys, not_begun)
    assert served.steward.ask("GET", text) == "Three rows."

    served.steward.ask("DELETE", text)
    second.save(keys, not_begun)
    assert served.steward.ask("GET", text) == "Four rows."

    with pytest.raises(PrefectHTTPStatusError):
        first.save(keys, UUID(int=0))  # no such run


def test_a_question_whose_run_lost_its_power_as_soon_as_it_waited_can_be_answered(
    served: Served, not_begun: UUID
) -> None:
    waits = Suspended(pause_key="verdict")
    waits.state_details.run_input_keyset = keyset_from_base_key("suspended-verdict")
    DeliveryDecision.with_initial_data(description="Three rows.").save(waits.state_details.run_input_keyset, not_begun)
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(not_begun, waits, force=True)

    question = served.steward.run({"id": str(not_begun)})
    assert shown_above(served, question) == "Three rows."
    assert served.steward.answer(question, decision="aanvaarden", **WHO)["state_name"] == "Settled"


def test_blanks_are_refused_in_one_sentence_and_persons_before_they_are_kept(served: Served) -> None:
    person, forms = "123456782", {"delivery": "0" * 12, **WHO}
    for name, request in (
        ("retract-delivery", forms | {"reason": f"client {person}"}),
        ("reject-delivery", forms | {"delivery": person}),
        ("known-on", {"day": person}),
        ("backfill-plan", {"from_month": person, "until_month": "2017-01", "reason": "ticket 12"}),
    ):
        with pytest.raises(Refused, match="lijkt het nummer van een persoon"):
            served.steward.start(name, parameters={"request": request})
    assert_kept_nowhere(served, person)

    request = forms | {"by": "     "}
    ended = served.steward.finished(served.steward.start("accept-delivery", parameters={"request": request}))
    assert (ended["state_name"], ended["name"]) == ("Failed", "accept 000000000000")
    assert "Traceback" not in ended["state"]["message"]


def test_a_plan_with_nothing_to_do_waits_for_nobody(served: Served) -> None:
    asked = {
        "from_month": "2001-01",
        "until_month": "2001-02",
        "sources": [IN_WORDS],
        "reason": "ticket 12",
    }

    name, message = served.steward.do("backfill-plan", parameters={"request": asked})

    assert (name, message.partition(" vindt ")[2]) == (
        "NothingToDo", "niets te doen: geen levering, geen cijfer verandert.",
    )  # fmt: skip


def test_many_missed_nights_are_one_night_and_one_that_was_missed_is_started_once(served: Served) -> None:
    # As after a week in which the machine was off: several runs are due, all at once, and none has begun.
    with write_lock(served.folder.data, "somebody", tell=lambda _: None):
        now = datetime.now(UTC)
        due = [now - timedelta(milliseconds=number) for number in range(MOST_RUNS + 1)]
        runs = [served.steward.start("nightly", state=scheduled(each)) for each in due]
        # The worker has room for some of them only; which ones depends on what was there when it looked.
        served.steward.in_state_any(runs, "AwaitingWriter")

    ended = [served.steward.finished(run)["state"]["name"] for run in runs]
    assert sorted(ended) == ["CaughtUp"] * MOST_RUNS + ["Completed"]

    # Who registers the deployments then finds none that was missed; a day later it is one, however often asked.
    nightly, now = UUID(served.steward.deployment("nightly")["id"]), datetime.now(UTC)
    known = {PREFECT_API_URL: served.steward.api, PREFECT_API_AUTH_STRING: served.steward.secret}
    with temporary_settings(known), get_client(sync_client=True) as client:
        today = catch_up(client, nightly, now)
        tomorrow = catch_up(client, nightly, now + timedelta(days=1))
        again = catch_up(client, nightly, now + timedelta(days=1))

    assert today is None
    assert tomorrow is not None
    assert again == tomorrow
    served.steward.rest("nightly")


def scheduled(when: datetime) -> dict[str, object]:
    return {"type": "SCHEDULED", "state_details": {"scheduled_time": when.isoformat()}}


def test_a_run_says_for_whom_it_waits_and_when_killed_is_crashed_and_leaves_nothing_taken(served: Served) -> None:
    with write_lock(served.folder.data, "uitstroom run (by hand)", tell=lambda _: None):
        run = served.steward.in_state(served.steward.start("nightly"), "AwaitingWriter")
        assert "uitstroom run (by hand)" in run["state"]["message"]
        os.kill(process_of(run["id"]), signal.SIGKILL)
        ended = served.steward.finished(run)

    assert ended["state_name"] == "Crashed"
    assert served.reported.wait_for(run["name"])["state"] == "Crashed"
    assert served.steward.do("nightly")[0] == "Completed"


def test_a_run_without_a_process_is_ended_by_the_watchman(served: Served) -> None:
    # As when the whole machine stopped: the server believes that it runs, and no process does.
    deployment = served.steward.deployment("maintain")
    run = served.steward.ask(
        "POST",
        "/flow_runs/",
        {"flow_id": deployment["flow_id"], "name": "lost", "state": {"type": "RUNNING"}},
    )
    reported = watchman(served)

    assert "lost was Running and has no process: ended." in reported
    assert served.steward.finished(run)["state_name"] == "Crashed"


def watchman(served: Served) -> str:
    """What the watchman does every few seconds, with a clock that is past the minute a process has to begin in."""
    script = (
        "from datetime import UTC, datetime, timedelta; from flows import liveness; "
        "print(*liveness.end_the_dead(datetime.now(UTC) + liveness.GRACE + timedelta(seconds=1)))"
    )
    home = str(served.folder.data / ".prefect")
    env = environment(served.folder, PREFECT_HOME=home, **shared(served))
    return subprocess.run(
        [sys.executable, "-c", script], env=env, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def test_a_cancelled_run_that_its_worker_forgot_is_asked_to_end_by_the_watchman(served: Served) -> None:
    with write_lock(served.folder.data, "somebody", tell=lambda _: None):
        run = served.steward.in_state(served.steward.start("nightly"), "AwaitingWriter")
        worker = parent_of(process_of(run["id"]))
        os.kill(worker, signal.SIGSTOP)  # as one whose connection was lost for good
        try:
            served.steward.cancel(run)
            reported = watchman(served)
        finally:
            os.kill(worker, signal.SIGCONT)
        ended = served.steward.finished(run)

    assert f"{run['name']} is being cancelled and still at work: asked to end." in reported
    assert ended["state_name"] in {"Cancelled", "Crashed"}


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])


def test_a_sign_of_life_outlives_no_process(served: Served, tmp_path: Path) -> None:
    script = (
        "import sys; from flows import liveness; liveness.hold(sys.argv[1]); "
        "print('held', flush=True); sys.stdin.readline()"
    )
    run_id = "01a2036d-9a6e-7e55-85a4-e76ce3d6327c"
    check = f"from flows import liveness; print(liveness.has_process('{run_id}'))"
    env = environment(served.folder, PREFECT_HOME=str(tmp_path))

    def asked() -> str:
        return subprocess.run(
            [sys.executable, "-c", check], env=env, cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    started = subprocess.Popen(
        [sys.executable, "-c", script, run_id],
        env=env,
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with ending(started) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        assert asked() == "True\n"
        child.kill()
        child.wait()
        assert asked() == "False\n"


def by_hand(served: Served, folder: Folder, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command at the shell of the same machine, its run shown by the same server."""
    env = environment(folder, **shared(served), **more)
    command = [sys.executable, "-m", "pipeline.cli", *arguments, "--data-dir", str(folder.data)]
    return subprocess.run(command, env=env, cwd=ROOT, check=False, capture_output=True, text=True)


def test_the_command_line_runs_the_same_flow_and_says_what_is_wrong_without_a_traceback(
    served: Served, tmp_path: Path
) -> None:
    folder = Folder.at(tmp_path)
    folder.put("caseload/2017-02-07_first.csv", with_bad(0, 20))
    well = by_hand(served, folder, "run")
    ill = by_hand(served, folder, "run", UITSTROOM_KEY="6b" * 32)

    assert (well.returncode, "1 file dealt with: 1 recorded." in well.stdout) == (0, True), well.stderr
    assert (ill.returncode, ill.stderr.splitlines()[-1][:39]) == (1, "uitstroom: The log was written with key")
    assert "Traceback" not in ill.stderr


def test_a_second_server_says_what_is_taken(served: Served, tmp_path: Path) -> None:
    same_folder, same_port = serve(served.folder, served.port + 1), serve(Folder.at(tmp_path), served.port)
    with ending(same_folder), ending(same_port):
        folder_said, port_said = (each.communicate(timeout=PATIENCE)[0] for each in (same_folder, same_port))

    assert "is being served already. End the other one first." in folder_said
    assert f"Port {served.port} on 127.0.0.1 is taken" in port_said
    assert (same_folder.returncode, same_port.returncode) == (1, 1)


def test_prefects_own_files_are_for_nobody_else(served: Served) -> None:
    assert (served.folder.data / ".prefect").stat().st_mode & 0o777 == 0o700


def process_of(run_id: str) -> int:
    """The process that the worker started for a run."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            names = (folder / "environ").read_bytes()
        except OSError:
            continue
        if f"PREFECT__FLOW_RUN_ID={run_id}".encode() in names:
            return int(folder.name)
    raise AssertionError("the run has no process")


def test_nights_that_were_not_needed_left_a_sentence_and_no_traceback(served: Served) -> None:
    # Among the last of this file: what was started before has ended.
    assert "CancelledRun" not in (served.folder.data / ".prefect" / "worker.log").read_text()


def test_who_tries_to_leave_the_machine_is_written_down(tmp_path: Path) -> None:
    # Else the next test would say nothing. The address is one that is given to nobody.
    calls_out = tmp_path / "calls_out.txt"
    attempt = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=0.2)"
    env = environment(Folder.at(tmp_path), CALLS_OUT=str(calls_out))
    subprocess.run([sys.executable, "-c", attempt], env=env, cwd=ROOT, capture_output=True, check=False)

    assert "socket.connect 192.0.2.1" in calls_out.read_text()


def test_nothing_tried_to_leave_the_machine(served: Served) -> None:
    # The last test of this file: server, worker, watchman and all runs before it wrote down every attempt.
    assert served.calls_out.read_text() == ""
