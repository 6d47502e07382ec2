"""What may be asked from a browser, and with which words. Here: a list; what is not on it is refused.

Prefect lets whoever can start a run say which command the worker starts. So a request that changes something is not
passed on as it came: a new one is made of the few words that it may hold (``Asked.body``). Not here: who asks
(``server.guard.door``), what a run does.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]

_ID = "[0-9a-fA-F-]{32,36}"
_WORD = "[^/]+"
_KINDS = "flows|flow_runs|task_runs|deployments|work_pools|work_queues|artifacts|events|automations"

_READ = re.compile(
    "|".join(
        (
            "/(?:health|ready|version|csrf-token|admin/version|admin/settings)",
            f"/(?:flows|flow_runs|task_runs|deployments|artifacts|work_queues|automations|ui/task_runs)/{_ID}",
            f"/flow_runs/{_ID}/(?:graph|graph-v2|logs/download|input/{_WORD})",
            f"/(?:flow_run_states|task_run_states)/(?:{_ID})?",
            f"/(?:flows/name/{_WORD}|deployments/name/{_WORD}/{_WORD}|artifacts/{_WORD}/latest)",
            f"/deployments/{_ID}/(?:schedules|work_queue_check)",
            f"/work_pools/{_WORD}(?:/queues/{_WORD})?",
            f"/work_queues/(?:name/{_WORD}|{_ID}/status)",
            f"/automations/related-to/{_WORD}",
            "/events/filter/next",
            f"/collections/views/{_WORD}",
        )
    )
)
_ASK = re.compile(
    "|".join(
        (
            f"/(?:{_KINDS}|artifacts/latest|logs|task_workers|saved_searches)/(?:filter|count|paginate|history|lateness)",
            f"/events/count-by/{_WORD}",
            f"/flow_runs/{_ID}/input/filter",
            f"/work_pools/{_WORD}/(?:concurrency_status|get_scheduled_flow_runs|queues/filter|workers/filter)",
            f"/work_queues/{_ID}/(?:concurrency_status|get_runs)",
            "/deployments/get_scheduled_flow_runs",
            "/ui/(?:flows/count-deployments|flows/next-runs|flow_runs/history|flow_runs/count-task-runs|schemas/validate|"
            "task_runs/dashboard/counts|task_runs/count)",
        )
    )
)
"""Questions that Prefect has put under POST because their words do not fit in an address."""

MOST_BYTES = 1 << 20
LONGEST_NAME, MOST_TAGS = 200, 20
TAG = "door:"
"""Tag of a run that somebody started or answered: who was logged in. Only the door sets it."""
_KIND = "__prefect_kind"
"""In a parameter it asks Prefect to work something out, such as a template."""
_TO_CANCEL = {"CANCELLING", "CANCELLED"}


class NotAllowed(Exception):
    """A request that a browser may not make. Its text is shown."""


@dataclass(frozen=True)
class Asked:
    """What is passed on: the body made anew, or None where there was none or it changes nothing."""

    body: Body | None = None


def asked(method: str, path: str, body: Body | None, user: str) -> Asked:
    """What becomes of a request to the API (``path`` without ``/api``), or NotAllowed with a sentence for its user."""
    if method in {"GET", "HEAD"} and _READ.fullmatch(path):
        return Asked()
    if method == "POST" and _ASK.fullmatch(path):
        return Asked()
    for (verb, pattern), change in _CHANGES.items():
        if verb == method and re.fullmatch(pattern, path):
            return Asked(change(body or {}, user))
    raise NotAllowed("This cannot be done from a browser. Use the deployments of this installation, or its commands.")


def _started(body: Body, user: str) -> Body:
    """A run of a deployment, as its own declaration says; from the form come its parameters, its name and its time."""
    dangerous = {
        name for name in ("job_variables", "infrastructure_document_id", "parent_task_run_id") if body.get(name)
    }
    if dangerous or body.get("enforce_parameter_schema") is False:
        raise NotAllowed("How a run is started is set by the installation: only its parameters can be filled in.")
    made: Body = {"parameters": _parameters(body.get("parameters") or {}, user), "tags": _tags(body.get("tags"), user)}
    if name := body.get("name"):
        made["name"] = _short(name)
    if key := body.get("idempotency_key"):
        made["idempotency_key"] = _short(key)
    made["state"] = _scheduled(body.get("state") or {})
    return made


def _answered(body: Body, user: str) -> Body:
    given = body.get("run_input")
    return {"run_input": None if given is None else _signed(_plain(given), user)}


def _state(body: Body, _user: str) -> Body:
    state = body.get("state") or {}
    kind, name = str(state.get("type")), state.get("name")
    if kind in _TO_CANCEL:
        return {"state": {"type": kind, "name": kind.capitalize(), "message": "From the page."}, "force": False}
    if kind == "SCHEDULED" and name in {None, "Scheduled", "AwaitingRetry"}:
        return {"state": _scheduled(state) | ({"name": name} if name else {}), "force": False}
    raise NotAllowed(
        "From a browser a run can be cancelled or started again; its state cannot be set to anything else."
    )


def _scheduled(state: Body) -> Body:
    if state.get("type") not in {None, "SCHEDULED"}:
        raise NotAllowed("A new run begins as scheduled.")
    details = state.get("state_details") or {}
    at = details.get("scheduled_time") if isinstance(details, dict) else None
    return {"type": "SCHEDULED", "state_details": {"scheduled_time": _short(at)}} if at else {"type": "SCHEDULED"}


def _only(*names: str) -> Callable[[Body, str], Body]:
    """A change of these yes-or-no fields and no other."""

    def change(body: Body, _user: str) -> Body:
        if not body or not set(body) <= set(names) or not all(isinstance(value, bool) for value in body.values()):
            raise NotAllowed("From a browser a schedule can be paused and resumed; the rest stands in prefect.yaml.")
        return body

    return change


def _nothing(_body: Body, _user: str) -> Body:
    return {}


_CHANGES: Mapping[tuple[str, str], Callable[[Body, str], Body]] = {
    ("POST", f"/deployments/{_ID}/create_flow_run"): _started,
    ("POST", f"/flow_runs/{_ID}/resume"): _answered,
    ("POST", f"/flow_runs/{_ID}/set_state"): _state,
    ("POST", f"/deployments/{_ID}/(?:pause|resume)_deployment"): _nothing,
    ("PATCH", f"/deployments/{_ID}"): _only("paused"),
    ("PATCH", f"/deployments/{_ID}/schedules/{_ID}"): _only("active"),
}


def _parameters(parameters: object, user: str) -> Body:
    if not isinstance(parameters, dict):
        raise NotAllowed("Parameters are an object.")
    plain = _plain(parameters)
    return {name: _signed(value, user) if isinstance(value, dict) else value for name, value in plain.items()}


def _plain(value: Any) -> Any:
    """The same, made sure that it is nothing but data."""
    if isinstance(value, dict):
        if _KIND in value:
            raise NotAllowed("A parameter is filled in as it is; templates and references are not taken.")
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _signed(filled: Any, user: str) -> Any:
    """A form whose 'who' is who was logged in; what was typed there stays behind it, as a remark."""
    if not isinstance(filled, dict) or "by" not in filled:
        return filled
    typed = str(filled["by"] or "").strip()
    return {**filled, "by": user if typed in {"", user} else f"{user} ({typed})"}


def _tags(tags: object, user: str) -> list[str]:
    own = [_short(tag) for tag in tags] if isinstance(tags, list) else []
    return [*[tag for tag in own if not tag.startswith(TAG)][:MOST_TAGS], f"{TAG}{user}"]


def _short(text: object) -> str:
    if not isinstance(text, str) or len(text) > LONGEST_NAME:
        raise NotAllowed(f"A name, a tag or a time is a text of at most {LONGEST_NAME} characters.")
    return text
