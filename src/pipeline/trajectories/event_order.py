"""Rules about the order of a provider's own events.

All warn: a provider's slip must not hide a trajectory. Not here: rules about one event
(``schemas.sources.trajectory_events``), what takes a day or another provider to see (``trajectory_findings``).
"""

from hashlib import sha256

import polars as pl

from pipeline.trajectories.corrections import InForce
from pipeline.trajectories.settle import ends_without_begin, first_of, job_turns, of_trajectories_with
from pipeline.trajectories.steps import NUMBER, TRAJECTORY, Steps, is_first
from pipeline.versions.finding_rows import findings, one_each
from schemas.limits.figures import AFTERCARE_DAYS
from schemas.sources.trajectory_events import CONTENT
from schemas.vocabulary import ACTIVATION_KINDS, EventKind

_BEFORE_START = [EventKind.REFERRED.value, EventKind.INTAKE.value, *(kind.value for kind in ACTIVATION_KINDS)]
_AFTER_END = [EventKind.PLACEMENT_ENDED.value, *(kind.value for kind in ACTIVATION_KINDS)]


def event_findings(force: InForce, of: Steps) -> pl.DataFrame:
    """Findings that follow from a provider's own events, whatever the day. ``of``: the events in force."""
    dated = _dated(of.rows)
    parts = [
        _before_start(of, dated),
        _after_end(of, dated),
        _repeated(of, EventKind.STARTED, "TRAJECT-003"),
        _repeated(of, EventKind.ENDED, "TRAJECT-004"),
        _unknown_targets(force.dangling),
        _circles(force.circular),
        _two_clients(of),
        _ends_without_begin(of),
    ]
    return one_each(parts)


def _dated(rows: pl.DataFrame) -> pl.DataFrame:
    """Each with the first start and the first end of its trajectory."""
    for name, kind in (("started_on", EventKind.STARTED), ("ended_on", EventKind.ENDED)):
        days = first_of(rows, kind).select(NUMBER, pl.col("occurred_on").alias(name))
        rows = rows.join(days, on=NUMBER, how="left", maintain_order="left")
    return rows


def _named(of: Steps, rows: pl.DataFrame) -> pl.DataFrame:
    return of.fetched(rows, *TRAJECTORY, "event_id")


def _found(frame: pl.DataFrame, rule: str, what: pl.Expr, **cells: pl.Expr) -> pl.DataFrame:
    """Findings of one rule. ``cells``: subject (a trajectory unless given), expected, found."""
    subject = cells.pop("subject", pl.format("{}/{}", *TRAJECTORY))
    return findings(frame, rule, subject=subject, what=what, **cells)


def event_name(column: str) -> pl.Expr:
    """The provider's number of an event. One without a number is known by its content, client and all, which is no name
    to be read: a hash stands for it.
    """
    return pl.col(column).map_batches(_hashed, return_dtype=pl.String)


def _hashed(events: pl.Series) -> pl.Series:
    by_content = events.filter(events.str.starts_with(CONTENT)).unique()
    names = [f"content-{sha256(each.encode()).hexdigest()[:16]}" for each in by_content]
    return events.replace(by_content, pl.Series(names, dtype=pl.String)) if names else events


def _of_event() -> pl.Expr:
    return pl.format("{}/{}/{}", *TRAJECTORY, event_name("event_id"))


def _before_start(of: Steps, dated: pl.DataFrame) -> pl.DataFrame:
    begun = pl.col("started_on")
    early = dated.filter(~pl.col("event").is_in(_BEFORE_START) & (begun.is_null() | (pl.col("occurred_on") < begun)))
    return _found(
        _named(of, early),
        "TRAJECT-001",
        pl.format("{} on {} comes before the start", "event", "occurred_on"),
        expected=pl.format("on or after {}", begun.cast(pl.String).fill_null("a start, which was not delivered")),
        found=pl.col("occurred_on").cast(pl.String),
        subject=_of_event(),
    )


def _after_end(of: Steps, dated: pl.DataFrame) -> pl.DataFrame:
    is_ended = (pl.col("occurred_on") > pl.col("ended_on")) & ~pl.col("event").is_in(
        [*_AFTER_END, EventKind.ENDED.value]
    )
    days = (pl.col("occurred_on") - pl.col("ended_on")).dt.total_days()
    is_aftercare = (pl.col("event") == EventKind.PLACED.value) & (days <= AFTERCARE_DAYS)
    return _found(
        _named(of, dated.filter(is_ended & ~is_aftercare)),
        "TRAJECT-002",
        pl.format("{} on {} comes {} days after the end", "event", "occurred_on", days),
        expected=pl.format("on or before {}", "ended_on"),
        found=pl.col("occurred_on").cast(pl.String),
        subject=_of_event(),
    )


def _repeated(of: Steps, kind: EventKind, rule: str) -> pl.DataFrame:
    of_kind = of.rows.filter(pl.col("event") == kind.value)
    again = of_kind.filter(~is_first()).select(NUMBER).unique()
    days = (
        of_kind.join(again, on=NUMBER, how="semi")
        .group_by(NUMBER)
        .agg(pl.col("at").first(), days=pl.col("occurred_on").sort())
    )
    return _found(
        _named(of, days),
        rule,
        pl.format("{} {} times", pl.lit(kind.value), pl.col("days").list.len()),
        expected=pl.lit("1"),
        found=pl.col("days").list.eval(pl.element().cast(pl.String)).list.join(", "),
    )


def _unknown_targets(dangling: pl.DataFrame) -> pl.DataFrame:
    return _found(
        dangling,
        "TRAJECT-006",
        pl.format("event {} names event {}, which has not been delivered", event_name("event_id"), "target"),
        expected=pl.col("target"),
        subject=pl.format("{}/{}", "provider_code", event_name("event_id")),
    )


def _circles(circular: pl.DataFrame) -> pl.DataFrame:
    return _found(
        circular,
        "TRAJECT-007",
        pl.format("event {} and event {} correct each other in a circle", event_name("event_id"), "target"),
        subject=pl.format("{}/{}", "provider_code", event_name("event_id")),
    )


def _two_clients(of: Steps) -> pl.DataFrame:
    rows = of.fetched(of.rows, "client_key")
    others = rows.filter(~is_first() & pl.col("client_key").ne_missing(pl.col("client_key").shift()))
    several = rows.join(others.select(NUMBER).unique(), on=NUMBER, how="semi").group_by(NUMBER)
    clients = several.agg(pl.col("at").first(), clients=pl.col("client_key").n_unique())
    return _found(
        _named(of, clients),
        "TRAJECT-008",
        pl.format("{} clients in one trajectory", "clients"),
        expected=pl.lit("1"),
        found=pl.col("clients").cast(pl.String),
    )


def _ends_without_begin(of: Steps) -> pl.DataFrame:
    turns = job_turns(of_trajectories_with(of.rows, EventKind.PLACEMENT_ENDED))
    return _found(
        _named(of, turns.filter(ends_without_begin())),
        "TRAJECT-009",
        pl.format("a placement ends on {} that did not begin", "occurred_on"),
        subject=_of_event(),
    )
