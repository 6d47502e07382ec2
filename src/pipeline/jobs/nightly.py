"""The steps of a night, each of which can be called alone. Here: what belongs together. Not here: when (``flows``)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.errors import told_plainly
from pipeline.jobs.ingest import ingest
from pipeline.jobs.landing import Arrival, Known, arrivals
from pipeline.jobs.receipts import Receipt
from pipeline.jobs.release import Published
from pipeline.jobs.station import Station
from pipeline.store.landing_cache import LandingCache


@dataclass(frozen=True)
class Night:
    """What happened in a run: a receipt per file dealt with, and the release it ended with."""

    receipts: tuple[Receipt, ...]
    published: Published


def take_in(station: Station, progress: Callable[[Receipt], None]) -> tuple[Receipt, ...]:
    """Deal with every file that is news, in the order of their names. ``CannotWrite`` where the disk refuses."""
    with told_plainly("taking in deliveries", station.settings.data_dir):
        return tuple(_take_in(station, progress))


def _take_in(station: Station, progress: Callable[[Receipt], None]) -> Iterator[Receipt]:
    known = Known.from_events(station.log.events())
    cache = LandingCache(station.settings.log / "landing-cache.json")
    for arrival in arrivals(station, known, cache):
        receipt = ingest(station, arrival)
        if receipt.status != "unstable":
            _remember(known, arrival, receipt, station)
        progress(receipt)
        yield receipt
    cache.save()


def _remember(known: Known, arrival: Arrival, receipt: Receipt, station: Station) -> None:
    sidecar = arrival.landed.sidecar_sha256 if arrival.landed else ""
    known.remember(arrival, receipt.delivery, receipt.status, sidecar, station.rules_version)
