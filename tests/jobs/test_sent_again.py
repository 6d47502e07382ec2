"""A provider that sends everything again, and nothing happened, is known until the last time: the same bytes under a
new day are a copy, of which nothing is recorded.

Here: which copies say so, on which day, in which order of nights. Not here: under which name a delivery goes
(``test_came_earlier``), what is named for it (``tests.explained.test_sent_again``).
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from schemas.sources import trajectory_events
from schemas.vocabulary import Decision
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import Folder, csv
from tests.jobs.nights import decides, is_at_rest, nights, state, takes_away, unlike
from tests.jobs.state import state_of

STARTED = [event(n, "gestart", "2017-03-06", f"E{n}") for n in range(1, 5)]
PLACED = event(1, "geplaatst", "2017-09-04", "E90", dienstverband="voltijd")
OLD, NEW = csv(EVENTS, [*STARTED, PLACED]), csv(EVENTS, [event(7, "gestart", "2017-11-01", "E70")])
OF_ANOTHER = csv(EVENTS, [event(8, "gestart", "2017-11-01", "E80", aanbieder="RE02")])
FIRST, SECOND, THIRD, LAST = (
    f"trajectory_events/{day}_e.csv" for day in ("2017-10-07", "2017-11-07", "2018-01-05", "2018-05-07")
)
UNDATED, OTHER_KIND = "trajectory_events/e.csv", "trajectory_events/2018-05-07_e.parquet"
BETWEEN = date(2017, 12, 1)
FILES = {FIRST: OLD, SECOND: OLD, THIRD: OLD, LAST: OLD, UNDATED: OLD}


def known(folder: Folder, day: date | None = None) -> dict[str, date]:
    """How far each provider is known, from what is kept and made anew alike."""
    found, afresh = (
        dict(state_of(folder, day, afresh=each, keeps=not each).contents.providers[trajectory_events.SOURCE.name]
             .readings.reach(day).iter_rows())
        for each in (False, True)
    )  # fmt: skip
    assert found == afresh
    return found


def of_one(folder: Folder) -> dict[str, object]:
    return folder.table("trajectories").filter(trajectory_id="T1").row(0, named=True)


@pytest.mark.parametrize("order", [[(FIRST, SECOND, LAST)], [(FIRST,), (SECOND,), (LAST,)], [(LAST,), (FIRST,)]])
def test_a_provider_that_sends_the_same_each_month_is_known_until_the_last(
    tmp_path: Path, order: Sequence[Sequence[str]]
) -> None:
    folder = nights(tmp_path / "same", FILES, *order)
    another = {name: content + "\n" * number for number, (name, content) in enumerate(FILES.items())}
    otherwise = nights(tmp_path / "another", another, *order)

    one = of_one(folder)
    assert (one["durable"], one["days_in_trajectory"]) == (True, (date(2018, 5, 7) - date(2017, 3, 6)).days)
    assert folder.table("programme_progress")["month"].max() == date(2018, 5, 1)
    for name in ("trajectories", "programme_progress", "programme_occupancy"):
        assert folder.table(name).equals(otherwise.table(name))
    assert is_at_rest(folder)


@pytest.mark.parametrize(
    ("files", "until"),
    [
        ({FIRST: OLD, THIRD: NEW, LAST: OLD}, date(2018, 1, 5)),
        ({FIRST: OLD, SECOND: OLD, THIRD: NEW}, date(2018, 1, 5)),
        ({FIRST: OLD, THIRD: OF_ANOTHER, LAST: OLD}, date(2018, 5, 7)),
        ({FIRST: OLD, UNDATED: OLD}, date(2017, 10, 7)),
        ({FIRST: OLD, OTHER_KIND: OLD}, date(2018, 5, 7)),
    ],
    ids=[
        "a newer one came between",
        "a newer one came after",
        "another provider",
        "no day stated",
        "a name of another kind",
    ],
)
def test_a_copy_says_something_where_it_is_the_last_that_the_provider_says(
    tmp_path: Path, files: dict[str, str], until: date
) -> None:
    names = [*files]
    orders = [names], [[name] for name in names], [[name] for name in reversed(names)]
    together, *apart = (nights(tmp_path / str(n), files, *order) for n, order in enumerate(orders))

    assert known(together)["RE01"] == until
    for each in apart:
        assert unlike(state(together, BETWEEN), state(each, BETWEEN)) == []


def test_as_known_on_a_day_what_came_until_then_counts(tmp_path: Path) -> None:
    files = {FIRST: OLD, SECOND: OLD, THIRD: NEW, LAST: OLD}
    folder = nights(tmp_path, files, [LAST], [SECOND, FIRST], [THIRD])

    days = [date(2017, 10, 31), date(2017, 11, 7), BETWEEN, date(2018, 1, 5), None]
    assert [known(folder, day).get("RE01") for day in days] == [
        date(2017, 10, 7), date(2017, 11, 7), date(2017, 11, 7), date(2018, 1, 5), date(2018, 1, 5)
    ]  # fmt: skip


def test_nothing_is_said_by_copies_of_what_is_taken_back(tmp_path: Path) -> None:
    files = {FIRST: NEW.replace("2017-11-01", "2017-03-01"), SECOND: OLD, LAST: OLD}
    folder = nights(tmp_path, files, [FIRST, SECOND, LAST])
    assert known(folder) == {"RE01": date(2018, 5, 7)}

    decides(Decision.RETRACTED, SECOND)(folder)  # type: ignore[operator]
    folder.run()
    assert known(folder) == {"RE01": date(2017, 10, 7)}

    decides(Decision.REINSTATED, SECOND)(folder)  # type: ignore[operator]
    folder.run()
    assert known(folder) == {"RE01": date(2018, 5, 7)}


def test_what_was_silenced_speaks_again_when_the_newer_one_is_taken_back(tmp_path: Path) -> None:
    files = {FIRST: OLD, THIRD: NEW, LAST: OLD}
    folder = nights(tmp_path, files, [FIRST, THIRD, LAST], [decides(Decision.RETRACTED, THIRD)])

    assert known(folder) == {"RE01": date(2018, 5, 7)}
    assert known(folder, BETWEEN) == {"RE01": date(2017, 10, 7)}


@pytest.mark.parametrize(
    "orders",
    [
        [[[FIRST], [SECOND], [LAST]], [[LAST], [SECOND], [FIRST]], [[SECOND, LAST], [FIRST]]],
        [[[FIRST, SECOND, LAST]], [[LAST], [FIRST], [SECOND], [takes_away(LAST)]], [[SECOND], [LAST, FIRST]]],
    ],
)
def test_the_order_of_nights_decides_nothing(tmp_path: Path, orders: Sequence[Sequence[Sequence[str]]]) -> None:
    days = (date(2017, 10, 20), BETWEEN, date(2018, 6, 1))
    first, *others = (state(nights(tmp_path / str(n), FILES, *each), *days) for n, each in enumerate(orders))

    for other in others:
        assert unlike(first, other) == []


def test_a_night_that_brings_a_copy_makes_what_was_kept_anew(tmp_path: Path) -> None:
    """As published, and as known on a day of which tables were kept: it is found now that it came on that day."""
    folder = Folder.at(tmp_path)
    for each in ([FIRST], [LAST], [SECOND]):
        for name in each:
            folder.put(name, OLD)
        folder.run()
        assert folder.problems() == ()
    kept, afresh = (state_of(folder, afresh=each, keeps=False) for each in (False, True))

    assert of_one(folder)["durable"] is True
    for name in ("trajectories", "programme_progress", "programme_occupancy"):
        assert kept.table(name).equals(afresh.table(name)), name
    assert kept.known_until == date(2018, 5, 7)


def test_that_a_figure_is_another_is_said_of_the_delivery_that_was_sent_again(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    folder.put(FIRST, csv(EVENTS, [*STARTED, event(1, "beeindigd", "2017-10-20", "E91", reden_einde="2")]))
    folder.run()
    before = folder.table("programme_progress").filter(month=date(2017, 10, 1), provider_code="RE01")
    folder.put(SECOND, csv(EVENTS, [*STARTED, event(1, "beeindigd", "2017-10-20", "E91", reden_einde="2")]))
    folder.run()
    after = folder.table("programme_progress").filter(month=date(2017, 10, 1), provider_code="RE01")

    assert (before["active"].item(), after["active"].item()) == (4, 3)
    told = folder.table("restatements").select("cause", "event").unique()
    (recorded,) = folder.table("deliveries").filter(pl.col("status") == "recorded")["delivery"]
    assert told.rows() == [(recorded, "copied")]
