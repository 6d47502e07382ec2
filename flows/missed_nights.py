"""One catch-up run for any number of missed nights. Here: which runs of a deployment are made needless by another.

Not here: what a night does. A night takes in all that lies in ``data/raw``, so a run that began after another was due
has done its work too.
"""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.runtime import deployment, flow_run
from prefect.states import Cancelled

from flows import last_night
from pipeline.steward.wording import told
from schemas.sentences import said

CAUGHT_UP = "CaughtUp"
"""Name of the state of a run whose work another run did."""


def done_meanwhile(data_dir: Path) -> str | None:
    """Name of the night that began after this run was due, and has taken in all that lay ready; None when none did.

    Known from the note that a night leaves. Its state in the server comes later: a run
    that was waiting for it would not see it yet.
    """
    if not deployment.id:
        return None
    last = last_night.last(data_dir)
    if last is None:
        return None
    name, began = last
    return name if began >= flow_run.get_scheduled_start_time() else None


def clear_the_late() -> int:
    """Cancel the other runs of this deployment that are due and have not begun; how many they were."""
    if not deployment.id:
        return 0
    due = FlowRunFilter(
        expected_start_time=FlowRunFilterExpectedStartTime(before_=datetime.now(UTC)),
        state=_in_state(StateType.SCHEDULED, StateType.PENDING),
    )
    with get_client(sync_client=True) as client:
        late = _others(client, due)
        for run in late:
            message = told(said("night.late", run=flow_run.get_name()))
            client.set_flow_run_state(run.id, Cancelled(name=CAUGHT_UP, message=message), force=True)
    return len(late)


def _in_state(*types: StateType) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types)))


def _others(client: SyncPrefectClient, wanted: FlowRunFilter) -> list[FlowRun]:
    ours = DeploymentFilter(id=DeploymentFilterId(any_=[UUID(str(deployment.id))]))
    runs = client.read_flow_runs(flow_run_filter=wanted, deployment_filter=ours)
    return [run for run in runs if str(run.id) != flow_run.get_id()]
