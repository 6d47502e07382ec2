"""The description of the backfill's deployment shows which months there are, beside its form.

Here: keeping it up to date. Not here: the calendar (``pipeline.steward.month_calendar``).
"""

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentUpdate

from flows.data_dir import here
from pipeline.errors import UitstroomError
from pipeline.jobs.workspace import open_workspace
from pipeline.steward import month_calendar
from pipeline.store.log.log import Log

DEPLOYMENT = "backfill-plan"
_RULE = "\n\n---\n\n"


def with_months(description: str) -> str:
    """The description with the calendar of now below it; as it is where there is no data folder yet."""
    try:
        return _joined(description, open_workspace(here()).log)
    except UitstroomError:
        return description


def renew(log: Log) -> None:
    """Put the calendar of now in the place of the one that stands there."""
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(f"{DEPLOYMENT}/{DEPLOYMENT}")
        own = str(deployment.description or "").partition(_RULE)[0]
        client.update_deployment(deployment.id, DeploymentUpdate(description=_joined(own, log)))


def _joined(description: str, log: Log) -> str:
    return f"{description}{_RULE}{month_calendar.section_of(month_calendar.calendar(log.events()))}"
