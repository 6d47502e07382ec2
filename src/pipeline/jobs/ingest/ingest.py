"""Files of a night, to the end: have them read, judge what they came to, commit it, record what became of them.

Here: the order. Files are read side by side, and judged and committed in the order of their own clock, so that what is
recorded depends neither on who was ready first nor on their names. Not here: reading (``reading``), what becomes of a
file (``outcome``), how it becomes part of the log (``commit``, ``waiting``).
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from pipeline.jobs.ingest.commit import commit, event_of
from pipeline.jobs.ingest.gatekeeper import Gatekeeper
from pipeline.jobs.ingest.gone import Lying, tell_gone
from pipeline.jobs.ingest.new_files import KnownDeliveries, PendingFile, is_same, pending_of
from pipeline.jobs.ingest.read_again import Rereading
from pipeline.jobs.ingest.reading import Desk, UnderWay, reading
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.remarks import remarked, told
from pipeline.jobs.ingest.review import review
from pipeline.jobs.ingest.unsettled import Unsettled
from pipeline.jobs.ingest.waiting import MOST_TOGETHER
from pipeline.jobs.workspace import Writer
from pipeline.store.file_fingerprint import FileFingerprint, Landed
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.raw import RawFile
from schemas.vocabulary import DeliveryStatus


def ingest_new(
    writer: Writer,
    raw_files: Iterable[RawFile],
    desk: Desk,
    cache: FingerprintCache,
    left: Collection[tuple[str, str]] = (),
) -> Iterator[Receipt]:
    """Deal with every one of these files that is new, in the order of their own clock: what they are called does not
    matter. Bad input never raises: it becomes a receipt. ``left``: deliveries (source, hash) that are left alone.
    """
    events = writer.log.events()
    keeper = Gatekeeper(writer, events, together=MOST_TOGETHER)
    known, out, done = KnownDeliveries.from_events(events), deque[UnderWay](), list[Receipt]()
    unsettled, unread = Unsettled(events), set[str]()
    looked = {file.file_name: (file, desk.look(file, cache)) for file in raw_files}
    with keeper.waiting:
        for found in (*sorted(looked.values(), key=partial(clock, writer)), None):
            # What becomes of the first of two that are the same decides about the second; at the end nothing is out.
            is_waited_for = found is None or any(is_same(handed.pending, *found) for handed in out)
            while len(out) > (0 if is_waited_for else desk.most):
                handed = out.popleft()
                digest = desk.end(handed)
                receipt = commit(writer, keeper, handed.pending, digest)
                known.remember(handed.pending, receipt, writer)
                if receipt.status == DeliveryStatus.UNSTABLE:
                    own = replace(handed.pending, fingerprint=None)  # its bytes are none yet
                    unsettled.tell(writer, own, event_of(writer, own, receipt))
                    unread.add(receipt.file_name)
                done.append(remarked(told(receipt, digest.told), handed.pending, keeper.earlier))
            if keeper.waiting.is_empty:  # nobody is told of what is not in the log
                yield from done
                done.clear()
            pending = None if found is None else pending_of(*found, known, writer)
            if pending is not None and (pending.file.source, pending.delivery) not in left:
                out.append(desk.begin(writer, pending))
        keeper.waiting.at_once()
    yield from done
    unsettled.settle(writer, unread)
    yield from tell_gone(writer, Lying(looked), events)

    def free(name: str) -> tuple[RawFile, Landed] | None:
        file, landed = looked.get(name, (None, None))
        is_left = file is not None and isinstance(landed, FileFingerprint) and (file.source, landed.delivery) in left
        return None if is_left else looked.get(name)

    yield from review(writer, keeper, Rereading(writer, keeper, desk, free), writer.log.events)


def clock(writer: Writer, found: tuple[RawFile, Landed]) -> tuple[date, str, str]:
    """The order in which files are dealt with; those without readable bytes come first."""
    file, landed = found
    if not isinstance(landed, FileFingerprint):
        return date.min, "", file.file_name
    return landed.delivered_on or writer.today, landed.delivery, file.file_name


def ingest(writer: Writer, pending: PendingFile, keeper: Gatekeeper | None = None) -> Receipt:
    """Deal with one pending file to the end. Bad input never raises: it becomes a receipt.

    ``keeper`` knows what the log holds; without one it is looked up.
    """
    keeper = keeper or Gatekeeper(writer, writer.log.events())
    with reading(writer.settings) as desk:
        digest = desk.end(desk.begin(writer, pending))
        return told(commit(writer, keeper, pending, digest), digest.told)
