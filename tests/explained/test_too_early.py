"""Whether a placement lasts, where it is too early to know: the placement, how far its provider is known, and a text
that says so.
"""

import random
from pathlib import Path

import pytest

from schemas.tables.trajectories import TRAJECTORIES
from tests.explained.trial import Asked, Lived, faults, state_of
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import Folder, csv

PLACED = [
    event(1, "gestart", "2016-01-05", "E1"),
    event(1, "geplaatst", "2016-02-01", "E2"),
    event(1, "beeindigd", "2016-02-10", "E3", reden_einde="werk"),
]
OTHER = event(2, "gestart", "2016-01-05", "E9")
LOST = event(1, "plaatsing_beeindigd", "2016-07-20", "E4")
BEFORE_DUE = (
    "RE01 is known until 2016-04-10; placed on 2016-02-01: whether the job lasts 6 months is known from 2016-08-01 on"
)
MAY_FOLLOW = (
    "RE01 is known until 2016-08-05; "
    "the job ended on 2016-07-20, and until 2016-08-20 another one would follow it in time"
)


@pytest.mark.parametrize(
    ("day", "more", "named", "said"),
    [
        ("2016-04-10", [OTHER], {"placed": [3], "known until": [2]}, BEFORE_DUE),
        ("2016-08-05", [LOST], {"placed": [3], "job": [2]}, MAY_FOLLOW),
    ],
)
def test_too_early_names_the_placement_and_how_far_the_provider_is_known(
    tmp_path: Path, day: str, more: list[dict[str, object]], named: dict[str, list[int]], said: str
) -> None:
    folder = Folder.at(tmp_path, publishes=False)
    folder.put("trajectory_events/2016-03-10_e.csv", csv(EVENTS, PLACED))
    folder.put(f"trajectory_events/{day}_e.csv", csv(EVENTS, more))
    folder.take_in()
    log = Lived.of(folder.writer())
    whole = log.whole()
    row = state_of(whole, None).table(TRAJECTORIES.name).filter(trajectory_id="T1").row(0, named=True)
    asked = Asked(TRAJECTORIES, row, "durable", None)

    found = asked.explained(whole)

    assert row["durable"] is None
    assert {trace.part: [*trace.rows] for trace in found.own} == named
    assert [(each.part, each.text) for each in found.stated] == [("too early", said)]
    assert [*faults(log, whole, asked, random.Random(1), 99)] == []
