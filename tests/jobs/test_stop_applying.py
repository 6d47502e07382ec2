"""Ctrl-C and SIGTERM while a plan is applied: the first ends it between two months, the second at once."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.backfill.request import Request
from pipeline.cli import main
from pipeline.jobs.backfill.make_plan import make_plan
from pipeline.store.write_lock import write_lock
from tests.ending import ending
from tests.jobs.folder import KEY, Folder, benefit, caseload

MONTHS = ("2017-01", "2017-02", "2017-03")
GOES_ON = "Go on by applying the same plan."

# Holds still in the middle of the second month, when its rows are written and its event is not.
_CHILD = """
import sys
from pipeline.cli import main
from pipeline.store.log.log import Log
append_events, months = Log.append_events, []
def held(self, *rest):
    months.append(rest)
    if len(months) == 2:
        print("in the second month", flush=True)
        sys.stdin.readline()
    return append_events(self, *rest)
Log.append_events = held
raise SystemExit(main(["backfill", "apply", sys.argv[1], "--data-dir", sys.argv[2]]))
"""


@pytest.fixture
def waiting(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Three months of benefits that the log does not have."""
    monkeypatch.setenv("UITSTROOM_KEY", KEY)
    for month in MONTHS:
        rows = [benefit(n, peildatum=f"01-{month[5:]}-2017") for n in range(9)]
        folder.put(f"caseload/{month}-07_m.csv", caseload(*rows))
    return folder


def plan_of(folder: Folder) -> str:
    return make_plan(
        folder.writer(), Request("2017-01", "2017-04", reason="archive"), lambda _: None, made_by="A. Steward"
    ).id


@contextmanager
def applying(folder: Folder, plan: str) -> Iterator[subprocess.Popen[str]]:
    """A process in the middle of the second month of a plan."""
    started = subprocess.Popen(
        [sys.executable, "-c", _CHILD, plan, str(folder.data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with ending(started) as child:
        assert line_of(child.stdout) == "in the second month"
        yield child


def line_of(stream: object) -> str:
    return str(stream.readline()).rstrip("\n")  # type: ignore[attr-defined]


def ask(child: subprocess.Popen[str], number: signal.Signals) -> list[str]:
    """Send a signal and give what is printed until it was heard."""
    child.send_signal(number)
    reported = [line_of(child.stderr)]
    while reported[-1] and not reported[-1].startswith("Stopping"):
        reported.append(line_of(child.stderr))
    return reported


@pytest.mark.system
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_ends_a_plan_after_the_month_and_the_plan_goes_on(
    waiting: Folder, number: signal.Signals, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_of(waiting)

    with applying(waiting, plan) as child:
        reported = ask(child, number)
        out, rest = child.communicate("\n", timeout=1200)

    assert reported[0] == "2017-01: deliveries: 1, rows recorded: 9 (month 1 of 3)"
    assert rest.splitlines() == ["2017-02: deliveries: 1, rows recorded: 9 (month 2 of 3)"]
    assert out.startswith(f"Plan {plan} was stopped after 2 of 3 months.")
    assert GOES_ON in out
    assert child.returncode == code
    assert waiting.events().height == 2

    assert main(["backfill", "apply", plan, "--data-dir", str(waiting.data)]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "2017-01: was recorded before (1 of 3 months)",
        "2017-02: was recorded before (2 of 3 months)",
        "2017-03: deliveries: 1, rows recorded: 9 (month 3 of 3)",
    ]
    assert waiting.log_rows("caseload").height == 27
    assert waiting.problems() == ()


@pytest.mark.system
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_ends_it_at_once_and_the_plan_goes_on(waiting: Folder, second: signal.Signals) -> None:
    plan = plan_of(waiting)

    with applying(waiting, plan) as child:
        ask(child, signal.SIGINT)
        child.send_signal(second)  # nobody lets the month go on
        _, rest = child.communicate(timeout=1200)

    assert (child.returncode, rest) == (-second, "")
    assert waiting.events().height == 1
    assert main(["backfill", "apply", plan, "--data-dir", str(waiting.data)]) == 0
    assert waiting.log_rows("caseload").height == 27
    assert waiting.problems() == ()


def test_signals_are_as_they_were_when_a_plan_is_applied(waiting: Folder) -> None:
    def handlers() -> list[Callable[..., object] | int | None]:
        return [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]

    before = handlers()
    assert main(["backfill", "apply", plan_of(waiting), "--data-dir", str(waiting.data)]) == 0
    assert handlers() == before


def test_ctrl_c_while_another_writes_is_one_sentence(waiting: Folder) -> None:
    plan = plan_of(waiting)
    words = ["-m", "pipeline.cli", "backfill", "apply", plan, "--data-dir", str(waiting.data)]

    with (
        write_lock(waiting.data, "another", tell=lambda _: None),
        ending(subprocess.Popen([sys.executable, *words], stderr=subprocess.PIPE, text=True)) as child,
    ):
        assert line_of(child.stderr).startswith("Waiting: another")
        child.send_signal(signal.SIGINT)
        _, stated = child.communicate(timeout=1200)

    # Stopped while the line before it is being written, the end of that line may come twice.
    stopped = "uitstroom: stopped. What was recorded or published before is safe.\n"
    assert (child.returncode, stated.removeprefix("\n")) == (130, stopped)
