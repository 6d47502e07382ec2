"""A file that holds known bytes and comes before the others, but is rejected under its name or cannot be read yet: it
is none of the files of the delivery, which is judged beside others as if that file had never come.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from pipeline.backfill.request import Request
from pipeline.jobs.backfill.apply import apply
from pipeline.jobs.backfill.make_plan import make_plan
from pipeline.jobs.backfill.plan_decisions import APPROVED, record_decision
from pipeline.jobs.ingest import ingest, reading
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.store.cell_task import Limits
from schemas.vocabulary import Decision
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import TOTALS, Folder, csv, total
from tests.jobs.nights import Step, decides, is_at_rest, nights, state, statuses, unlike
from tests.jobs.test_came_earlier import one_here

TENFOLD = "caseload_totals/2017-09-08_t.csv"
"""May as ten times what the months of June say: it waits beside these."""
MONTHS = "caseload_totals/2017-06-07_m.csv"
MAY = "caseload_totals/2017-10-08_y.csv"
"""May as it is: it waits while the tenfold is all there is."""
BEFORE_ITS_ROWS = "caseload_totals/2017-03-07_b.csv"
NONE = (BEFORE_ITS_ROWS, "caseload_totals/2017-06-06_b.dat", "caseload_totals/2017-09-08_a.json")
"""Rejected: its day lies before its row, or its name is of another kind, on another day or the same one."""
_TENFOLD = csv(TOTALS, [total(peildatum="01-05-2017", aantal="8710")])
_MAY = csv(TOTALS, [total(peildatum="01-05-2017", aantal="866")])
FILES = {
    TENFOLD: _TENFOLD,
    MONTHS: csv(TOTALS, [total(peildatum=f"01-0{month}-2017", aantal=str(860 + month)) for month in range(1, 6)]),
    MAY: _MAY,
    **dict.fromkeys(NONE, _TENFOLD),
}
DAYS = (date(2017, 3, 31), date(2017, 9, 30))


def _kept(folder: Folder, *without: str) -> dict[str, tuple[str, date]]:
    return {name: each for name, each in statuses(folder).items() if name not in without}


@pytest.mark.parametrize("none", one_here(*NONE))
def test_the_gate_beside_what_comes_with_it_is_asked(tmp_path: Path, none: str) -> None:
    folder = nights(tmp_path, FILES, (TENFOLD,), (none, MONTHS))

    assert statuses(folder) == {
        none: ("copied", date.fromisoformat(none.split("/")[1][:10])),
        TENFOLD: ("held", date(2017, 9, 8)),
        MONTHS: ("recorded", date(2017, 6, 7)),
    }
    assert 8710 not in folder.table("caseload_stock")["benefits"]
    assert is_at_rest(folder)


@pytest.mark.system
@pytest.mark.parametrize("none", NONE)
def test_all_orders_come_to_the_same(tmp_path: Path, none: str) -> None:
    expected = state(nights(tmp_path / "expected", FILES, (TENFOLD, MONTHS), (none,)), *DAYS)

    for number, (first, second, third) in enumerate(permutations((TENFOLD, MONTHS, none))):
        for cut in (((first, second, third),), ((first,), (second, third)), ((first,), (second,), (third,))):
            folder = nights(tmp_path / f"{number} {len(cut)}", FILES, *cut)
            assert unlike(expected, state(folder, *DAYS)) == []


_KNOWN = [event(n, "gestart", "2017-01-10", f"E{n}") for n in range(1, 26)]
_RENUMBERED = csv(EVENTS, [{**each, "gebeurtenis_id": f"N{n}", "traject_id": f"N{n}"} for n, each in enumerate(_KNOWN)])
RENUMBERED, AS_KNOWN = "trajectory_events/2017-09-08_n.csv", "trajectory_events/2017-06-07_k.csv"


@pytest.mark.parametrize("none", one_here("2017-06-06_n.dat", "2016-01-01_n.csv"))
def test_events_under_other_numbers_wait_beside_those_that_come_with_it(tmp_path: Path, none: str) -> None:
    files = {RENUMBERED: _RENUMBERED, AS_KNOWN: csv(EVENTS, _KNOWN), f"trajectory_events/{none}": _RENUMBERED}

    folder = nights(tmp_path, files, (RENUMBERED,), (AS_KNOWN, f"trajectory_events/{none}"))

    assert _kept(folder, f"trajectory_events/{none}") == {
        RENUMBERED: ("held", date(2017, 9, 8)),
        AS_KNOWN: ("recorded", date(2017, 6, 7)),
    }
    assert folder.table("trajectories").height == 25


def _reads_nothing_again(step: Step, monkeypatch: pytest.MonkeyPatch) -> Step:
    """In the night of this step files are taken in, and none can be read again."""
    judged_again = ingest.review

    def without_memory(*given: Any) -> Iterator[Receipt]:
        with monkeypatch.context() as patch:
            patch.setattr(reading.Desk, "_limits", lambda *_: Limits(1, 60, 60))
            yield from judged_again(*given)

    def night(folder: Folder) -> None:
        assert not isinstance(step, str)
        step(folder)
        with monkeypatch.context() as patch:
            patch.setattr(ingest, "review", without_memory)
            folder.take_in()

    return night


@pytest.mark.parametrize("comes_later", one_here(MONTHS, "nothing"))
def test_one_that_cannot_be_read_yet_keeps_no_judgement(
    tmp_path: Path, comes_later: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes in the night in which it is not read, or after it, is there before it turns out to be nothing."""

    def arrives(folder: Folder) -> None:
        folder.put(BEFORE_ITS_ROWS, _TENFOLD)
        if comes_later == "nothing":
            folder.put(MONTHS, FILES[MONTHS])

    later = (MONTHS,) if comes_later == MONTHS else ()
    folder = nights(tmp_path / "a", FILES, (TENFOLD,), (_reads_nothing_again(arrives, monkeypatch),), later)
    expected = nights(tmp_path / "b", FILES, (TENFOLD, MONTHS), (BEFORE_ITS_ROWS,))

    assert unlike(state(expected, *DAYS), state(folder, *DAYS)) == []
    assert is_at_rest(folder)


