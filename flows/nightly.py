"""The nightly flow: take in what is new, bring the curated tables up to the log.

Here: Prefect's view of the night, coarse tasks that take paths and never rows. Not here: what they do
(``pipeline.jobs``), and what a steward reads (``flows.reports``).
"""

import os
from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.runtime import deployment
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Cancelled, Completed, State

from flows import embedded, missed_nights, questions, reports
from flows.data_dir import VARIABLE, here
from flows.flow_decorator import in_words, told_apart
from flows.write_turn import my_turn
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.nightly import Night, still_not_taken, take_in
from pipeline.jobs.release.publish import Published, release
from pipeline.jobs.upkeep.maintain import tidy
from pipeline.jobs.workspace import Writer, open_workspace, open_writer
from pipeline.steward.reports import Held

HELD = "Held"
"""Name of the state of a night after which deliveries wait for a steward."""
BLOCKED = "Blocked"
"""Name of the state of a night whose figures wait for a steward, because final ones would change."""


def _writer(moment: datetime) -> Writer:
    return open_writer(here(), clock=lambda: moment)


@task(name="take in deliveries")
@told_apart
def take_in_deliveries(moment: datetime) -> tuple[Receipt, ...]:
    """Land, parse, validate and record every file that is new. ``moment``: when the night began.

    Tasks open the data folder themselves: their parameters are kept and shown, and a writer holds the key.
    """
    logger = get_run_logger()

    def report(receipt: Receipt) -> None:
        logger.info("%s %s: %d rows", receipt.status, receipt.file_name, receipt.rows_read)

    return take_in(_writer(moment), report)


@task(name="publish a release")
@told_apart
def publish_release(moment: datetime) -> Published:
    """Project the log and publish, unless the current release shows it already."""
    logger = get_run_logger()
    return release(_writer(moment), lambda text: logger.info("%s", text))


@flow(name="nightly", persist_result=False)
@in_words
def nightly_flow() -> State[Any]:
    """Every night: what arrived in data/raw becomes checked tables in data/curated/current."""
    settings = here()
    with my_turn(settings):
        if other := missed_nights.done_meanwhile(settings.data_dir):
            return Cancelled(name=missed_nights.CAUGHT_UP, message=f"Not needed: {other} began after this was due.")
        missed_nights.clear_the_late()
        began = datetime.now(UTC)
        receipts = take_in_deliveries(began)
        published = publish_release(began)
        night = Night(receipts, published, still_not_taken(open_workspace(settings), receipts))
        missed_nights.note_night(settings.data_dir, began)
        tidy(_writer(began))  # last, so that a full disk cannot stop the figures
        waiting = reports.held(open_workspace(settings))
        if deployment.id:
            _ask(night, waiting)  # while alone: of two nights that end together both would ask
    reports.night_report(night, waiting)
    return _ended(night, len(waiting))


def _ask(night: Night, waiting: tuple[Held, ...]) -> None:
    block = night.published.block
    questions.keep_open(questions.DELIVERY, {each.delivery: {"delivery": each.delivery} for each in waiting})
    final = {block.id: {"block": block.id, "reasons": list(block.reasons)}} if block else {}
    questions.keep_open(questions.RELEASE, final)


def _ended(night: Night, waiting: int) -> State[Any]:
    release_id = night.published.release.id
    outcome = f"New release {release_id}." if night.published.is_new else f"Release {release_id} stays as it was."
    message = f"{len(night.receipts)} files dealt with. {outcome}"
    if night.published.block:
        message += f" Final figures would change: decide in the waiting run of {questions.RELEASE}."
    if waiting:
        message += f" {waiting} held: decide in the waiting runs of {questions.DELIVERY}."
    name = BLOCKED if night.published.block else HELD if waiting else "Completed"
    return Completed(name=name, message=message, data=night)


def nightly(data_dir: str = "data") -> Night:
    """The night for one data folder, here and now: the command line's way in."""
    os.environ[VARIABLE] = data_dir
    embedded.end_server_with_us()
    # The heartbeat's thread is waited for at the end of every run, a second; the kernel shows who lives.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        night: Night = nightly_flow()
    return night
