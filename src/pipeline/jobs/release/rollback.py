"""Going back to an earlier release: a steward's decision, recorded with who and why.

Here: recording it and moving the pointer. Not here: how long it holds (``release``), checking and moving (``store``).
"""

from pipeline.errors import UitstroomError
from pipeline.jobs.release import release_history
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Writer
from pipeline.store.releases import releases
from pipeline.store.releases.publisher import publisher
from schemas.signature import signature_problem


class CannotGoBack(UitstroomError):
    """Who decides, or the reason, is missing or says what it must not."""


def rollback(writer: Writer, name: str, *, by: str, why: str) -> releases.Release:
    """Go back to an earlier release. It stays current until something new is recorded."""
    if problem := signature_problem(by, why):
        raise CannotGoBack(problem)
    with publisher(writer.settings.curated) as alone:
        back = releases.checked(writer.settings.curated, name)
        history = ReleaseHistory.of(writer)
        events = writer.log.events().height
        history.append(writer, release_history.ROLLED_BACK, back.id, events=events, by=by, why=why)
        alone.point_at(back)
    return back
