"""The same bytes under two days, and a person decides between them, or a night ends before they are read again."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.jobs.ingest import ingest, reading
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.store.cell_task import Limits
from schemas.vocabulary import Decision
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import Folder, benefit, caseload, csv
from tests.jobs.nights import State, Step, decides, is_at_rest, nights, state, statuses, takes_away, unlike
from tests.jobs.test_came_earlier import BETWEEN, BYTES, EARLY, FILES, LATE, one_here

OTHER = "trajectory_events/2017-10-08_o.csv"
LATER = date(2017, 12, 1)
_BAD = [event(n, "gestart", "2017-13-40", f"B{n}") for n in range(40, 46)]
HELD = dict.fromkeys((EARLY, LATE), BYTES + csv(EVENTS, _BAD).partition("\n")[2])
"""Six of its rows are no event: it waits."""


def _let_in(first: str, then: str) -> Sequence[Sequence[Step]]:
    return (first,), (decides(Decision.ACCEPTED, first),), (then,)


@pytest.mark.system
def test_what_a_person_let_in_is_read_again_too(tmp_path: Path) -> None:
    late_first = nights(tmp_path / "a", HELD, *_let_in(LATE, EARLY))
    early_first = nights(tmp_path / "b", HELD, *_let_in(EARLY, LATE))

    assert unlike(state(early_first), state(late_first)) == []
    assert late_first.table("trajectories")["placed_on"].drop_nulls().is_empty()
    assert is_at_rest(late_first)


@pytest.mark.parametrize("decision", one_here(Decision.ACCEPTED, None, Decision.REFUSED))
def test_what_waits_is_judged_with_the_earlier_day(tmp_path: Path, decision: Decision | None) -> None:
    decided: Sequence[Sequence[Step]] = () if decision is None else ((decides(decision, EARLY),),)
    late_first = nights(tmp_path / "a", HELD, (LATE,), (EARLY,), *decided)
    early_first = nights(tmp_path / "b", HELD, (EARLY,), (LATE,), *decided)

    assert unlike(state(early_first, BETWEEN, LATER), state(late_first, BETWEEN, LATER)) == []
    assert is_at_rest(late_first)


@pytest.mark.parametrize(
    "decided",
    one_here(
        (FILES, Decision.RETRACTED),
        (FILES, Decision.RETRACTED, Decision.REINSTATED),
        (HELD, Decision.REFUSED),
    ),
    ids=("retracted", "reinstated", "refused"),
)
def test_a_decision_between_the_two_holds(
    tmp_path: Path, decided: tuple[dict[str, str], *tuple[Decision, ...]]
) -> None:
    """And who asks for a day before it sees rows that were judged with the earlier day: so it was not known then."""
    bytes_, *decisions = decided
    files = {**bytes_, OTHER: csv(EVENTS, [event(50, "gestart", "2017-01-10", "F1")])}

    def between(first: str, then: str) -> Folder:
        own = [(decides(decision, first),) for decision in decisions]
        return nights(tmp_path / first, files, (first, OTHER), *own, (then,))

    early_first, late_first = between(EARLY, LATE), between(LATE, EARLY)

    assert unlike(state(early_first, BETWEEN, LATER), state(late_first, BETWEEN, LATER)) == []
    after = {"refused": "refused", "retracted": "retracted", "reinstated": "recorded"}
    assert statuses(late_first)[EARLY] == (after[decisions[-1].value], date(2017, 2, 20))
    assert is_at_rest(late_first)


@pytest.mark.system
def test_what_is_accepted_is_read_with_a_day_with_which_it_is_not_rejected(tmp_path: Path) -> None:
    """It waits for its share of bad rows; under the earlier name it was rejected, and is so still."""
    names = ("caseload/2017-02-07_a.csv", "caseload/2017-06-07_b.csv")
    rows = [benefit(n, peildatum="01-05-2017", **({"statistiekcode": "1"} if n < 4 else {})) for n in range(30)]
    files = dict.fromkeys(names, caseload(*rows))
    accepts = (decides(Decision.ACCEPTED, names[1]),)

    early_first = nights(tmp_path / "a", files, names[:1], names[1:], accepts)
    late_first = nights(tmp_path / "b", files, names[1:], names[:1], accepts)
    together = nights(tmp_path / "c", files, names[1:], (*accepts, names[0]))

    for each in (early_first, late_first, together):
        assert statuses(each)[names[1]] == ("recorded", date(2017, 6, 7))
        assert is_at_rest(each)
    assert unlike(state(early_first), state(late_first)) == []
    assert unlike(state(early_first), state(together)) == []


@pytest.mark.parametrize("between", one_here((), ((),)), ids=("the same night", "a night between"))
def test_the_last_word_counts_where_the_first_file_comes_after_it(
    tmp_path: Path, between: Sequence[Sequence[Step]]
) -> None:
    """Refused, accepted after all, and read because of that under a name that comes before."""
    words = ((decides(Decision.REFUSED, LATE),), (decides(Decision.ACCEPTED, LATE), *(() if between else (EARLY,))))
    late_first = nights(tmp_path / "a", HELD, (LATE,), *words, *between, (EARLY,))
    early_first = nights(
        tmp_path / "b", HELD, (EARLY,), (decides(Decision.REFUSED, EARLY),), (decides(Decision.ACCEPTED, EARLY), LATE)
    )

    assert statuses(late_first)[EARLY] == ("recorded", date(2017, 2, 20))
    assert unlike(state(early_first), state(late_first)) == []


@pytest.mark.system
def test_a_name_that_comes_in_the_night_of_a_decision_was_known_before_it(tmp_path: Path) -> None:
    """It is read because of the decision: on a day before that it waited already, since its own day."""
    at_once = nights(tmp_path / "a", HELD, (LATE,), (decides(Decision.ACCEPTED, LATE), EARLY))
    apart = nights(tmp_path / "b", HELD, (LATE,), (EARLY,), (decides(Decision.ACCEPTED, LATE),))

    days = [dict(statuses(each)) for each in (at_once, apart)]
    assert days[0] == days[1]
    before = [{row[2:6] for row in state(each, BETWEEN)["deliveries", BETWEEN]} for each in (at_once, apart)]
    assert before[0] == before[1] == {(EARLY, date(2017, 2, 20), False, "held")}


_DIES = """
import os, sys
from pathlib import Path
from pipeline.jobs.ingest import ingest
from tests.jobs.folder import Folder
def dead(*_):
    os._exit(9)
    yield
