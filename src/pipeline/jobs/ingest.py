"""One file from text to log: open, parse, judge, stage, decide, commit.

Here: the order. Not here: any rule about data (``core``).

A delivery is committed in three steps, findings, rows, event; the event makes it count. Killed in between, the next
run does the steps again: each is applied at most once.
"""

import os
import time
from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from pipeline.core import findings as found
from pipeline.core.headers import Resolution, best_match, resolve
from pipeline.core.origin import facts
from pipeline.core.parse import Parsed, parse
from pipeline.core.record import Envelope, events
from pipeline.core.validate import judge, key_conflicts
from pipeline.errors import Rejected, Unstable
from pipeline.jobs.ahead import ahead
from pipeline.jobs.landing import Arrival, copied, unreadable_identity
from pipeline.jobs.receipts import Receipt
from pipeline.jobs.station import Station
from pipeline.store.log import DELIVERY_EVENTS, LogTable, StagedFile, discard, short
from pipeline.store.raw import confirm_unchanged
from pipeline.store.reading import TextTable, open_table
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.source import Source
from schemas.vocabulary import HOLD_ABOVE_SHARE


@dataclass
class _Progress:
    """What has been read of one file so far."""

    rows_read: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    staged: list[StagedFile] = field(default_factory=list)
    staged_findings: list[StagedFile] = field(default_factory=list)
    keys: list[pl.DataFrame] = field(default_factory=list)
    by_rule: Counter[str] = field(default_factory=Counter)

    @property
    def rows_good(self) -> int:
        return self.rows_read - self.rows_quarantined - self.rows_duplicate

    @property
    def must_be_held(self) -> bool:
        return self.rows_quarantined > HOLD_ABOVE_SHARE * self.rows_read


class _Reading:
    """One reading of one file: everything its steps share."""

    def __init__(self, station: Station, arrival: Arrival) -> None:
        landed = arrival.landed
        if landed is None:
            raise ValueError("only files with readable bytes are read")
        self.station = station
        self.arrival = arrival
        self.landed = landed
        self.source: Source = SOURCES[arrival.file.source]
        self.rows: LogTable = station.log.sources[self.source.name.value]
        self.progress = _Progress()
        self.envelope = Envelope(
            delivery=landed.delivery,
            processing=arrival.processing,
            delivered_on=landed.delivered_on or station.today,
            recorded_at=station.recorded_at,
            rules_version=station.rules_version,
        )
        self.attempt = f"{short(landed.delivery)}-{arrival.processing}-{os.getpid()}-{time.time_ns()}"

    def stage_findings(self, findings: pl.DataFrame) -> None:
        if findings.is_empty():
            return
        self.progress.by_rule.update(dict(findings["rule"].value_counts().iter_rows()))
        frame = found.described(findings, self.source, self.landed.delivery, self.arrival.processing)
        name = f"{self.attempt}-f{len(self.progress.staged_findings)}"
        self.progress.staged_findings += self.station.log.findings.stage(frame, name)

    def discard(self) -> None:
        discard(self.progress.staged)
        discard(self.progress.staged_findings)


def ingest(station: Station, arrival: Arrival) -> Receipt:
    """Deal with one arrival to the end. Bad input never raises: it becomes a receipt."""
    if arrival.is_copy:
        receipt = copied(arrival)
        _append_event(station, arrival, receipt, app_id=f"copied:{arrival.file.file_name}:{receipt.delivery}")
        return receipt
    if arrival.change is not None:
        return Receipt(arrival.file.source, arrival.file.file_name, "", "unstable", detail=str(arrival.change))
    if arrival.landed is None:
        return _reject_unread(station, arrival)
    reading = _Reading(station, arrival)
    try:
        _read(reading)
        confirm_unchanged(arrival.file, reading.landed)
    except Rejected as refusal:
        return _reject(reading, refusal)
    except Unstable as change:
        reading.discard()
        return _receipt(reading, "unstable", detail=str(change))
    except BaseException:
        reading.discard()
        raise
    return _conclude(reading)


def _read(reading: _Reading) -> None:
    table = open_table(reading.arrival.file.path)
    resolution = _resolve(table, reading)
    constants = _constants(reading)
    reading.stage_findings(_unknown_columns(resolution))
    for batch in ahead(table.batches):
        progress = reading.progress
        progress.rows_read += batch.frame.height + batch.misshapen.height
        progress.rows_quarantined += batch.misshapen.height
        reading.stage_findings(batch.misshapen.select("row", pl.lit("").alias("column"), "rule"))
        if batch.frame.height:
            parsed = parse(batch.frame, reading.source, resolution.cells, constants=constants, is_excel=table.is_excel)
            _take(reading, parsed)
    if reading.progress.rows_read == 0:
        raise Rejected("FILE-009", "the file has a header and no rows")
    _settle_keys(reading)


