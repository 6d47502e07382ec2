"""How far a provider is known, and that all tables agree about it: placed in one is placed in all.

Not here: how far a delivery reaches (``tests/jobs/test_clock.py``), the counts themselves (``test_progress``).
"""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given

from pipeline.trajectories.placement_outcomes import placement_outcomes
from tests.examples import examples
from tests.trajectories import trajectory_reference as slow
from tests.trajectories.known import PROGRESS, Programmes, programmes
from tests.trajectories.test_progress import path
from tests.trajectories.trajectory_reference import Event

START, PLACED, DAY = date(2017, 3, 6), date(2017, 5, 1), date(2017, 6, 10)
LATER = date(2026, 11, 27)
BB = {"programme": "BETERE_BUREN", "provider": "BB"}


def standing(found: Programmes, programme: str) -> dict[str, int]:
    """How many clients of a programme each table has placed on the last day known of it."""
    started = found.trajectories.filter(pl.col("started_on").is_not_null(), programme_code=programme)
    facts = found.facts().get(programme)
    outcomes = placement_outcomes(
        found.trajectories, pl.DataFrame(schema={"client_key": pl.String, "reference_date": pl.Date})
    )
    counts = {
        "trajectories": started.filter(status="placed")["client_key"].n_unique(),
        "placement_outcomes": outcomes.filter(programme_code=programme)["placed"].sum(),
        "facts": facts.counts_on(facts.horizon)["placed"] if facts else 0,
    }
    for name, by in (("programme_progress", []), ("channel_progress", ["channel"])):
        every = found.tables[name].filter(programme_code=programme, provider_code="*")
        last = every.filter(pl.col("month") == pl.col("month").max().over("programme_code", *by))
        counts[name] = last["placed"].sum()
    return counts


@examples(20)
@given(slow.event_sets(), slow.last_days())
def test_placed_in_one_table_is_placed_in_all(events: list[Event], last: Mapping[str, date]) -> None:
    found = programmes(slow.frame(events), last)

    for programme in found.trajectories["programme_code"].unique():
        counts = standing(found, programme)
        assert len(set(counts.values())) == 1, (programme, counts)


@pytest.mark.system
@examples(20)
@given(slow.event_sets(), slow.last_days(), slow.days())
def test_how_far_one_provider_is_known_changes_nothing_of_another(
    events: list[Event], last: Mapping[str, date], other: date
) -> None:
    one, two = (programmes(slow.frame(events), days) for days in (last, {**last, "RE02": other}))

    for name in ("trajectories", *PROGRESS):
        mine = pl.col("provider_code") == "RE01"
        assert one.tables[name].filter(mine).equals(two.tables[name].filter(mine)), name
    late = pl.col("rule").eq("TRAJECT-005") & pl.col("subject").str.starts_with("RE01/")
    assert one.findings.filter(late).equals(two.findings.filter(late))


def test_what_one_provider_delivers_makes_no_placement_of_another_durable() -> None:
    events = [
        *path("c1", ("gestart", START), ("geplaatst", PLACED)),
        *path("c2", ("gestart", START), ("geplaatst", PLACED), provider="RE02"),
    ]

    found = programmes(slow.frame(events), {"RE01": DAY, "RE02": LATER})

    assert dict(found.trajectories.select("provider_code", "durable").iter_rows()) == {"RE01": None, "RE02": True}
    days = dict(found.trajectories.select("provider_code", "days_in_trajectory").iter_rows())
    assert days == {"RE01": (DAY - START).days, "RE02": (LATER - START).days}


def test_a_trajectory_is_too_long_only_as_far_as_its_own_provider_is_known() -> None:
    events = [*path("c1", ("gestart", START), **BB), *path("c2", ("gestart", START), **(BB | {"provider": "RE02"}))]

    found = programmes(slow.frame(events), {"BB": DAY, "RE02": LATER})

    assert found.findings.filter(rule="TRAJECT-005")["subject"].to_list() == ["RE02/T-c2"]
    assert found.tables["programme_occupancy"]["over_maximum_duration"].max() == 1
    assert found.facts()["BETERE_BUREN"].over_maximum == 1


def test_all_together_go_on_as_long_as_one_of_them_is_known_each_client_as_known_last() -> None:
    events = [
        *path("c1", ("gestart", START), ("geplaatst", PLACED)),
        *path("c2", ("gestart", START), ("geplaatst", date(2017, 8, 1)), provider="RE02"),
    ]

    table = programmes(slow.frame(events), {"RE01": DAY, "RE02": date(2017, 8, 31)}).tables["programme_progress"]

    last = table.group_by("provider_code").agg(pl.col("month").max(), pl.col("placed").last())
    assert sorted(last.rows()) == [
        ("*", date(2017, 8, 1), 2),
        ("RE01", date(2017, 6, 1), 1),
        ("RE02", date(2017, 8, 1), 1),
    ]


END = date(2017, 12, 31)


@pytest.mark.parametrize(
    ("known", "status", "active", "days"),
    [
        (DAY, "active", 1, (DAY - START).days),
        (END - timedelta(days=1), "active", 1, (END - START).days - 1),
        (END, "ended", 0, (END - START).days),
        (LATER, "ended", 0, (END - START).days),
    ],
)
def test_an_announced_end_counts_from_its_own_date_on_in_every_table(
    known: date, status: str, active: int, days: int
) -> None:
    events = path("c1", ("gestart", START), ("verlengd", END), ("beeindigd", END))

    found = programmes(slow.frame(events), known)

    [row] = found.trajectories.to_dicts()
    assert (row["status"], row["days_in_trajectory"], row["ended_on"]) == (status, days, END)
    assert row["extensions"] == (0 if known < END else 1)
    assert found.tables["programme_progress"]["active"].to_list()[-1] == active
    assert found.facts()["INNOVATIEF2016"].counts_on(known)["active"] == active
    [last] = found.tables["programme_occupancy"].filter(pl.col("month") == pl.col("month").max())["peak_active"]
    assert last == (1 if known <= END else 0)


def test_a_pause_that_an_announced_end_closes_lasts_until_the_last_day_known() -> None:
    events = path("c1", ("gestart", START), ("onderbroken", PLACED), ("beeindigd", END))

    found = [programmes(slow.frame(events), known).trajectories["days_paused"].item() for known in (DAY, LATER)]

    assert found == [(DAY - PLACED).days, (END - PLACED).days]


@pytest.mark.parametrize("kind", ["gestart", "geplaatst", "aangemeld", "beeindigd", "participatieverklaring_getekend"])
def test_what_lies_in_the_log_from_a_year_to_come_has_not_happened(kind: str) -> None:
    events = path("c1", ("gestart", START)) + path("c1", (kind, date(2071, 5, 1)), trajectory="T-other")

    tables = programmes(slow.frame(events), DAY).tables

    assert sorted(tables["trajectories"]["status"]) == ["active", "referred"]
    assert tables["programme_progress"].select("participants", "active", "placed").unique().row(0) == (1, 1, 0)
    assert tables["programme_occupancy"]["month"].max() == DAY.replace(day=1)
    assert tables["activation"].is_empty()