ingest.review = dead
Folder.at(Path(sys.argv[1]), publishes=False).run()
"""


def _dies_before_it_reads_again(folder: Folder) -> None:
    command = [sys.executable, "-c", _DIES, str(folder.data.parent)]
    assert subprocess.run(command, cwd=Path(__file__).parents[2], check=False, timeout=1200).returncode == 9


WITH_OTHER = {**FILES, OTHER: csv(EVENTS, [event(50, "gestart", "2017-01-10", "F1")])}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[str, ...]], State]:
    """What nights come to of which none dies, with these files beside."""

    @cache
    def of(beside: tuple[str, ...]) -> State:
        folder = nights(tmp_path_factory.mktemp("undisturbed"), WITH_OTHER, (EARLY, *beside), (LATE,))
        return state(folder, BETWEEN, LATER)

    return of


@pytest.mark.system
@pytest.mark.parametrize("gone", [None, EARLY, LATE])
@pytest.mark.parametrize("beside", [(), (OTHER,)], ids=("alone", "beside"))
def test_a_night_that_dies_before_it_reads_again_is_healed_by_the_next(
    tmp_path: Path, undisturbed: Callable[[tuple[str, ...]], State], gone: str | None, beside: tuple[str, ...]
) -> None:
    leaves: Sequence[Step] = () if gone is None else (takes_away(gone),)
    arrives: Step = lambda folder: folder.put(EARLY, BYTES)  # noqa: E731

    died = nights(tmp_path, WITH_OTHER, (LATE, *beside), (arrives, _dies_before_it_reads_again, *leaves), ())

    assert unlike(undisturbed(beside), state(died, BETWEEN, LATER)) == []
    assert is_at_rest(died)


def test_it_is_read_again_with_what_its_sidecar_stated_when_it_came(tmp_path: Path) -> None:
    """It is gone, or says something else, when the night comes that reads it again."""
    name = "trajectory_events/u.csv"
    sidecar, files = f"{name}.meta.json", {LATE: BYTES, name: BYTES}

    def states(text: str) -> Step:
        return lambda folder: folder.put(sidecar, text)

    stated = states('{"delivered_on": "2017-02-20", "sender": "S0"}')
    arrives: Step = lambda folder: folder.put(name, BYTES)  # noqa: E731
    first = nights(tmp_path / "a", files, (stated, name), (LATE,), (takes_away(sidecar),))
    again = nights(tmp_path / "b", files, (LATE,), (stated, arrives, _dies_before_it_reads_again, takes_away(sidecar)))

    assert unlike(_but_findings(state(first, BETWEEN)), _but_findings(state(again, BETWEEN))) == []
    assert again.delivery(name)["sender"] == "S0"


def _but_findings(found: State) -> State:
    """That a sidecar changed is told of the reading that it was found beside."""
    return {key: rows for key, rows in found.items() if key[0] != "findings"}


def test_a_reader_that_breaks_says_nothing_about_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged_again = ingest.review

    def without_memory(*given: Any) -> Iterator[Receipt]:
        monkeypatch.setattr(reading.Desk, "_limits", lambda *_: Limits(1, 60, 60))
        yield from judged_again(*given)

    undisturbed = nights(tmp_path / "a", FILES, (EARLY,), (LATE,))
    broken = nights(tmp_path / "b", FILES, (LATE,))
    broken.put(EARLY, BYTES)
    monkeypatch.setattr(ingest, "review", without_memory)
    assert [each.status for each in broken.take_in()] == ["copied"]
    monkeypatch.undo()

    assert [each.status for each in broken.take_in()] == ["recorded"]
    assert unlike(state(undisturbed, BETWEEN), state(broken, BETWEEN)) == []
    assert is_at_rest(broken)
