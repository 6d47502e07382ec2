"""Going back to an earlier release: a steward's decision, recorded with who and why.

Here: recording it and moving the pointer. Not here: how long it holds (``release``), checking and moving (``store``).
"""

from pipeline.errors import UitstroomError
from pipeline.jobs import chronicle
from pipeline.jobs.chronicle import History
from pipeline.jobs.station import Station
from pipeline.store import releases


class CannotGoBack(UitstroomError):
    """Nobody says who decides, or why."""


def rollback(station: Station, name: str, *, by: str, why: str) -> releases.Release:
    """Go back to an earlier release. It stays current until something new is recorded."""
    if not by.strip() or not why.strip():
        raise CannotGoBack("Going back needs who decides (--by) and why (--reason).")
    with releases.publisher(station.settings.curated) as alone:
        back = releases.checked(station.settings.curated, name)
        history = History.of(station)
        events = station.log.events().height
        history.append(station, chronicle.ROLLED_BACK, back.id, events=events, by=by.strip(), why=why.strip())
        alone.point_at(back)
    return back
