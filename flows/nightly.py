"""The nightly flow: take in what is new, bring the curated tables up to the log.

Here: Prefect's view of the night, two coarse tasks that take paths and never rows. Not here: what they do
(``pipeline.jobs``).
"""

from collections.abc import Callable
from pathlib import Path

from prefect import flow, get_run_logger, task

from pipeline import settings
from pipeline.jobs.nightly import Night, take_in
from pipeline.jobs.receipts import Receipt
from pipeline.jobs.release import Published, release
from pipeline.jobs.station import Station, open_station

Report = Callable[[str], None]


@task(name="take in deliveries")
def take_in_deliveries(station: Station) -> tuple[Receipt, ...]:
    """Land, parse, validate and record every file that is news."""
    logger = get_run_logger()
    return take_in(
        station, lambda receipt: logger.info("%s %s: %d rows", receipt.status, receipt.file_name, receipt.rows_read)
    )


@task(name="publish a release")
def publish_release(station: Station) -> Published:
    """Project the log and publish, unless the current release shows it already."""
    logger = get_run_logger()
    return release(station, lambda text: logger.info("%s", text))


@flow(name="nightly", persist_result=False)
def nightly(data_dir: str = "data") -> Night:
    """Every night: what arrived in data/raw becomes checked tables in data/curated/current."""
    station = open_station(settings.load(Path(data_dir)))
    receipts = take_in_deliveries(station)
    return Night(receipts=receipts, published=publish_release(station))
