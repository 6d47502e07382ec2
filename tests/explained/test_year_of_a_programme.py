"""The share of a year rests on twelve averages: together they have to give it, whatever falls between two months."""

import random
from pathlib import Path

import polars as pl
import pytest

from pipeline.jobs.as_of.as_of_state import AsOfState
from schemas.catalogue import TABLES
from tests.explained.trial import Asked, Lived, faults
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import Folder, csv

OCCUPANCY = TABLES["programme_occupancy"]
LIVES = (
    (1, (("gestart", "2016-01-05"), ("geplaatst", "2016-02-10"))),
    (2, (("gestart", "2016-01-05"), ("beeindigd", "2016-11-01"))),
    (3, (("gestart", "2016-03-01"), ("beeindigd", "2016-06-01"))),
    (4, (("gestart", "2016-04-10"), ("beeindigd", "2016-08-20"))),
    (5, (("gestart", "2016-07-01"), ("beeindigd", "2016-07-01"))),
)


@pytest.mark.system
def test_a_stay_that_ends_on_the_first_of_a_month_does_not_go_on(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path, publishes=False)
    rows = [
        event(client, kind, day, f"E{client}-{number}")
        for client, happened in LIVES
        for number, (kind, day) in enumerate(happened)
    ]
    folder.put("trajectory_events/2017-02-10_a.csv", csv(EVENTS, rows))
    folder.run()
    log = Lived.of(folder.writer())
    whole = log.whole()
    table = AsOfState(whole).table(OCCUPANCY.name).drop_nulls("share_to_work_pct").sort("month")
    assert table.height == 3

    asked = Asked(OCCUPANCY, table.row(0, named=True), "share_to_work_pct", None)
    assert [*faults(log, whole, asked, random.Random(1), 4)] == []
    ended = {f"E{client}-1" for client in (2, 3, 4)}
    named = {row for _, _, row in Asked(OCCUPANCY, table.row(0, named=True), "share_to_work_pct", None).names(whole)}
    assert ended <= set(log.rows["trajectory_events"].filter(pl.col("row").is_in(list(named)))["event_id"])
