"""A night in which nothing is new, here and now, without Prefect: who types ``uitstroom run`` waits a second for it.

It leaves what such a night leaves, but for a run in the list of runs: where a server shows one, the flow runs
(``flows.nightly``). Here: the order of its steps. Not here: whether anything is new (``pipeline.jobs.quiet_night``).
"""

from datetime import UTC, datetime

from flows import last_night, rejections
from flows.moments import at_moment
from pipeline.jobs.nightly import Night
from pipeline.jobs.quiet_night import quiet_night
from pipeline.jobs.upkeep.maintain import tidy
from pipeline.jobs.workspace import open_writer
from pipeline.settings import Settings
from pipeline.store.write_lock import Tell, write_turn


def quiet(settings: Settings, tell: Tell) -> Night | None:
    """The night; None where it has something to do or to tell. ``tell`` is called while somebody else writes."""
    name = at_moment("nightly", datetime.now(UTC))
    with write_turn(settings, f"nightly '{name}'", tell=tell):
        began = datetime.now(UTC)
        writer = open_writer(settings, clock=lambda: began)
        night = quiet_night(writer)
        if night is None:
            return None
        events = writer.log.events()
        if rejections.untold(settings.data_dir, (), events):
            return None  # one that was killed told nobody
        last_night.note(settings.data_dir, name, began)
        tidy(writer)
    rejections.note_told(settings.data_dir, events)
    return night
