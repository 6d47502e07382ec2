"""What is found about trajectories: by the order of events, by their duration, by two providers at once.

Here: the checks of ``relation_findings`` about trajectories, and the rules that take a day or more than one provider to
see. Not here: rules about a provider's own events (``event_order``).
"""

from collections.abc import Callable, Iterable
from datetime import date

import polars as pl

from pipeline.trajectories.events_behind import events_of_trajectory
from pipeline.trajectories.horizon import KNOWN_UNTIL, with_horizon
from pipeline.trajectories.horizon import horizons as horizons_of
from pipeline.trajectories.maximum_duration import with_maximum
from pipeline.trajectories.provider_digest import FINDINGS_PART, part
from pipeline.trajectories.settle import TRAJECTORY
from pipeline.versions.explanation import Lineage, Trace
from pipeline.versions.finding_rows import findings
from pipeline.versions.projection import Known, RelationCheck
from schemas.sources import trajectory_events
from schemas.tables.trajectories import TRAJECTORIES

_OF_TRAJECTORY = ("TRAJECT-001", "TRAJECT-002", "TRAJECT-003", "TRAJECT-004", "TRAJECT-008", "TRAJECT-009")
_OF_EVENT = ("TRAJECT-006", "TRAJECT-007")
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


def _of_providers(rules: tuple[str, ...]) -> Callable[[Known], pl.DataFrame]:
    def find(known: Known) -> pl.DataFrame:
        return part(known, FINDINGS_PART).filter(pl.col("rule").is_in(rules))

    return find


def _too_long(known: Known) -> pl.DataFrame:
    return too_long(known.table(TRAJECTORIES), horizons_of(known))


def _two_providers(known: Known) -> pl.DataFrame:
    return two_providers(known.table(TRAJECTORIES))


def _explain_trajectories(lineage: Lineage, subject: str) -> Iterable[Trace]:
    """The events of each trajectory that the subject names, joined by ``+``."""
    for named in subject.split("+"):
        provider, trajectory = named.split("/")[:2]
        yield from events_of_trajectory(lineage, provider, trajectory)


def _explain_event(lineage: Lineage, subject: str) -> Iterable[Trace]:
    provider, _, event = subject.partition("/")
    events = lineage.rows(trajectory_events.SOURCE, provider_code=provider, event_id=event)
    return lineage.traces("event", trajectory_events.SOURCE, events)


_EVENTS = (trajectory_events.SOURCE,)
_TRAJECTORIES = (trajectory_events.SOURCE, TRAJECTORIES)

CHECKS: tuple[RelationCheck, ...] = (
    RelationCheck(_OF_TRAJECTORY, _EVENTS, find=_of_providers(_OF_TRAJECTORY), explain=_explain_trajectories),
    RelationCheck(_OF_EVENT, _EVENTS, find=_of_providers(_OF_EVENT), explain=_explain_event),
    RelationCheck((_TOO_LONG,), _TRAJECTORIES, find=_too_long, explain=_explain_trajectories),
    RelationCheck((_TWO_PROVIDERS,), _TRAJECTORIES, find=_two_providers, explain=_explain_trajectories),
)
