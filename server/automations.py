"""What the server does by itself: report to a webhook what needs a person.

Here: the automations, made anew at every start, so that they are versioned with the code. Not here: ending runs that
have no process (``flows.liveness``). The address comes from the environment and lies encrypted in the database.
"""

import os
from datetime import timedelta

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.events.actions import Action, CallWebhook
from prefect.events.schemas.automations import EventTrigger, Posture

from flows import news

WEBHOOK_VARIABLE = "UITSTROOM_WEBHOOK_URL"
WEBHOOK_BLOCK = "uitstroom"

PREFIX = "uitstroom: "


def _body(state: str, message: str) -> str:
    """What is posted: one sentence, and the same in parts. ``state`` and ``message`` are expressions of templates."""
    text = f"flow.name ~ ' / ' ~ flow_run.name ~ ': ' ~ {state} ~ '. ' ~ {message}"
    return (
        f'{{"text": {{{{ ({text}) | tojson }}}}, "flow": {{{{ flow.name | tojson }}}}, '
        f'"run": {{{{ flow_run.name | tojson }}}}, "state": {{{{ {state} | tojson }}}}, '
        '"address": {{ flow_run | ui_url | tojson }}}'
    )


OF_A_STATE = _body("flow_run.state.name", "(flow_run.state.message or '')")
OF_NEWS = _body("event.payload.state", "event.payload.message")


def alert(name: str, events: set[str], resource: str, actions: list[Action]) -> Automation:
    """Call the webhook for each of these events of such a resource."""
    return Automation(
        name=f"{PREFIX}tell of {name}",
        trigger=EventTrigger(
            expect=events,
            match={"prefect.resource.id": resource},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=actions,
    )


def wanted(of_a_state: Action, of_news: Action) -> list[Automation]:
    """All automations of an installation that has somewhere to report to."""
    failures = {f"prefect.flow-run.{state}" for state in ("Failed", "Crashed", "TimedOut")}
    return [
        alert("failures", failures, "prefect.flow-run.*", [of_a_state]),
        alert("what needs a person", {news.EVENT}, "uitstroom.night.*", [of_news]),
    ]


def register() -> list[str]:
    """Make the server's automations the wanted ones; their names. Others on the server are left alone."""
    with get_client(sync_client=True) as client:
        for old in client.read_automations():
            if old.name.startswith(PREFIX):
                client.delete_automation(old.id)
    made = _made()
    for automation in made:
        automation.create()
    return [automation.name for automation in made]


def _made() -> list[Automation]:
    url = os.environ.get(WEBHOOK_VARIABLE)
    if not url:
        return []
    block = Webhook(method="POST", url=url).save(WEBHOOK_BLOCK, overwrite=True)
    return wanted(*(CallWebhook(block_document_id=block, payload=body) for body in (OF_A_STATE, OF_NEWS)))