def _applies_a_plan(folder: Folder) -> None:
    plan = make_plan(
        folder.writer(), Request("2017-01", "2017-12", ("caseload_totals",), reason="ticket 12"), lambda _: None
    )
    record_decision(folder.writer(), plan, APPROVED, by="A. Steward", why="a letter")
    apply(folder.writer(), plan, lambda _: None)


def test_one_that_a_plan_notes_keeps_no_judgement(tmp_path: Path) -> None:
    arrive: Sequence[Step] = [
        lambda folder: folder.put(BEFORE_ITS_ROWS, _TENFOLD),
        lambda folder: folder.put(MONTHS, FILES[MONTHS]),
    ]

    folder = nights(tmp_path, FILES, (TENFOLD,), (*arrive, _applies_a_plan), ())

    assert _kept(folder, BEFORE_ITS_ROWS) == {
        TENFOLD: ("held", date(2017, 9, 8)),
        MONTHS: ("recorded", date(2017, 6, 7)),
    }
    assert is_at_rest(folder)


WAITS = "caseload_totals/2017-02-07_w.csv"
"""The bytes of May under a day on which it cannot be known."""


@pytest.mark.parametrize("is_read", one_here(True, False), ids=("read", "not read"))
def test_what_waits_is_recorded_by_what_comes_with_it(
    tmp_path: Path, is_read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The months put the tenfold back, beside which May waits."""
    files = {**FILES, WAITS: _MAY}

    def arrive(folder: Folder) -> None:
        folder.put(WAITS, _MAY)
        folder.put(MONTHS, FILES[MONTHS])

    step = arrive if is_read else _reads_nothing_again(arrive, monkeypatch)
    folder = nights(tmp_path / "a", files, (TENFOLD,), (MAY,), (step,))
    expected = nights(tmp_path / "b", files, (TENFOLD, MAY, MONTHS), (WAITS,))

    assert _kept(folder, WAITS) == {
        TENFOLD: ("held", date(2017, 9, 8)),
        MAY: ("recorded", date(2017, 10, 8)),
        MONTHS: ("recorded", date(2017, 6, 7)),
    }
    assert unlike(state(expected, *DAYS), state(folder, *DAYS)) == []
    assert is_at_rest(folder)


@pytest.mark.parametrize("decision", one_here(Decision.ACCEPTED, Decision.REFUSED))
def test_what_is_decided_stands(tmp_path: Path, decision: Decision) -> None:
    """It was decided where it stood; the file that came since is none of it."""
    folder = nights(tmp_path, FILES, (TENFOLD, MONTHS), (decides(decision, TENFOLD), BEFORE_ITS_ROWS, MAY))

    after = {Decision.ACCEPTED: "recorded", Decision.REFUSED: "refused"}[decision]
    assert _kept(folder, BEFORE_ITS_ROWS, MAY) == {
        TENFOLD: (after, date(2017, 9, 8)),
        MONTHS: ("recorded", date(2017, 6, 7)),
    }
    assert is_at_rest(folder)
