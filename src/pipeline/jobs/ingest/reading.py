"""Where files are handed to cells to be looked at and read, and what it means when a cell breaks on one.

Here: orders, limits by size, trying again alone, clearing away after a cell that is gone. Not here: cells
(``store.cells``), what is done in one (``digest``), what becomes of a file (``outcome``).
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace

from pipeline.errors import Rejected, Unstable, WrongSetting
from pipeline.jobs.ingest.cell_setup import cell_setup
from pipeline.jobs.ingest.digest import Digest, Order, digest, header
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.stages import Stage
from pipeline.jobs.workspace import Writer
from pipeline.settings import CLUSTER, CellSettings, Settings
from pipeline.store.cell_task import Broke, Cause, Limits, Task
from pipeline.store.cells import Cells, cells, kept_warm
from pipeline.store.cluster import Cluster, cluster
from pipeline.store.file_fingerprint import FileFingerprint, Landed, fingerprint_file
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.log.table import short
from pipeline.store.raw import RawFile

_MIB = 1 << 20
_SMALL_MIB = 1536
"""Memory for a file of next to no bytes. A million rows took 1,300 MiB, most bombs want far more."""
_MEMORY_PER_BYTE = 8
_CPU_SECONDS_PER_MIB = 2.0
"""Thirty times what a CSV file takes, three times what a workbook takes."""
_WAITING = 4.0
"""How many times its processor time a file may take by the clock: the machine has other work."""


@dataclass(eq=False)
class UnderWay:
    """A file that was handed out: with a ``task``, or with its ``digest`` at once where nothing is to be read."""

    pending: PendingFile
    digest: Digest | None = None
    order: Order | None = None
    task: Task | None = None
    stage: Stage | None = None


Look = Callable[[RawFile], Landed]
"""A way to find out what a file is."""


class Desk:
    """Hands files out and takes in what they came to."""

    def __init__(self, pool: Cells | Cluster, settings: CellSettings) -> None:
        self._pool = pool
        self._settings = settings
        self._out: list[UnderWay] = []
        self._judged: UnderWay | None = None
        """The last one whose digest was given: it may be on its way into the log."""

    @property
    def most(self) -> int:
        """How many files can be read at once."""
        return self._pool.most

    def look(self, file: RawFile, cache: FingerprintCache | None = None) -> Landed:
        """What a file is: remembered while its size and times stay, else found out by reading all its bytes; or why
        that is not known. One that is not taken for its place or name is not opened.
        """
        known = file.refusal or (cache.recall(file) if cache is not None else None)
        if known is not None:
            return known
        try:
            landed = self._pool.result(self._pool.begin(fingerprint_file, file, self._limits(file)))
            if isinstance(landed, Broke) and landed.cause is Cause.STOPPED:
                landed = self._pool.result(self._pool.begin(fingerprint_file, file, self._limits(file)))
        except (Rejected, Unstable) as reason:
            return reason
        if isinstance(landed, Broke):
            return Unstable(f"{file.file_name} could not be looked at ({_in_words(landed)}); it is tried again")
        assert isinstance(landed, FileFingerprint)
        if cache is not None:
            cache.keep(file, landed)
        return landed

    def header(self, file: RawFile) -> tuple[str, ...]:
        """The names of a file's columns. Raises Rejected and Unstable."""
        names = self._pool.result(self._pool.begin(header, file, self._limits(file)))
        if isinstance(names, Broke):
            broken = self._broken(file, names)
            raise broken.refusal or broken.change or AssertionError("a broken cell has a reason")
        assert isinstance(names, tuple)
        return names

    def begin(self, writer: Writer, pending: PendingFile) -> UnderWay:
        """Hand a file out to be read."""
        if pending.fingerprint is None or pending.is_copy:
            return UnderWay(pending, Digest(refusal=pending.refusal, change=pending.change))
        order = Order(
            pending.file,
            pending.fingerprint,
            pending.processing,
            writer.recorded_at,
            writer.rules_version,
            attempt=attempt_name(pending.fingerprint.delivery, pending.processing),
            log=writer.log.root,
            key_file=writer.settings.key_file,
            key_id=writer.key.id,
        )
        stage = Stage(writer.log.sources[pending.file.source], writer.log.findings, order.attempt)
        handed = UnderWay(pending, None, order, self._pool.begin(digest, order, self._limits(order.file)), stage)
        self._out.append(handed)
        return handed

    def end(self, handed: UnderWay) -> Digest:
        """What the file came to; where its cell broke, that is what it came to. Raises CannotWrite."""
        if handed.digest is not None:
            return handed.digest
        assert handed.task is not None
        assert handed.order is not None
        assert handed.stage is not None
        found: Digest | Broke = self._pool.result(handed.task)
        if isinstance(found, Broke) and found.cause is Cause.STOPPED:
            handed.stage.discard()
            self._pool.rest()  # alone: what it needs is not taken by another
            found = self._pool.result(self._again(handed))
        if isinstance(found, Broke):
            handed.stage.discard()
            found = self._broken(handed.order.file, found)
        if self._judged is not None:
            self._out.remove(self._judged)
        self._judged = handed
        return found

    def _again(self, handed: UnderWay) -> Task:
        """Hand it out once more, under another name: on a cluster, who was given up may be at work still."""
        assert handed.order is not None
        fingerprint, processing = handed.order.fingerprint, handed.order.processing
        handed.order = replace(handed.order, attempt=attempt_name(fingerprint.delivery, processing))
        if handed.stage is not None:
            handed.stage = replace(handed.stage, attempt=handed.order.attempt)
        return self._pool.begin(digest, handed.order, self._limits(handed.order.file))

    def check(self, order: Order) -> Digest:
        """What a file comes to that is only checked: its rows are kept in memory, so it may take more of that."""
        limits = self._limits(order.file)
        more = limits.memory_bytes + _MEMORY_PER_BYTE * order.fingerprint.size
        found: Digest | Broke = self._pool.result(self._pool.begin(digest, order, replace(limits, memory_bytes=more)))
        return self._broken(order.file, found) if isinstance(found, Broke) else found

    def _broken(self, file: RawFile, broke: Broke) -> Digest:
        """What a file came to on which its cell broke."""
        limits = self._limits(file)
        if broke.cause is Cause.STOPPED:
            return Digest(change=Unstable(f"reading it was stopped ({broke.what}); it is tried again in the next run"))
        if broke.cause is Cause.MEMORY:
            most = f"it takes more than {limits.memory_bytes // _MIB:,} MiB of memory to read it"
            return Digest(refusal=Rejected("FILE-072", most))
        if broke.cause is Cause.TIME:
            most = f"{limits.cpu_seconds:,.0f} seconds of the processor, or {limits.seconds:,.0f} by the clock"
            return Digest(refusal=Rejected("FILE-073", f"reading it takes more than {most}"))
        return Digest(refusal=Rejected("FILE-071", f"the reader broke on it ({broke.what})"))

    def clear(self) -> None:
        """Take away what was staged of files that are still out, or not in the log yet. Their cells must be gone."""
        for handed in self._out:
            if handed.stage is not None:
                handed.stage.discard()
        self._out.clear()
        self._judged = None

    def _limits(self, file: RawFile) -> Limits:
        try:
            size = os.stat(file.path).st_size
        except OSError:
            size = 0
        seconds = self._settings.seconds + _CPU_SECONDS_PER_MIB * size / _MIB
        memory = min(self._settings.memory_mib * _MIB, _SMALL_MIB * _MIB + _MEMORY_PER_BYTE * size)
        return Limits(memory, seconds, _WAITING * seconds)


