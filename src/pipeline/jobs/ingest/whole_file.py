"""What only the whole of a file shows: rows that share a key, persons on many rows or twice, the age of what it holds.

Here: finding it once all batches are staged, and taking rows out again. Not here: the rules (``intake.validate``,
``versions.gates``).
"""

from collections.abc import Iterator

import polars as pl

from pipeline.intake.scope_rows import causes, left, summed
from pipeline.intake.validate import key_conflicts
from pipeline.jobs.ingest.ingest_progress import IngestProgress
from pipeline.jobs.ingest.stages import Staged, StagedFrame
from pipeline.versions.gates import stale, unread, within
from schemas.source import Source

_ENVELOPE = ("delivery", "processing", "delivered_on", "recorded_at", "rules_version")


def settle(progress: IngestProgress) -> None:
    """Find it, and what follows from it, in a file that was read to its end."""
    _settle_keys(progress)
    _settle_persons(progress)
    _settle_unread(progress)
    still = stale.stale(progress.ages)
    progress.ages.clear()
    progress.closed += still.closed
    progress.tell(still.told)


def _settle_keys(progress: IngestProgress) -> None:
    """Find rows that share a key, over all batches. Hashes find candidates; the rows themselves decide."""
    hashes = pl.concat(progress.keys).sort()
    progress.keys.clear()
    doubled = hashes.filter(hashes == hashes.shift(1)).unique()
    if doubled.is_empty():
        return
    columns = key_columns(progress.source)
    may_be_double = pl.struct(columns).hash().is_in(doubled.implode())
    suspects = pl.concat([rows.filter(may_be_double) for rows in _staged_rows(progress)])
    names = [f"key_{name}" for name in progress.source.event_key]
    marked = [part.alias(name) for part, name in zip(columns, names, strict=True)]
    conflicts = key_conflicts(suspects.with_columns(marked).drop(_ENVELOPE), tuple(names))
    _take_out(progress, suspects, conflicts)


def _settle_persons(progress: IngestProgress) -> None:
    """Find persons on many rows, and persons twice, over all batches. Hashes find candidates, rows decide."""
    source = progress.source
    wanted = within.suspects(source, progress.seen)
    progress.seen.clear()
    if not wanted.are_wanted or not progress.staged:  # every row may have left for its key
        return
    rows = pl.concat([wanted.among(rows) for rows in _staged_rows(progress)])
    crowded = within.crowded(source, rows)
    _take_out(progress, rows, crowded)
    twice = within.doubled(source, rows.join(crowded, on="row", how="anti"), wanted.scopes)
    progress.closed += twice.closed
    progress.add_findings(twice.told)


def _settle_unread(progress: IngestProgress) -> None:
    """Judge cells that could not be read beside what the whole file holds. Few files have one."""
    if not progress.unread:
        return
    found = unread.judged(progress.source, pl.concat(progress.unread), _staged_rows(progress), summed(progress.scopes))
    progress.unread.clear()
    progress.closed += found.closed
    progress.told += found.told  # each cell has its own finding


def _staged_rows(progress: IngestProgress) -> Iterator[pl.DataFrame]:
    return (progress.stage.restored(each) for each in progress.staged)


def _take_out(progress: IngestProgress, suspects: pl.DataFrame, leaving: pl.DataFrame) -> None:
    """Rows of ``suspects`` leave for the reasons in ``leaving`` (row, column, rule), one for each of them."""
    if leaving.is_empty():
        return
    progress.add_findings(leaving)
    progress.scopes.append(left(suspects, leaving, progress.source))
    progress.causes.append(causes(leaving))
    is_copy = pl.col("rule") == "DELIVERY-001"
    progress.rows_duplicate += leaving.filter(is_copy).height
    progress.rows_quarantined += leaving.filter(~is_copy).height
    _stage_again(progress, leaving["row"])


def _stage_again(progress: IngestProgress, leaving: pl.Series) -> None:
    """Put staged rows there again without the rows that leave, where there are any of them."""
    stage, again = progress.stage, list[Staged]()
    for each in progress.staged:
        rows = stage.restored(each)
        staying = rows.filter(~pl.col("row").is_in(leaving.implode()))
        if staying.height == rows.height:
            again.append(each)
        elif isinstance(each, StagedFrame):
            again.append(StagedFrame(staying))
        else:
            progress.staged_again += 1  # under a name that none of its files has had
            again += stage.rows.stage(staying, f"{stage.attempt}-k{progress.staged_again}")
            stage.rows.discard([each])
    progress.staged = again


def key_columns(source: Source) -> list[pl.Expr]:
    """The key as events hold it; a part that counts only under a condition is null elsewhere."""
    return [
        pl.when(source.key_when[name]).then(pl.col(name)).alias(name) if name in source.key_when else pl.col(name)
        for name in source.event_key
    ]
