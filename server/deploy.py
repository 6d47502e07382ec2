"""Register with a server what this version of the code offers: work pool, deployments, automations; then catch up.

Here: bringing a running server up to date; may be repeated. Not here: what is registered (``prefect.yaml``,
``server.automations``), and starting a server (``server.serve``). ``prefect deploy --all`` does the middle part of it
too, in one process per installation step where this takes one for all.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateName,
    FlowRunFilterStateType,
    Operator,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import PrefectHTTPStatusError
from prefect.flows import load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema
from prefect.workers.process import ProcessWorker

from flows import liveness, month_descriptions
from flows.night_end import NOT_GREEN
from pipeline import __version__
from pipeline.steward.wording import is_english, words
from pipeline.store import standard_streams
from server import automations

ROOT = Path(__file__).parents[1]
MOST_RUNS = 4
"""Runs that may have a process at the same time: one writes, the others wait for it and report that."""
POOL = "uitstroom"
START_SECONDS = 180.0
DUTCH, ENGLISH = "**Nederlands.**", "**English.**"
"""How the two halves of a description in ``prefect.yaml`` begin."""

Declared = dict[str, Any]


def declared() -> list[Declared]:
    """The deployments of ``prefect.yaml``."""
    deployments: list[Declared] = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    return deployments


def register(client: SyncPrefectClient) -> dict[str, Any]:
    """Make pool and deployments as declared; their ids by name."""
    # Constants, nothing that a run could set: who may start one must not say what is started. Named, the command is
    # started as it is; unnamed, two more Python processes prepare the folder for it. The folder is the code's, so that
    # modules are found as they are where a worker is started by hand.
    fixed = {"command": f"{sys.executable} -m server.run_process", "working_dir": str(ROOT), "env": {}, "labels": {}}
    template: dict[str, Any] = ProcessWorker.get_default_base_job_template()
    template["job_configuration"] |= fixed
    template["variables"] = {"type": "object", "properties": {}, "additionalProperties": False}
    template["job_configuration"] |= {"name": None, "stream_output": True}
    # The pool's limit, not the worker's (``--limit``): with that a worker dies of a run that was answered while its
    # process was still ending.
    pool = WorkPoolCreate(name=POOL, type="process", base_job_template=template, concurrency_limit=MOST_RUNS)
    client.create_work_pool(pool, overwrite=True)
    return {each["name"]: _deploy(client, each) for each in declared()}


def _deploy(client: SyncPrefectClient, each: Declared) -> Any:
    path, name = each["entrypoint"].split(":")
    flow = load_flow_from_entrypoint(f"{path.removesuffix('.py').replace('/', '.')}.{name}")
    text = description(each["description"])
    return client.create_deployment(
        flow_id=client.create_flow(flow),
        name=each["name"],
        version=__version__,
        description=month_descriptions.with_months(text) if each["name"] == month_descriptions.DEPLOYMENT else text,
        tags=each["tags"],
        schedules=[_schedule(schedule) for schedule in each.get("schedules", [])],
        work_pool_name=each["work_pool"]["name"],
        entrypoint=each["entrypoint"],
        parameter_openapi_schema=_form(flow),
        enforce_parameter_schema=each["enforce_parameter_schema"],
        pull_steps=[{"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}],
    )


def _form(flow: Any) -> dict[str, Any]:
    """The form of a flow, with a heading above its fields in the place of the name of a parameter."""
    form: dict[str, Any] = parameter_schema(flow).model_dump_for_openapi()
    if "request" in form.get("properties", {}):
        form["properties"]["request"]["title"] = words("Vul in", "Fill in")
    return form


def description(text: str) -> str:
    """Of a description in both languages the part in the language of this installation."""
    dutch, _, english = text.partition(ENGLISH)
    return (english if is_english() else dutch.removeprefix(DUTCH)).strip()


def _schedule(declared: Declared) -> DeploymentScheduleCreate:
    schedule = CronSchedule(cron=declared["cron"], timezone=declared["timezone"])
    return DeploymentScheduleCreate(schedule=schedule, slug=declared["slug"], active=declared["active"])


def catch_up(client: SyncPrefectClient, nightly: Any, now: datetime) -> str | None:
    """Start one night if any was missed since the last that did its work; its name.

    Registering a schedule anew removes its late runs, and a server that was off made none. A night that began and
    was killed counts as missed. A new installation, in which no night completed yet, has missed nothing.
    """
    ours = DeploymentFilter(id=DeploymentFilterId(any_=[nightly]))
    done = FlowRunFilterState(
        operator=Operator.or_,
        type=FlowRunFilterStateType(any_=[StateType.COMPLETED]),
        name=FlowRunFilterStateName(any_=list(NOT_GREEN)),
    )
    if not (due := last_due(now)) or not _began(client, ours, FlowRunFilter(state=done)):
        return None
    since = FlowRunFilter(start_time=FlowRunFilterStartTime(after_=due))
    nights = client.read_flow_runs(deployment_filter=ours, flow_run_filter=since)
    if any(run.state_type is StateType.COMPLETED or run.state_name in NOT_GREEN for run in nights):
        return None
    # Asked for twice it is one run, but one that has died by now must not stand for the one that is needed. What a
    # steward cancelled stays so.
    dead = [
        run for run in nights if run.state_type is not StateType.CANCELLED and not liveness.has_process(str(run.id))
    ]
    key = f"catch-up {due.isoformat()} {len(dead)}"
    run = client.create_flow_run_from_deployment(nightly, idempotency_key=key)
    return None if run.state_type is StateType.CANCELLED else str(run.name)


def last_due(now: datetime) -> datetime | None:
    """When a night was due last, as Prefect's own scheduler reckons."""
    from prefect.server.schemas.schedules import CronSchedule as Scheduler

    schedule = next(schedule for each in declared() for schedule in each.get("schedules", []))
    dates = Scheduler(cron=schedule["cron"], timezone=schedule["timezone"]).get_dates(
        n=10, start=now - timedelta(days=3), end=now
    )
    return max((date.astimezone(UTC) for date in asyncio.run(dates)), default=None)


def _began(client: SyncPrefectClient, ours: DeploymentFilter, wanted: FlowRunFilter) -> bool:
    return bool(client.read_flow_runs(deployment_filter=ours, flow_run_filter=wanted, limit=1))


def _wait_for(client: SyncPrefectClient) -> None:
    """Until the server answers: units and containers start all at once."""
    until = time.monotonic() + START_SECONDS
    while problem := client.api_healthcheck():
        if time.monotonic() > until:
            raise SystemExit(f"No server answers at {client.api_url} ({type(problem).__name__}). Start it first.")
        time.sleep(1)


def main() -> int:
    """Register everything with the server of ``PREFECT_API_URL``, and report what was done."""
    with get_client(sync_client=True) as client:
        _wait_for(client)
        try:
            deployments = register(client)
        except PrefectHTTPStatusError as error:
            if error.response.status_code != 401:
                raise
            raise SystemExit(
                f"The server at {client.api_url} answers 401 Unauthorized: PREFECT_API_AUTH_STRING here has to be what "
                "PREFECT_SERVER_API_AUTH_STRING is there."
            ) from None
        late = catch_up(client, deployments["nightly"], datetime.now(UTC))
    print(f"Deployments: {', '.join(deployments)}")
    print(f"Automations: {', '.join(automations.register())}")
    if late:
        print(f"A night was missed: {late} catches up.")
    return 0


if __name__ == "__main__":
    standard_streams.keep_open()
    raise SystemExit(main())
