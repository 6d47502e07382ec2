"""Flows about releases and upkeep: known-on, rollback, maintain. Not here: how (``pipeline.jobs``)."""

from datetime import date
from typing import Any

from prefect import flow, get_run_logger
from prefect.states import Completed, State

from flows import reports
from flows.data_dir import here
from flows.flow_decorator import in_words
from flows.forms import KnownOnForm, RollbackForm
from flows.run_names import named
from flows.write_turn import my_turn
from pipeline.jobs.release import differences
from pipeline.jobs.release import known_on as known_on_job
from pipeline.jobs.release import rollback as rollback_job
from pipeline.jobs.upkeep import maintain as maintain_job
from pipeline.jobs.workspace import open_workspace, open_writer
from pipeline.steward.wording import told
from schemas.sentences import said


@flow(name="known-on", flow_run_name=named("known on", "day"))
@in_words
def known_on(request: KnownOnForm) -> State[Any]:
    """The tables as they were known on a day, beside the current release."""
    settings, logger = here(), get_run_logger()
    day = date.fromisoformat(request.checked().day)
    with my_turn(settings):
        workspace = open_workspace(settings)
        made = known_on_job.known_on(workspace, day, lambda what: logger.info("%s", told(what)))
        since = differences.since(workspace, made)
    reports.known_on_report(made, day, since)
    return Completed(message=told(said("known-on.made", day=day, release=made.id)))


@flow(name="rollback", flow_run_name=named("rollback to", "release"))
@in_words
def rollback(request: RollbackForm) -> State[Any]:
    """Make an earlier release the current one again."""
    settings, form = here(), request.checked()
    with my_turn(settings):
        made = rollback_job.rollback(open_writer(settings), form.release, by=form.by, why=form.reason)
    return Completed(message=told(said("rollback.done", release=made.id, by=form.by)))


@flow(name="maintain")
@in_words
def maintain() -> State[Any]:
    """Upkeep of the log: fewer and larger files, the same rows."""
    settings, logger = here(), get_run_logger()
    with my_turn(settings):
        done = maintain_job.maintain(open_writer(settings), lambda what: logger.info("%s", told(what)))
    files = sum(table.files_before - table.files_after for table in done.tables)
    return Completed(message=told(said("maintain.done", files=files, releases=len(done.releases))))
