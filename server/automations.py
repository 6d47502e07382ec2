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

from flows import night_end

WEBHOOK_VARIABLE = "UITSTROOM_WEBHOOK_URL"
WEBHOOK_BLOCK = "uitstroom"

PREFIX = "uitstroom: "

_TEXT = "flow.name ~ ' / ' ~ flow_run.name ~ ': ' ~ flow_run.state.name ~ '. ' ~ (flow_run.state.message or '')"
_BODY = (
    f'{{"text": {{{{ ({_TEXT}) | tojson }}}}, "flow": {{{{ flow.name | tojson }}}}, '
    '"run": {{ flow_run.name | tojson }}, "state": {{ flow_run.state.name | tojson }}, '
    '"address": {{ flow_run | ui_url | tojson }}}'
)


def alert(name: str, states: list[str], actions: list[Action]) -> Automation:
    """Call the webhook when a run of ours enters one of these states."""
    return Automation(
        name=f"{PREFIX}tell of {name}",
        trigger=EventTrigger(
            expect={f"prefect.flow-run.{state}" for state in states},
            match={"prefect.resource.id": "prefect.flow-run.*"},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=actions,
    )


def wanted(webhook: Action | None) -> list[Automation]:
    """All automations of an installation: none without somewhere to report to."""
    if webhook is None:
        return []
    return [
        alert("failures", ["Failed", "Crashed", "TimedOut"], [webhook]),
        alert("what waits for a steward", [night_end.HELD, night_end.BLOCKED], [webhook]),
        # A file is rejected in one night, so this is told once.
        alert("rejected files", [night_end.ATTENTION], [webhook]),
    ]


def register() -> list[str]:
    """Make the server's automations the wanted ones; their names. Others on the server are left alone."""
    with get_client(sync_client=True) as client:
        for old in client.read_automations():
            if old.name.startswith(PREFIX):
                client.delete_automation(old.id)
    made = wanted(_webhook())
    for automation in made:
        automation.create()
    return [automation.name for automation in made]


def _webhook() -> Action | None:
    url = os.environ.get(WEBHOOK_VARIABLE)
    if not url:
        return None
    block = Webhook(method="POST", url=url)
    return CallWebhook(block_document_id=block.save(WEBHOOK_BLOCK, overwrite=True), payload=_BODY)
