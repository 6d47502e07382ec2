"""What is found about trajectories: by the order of events, by their duration, by two providers at once.

Here: the checks of ``relation_findings`` about trajectories, and the rules that take a day or more than one provider to
see. Not here: rules about a provider's own events (``event_order``).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import polars as pl

from pipeline.trajectories.event_order import event_findings, event_name
from pipeline.trajectories.history import EVERY_COLUMN, EVERY_PROGRAMME, Figure, History, history, named
from pipeline.trajectories.horizon import KNOWN_UNTIL, with_horizon
from pipeline.trajectories.horizon import horizons as horizons_of
from pipeline.trajectories.maximum_duration import with_maximum
from pipeline.trajectories.people import everybody
from pipeline.trajectories.provider_digest import FINDINGS_PART, part
from pipeline.trajectories.steps import TRAJECTORY, steps
from pipeline.trajectories.tried import Choice
from pipeline.versions.explanation import Lineage, Trace
from pipeline.versions.finding_rows import findings
from pipeline.versions.projection import Known, RelationCheck
from schemas.sources import trajectory_events
from schemas.tables.checks import RELATION_FINDINGS
from schemas.tables.trajectories import TRAJECTORIES
from schemas.vocabulary import ALL_PROVIDERS

_OF_EVENTS = (
    "TRAJECT-001", "TRAJECT-002", "TRAJECT-003", "TRAJECT-004", "TRAJECT-006", "TRAJECT-007", "TRAJECT-008",
    "TRAJECT-009",
)  # fmt: skip
_TOO_LONG = "TRAJECT-005"
_TWO_PROVIDERS = "RELATION-008"


def too_long(trajectories: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Trajectories that passed the maximum of their programme, as far as their own provider is known."""
    until = pl.min_horizontal(pl.coalesce("ended_on", KNOWN_UNTIL), KNOWN_UNTIL)
    dated = with_horizon(with_maximum(trajectories), horizons).with_columns(until=until)
    late = dated.filter(pl.col("until") > pl.col("latest_end"))
    return findings(
        late,
        _TOO_LONG,
        subject=pl.format("{}/{}", *TRAJECTORY),
        what=pl.format("started on {}, more than {} months before {}", "started_on", "maximum_months", "until"),
        expected=pl.format("ended by {}", "latest_end"),
        found=pl.col("ended_on").cast(pl.String).fill_null("not ended"),
    )


def two_providers(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Clients of one programme with overlapping trajectories at different providers.

    Named by trajectories, not by client.
    """
    spans = trajectories.filter(pl.col("started_on").is_not_null()).select(
        "programme_code", "client_key", *TRAJECTORY, begin="started_on", end=pl.col("ended_on").fill_null(date.max)
    )
    busy = spans.filter(pl.col("provider_code").n_unique().over("programme_code", "client_key") > 1)
    pairs = busy.join(busy, on=["programme_code", "client_key"], suffix="_other").filter(
        (pl.col("provider_code") < pl.col("provider_code_other"))
        & (pl.col("begin") < pl.col("end_other"))
        & (pl.col("begin_other") < pl.col("end"))
    )
    return findings(
        pairs,
        _TWO_PROVIDERS,
        what=pl.format("one client is with {} and {} at once", "provider_code", "provider_code_other"),
        expected=pl.lit("one provider at a time"),
        found=pl.format("{} and {}", "trajectory_id", "trajectory_id_other"),
        subject=pl.format("{}/{}+{}/{}", *TRAJECTORY, "provider_code_other", "trajectory_id_other"),
    )


def _of_providers(rule: str) -> Callable[[Known], pl.DataFrame]:
    def find(known: Known) -> pl.DataFrame:
        return part(known, FINDINGS_PART).filter(rule=rule)

    return find


def _too_long(known: Known) -> pl.DataFrame:
    return too_long(known.table(TRAJECTORIES), horizons_of(known))


def _two_providers(known: Known) -> pl.DataFrame:
    may_be = known.once(everybody).with_several
    trajectories = known.table(TRAJECTORIES)
    return two_providers(trajectories.filter(pl.col("client_key").is_in(may_be.implode())))


def _explain(rule: str) -> Callable[[Lineage, str], Iterable[Trace]]:
    """Of the events of the trajectories and events that a subject names, those without which nothing would be found."""

    def explain(lineage: Lineage, subject: str) -> Iterator[Trace]:
        row = lineage.row(RELATION_FINDINGS, (rule, subject))
        if row is None:
            return
        provider = ALL_PROVIDERS if rule == _TWO_PROVIDERS else subject.partition("/")[0]
        of = history(lineage, EVERY_PROGRAMME, provider)
        about = of.force.with_links(of.won.filter(_is_about(subject)), of.won)
        figure = Figure(RELATION_FINDINGS, row, EVERY_COLUMN, lambda some: _found(rule, some))
        yield from of.traces_of(Choice(named(about.clear(), ""), named(about, "event")), {}, figure)

    return explain


def _is_about(subject: str) -> pl.Expr:
    """A subject names an event, or one or two trajectories, perhaps with an event of it."""
    trajectory, event = pl.format("{}/{}", *TRAJECTORY), pl.format("{}/{}", "provider_code", event_name("event_id"))
    names = pl.lit(f"+{subject}+")
    return (event == subject) | pl.any_horizontal(
        names.str.contains(pl.format("+{}{}", trajectory, pl.lit(after)), literal=True) for after in ("+", "/")
    )


def _found(rule: str, of: History) -> pl.DataFrame:
    """What a rule finds in some events."""
    if rule == _TOO_LONG:
        return too_long(of.trajectories, of.horizons)
    if rule == _TWO_PROVIDERS:
        return two_providers(of.trajectories)
    return event_findings(of.force, steps(of.force.events)).filter(rule=rule)


_EVENTS = (trajectory_events.SOURCE,)
_TRAJECTORIES = (trajectory_events.SOURCE, TRAJECTORIES)

CHECKS: tuple[RelationCheck, ...] = (
    *(RelationCheck((rule,), _EVENTS, find=_of_providers(rule), explain=_explain(rule)) for rule in _OF_EVENTS),
    RelationCheck((_TOO_LONG,), _TRAJECTORIES, find=_too_long, explain=_explain(_TOO_LONG)),
    RelationCheck((_TWO_PROVIDERS,), _TRAJECTORIES, find=_two_providers, explain=_explain(_TWO_PROVIDERS)),
)
