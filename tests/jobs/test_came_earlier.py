"""The same bytes under two days were delivered on the earlier one: rows are judged by it, in any order of arrival."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total
from tests.jobs.nights import Step, is_at_rest, nights, state, statuses, takes_away, unlike

EARLY, LATE = "trajectory_events/2017-02-20_e.csv", "trajectory_events/2017-09-08_c.csv"
BETWEEN = date(2017, 5, 5)
"""A day between the two. An event of the bytes lies between them too: it cannot be known on the earlier one."""
BYTES = csv(EVENTS, [*(event(n, "gestart", "2017-01-10", f"E{n}") for n in range(1, 30)),
                     event(1, "geplaatst", "2017-05-01", "E90", dienstverband="voltijd")])  # fmt: skip
UNDATED = "trajectory_events/u.csv"
FILES = {EARLY: BYTES, LATE: BYTES, UNDATED: BYTES}


def _put(name: str, content: str) -> Step:
    return lambda folder: folder.put(name, content)


def _same(tmp_path: Path, files: dict[str, str], *orders: Sequence[Sequence[Step]], days: Sequence[date]) -> Folder:
    """All these orders come to the same, and are at rest then. Gives the folder of the first."""
    first, *others = (nights(tmp_path / str(n), files, *each) for n, each in enumerate(orders))
    expected = state(first, *days)
    assert is_at_rest(first)
    for other in others:
        assert unlike(expected, state(other, *days)) == []
        assert is_at_rest(other)
    return first


def one_here(*others: Any) -> list[Any]:
    """The first in ``make test``, the others in ``make test-system``."""
    first, *rest = others
    return [first, *(pytest.param(each, marks=pytest.mark.system) for each in rest)]


@pytest.mark.parametrize("order", one_here(((LATE,), (EARLY,)), ((EARLY, LATE),), ((LATE,), (EARLY,), ())))
def test_the_order_of_arrival_decides_no_row(tmp_path: Path, order: tuple[tuple[str, ...], ...]) -> None:
    folder = _same(tmp_path, FILES, ((EARLY,), (LATE,)), order, days=(BETWEEN, date(2017, 10, 1)))

    assert statuses(folder) == {EARLY: ("recorded", date(2017, 2, 20)), LATE: ("copied", date(2017, 9, 8))}
    assert folder.table("trajectories")["placed_on"].drop_nulls().is_empty()


@pytest.mark.system
@pytest.mark.parametrize("gone", [EARLY, LATE])
def test_a_name_taken_away_changes_nothing(tmp_path: Path, gone: str) -> None:
    _same(tmp_path, FILES, ((EARLY,), (LATE,)), ((LATE,), (EARLY,), (takes_away(gone),)), days=(BETWEEN,))


THREE = ("caseload_totals/2017-02-03_t.csv", "caseload_totals/2017-05-08_t.csv", "caseload_totals/2017-09-08_t.csv")
_OF_TWO_DAYS = csv(TOTALS, [total(peildatum="01-05-2017", aantal="870"), total(peildatum="01-09-2017", aantal="860")])


@pytest.mark.parametrize("order", one_here(*list(permutations(THREE))[1:]))
def test_a_day_with_which_all_is_rejected_is_none_of_its_days(tmp_path: Path, order: tuple[str, ...]) -> None:
    """On the first day neither row can be known, on the second one, on the third both."""
    files = dict.fromkeys(THREE, _OF_TWO_DAYS)

    folder = _same(tmp_path, files, [(name,) for name in THREE], [(name,) for name in order], days=(date(2017, 5, 9),))

    assert statuses(folder) == {
        THREE[0]: ("copied", date(2017, 2, 3)),
        THREE[1]: ("recorded", date(2017, 5, 8)),
        THREE[2]: ("copied", date(2017, 9, 8)),
    }
    assert folder.table("caseload_stock")["benefits"].to_list() == [870]


JANUARY = "caseload/2017-01-07_x.csv"
FEBRUARY = ("caseload/2017-02-07_a.csv", "caseload/2017-06-07_b.csv")
_MAY_TOO = caseload(*(benefit(n) for n in range(30)), benefit(77, peildatum="01-05-2017"))


@pytest.mark.parametrize("order", one_here((JANUARY, *reversed(FEBRUARY)), (*reversed(FEBRUARY), JANUARY)))
def test_a_gate_that_the_later_day_closed_opens(tmp_path: Path, order: tuple[str, ...]) -> None:
    """With the later day a row of May is recorded: one row beside thirty-one. With the earlier it cannot be known."""
    january = caseload(*(benefit(n, peildatum="01-01-2017") for n in range(31)))
    files = {JANUARY: january, **dict.fromkeys(FEBRUARY, _MAY_TOO)}
    in_order = [(JANUARY,), (FEBRUARY[0],), (FEBRUARY[1],)]

    folder = _same(tmp_path, files, in_order, [(name,) for name in order], days=(date(2017, 3, 1),))

    february = {series: count for (_, day, series), count in folder.stock().items() if day == "2017-02-01"}
    assert february == {"pw": 30, "pw_ioaw_ioaz": 30, "all": 30}


SUMMER = "caseload/2017-07-07_y.csv"


@pytest.mark.parametrize("order", one_here((FEBRUARY[1], SUMMER, FEBRUARY[0]), (SUMMER, FEBRUARY[1], FEBRUARY[0])))
def test_a_gate_that_the_earlier_day_closes_closes(tmp_path: Path, order: tuple[str, ...]) -> None:
    """With the earlier day two rows of five cannot be known; and a later delivery was judged beside them."""
    both = caseload(*(benefit(n) for n in range(60)), *(benefit(n, peildatum="01-05-2017") for n in range(40)))
    summer = caseload(*(benefit(n, peildatum="01-06-2017") for n in range(12)))
    files = {SUMMER: summer, **dict.fromkeys(FEBRUARY, both)}

    folder = _same(
        tmp_path, files, [(FEBRUARY[0],), (FEBRUARY[1],), (SUMMER,)], [(name,) for name in order],
        days=(date(2017, 3, 1), date(2017, 6, 30)),
    )  # fmt: skip

    assert statuses(folder)[FEBRUARY[0]] == ("held", date(2017, 2, 7))


@pytest.mark.system
def test_that_nobody_stated_the_day_is_no_finding_where_another_name_states_it(tmp_path: Path) -> None:
    _same(tmp_path, FILES, ((EARLY,), (UNDATED,)), ((UNDATED,), (EARLY,)), days=(BETWEEN,))
    today = Folder.at(tmp_path / "today").writer().today
    todays = f"trajectory_events/{today:%Y-%m-%d}_t.csv"
    folder = _same(tmp_path / "b", {**FILES, todays: BYTES}, ((todays,), (UNDATED,)), ((UNDATED,), (todays,)), days=())

    assert "FILE-082" not in folder.table("findings")["rule"]


@pytest.mark.system
def test_the_sender_is_that_of_the_first_name(tmp_path: Path) -> None:
    names = ("caseload/2017-02-07_a.csv", "caseload/2017-02-07_b.csv")
    files = dict.fromkeys(names, caseload(*(benefit(n) for n in range(30))))
    sent = [_put(f"{name}.meta.json", f'{{"sender": "S{n}"}}') for n, name in enumerate(names)]
    in_order = [(sent[0], names[0]), (sent[1], names[1])]

    folder = _same(tmp_path, files, in_order, in_order[::-1], days=())

    assert folder.delivery(names[0])["sender"] == "S0"


@pytest.mark.system
def test_a_copy_of_another_kind_of_file_is_none_of_its_days(tmp_path: Path) -> None:
    """Under a name by which the bytes cannot be read they are rejected, whichever came first."""
    other = "trajectory_events/2017-02-20_e.json"
    files = {**FILES, other: BYTES}

    folder = _same(tmp_path, files, ((other,), (LATE,)), ((LATE,), (other,)), days=(BETWEEN, date(2017, 10, 1)))

    assert statuses(folder)[LATE] == ("recorded", date(2017, 9, 8))
