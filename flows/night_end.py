"""As what a night ends: the name of its state, its colour, and one message that tells what needs a person.

Here: which state. Not here: the words (``schemas.sentences``), the report (``flows.reports``).
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from prefect.states import Completed, Failed, State

from flows import questions
from flows.run_names import about_file
from pipeline.errors import UitstroomError
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.nightly import Night
from pipeline.steward.held_reports import Held
from pipeline.steward.wording import told
from schemas.sentences import Sentence, said
from schemas.spelling import shown
from schemas.vocabulary import DeliveryStatus

ATTENTION = "Attention"
"""Name of the state of a night that rejected a file."""
HELD = "Held"
"""Name of the state of a night after which deliveries wait for a steward."""
BLOCKED = "Blocked"
"""Name of the state of a night whose figures wait for a steward, because final ones would change."""
NOT_GREEN = (ATTENTION, HELD, BLOCKED)
"""A night that ended so has done its work, and somebody has to look."""

_ORDER = ("recorded", "held", "rejected", "removed", "copied", "unstable")


class NeedsAttention(UitstroomError):
    """How a night ends that did its work and left something to a person. Who called it as a function finds it here."""

    def __init__(self, message: str, night: Night) -> None:
        super().__init__(message)
        self.night = night


def ended(night: Night, waiting: Sequence[Held], rejected: Sequence[Receipt], *, is_shown: bool) -> State[Any]:
    """The last state. ``is_shown``: on a page that gives a state its colour, where only a whole success is green."""
    name = _name(night, waiting, rejected)
    message = " ".join(told(each) for each in sentences(night, waiting, rejected))
    if name == "Completed" or not is_shown:
        return Completed(name=name, message=message, data=night)
    return Failed(name=name, message=message, data=NeedsAttention(message, night))


def _name(night: Night, waiting: Sequence[Held], rejected: Sequence[Receipt]) -> str:
    if night.published.block:
        return BLOCKED
    return HELD if waiting else ATTENTION if rejected else "Completed"


def sentences(night: Night, waiting: Sequence[Held], rejected: Sequence[Receipt]) -> list[Sentence]:
    """What the message says: what needs a person first."""
    published = night.published
    parts = []
    if published.block:
        count = len(published.block.reasons)
        parts.append(said("night.blocked", count=count, run=questions.RELEASE))
    if waiting:
        first = waiting[0]
        run = about_file("accept?", first.file_name, first.about)
        parts.append(said("night.held", count=len(waiting), file=shown(first.file_name), run=run))
    if rejected:
        name = shown(rejected[0].file_name)
        parts.append(said("night.rejected", count=len(rejected), file=name, rule=rejected[0].rule))
    return [*parts, _files(night.receipts), _release(night)]


def _files(receipts: Sequence[Receipt]) -> Sentence:
    counts = Counter(receipt.status for receipt in receipts)
    counted = [
        said("night.count", count=counts[status], status=DeliveryStatus(status)) for status in _ORDER if counts[status]
    ]
    if not counted:
        return said("night.nothing-new")
    return said("night.file" if len(receipts) == 1 else "night.files", count=len(receipts), counted=counted)


def _release(night: Night) -> Sentence:
    code = "night.new-release" if night.published.is_new else "night.same-release"
    return said(code, release=night.published.release.id)