def _take(reading: _Reading, parsed: Parsed) -> None:
    judged = judge(parsed, reading.source)
    progress = reading.progress
    progress.rows_quarantined += parsed.frame.height - judged.good.height
    reading.stage_findings(judged.findings)
    if judged.good.is_empty():
        return
    frame = events(judged.good, reading.source, reading.envelope, reading.station.key)
    progress.keys.append(frame.select("row", key=_key_hash(reading.source)))
    progress.staged += reading.rows.stage(frame, f"{reading.attempt}-{len(progress.staged)}")


def _resolve(table: TextTable, reading: _Reading) -> Resolution:
    source, aliases = reading.source, reading.station.aliases
    resolution = resolve(table.header, source, aliases)
    if resolution.doubled:
        raise Rejected("FILE-018", f"two headers stand for {', '.join(resolution.doubled)}; keep one")
    if not resolution.missing:
        return resolution
    other = best_match(table.header, SOURCES.values(), aliases)
    if other is not None and other != source.name.value:
        raise Rejected("FILE-022", f"the columns are those of {other}; move the file to raw/{other}")
    names = ", ".join(resolution.missing)
    raise Rejected(
        "FILE-020",
        f"missing: {names}. Unknown here: {', '.join(resolution.unknown) or 'none'}",
        column=resolution.missing[0],
    )


def _constants(reading: _Reading) -> dict[str, str]:
    if not reading.source.from_delivery:
        return {}
    known = facts(reading.arrival.file.file_name, reading.landed.reference_year, reference.cbs_tables())
    lacking = [name for name in reading.source.from_delivery if name not in known]
    if lacking:
        raise Rejected(
            "FILE-023",
            f"cannot tell {', '.join(lacking)}: put it in the file name (…_83450NED_2015.csv) "
            f"or reference_year in {reading.arrival.file.path.name}.meta.json",
        )
    return known


def _unknown_columns(resolution: Resolution) -> pl.DataFrame:
    return pl.concat(
        [found.no_findings(), *(found.file_finding("FILE-021", name) for name in dict.fromkeys(resolution.unknown))]
    )


def _key_hash(source: Source) -> pl.Expr:
    return pl.struct(_key_columns(source)).hash()


def _key_columns(source: Source) -> list[pl.Expr]:
    """The key as events hold it; a part that counts only under a condition is null elsewhere."""
    return [
        pl.when(source.key_when[name]).then(pl.col(name)).alias(name) if name in source.key_when else pl.col(name)
        for name in source.event_key
    ]


def _settle_keys(reading: _Reading) -> None:
    """Find rows that share a key, over all batches. Hashes find candidates; the rows themselves decide."""
    progress = reading.progress
    if not progress.keys:
        return
    keys = pl.concat(progress.keys)
    progress.keys.clear()
    suspects = keys.filter(pl.col("key").is_duplicated())["row"]
    if suspects.is_empty():
        return
    frame = pl.read_parquet([file.path for file in progress.staged], hive_partitioning=False, glob=False)
    source = reading.source
    values = [
        name
        for name in frame.columns
        if name not in ("delivery", "processing", "delivered_on", "recorded_at", "rules_version")
    ]
    marked = [
        expression.alias(f"key_{name}") for name, expression in zip(source.event_key, _key_columns(source), strict=True)
    ]
    candidates = frame.filter(pl.col("row").is_in(suspects.implode())).select(*values, *marked)
    conflicts = key_conflicts(candidates, tuple(f"key_{name}" for name in source.event_key))
    if conflicts.is_empty():
        return
    reading.stage_findings(conflicts)
    progress.rows_duplicate += conflicts.filter(pl.col("rule") == "DELIVERY-001").height
    progress.rows_quarantined += conflicts.filter(pl.col("rule") == "DELIVERY-002").height
    _stage_again(reading, conflicts["row"])


def _stage_again(reading: _Reading, leaving: pl.Series) -> None:
    """Write staged files again without the rows that leave."""
    progress, again = reading.progress, []
    schema = reading.source.event_schema()
    for number, file in enumerate(progress.staged):
        frame = pl.read_parquet(file.path, hive_partitioning=False, glob=False)
        frame = frame.filter(~pl.col("row").is_in(leaving.implode()))
        if file.year is not None:
            frame = frame.with_columns(valid_year=pl.lit(file.year, pl.Int32()))
        again += reading.rows.stage(frame.select(list(schema)), f"{reading.attempt}-k{number}")
    discard(progress.staged)
    progress.staged = again


