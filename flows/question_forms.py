"""With what a steward answers a waiting run: one form per question, with the same fields as those of ``flows.forms``.

Here: the forms of questions, and storing them. Not here: asking (``flows.questions``), what an answer does.
"""

from typing import Annotated, Literal
from uuid import UUID

from prefect.exceptions import PrefectHTTPStatusError
from prefect.input import RunInput
from prefect.input.actions import create_flow_run_input
from prefect.input.run_input import Keyset, keyset_from_base_key
from pydantic import Field

from flows.choices import APPROVAL, CONSENT, VERDICT
from flows.forms import By, Reason, RunNow
from pipeline.steward.wording import words

_CONFLICT = 409


class Question(RunInput):  # type: ignore[misc]
    """A form that is stored before its run waits.

    Prefect shows a run as waiting first and stores its form after that: who opens the page in between finds none, and
    after a power cut just then nobody could answer. So the form is stored beforehand, and storing it again is allowed.
    """

    @classmethod
    def store(cls, key: str) -> None:
        """Put the form where the page looks for it as soon as this run waits under ``key``."""
        cls.save(keyset_from_base_key(f"suspended-{key}"))

    @classmethod
    def save(cls, keyset: Keyset, flow_run_id: UUID | None = None) -> None:
        """As Prefect stores a form; what is there already stays."""
        try:
            super().save(keyset, flow_run_id)
        except PrefectHTTPStatusError as error:
            _only_there_already(error)
            cls._save_description(keyset, flow_run_id)  # its turn comes after the fields

    @classmethod
    def _save_description(cls, keyset: Keyset, flow_run_id: UUID | None) -> None:
        try:
            create_flow_run_input(keyset["description"], str(cls._description), flow_run_id)
        except PrefectHTTPStatusError as error:
            _only_there_already(error)


def _only_there_already(error: PrefectHTTPStatusError) -> None:
    if error.response.status_code != _CONFLICT:
        raise error


class Approval(Question):
    __doc__ = words("Akkoord met een plan.", "Approval of a plan.")

    decision: Annotated[Literal["approve", "refuse"], APPROVAL] = Field(
        title=words("Besluit", "Decision"),
        description=words(
            "Weigeren: de bestanden blijven liggen tot een volgend plan.",
            "refuse: the files stay out until another plan.",
        ),
    )
    by: By
    reason: Reason


class Consent(Question):
    __doc__ = words("Akkoord dat definitieve cijfers veranderen.", "Consent that final figures change.")

    decision: Annotated[Literal["approve", "not now"], CONSENT] = Field(
        title=words("Besluit", "Decision"),
        description=words(
            "Akkoord: de cijfers veranderen. Nu niet: ze blijven; de volgende nacht vraagt het opnieuw, tenzij u de "
            "levering terugneemt.",
            "approve: the figures change. not now: they stay; the next night asks again, unless you retract the "
            "delivery.",
        ),
    )
    by: By
    reason: Reason
    run_now: RunNow = True


class DeliveryDecision(Question):
    __doc__ = words("Besluit over een aangehouden levering.", "Decision about a held delivery.")

    decision: Annotated[Literal["accept", "reject"], VERDICT] = Field(
        title=words("Besluit", "Decision"),
        description=words(
            "Aanvaarden: vastleggen, foute regels in quarantaine. Weigeren: telt niet mee.",
            "accept: record it, bad rows in quarantine. reject: it does not count.",
        ),
    )
    by: By
    reason: Reason
    run_now: RunNow = True
