"""The events of a programme once more, each with its row in a file: what explanations choose from.

The steps are those of the projections, so that the rows that are named are the rows that were counted. Here: these
frames, from a choice of events to traces. Not here: which events decide a figure (beside its sum), which show how far a
provider is known (``known_until``), reading the log (``jobs.lineage``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pipeline.trajectories.as_known import as_known
from pipeline.trajectories.corrections import InForce, in_force
from pipeline.trajectories.horizon import KNOWN_UNTIL, last_days
from pipeline.trajectories.horizon import horizons as horizons_of
from pipeline.trajectories.known_until import Record, known_until
from pipeline.trajectories.settle import TRAJECTORY, first_of, in_order, settle
from pipeline.versions.explanation import Lineage, Trace
from pipeline.versions.projection import Known
from schemas.sources import trajectory_events
from schemas.tables.trajectories import TRAJECTORIES
from schemas.vocabulary import ALL_PROVIDERS, EventKind

_ROW = ["delivery", "row"]


Until = tuple[date, date]
"""A figure needs its provider to be known until the first day, and until what is chosen of before the second."""


@dataclass(frozen=True)
class History:
    """Events of a programme with what follows from them."""

    lineage: Lineage
    programme: str
    won: pl.DataFrame
    """Every event that the last delivery about it has, whether it is in force or not."""
    events: pl.DataFrame
    """Those in force, in order."""
    force: InForce
    settled: pl.DataFrame
    trajectories: pl.DataFrame
    horizons: pl.DataFrame

    def last_day(self, provider: str, month: date | None = None) -> date:
        """The last day known of a provider in the programme or of all, not after the end of the month."""
        known = last_days(self.trajectories, self.horizons).filter(
            programme_code=self.programme, provider_code=provider
        )[KNOWN_UNTIL][0]
        until: date = known if month is None else min(known, pl.select(pl.lit(month).dt.month_end()).item())
        return until

    def first(self, kind: EventKind, of: pl.DataFrame, part: str) -> pl.DataFrame:
        """The event of a kind that the tables look at, of some trajectories."""
        return named(first_of(self.events, kind).join(of.select(TRAJECTORY).unique(), on=TRAJECTORY, how="semi"), part)

    def is_there(self, rows: Iterable[pl.DataFrame], *kinds: EventKind) -> bool:
        """Whether an event of these kinds is among those chosen."""
        chosen = self.events.filter(pl.col("event").is_in([kind.value for kind in kinds]))
        return any(chosen.join(each, on=_ROW, how="semi").height for each in rows)

    def started(self, of: pl.DataFrame) -> pl.DataFrame:
        return self.first(EventKind.STARTED, of, "started")

    def placed(self, of: pl.DataFrame) -> pl.DataFrame:
        return self.first(EventKind.PLACED, of, "placed")

    def ended(self, of: pl.DataFrame) -> pl.DataFrame:
        return self.first(EventKind.ENDED, of, "ended")

    def traces(self, rows: Iterable[pl.DataFrame], known: Mapping[str, Until]) -> Iterator[Trace]:
        """Traces to events (``named``) that decide a count, and to those by which they are of that client.

        ``known``: how far each provider (or all) has to be known for the figure.
        """
        chosen = pl.concat([pl.DataFrame(schema=_NAMED), *rows]).unique(maintain_order=True)
        yield from self.traces_of(pl.concat([chosen, self._whose(chosen)]), known)

    def traces_of(self, chosen: pl.DataFrame, known: Mapping[str, Until]) -> Iterator[Trace]:
        """Traces to events (``named``) that decide something of one trajectory, whosoever it is."""
        days = self.won.join(chosen, on=_ROW, how="semi")["occurred_on"]
        for provider, (least, most) in known.items():
            day = max([least, *days.filter(days <= most)])
            chosen = pl.concat([chosen, self._known_until(chosen, provider, day)])
        for part in chosen["part"].unique(maintain_order=True):
            yield from self.lineage.traces(part, trajectory_events.SOURCE, chosen.filter(part=part))

    def _whose(self, chosen: pl.DataFrame) -> pl.DataFrame:
        """The first event of a trajectory, where those chosen alone would tell of another client or programme."""
        own = self.events.join(chosen, on=_ROW, how="semi").unique(TRAJECTORY, keep="first", maintain_order=True)
        first = self.events.join(own, on=TRAJECTORY, how="semi")
        first = first.unique(TRAJECTORY, keep="first", maintain_order=True)
        says = [*TRAJECTORY, "client_key", "programme_code"]
        return named(first.join(own, on=says, how="anti"), "first")

    def _known_until(self, chosen: pl.DataFrame, provider: str, day: date) -> pl.DataFrame:
        """Rows that show that the provider, or one of all, is known so far; none where a chosen one does."""
        return known_until(self._record, self.won.join(chosen, on=_ROW, how="semi"), provider, day).select(
            pl.col(name).cast(dtype) for name, dtype in _NAMED.items()
        )

    @property
    def _record(self) -> Record:
        days = self.lineage.statuses.filter(pl.col("source") == trajectory_events.SOURCE.name).select(
            "delivery", "is_day_assumed", day_of="delivered_on"
        )
        own = pl.when("is_day_assumed").then(pl.min_horizontal("occurred_on", "day_of")).otherwise("day_of")
        won = self.won.join(days, on="delivery").with_columns(reach=own)
        return Record(self.programme, won, self.force, self.events, self.trajectories)


_NAMED = pl.Schema({"part": pl.String(), "delivery": pl.String(), "row": pl.Int64()})


def named(events: pl.DataFrame, part: str) -> pl.DataFrame:
    """The rows of events, as a part of a figure."""
    rows = events.select(pl.lit(part, pl.String()).alias("part"), "delivery", "row")
    return rows.select(pl.col(name).cast(dtype) for name, dtype in _NAMED.items())


def history(lineage: Lineage, programme: str, provider: str = ALL_PROVIDERS) -> History:
    """Of one provider, or of all; read once, however many figures are asked for."""
    return lineage.known.once(_Reading(programme, provider, lineage))


@dataclass(frozen=True)
class _Reading:
    programme: str
    provider: str
    lineage: Lineage = field(compare=False)

    def __call__(self, known: Known) -> History:
        """Corrections may cross programmes, so that all of a provider's events are read."""
        where = {} if self.provider == ALL_PROVIDERS else {"provider_code": self.provider}
        won = self.lineage.rows(trajectory_events.SOURCE, **where)
        force = in_force(won)
        events = in_order(force.events)
        horizons = horizons_of(known)
        settled = settle(events).filter(programme_code=self.programme)
        trajectories = as_known(settled, horizons).sort(TRAJECTORIES.key)
        return History(self.lineage, self.programme, won, events, force, settled, trajectories, horizons)
