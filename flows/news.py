"""What is new to a person, told once: an event of the server, which its webhook waits for.

The state of a night says how things stand, and stays *Held* as long as something waits; who is called away from other
work is called for what is new: a question that was not asked before, a file that was rejected. Here: the event. Not
here: where it is sent (``server.automations``), the state (``flows.night_end``).
"""

from typing import Any

from prefect.events import emit_event
from prefect.runtime import flow_run
from prefect.states import State

EVENT = "uitstroom.needs-a-person"


def tell(ended: State[Any]) -> None:
    """Tell how this run ends. The run itself goes along: who is told finds its page."""
    emit_event(
        EVENT,
        resource={"prefect.resource.id": f"uitstroom.night.{flow_run.id}", "prefect.resource.name": str(flow_run.name)},
        payload={"state": ended.name, "message": ended.message or ""},
    )
