"""What the guard reads before Prefect keeps it: every form of a number in every place, and nothing of a normal day."""

import json

import pytest

from server.guard import typed
from tests.jobs.folder import bsn
from tests.written import FORMS, formed

NUMBERS = (bsn(3), "123456782", "10000008")
PASS = (
    "zaak 2017-118", "ticket 12345", "archief 2016, ticket 1234", "seen the sender's letter", "2017-02-07 gebeld",
    "a" * 64, "J. Jansen", "tel. 045-5270998", "0899, 0882 en 0881", "85 %", "maart-april 2017",
)  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_number_is_found_in_every_place_in_which_somebody_types(name: str) -> None:
    for number in NUMBERS:
        text = formed(name, number)
        for body in (
            {"parameters": {"request": {"reason": text}}},
            {"run_input": {"by": f"Jan {text}"}},
            {"key": "suspended-verdict-response", "value": json.dumps({"reason": text})},
            [{"name": text}],
            {"parameters": {"a": [{"b": text}]}},
        ):
            assert typed.problem(json.dumps(body).encode()) == typed.refused(), body


@pytest.mark.parametrize("text", PASS)
def test_what_is_typed_on_a_normal_day_passes(text: str) -> None:
    request = {"reason": text, "by": "A. Steward", "delivery": "abcdef12", "run_now": True, "plan": "123456782abcdef0"}
    when = {"state_details": {"scheduled_time": "2026-11-27T15:04:59.123456+00:00"}}
    body = {"parameters": {"request": request}, "state": when, "tags": ["plan:931063644abcdef0"]}

    assert typed.problem(json.dumps(body).encode()) is None