def _conclude(reading: _Reading) -> Receipt:
    progress = reading.progress
    if progress.must_be_held:
        reading.stage_findings(found.file_finding("DELIVERY-003"))
        discard(progress.staged)
        receipt = _receipt(
            reading,
            "held",
            rule="DELIVERY-003",
            detail=f"{progress.rows_quarantined} of {progress.rows_read} rows cannot be recorded (more than 5 %); "
            "look at the findings, then deliver again or let a steward accept it",
        )
    else:
        receipt = _receipt(reading, "recorded")
    _commit_findings(reading)
    if receipt.status == "recorded" and progress.staged:
        reading.rows.commit(progress.staged, _app_id(reading), reading.arrival.processing)
    _append_event(reading.station, reading.arrival, receipt)
    return receipt


def _commit_findings(reading: _Reading) -> None:
    if reading.progress.staged_findings:
        reading.station.log.findings.commit(
            reading.progress.staged_findings, _app_id(reading), reading.arrival.processing
        )


def _app_id(reading: _Reading) -> str:
    return f"{reading.source.name.value}:{reading.landed.delivery}:{reading.station.rules_version}"


def _reject(reading: _Reading, refusal: Rejected) -> Receipt:
    reading.discard()
    reading.progress = _Progress()
    reading.stage_findings(found.file_finding(refusal.rule, refusal.column))
    _commit_findings(reading)
    receipt = _receipt(reading, "rejected", rule=refusal.rule, detail=refusal.detail)
    _append_event(reading.station, reading.arrival, receipt)
    return receipt


def _reject_unread(station: Station, arrival: Arrival) -> Receipt:
    refusal = arrival.refusal or Rejected("FILE-001")
    receipt = Receipt(
        source=arrival.file.source,
        file_name=arrival.file.file_name,
        delivery=unreadable_identity(arrival.file, refusal),
        status="rejected",
        delivered_on=station.today,
        rule=refusal.rule,
        detail=refusal.detail,
        findings={refusal.rule: 1},
    )
    finding = found.file_finding(refusal.rule).with_columns(
        delivery=pl.lit(receipt.delivery),
        processing=pl.lit(0, pl.Int16()),
        source=pl.lit(receipt.source),
        severity=pl.lit("reject"),
    )
    table = station.log.findings
    staged = table.stage(
        finding.select(list(table.schema)), f"{short(receipt.delivery)}-0-{os.getpid()}-{time.time_ns()}"
    )
    table.commit(staged, f"{receipt.source}:{receipt.delivery}:{station.rules_version}", 0)
    _append_event(station, arrival, receipt)
    return receipt


def _receipt(reading: _Reading, status: str, *, rule: str = "", detail: str = "") -> Receipt:
    progress = reading.progress
    is_recorded = status == "recorded"
    return Receipt(
        source=reading.source.name.value,
        file_name=reading.arrival.file.file_name,
        delivery=reading.landed.delivery,
        status=status,
        delivered_on=reading.envelope.delivered_on,
        rows_read=progress.rows_read,
        rows_recorded=progress.rows_good if is_recorded else 0,
        rows_quarantined=progress.rows_quarantined if is_recorded else 0,
        rows_duplicate=progress.rows_duplicate if is_recorded else 0,
        rows_held=progress.rows_read if status == "held" else 0,
        rule=rule,
        detail=detail,
        simulated=reading.landed.simulated,
        findings=dict(sorted(progress.by_rule.items())),
    )


def _append_event(station: Station, arrival: Arrival, receipt: Receipt, app_id: str | None = None) -> None:
    landed = arrival.landed
    event = {
        "event": receipt.status,
        "delivery": receipt.delivery,
        "source": receipt.source,
        "processing": arrival.processing,
        "file_name": receipt.file_name,
        "size": landed.size if landed else 0,
        "delivered_on": receipt.delivered_on or station.today,
        "sender": landed.sender if landed else None,
        "simulated": receipt.simulated,
        "sidecar_sha256": landed.sidecar_sha256 if landed else "",
        "recorded_at": station.recorded_at,
        "rows_read": receipt.rows_read,
        "rows_recorded": receipt.rows_recorded,
        "rows_quarantined": receipt.rows_quarantined,
        "rows_duplicate": receipt.rows_duplicate,
        "rows_held": receipt.rows_held,
        "rules_version": station.rules_version,
        "code_version": station.code_version,
        "key_id": station.key.id,
        "rule": receipt.rule,
        "detail": receipt.detail,
    }
    frame = pl.DataFrame([event], schema=DELIVERY_EVENTS)
    station.log.append_event(frame, app_id or f"{receipt.source}:{receipt.delivery}", arrival.processing)
