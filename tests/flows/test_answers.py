"""The form of a question is stored before its run waits; whoever sees the run waiting can answer it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectHTTPStatusError
from prefect.input.run_input import Keyset, keyset_from_base_key
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Scheduled, Suspended

from flows import questions
from flows.answers import Verdict
from tests.flows.conftest import Served

pytestmark = pytest.mark.slow

NOBODY = UUID(int=0)
KEYS: Keyset = keyset_from_base_key("suspended-verdict")
FIRST, SECOND = (Verdict.with_initial_data(description=text) for text in ("Three rows.", "Four rows."))


@pytest.fixture
def waiting_to_begin(served: Served) -> Iterator[UUID]:
    """A question that has not begun; its delivery is unknown, so that it is settled as soon as it begins."""
    tomorrow = Scheduled(scheduled_time=datetime.now(UTC) + timedelta(days=1))
    with temporary_settings({PREFECT_API_URL: served.steward.api}), get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(f"{questions.DELIVERY}/{questions.DELIVERY}")
        run = client.create_flow_run_from_deployment(deployment.id, parameters={"delivery": "0" * 64}, state=tomorrow)
        yield run.id
        client.delete_flow_run(run.id)


def stored(served: Served, run: UUID, part: str) -> object:
    return served.steward.ask("GET", f"/flow_runs/{run}/input/{KEYS[part]}")  # type: ignore[literal-required]


def test_a_form_stored_twice_stays_as_it_was(served: Served, waiting_to_begin: UUID) -> None:
    FIRST.save(KEYS, waiting_to_begin)
    fields = stored(served, waiting_to_begin, "schema")
    SECOND.save(KEYS, waiting_to_begin)

    assert stored(served, waiting_to_begin, "description") == "Three rows."
    assert stored(served, waiting_to_begin, "schema") == fields


def test_a_form_stored_by_half_is_completed(served: Served, waiting_to_begin: UUID) -> None:
    FIRST.save(KEYS, waiting_to_begin)
    served.steward.ask("DELETE", f"/flow_runs/{waiting_to_begin}/input/{KEYS['description']}")
    SECOND.save(KEYS, waiting_to_begin)

    assert stored(served, waiting_to_begin, "description") == "Four rows."


def test_a_form_that_cannot_be_stored_is_an_error(served: Served, waiting_to_begin: UUID) -> None:
    with pytest.raises(PrefectHTTPStatusError):
        FIRST.save(KEYS, NOBODY)


def test_a_run_that_lost_its_power_as_soon_as_it_waited_can_be_answered(served: Served, waiting_to_begin: UUID) -> None:
    FIRST.save(KEYS, waiting_to_begin)
    waits = Suspended(pause_key="verdict")
    waits.state_details.run_input_keyset = KEYS
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(waiting_to_begin, waits, force=True)

    question = served.steward.run({"id": str(waiting_to_begin)})
    ended = served.steward.answer(question, decision="accept", by="A. Steward", reason="a letter")

    assert ended["state_name"] == "Settled"
