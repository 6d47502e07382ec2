"""What may be asked from a browser, and with which words. Here: a list; what is not on it is refused.

Prefect lets whoever can start a run say which command the worker starts. So a request that changes something is not
passed on as it came: a new one is made of the few words that it may hold (``Asked.body``). Not here: who asks
(``server.guard.door``), what a run does.
"""

import json
import re
import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.embedded import DOOR_TAG
from pipeline.steward.wording import words

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
LONGEST_NAME, MOST_TAGS, DEEPEST = 200, 20, 20
LONGEST_QUESTION = 48_000
"""SQLite gives up at a pattern of 50,000 bytes; a page of ours asks for some hundreds of runs by their ids at most."""
LARGEST = (1 << 63) - 1
TAG = DOOR_TAG
"""Tag of a run that somebody started: who was logged in. Only the door sets it."""
_OURS = re.compile(rf"(?:{TAG}|plan:|arrived$|(?=[0-9a-f]*$)[0-9a-f]{{8}}).*", re.DOTALL)
"""Tags by which flows find what a run is about: a plan, a delivery, a block. From a browser they would be believed."""
_KIND = "__prefect_kind"
"""In a parameter it asks Prefect to work something out, such as a template."""
_TO_CANCEL = {"CANCELLING", "CANCELLED"}


def _no_form() -> str:
    return words(
        "Een formulier wordt ingevuld zoals het er staat; sjablonen en verwijzingen worden niet aangenomen.",
        "A form is filled in as it stands; templates and references are not taken.",
    )


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
        _require_answerable(body or {})
        return Asked()
    for (verb, pattern), change in _CHANGES.items():
        if verb == method and re.fullmatch(pattern, path):
            return Asked(change(body or {}, user))
    raise NotAllowed(
        words(
            "Dit kan niet vanuit een browser. Gebruik de taken van deze installatie, of haar opdrachten.",
            "This cannot be done from a browser. Use the deployments of this installation, or its commands.",
        )
    )


def _require_answerable(question: Body) -> None:
    """Of a question only that the database can be asked it: else it would answer with an error, or not for minutes."""
    _plain(question, may_be_worked_out=True)
    if len(json.dumps(question)) > LONGEST_QUESTION:
        raise NotAllowed(words("Deze vraag is te lang.", "This question is too long."))


def _started(body: Body, user: str) -> Body:
    """A run of a deployment, as its own declaration says; from the form come its parameters, its name and its time."""
    dangerous = {
        name for name in ("job_variables", "infrastructure_document_id", "parent_task_run_id") if body.get(name)
    }
    if dangerous or body.get("enforce_parameter_schema") is False:
        raise NotAllowed(
            words(
                "Hoe een run start, ligt vast in de installatie: alleen het formulier is in te vullen.",
                "How a run is started is set by the installation: only its parameters can be filled in.",
            )
        )
    made: Body = {"parameters": _parameters(body.get("parameters") or {}, user), "tags": _tags(body.get("tags"), user)}
    if name := body.get("name"):
        made["name"] = _short(name)
    # Of our own: with the key of a night that is due, a run of somebody else would stand in its place.
    made["idempotency_key"] = TAG + "".join(secrets.choice(string.ascii_lowercase) for _ in range(24))
    made["state"] = _scheduled(_object(body, "state"))
    return made


def _answered(body: Body, user: str) -> Body:
    given = body.get("run_input")
    return {"run_input": None if given is None else _signed(_plain(given), user)}


def _state(body: Body, user: str) -> Body:
    state = _object(body, "state")
    kind, name = str(state.get("type")), state.get("name")
    if kind in _TO_CANCEL:
        message = words(f"Gestopt door {user}.", f"Stopped by {user}.")
        return {"state": {"type": kind, "name": kind.capitalize(), "message": message}, "force": False}
    if kind == "SCHEDULED" and name in (None, "Scheduled", "AwaitingRetry"):
        message = words(f"Opnieuw gestart door {user}.", f"Started again by {user}.")
        return {"state": {**_scheduled(state), **({"name": name} if name else {}), "message": message}, "force": False}
    raise NotAllowed(
        words(
            "Vanuit een browser is een run te stoppen of opnieuw te starten; een andere toestand is niet te kiezen.",
            "From a browser a run can be cancelled or started again; its state cannot be set to anything else.",
        )
    )


def _scheduled(state: Body) -> Body:
    if state.get("type") not in (None, "SCHEDULED"):
        raise NotAllowed(words("Een nieuwe run begint als gepland.", "A new run begins as scheduled."))
    at = _object(state, "state_details").get("scheduled_time")
    return {"type": "SCHEDULED", "state_details": {"scheduled_time": _short(at)}} if at else {"type": "SCHEDULED"}


def _only(*names: str) -> Callable[[Body, str], Body]:
    """A change of these yes-or-no fields and no other."""

    def change(body: Body, _user: str) -> Body:
        if not body or not set(body) <= set(names) or not all(isinstance(value, bool) for value in body.values()):
            raise NotAllowed(
                words(
                    "Vanuit een browser is een rooster te pauzeren en te hervatten; de rest staat in prefect.yaml.",
                    "From a browser a schedule can be paused and resumed; the rest stands in prefect.yaml.",
                )
            )
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
        raise NotAllowed(_no_form())
    plain = _plain(parameters)
    return {name: _signed(value, user) if isinstance(value, dict) else value for name, value in plain.items()}


def _object(body: Body, name: str) -> Body:
    found = body.get(name) or {}
    if not isinstance(found, dict):
        raise NotAllowed(_no_form())
    return found


def _plain(value: Any, deep: int = 0, *, may_be_worked_out: bool = False) -> Any:
    """The same, made sure that it is nothing but data, which a database can hold."""
    if deep > DEEPEST or (isinstance(value, int) and abs(value) > LARGEST):
        raise NotAllowed(_no_form())
    if isinstance(value, dict):
        if _KIND in value and not may_be_worked_out:
            raise NotAllowed(_no_form())
        parts = ((name, _plain(part, deep + 1, may_be_worked_out=may_be_worked_out)) for name, part in value.items())
        return {_written(name): part for name, part in parts}
    if isinstance(value, list):
        return [_plain(part, deep + 1, may_be_worked_out=may_be_worked_out) for part in value]
    return _written(value) if isinstance(value, str) else value


def _written(text: str) -> str:
    """A text that can be stored: JSON can hold half a character, and a database refuses it."""
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise NotAllowed(
            words("Een tekst bevat een teken dat niet te bewaren is.", "A text holds a character that cannot be kept.")
        )
    return text


def _signed(filled: Any, user: str) -> Any:
    """A form whose 'who' is who was logged in; what was typed there stays behind it, as a remark."""
    if not isinstance(filled, dict) or "by" not in filled:
        return filled
    typed = str(filled["by"] or "").strip()
    return {**filled, "by": user if typed in {"", user} else f"{user} ({typed})"}


def _tags(tags: object, user: str) -> list[str]:
    own = [_short(tag) for tag in tags] if isinstance(tags, list) else []
    return [*[tag for tag in own if not _OURS.fullmatch(tag)][:MOST_TAGS], f"{TAG}{user}"]


def _short(text: object) -> str:
    if not isinstance(text, str) or len(text) > LONGEST_NAME:
        raise NotAllowed(
            words(
                f"Een naam, een tag of een tijd is een tekst van hoogstens {LONGEST_NAME} tekens.",
                f"A name, a tag or a time is a text of at most {LONGEST_NAME} characters.",
            )
        )
    return _written(text)
