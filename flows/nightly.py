"""The nightly flow: take in what is new, bring the curated tables up to the log.

Here: Prefect's view of the night, coarse tasks that take paths and never rows. Not here: what they do
(``pipeline.jobs``), and what a steward reads (``flows.reports``).
"""

import os
from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.runtime import deployment, flow_run
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Cancelled, State

from flows import last_night, missed_nights, month_descriptions, news, questions, rejections, reports
from flows.data_dir import VARIABLE, here
from flows.flow_decorator import in_words, told_apart
from flows.night_end import ended
from flows.questions import Wanted
from flows.run_names import about_file, dated
from flows.write_turn import my_turn
from pipeline.jobs import plan_holds
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.nightly import Night, still_not_taken, take_in
from pipeline.jobs.release.publish import Published, release
from pipeline.jobs.upkeep.maintain import tidy
from pipeline.jobs.workspace import Writer, open_workspace, open_writer
from pipeline.steward.held_reports import Held
from pipeline.steward.wording import told, words
from schemas.sentences import said
from schemas.spelling import shown
from schemas.vocabulary import DeliveryStatus


def _writer(moment: datetime) -> Writer:
    return open_writer(here(), clock=lambda: moment)


@task(name=words("leveringen opnemen", "take in deliveries"))
@told_apart
def take_in_deliveries(moment: datetime) -> tuple[Receipt, ...]:
    """Land, parse, validate and record every file that is new. ``moment``: when the night began.

    Tasks open the data folder themselves: their parameters are kept and shown, and a writer holds the key.
    """
    logger = get_run_logger()

    def report(receipt: Receipt) -> None:
        status, name = DeliveryStatus(receipt.status), shown(receipt.file_name)
        logger.info("%s", told(said("at.file", file=name, status=status, count=receipt.rows_read)))

    return take_in(_writer(moment), report)


@task(name=words("uitgave maken", "publish a release"))
@told_apart
def publish_release(moment: datetime) -> Published:
    """Project the log and publish, unless the current release shows it already."""
    logger = get_run_logger()
    return release(_writer(moment), lambda what: logger.info("%s", told(what)))


@flow(name="nightly", flow_run_name=dated("nightly"), persist_result=False)
@in_words
def nightly_flow() -> State[Any]:
    """Every night: what arrived in data/raw becomes checked tables in data/curated/current."""
    settings = here()
    with my_turn(settings):
        if other := missed_nights.done_meanwhile(settings.data_dir):
            return Cancelled(name=missed_nights.CAUGHT_UP, message=told(said("night.not-needed", run=other)))
        missed_nights.clear_the_late()
        began = datetime.now(UTC)
        if deployment.id:
            questions.withdraw_plans(_writer(began))
        receipts = take_in_deliveries(began)
        published = publish_release(began)
        workspace = open_workspace(settings)
        night = Night(receipts, published, still_not_taken(workspace, receipts), plan_holds.holds(workspace))
        last_night.note(settings.data_dir, flow_run.get_name(), began)
        tidy(_writer(began))  # last, so that a full disk cannot stop the figures
        waiting = reports.held(open_workspace(settings))
        # While alone: of two nights that end together both would ask.
        asked = _ask(night, waiting) if deployment.id else []
        rejected = rejections.untold(settings.data_dir, receipts, open_workspace(settings).log.events())
    reports.night_report(night, waiting, workspace)
    reports.months_report(workspace.log)
    if deployment.id:
        month_descriptions.renew(workspace.log)
    rejections.note_told(settings.data_dir, open_workspace(settings).log.events())
    state = ended(night, waiting, rejected, is_shown=bool(deployment.id))
    if deployment.id and (asked or rejected):
        news.tell(state)
    return state


def _ask(night: Night, waiting: tuple[Held, ...]) -> list[str]:
    """Ask what waits, withdraw what is settled; what is asked for the first time."""
    block = night.published.block
    held = {
        each.delivery: Wanted({"delivery": each.delivery}, about_file("accept?", each.file_name, each.about))
        for each in waiting
    }
    new = questions.keep_open(questions.DELIVERY, held)
    final = {}
    if block:
        final[block.id] = Wanted(
            {"block": block.id, "reasons": list(block.reasons)}, f"approve? {reports.block_name(block)}"
        )
    return new + questions.keep_open(questions.RELEASE, final)


def nightly(data_dir: str = "data") -> Night:
    """The night for one data folder, here and now: the command line's way in."""
    os.environ[VARIABLE] = data_dir
    # The heartbeat's thread is waited for at the end of every run, a second; the kernel shows who lives.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        night: Night = nightly_flow()
    return night
