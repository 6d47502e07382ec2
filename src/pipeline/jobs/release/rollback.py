"""Going back to an earlier release: a steward's decision, recorded with who and why.

Here: recording it and moving the pointer. Not here: how long it holds (``release``), checking and moving (``store``).
"""

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.jobs.release import release_history
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Writer
from pipeline.store.releases import releases
from pipeline.store.releases.publisher import publisher
from pipeline.store.storage.data_folder import published
from schemas.sentences import said
from schemas.signature import signature_problem
from schemas.spelling import seen

PREVIOUS = ("vorige", "previous")


class CannotGoBack(UitstroomError):
    """Who decides, or the reason, is missing or says what it must not."""


def rollback(writer: Writer, name: str, *, by: str, why: str) -> releases.Release:
    """Go back to an earlier release. It stays current until something new is recorded.

    ``name``: its id or how it begins, or one of ``PREVIOUS`` for the one that the current one took the place of.
    """
    if problem := signature_problem(by, why):
        raise CannotGoBack(problem)
    with publisher(writer.settings.curated, published(writer.settings)) as alone:
        history = ReleaseHistory.of(writer)
        back = releases.checked(writer.settings.curated, _meant(writer, history, name))
        events = writer.log.events().height
        history.append(writer, release_history.ROLLED_BACK, back.id, events=events, by=by, why=why)
        alone.point_at(back)
    return back


def _meant(writer: Writer, history: ReleaseHistory, name: str) -> str:
    there = releases.releases(writer.settings.curated)
    current = releases.current(writer.settings.curated)
    now = current.id if current else ""
    others = ", ".join(reversed([each for each in there if each != now])) or "–"
    wanted = _before(history, now) if name in PREVIOUS else name
    found = [each for each in there if wanted and (each == wanted or each.startswith(wanted))]
    if len(found) != 1:
        raise CannotGoBack(said("rollback.unknown", release=seen(name), others=others))
    if found[0] == now:
        raise CannotGoBack(said("rollback.current", release=now, others=others))
    return found[0]


def _before(history: ReleaseHistory, now: str) -> str:
    """The release that was current before this one, in the order in which they became so."""
    shown = history.rows.filter(pl.col("event").is_in([release_history.PUBLISHED, release_history.ROLLED_BACK]))
    earlier = [each for each in shown["release"].to_list() if each != now]
    return str(earlier[-1]) if earlier else ""