def _in_words(broke: Broke) -> str:
    return f"{broke.cause}, {broke.what}" if broke.what else str(broke.cause)


def attempt_name(delivery: str, processing: int) -> str:
    """What the names of files begin with that are staged for one reading, in this attempt and no other."""
    return f"{short(delivery)}-{processing}-{os.getpid()}-{time.time_ns()}"


def _pool(settings: Settings) -> AbstractContextManager[Cells | Cluster]:
    if not settings.cluster:
        return cells(cell_setup(settings), settings.cells.most)
    if not settings.remote:
        raise WrongSetting(
            f"{CLUSTER} is set, and the data folder is a folder of this machine, which the workers of a cluster do not "
            "see. Give --data-dir s3://bucket/prefix, or remove the setting."
        )
    from pipeline.jobs.ingest.errand import errands

    return cluster(settings.cluster, errands(settings))


@contextmanager
def reading(settings: Settings) -> Iterator[Desk]:
    """Cells or a cluster to read files in, as long as the block runs. No cell is started where nothing is read."""
    with _pool(settings) as pool:
        desk = Desk(pool, settings.cells)
        try:
            yield desk
        except BaseException:  # whatever ended the run: what was staged must not stay behind
            pool.drop()
            desk.clear()
            raise


@contextmanager
def cell_ready(settings: Settings) -> Iterator[None]:
    """A cell that starts now, beside what this process does, for files that are read within the block."""
    with kept_warm(), ExitStack() as ends:
        if not settings.cluster:
            ends.enter_context(cells(cell_setup(settings), settings.cells.most)).start()
        yield
