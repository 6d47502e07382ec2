"""Everything the log says, as known on a day.

Here: reading what a projection needs, and projecting it. Not here: publishing (``release``).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.core import caseload, ledger, programmes
from pipeline.core.claims_lookup import Knowledge
from pipeline.core.supersede import versions, winning
from pipeline.core.tally import SHAPE, TALLY_VERSION, tally
from pipeline.jobs.station import Station
from pipeline.store.tallies import TallyStore
from schemas.catalogue import SOURCES
from schemas.sources.caseload import IS_LIVE
from schemas.vocabulary import DeliveryStatus, SourceName

_SMALL = (
    SourceName.CASELOAD_TOTALS,
    SourceName.TRAJECTORY_EVENTS,
    SourceName.PROVIDER_REPORTS,
    SourceName.PUBLISHED_FIGURES,
    SourceName.MUNICIPAL_STATISTICS,
    SourceName.NATIONAL_STATISTICS,
)
"""Sources whose rows are read whole; benefits are read as tallies."""


_READING = ["delivery", "processing", "rules_version"]
"""What makes a row of the log count: a run killed before its event may have left rows judged by other rules."""


@dataclass(frozen=True)
class Evidence:
    """What the log holds, before anything supersedes anything."""

    events: pl.DataFrame
    rows: dict[str, pl.DataFrame]
    tallies: pl.DataFrame


@dataclass(frozen=True)
class State:
    """What was known on a day: the winning rows of every source, and the caseload that follows."""

    known_on: date | None
    latest: date | None
    ledger: pl.DataFrame
    winners: dict[str, pl.DataFrame]
    caseload: caseload.Caseload
    programmes: programmes.Programmes
    scopes: dict[str, pl.DataFrame]

    def knowledge(self) -> Knowledge:
        return Knowledge(
            known_on=self.known_on or self.latest or date.min,
            stock=self.caseload.stock,
            flow=self.caseload.flow,
            national=self.winners[SourceName.NATIONAL_STATISTICS],
            municipal=self.winners[SourceName.MUNICIPAL_STATISTICS],
            programmes=self.programmes.facts(),
        )


def gather(station: Station, events: pl.DataFrame, progress: Callable[[str], None]) -> Evidence:
    """Read the log: small sources whole, benefits through their tallies, counting only what has not been counted
    before.
    """
    folded = ledger.fold(events)
    rows = {name.value: _rows(station, folded, name) for name in _SMALL}
    readings = ledger.recorded(folded, SourceName.CASELOAD)
    store = TallyStore(station.settings.curated / ".tallies", TALLY_VERSION)
    _count_missing(station, store, readings, progress)
    return Evidence(events, rows, store.read(readings, SHAPE))


def _rows(station: Station, folded: pl.DataFrame, name: SourceName) -> pl.DataFrame:
    readings = ledger.recorded(folded, name)
    rows = station.log.sources[name.value].rows(readings["delivery"].to_list()).collect()
    return rows.join(readings.select(_READING), on=_READING, how="semi")


def _count_missing(
    station: Station, store: TallyStore, readings: pl.DataFrame, progress: Callable[[str], None]
) -> None:
    missing = store.missing(readings)
    table = station.log.sources[SourceName.CASELOAD.value]
    for number, (delivery, processing, rules) in enumerate(missing.select(_READING).iter_rows(), 1):
        rows = table.rows([delivery]).filter((pl.col("processing") == processing) & (pl.col("rules_version") == rules))
        store.keep(delivery, processing, tally(rows))
        progress(f"counted {number} of {missing.height} deliveries of benefits")


def state(evidence: Evidence, known_on: date | None = None) -> State:
    """Supersede and project, with the deliveries of ``known_on`` and before (all, when it is None)."""
    folded = ledger.fold(evidence.events, known_on)
    winners: dict[str, pl.DataFrame] = {}
    scopes: dict[str, pl.DataFrame] = {}
    for name in SourceName:
        source = SOURCES[name.value]
        ranks = ledger.recorded(folded, name)
        rows = evidence.tallies if name is SourceName.CASELOAD else evidence.rows[name.value]
        winners[name.value] = winning(rows, ranks, source.scope)
        scopes[name.value] = (
            rows.select("delivery", "processing", *source.scope)
            .unique()
            .join(ranks.select("delivery", "processing", "rank"), on=["delivery", "processing"], how="inner")
            .drop("processing")
        )
    latest = _last_day(folded)
    own = _last_day(folded.filter(pl.col("source").is_in(_OWN) & (pl.col("status") == DeliveryStatus.RECORDED)))
    return State(
        known_on=known_on,
        latest=latest,
        ledger=folded,
        winners=winners,
        caseload=caseload.project(
            winners[SourceName.CASELOAD],
            winners[SourceName.CASELOAD_TOTALS],
            _revised(scopes),
            known_on or own,
        ),
        programmes=programmes_on(evidence, known_on),
        scopes=scopes,
    )


_OWN = (SourceName.CASELOAD, SourceName.CASELOAD_TOTALS)
"""Sources whose age and redeliveries make the vintage of a stock."""


def _last_day(folded: pl.DataFrame) -> date | None:
    day = folded["delivered_on"].max()
    return day if isinstance(day, date) else None


def programmes_on(evidence: Evidence, known_on: date | None) -> programmes.Programmes:
    """Everything about programmes from the events delivered on that day and before."""
    name = SourceName.TRAJECTORY_EVENTS
    folded = ledger.fold(evidence.events, known_on)
    ranks = ledger.recorded(folded, name)
    rows = winning(evidence.rows[name], ranks, SOURCES[name.value].scope)
    return programmes.project(rows, _last_day(ranks))


def _revised(scopes: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([versions(scopes[name]) for name in _OWN]).filter(pl.col("version_of_scope") > 1)


def states_on(evidence: Evidence, days: Iterable[date]) -> dict[date, State]:
    """The state as known on each of some days."""
    return {day: state(evidence, day) for day in sorted(set(days))}


def presence(station: Station, now: State) -> pl.DataFrame:
    """When clients who were placed, or their partners, were in stock; and, without a client, every reference date."""
    winners = now.winners[SourceName.CASELOAD]
    dates = winners.select(pl.col("reference_date").unique()).select(
        client_key=pl.lit(None, pl.String()), reference_date="reference_date"
    )
    placed = now.programmes.trajectories.filter(pl.col("placed_on").is_not_null())["client_key"].unique()
    if placed.is_empty():
        return dates
    scopes = winners.select("delivery", "processing", "municipality_code", "reference_date").unique()
    live = station.log.sources[SourceName.CASELOAD.value].rows().filter(IS_LIVE)
    parts = [
        live.filter(pl.col(name).is_in(placed.implode()))
        .select(pl.col(name).alias("client_key"), *scopes.columns)
        .join(scopes.lazy(), on=scopes.columns, how="semi")
        .select("client_key", "reference_date")
        .collect()
        for name in ("client_key", "partner_key")
    ]
    return pl.concat([dates, *parts])
