"""Everything the log says, as known on a day.

Here: reading what a projection needs, and projecting it; what a past day needs of it is kept, since it does not change
until a delivery of before that day or a decision arrives. Not here: publishing (``release``), the events of single
providers (``providers``), clients in stock (``presence``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.caseload import stock
from pipeline.caseload.delivery_counts import COUNTS_VERSION, SHAPE, tally
from pipeline.checks import provider_reports
from pipeline.checks.claims.lookup import Knowledge
from pipeline.errors import CannotWrite
from pipeline.jobs.as_of.providers import Providers, Told
from pipeline.jobs.workspace import Writer
from pipeline.store.count_cache import CountCache
from pipeline.store.step_cache import StepCache, fingerprint
from pipeline.trajectories import programmes
from pipeline.versions.status_by_day import READING, StatusByDay
from pipeline.versions.supersede import redelivered, winning
from schemas.catalogue import SOURCES
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.tables.checks import RECONCILIATION
from schemas.vocabulary import DeliveryStatus, SourceName

PAST_VERSION = "2"
"""Raised when the same knowledge of a past day comes to something else, so that what was kept is made again."""

_SMALL = (
    SourceName.CASELOAD_TOTALS,
    SourceName.PROVIDER_REPORTS,
    SourceName.PUBLISHED_FIGURES,
    SourceName.MUNICIPAL_STATISTICS,
    SourceName.NATIONAL_STATISTICS,
)
"""Sources whose rows are read whole; benefits are read as tallies, events of trajectories provider by provider."""


@dataclass(frozen=True)
class Evidence:
    """What the log holds, before anything supersedes anything."""

    events: pl.DataFrame
    rows: dict[str, pl.DataFrame]
    tallies: pl.DataFrame
    ledgers: StatusByDay
    providers: Providers
    cells: StepCache


@dataclass(frozen=True)
class State:
    """What was known on a day: the winning rows of every source but events of trajectories, and what follows of all."""

    known_on: date | None
    latest: date | None
    ledger: pl.DataFrame
    winners: dict[str, pl.DataFrame]
    caseload: stock.Caseload
    programmes: programmes.Programmes
    scopes: dict[str, pl.DataFrame]
    """Per source what each delivery is about (delivery, rank, scope), or the versions that follow from it."""
    cells: StepCache

    def knowledge(self) -> Knowledge:
        return Knowledge(
            known_on=self.known_on or self.latest or date.min,
            stock=self.caseload.stock,
            flow=self.caseload.flow,
            national=self.winners[SourceName.NATIONAL_STATISTICS],
            municipal=self.winners[SourceName.MUNICIPAL_STATISTICS],
            programmes=self.programmes.facts(),
        )


def gather(
    writer: Writer,
    events: pl.DataFrame,
    progress: Callable[[str], None],
    *,
    afresh: bool = False,
    keeps: bool = True,
) -> Evidence:
    """Read the log: small sources whole, benefits through their tallies, counting only what has not been counted
    before.

    ``afresh`` makes everything again that could have been kept. Without ``keeps`` nothing new is kept but tallies: for
    a look at another state of the log than the newest.
    """
    ledgers = StatusByDay(events)
    rows = {name.value: _rows(writer, ledgers, name) for name in _SMALL}
    tallies = _tallies(writer, ledgers.readings(SourceName.CASELOAD), progress, afresh=afresh)
    cells = StepCache(writer.settings.curated / ".cells", afresh=afresh, keeps=keeps)
    providers = Providers(writer.log.sources[SourceName.TRAJECTORY_EVENTS.value], cells, ledgers)
    return Evidence(events, rows, tallies, ledgers, providers, cells)


def _rows(writer: Writer, ledgers: StatusByDay, name: SourceName) -> pl.DataFrame:
    readings = ledgers.readings(name)
    rows = writer.log.sources[name.value].rows(readings["delivery"].to_list()).collect()
    return rows.join(readings, on=READING, how="semi")


def _tallies(writer: Writer, readings: pl.DataFrame, progress: Callable[[str], None], *, afresh: bool) -> pl.DataFrame:
    """The counts of all readings of benefits: kept ones, and new ones where none was kept or one was damaged."""
    store = CountCache(writer.settings.curated / ".tallies", COUNTS_VERSION)
    _count(writer, store, readings if afresh else store.missing(readings), progress)
    if (counts := store.read(readings, SHAPE)) is not None:
        return counts
    _count(writer, store, store.damaged(readings, SHAPE), progress)
    if (counts := store.read(readings, SHAPE)) is None:
        raise CannotWrite(
            f"{store.root}: counts of benefits cannot be read back right after they were written. "
            "Have the disk checked, then run again."
        )
    return counts


def _count(writer: Writer, store: CountCache, missing: pl.DataFrame, progress: Callable[[str], None]) -> None:
    table = writer.log.sources[SourceName.CASELOAD.value]
    for number, (delivery, processing, rules) in enumerate(missing.select(READING).iter_rows(), 1):
        rows = table.rows([delivery]).filter((pl.col("processing") == processing) & (pl.col("rules_version") == rules))
        store.keep(delivery, processing, tally(rows))
        progress(f"counted {number} of {missing.height} deliveries of benefits")


def state(evidence: Evidence, known_on: date | None = None) -> State:
    """Supersede and project, with the deliveries of ``known_on`` and before (all, when it is None)."""
    folded = evidence.ledgers.on(known_on)
    scopes = {
        name.value: _scopes(_source_rows(evidence, name), evidence.ledgers.ranks(name, known_on), name)
        for name in SourceName
        if name is not SourceName.TRAJECTORY_EVENTS
    }
    found = programmes_on(evidence, known_on)
    scopes[SourceName.TRAJECTORY_EVENTS.value] = found.versions
    winners = {name.value: _winners(evidence, name, known_on) for name in _SMALL}
    winners[SourceName.CASELOAD.value] = _winners(evidence, SourceName.CASELOAD, known_on)
    return State(
        known_on=known_on,
        latest=_last_day(folded),
        ledger=folded,
        winners=winners,
        caseload=stock.project(
            winners[SourceName.CASELOAD],
            winners[SourceName.CASELOAD_TOTALS],
            {name.value: redelivered(scopes[name.value]) for name in _OWN},
            _last_own_day(folded),
        ),
        programmes=found,
        scopes=scopes,
        cells=evidence.cells,
    )


def _source_rows(evidence: Evidence, name: SourceName) -> pl.DataFrame:
    return evidence.tallies if name is SourceName.CASELOAD else evidence.rows[name.value]


def _scopes(rows: pl.DataFrame, ranks: pl.DataFrame, name: SourceName) -> pl.DataFrame:
    reading = ["delivery", "processing"]
    about = rows.select(*reading, *SOURCES[name.value].scope).unique()
    return about.join(ranks.select(*reading, "rank"), on=reading, how="inner").drop("processing")


def _winners(evidence: Evidence, name: SourceName, known_on: date | None) -> pl.DataFrame:
    ranks = evidence.ledgers.ranks(name, known_on)
    return winning(_source_rows(evidence, name), ranks, SOURCES[name.value].scope)


_OWN = (SourceName.CASELOAD, SourceName.CASELOAD_TOTALS)
"""Sources whose age and redeliveries make the vintage of a stock."""


def _last_own_day(folded: pl.DataFrame) -> date | None:
    return _last_day(folded.filter(pl.col("source").is_in(_OWN) & (pl.col("status") == DeliveryStatus.RECORDED)))


def _last_day(folded: pl.DataFrame) -> date | None:
    day = folded["delivered_on"].max()
    return day if isinstance(day, date) else None


def knowledge_on_publication(evidence: Evidence, told: pl.DataFrame) -> dict[date, Knowledge]:
    """What was known on each day on which one of these figures was published, as far as a check of them asks."""
    return {day: _knowledge_on(evidence, day, of_day) for day, of_day in _by_day(told, "published_on")}


def _by_day(frame: pl.DataFrame, column: str) -> Iterator[tuple[date, pl.DataFrame]]:
    for (day,), of_day in frame.sort(column, maintain_order=True).group_by(column, maintain_order=True):
        if isinstance(day, date):
            yield day, of_day


def _knowledge_on(evidence: Evidence, day: date, told: pl.DataFrame) -> Knowledge:
    shapes = {"stock": CASELOAD_STOCK.polars_schema, "flow": CASELOAD_FLOW.polars_schema}
    readings = [evidence.ledgers.ranks(name, day).select(*READING, "delivered_on") for name in _OWN]
    name = fingerprint(PAST_VERSION, COUNTS_VERSION, day, *(row for frame in readings for row in frame.iter_rows()))
    past = evidence.cells.frames("caseload", name, shapes, lambda: _caseload_on(evidence, day))
    return Knowledge(
        known_on=day,
        stock=past["stock"],
        flow=past["flow"],
        national=_winners(evidence, SourceName.NATIONAL_STATISTICS, day),
        municipal=_winners(evidence, SourceName.MUNICIPAL_STATISTICS, day),
        programmes=_facts_on(evidence, day) if told["programme_code"].is_not_null().any() else {},
    )


def _caseload_on(evidence: Evidence, day: date) -> dict[str, pl.DataFrame]:
    scopes = {
        name.value: _scopes(_source_rows(evidence, name), evidence.ledgers.ranks(name, day), name) for name in _OWN
    }
    tallies, totals = (_winners(evidence, name, day) for name in _OWN)
    again = {name: redelivered(of_name) for name, of_name in scopes.items()}
    found = stock.project(tallies, totals, again, _last_own_day(evidence.ledgers.on(day)))
    return {"stock": found.stock, "flow": found.flow}


def _facts_on(evidence: Evidence, day: date) -> dict[str, programmes.ProgrammeFacts]:
    told = evidence.providers.told([day])
    name = fingerprint(PAST_VERSION, *(each.name for each in told))
    started = evidence.cells.frame("started", name, programmes.STARTED, lambda: _started(evidence, told))
    return programmes.facts_of(started, _last_day(evidence.ledgers.ranks(SourceName.TRAJECTORY_EVENTS, day)))


def _started(evidence: Evidence, told: Iterable[Told]) -> pl.DataFrame:
    frames = [programmes.started(frame) for _, frame in evidence.providers.trajectories(tuple(told))]
    return pl.concat([pl.DataFrame(schema=programmes.STARTED), *frames]).sort("trajectory_id", "provider_code")


_REPORTED = [
    "provider_code",
    "programme_code",
    "period_from",
    "period_until",
    "target_group",
    *provider_reports.INDICATORS,
]

_BESIDE = pl.Schema({"cell": pl.String(), **RECONCILIATION.polars_schema})


def reports_beside_events(evidence: Evidence, reports: pl.DataFrame) -> pl.DataFrame:
    """Each report beside the events as known when it was delivered: a later correction does not make it wrong.

    Rows of ``reconciliation``.
    """
    asked = {}
    told = {(each.day, each.provider): each for each in evidence.providers.told(reports["delivered_on"].unique())}
    ordered = reports.select("delivered_on", *_REPORTED).sort(_REPORTED)
    for (day, provider), own in ordered.partition_by("delivered_on", "provider_code", as_dict=True).items():
        events = told.get((day, str(provider)), Told(day, str(provider), ()))
        own_report = own.drop("delivered_on")
        asked[fingerprint(PAST_VERSION, events.name, own_report.write_csv())] = events, own_report
    keys = pl.DataFrame({"cell": list(asked)}, schema={"cell": pl.String()})
    beside = evidence.cells.book("reports", keys, _BESIDE, lambda missing: _beside(evidence, asked, missing["cell"]))
    return beside.drop("cell").drop_nulls("subject").sort(RECONCILIATION.key)


def _beside(evidence: Evidence, asked: Mapping[str, tuple[Told, pl.DataFrame]], cells: Iterable[str]) -> pl.DataFrame:
    waiting: dict[Told, list[str]] = {}
    for cell in cells:
        waiting.setdefault(asked[cell][0], []).append(cell)
    parts = [
        provider_reports.report_reconciliation(asked[cell][1], trajectories).select(
            pl.lit(cell).alias("cell"), pl.all()
        )
        for told, trajectories in evidence.providers.trajectories(list(waiting))
        for cell in waiting[told]
    ]
    return pl.concat([pl.DataFrame(schema=_BESIDE), *parts])


def programmes_on(evidence: Evidence, known_on: date | None) -> programmes.Programmes:
    """Everything about programmes from the events delivered on that day and before."""
    told = [evidence.providers.known(each) for each in evidence.providers.told([known_on])]
    horizon = _last_day(evidence.ledgers.ranks(SourceName.TRAJECTORY_EVENTS, known_on))
    return programmes.together(told, horizon)
