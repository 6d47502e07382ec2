"""What a form lets through, and how it says no."""

from typing import Any

import pytest
from pydantic import ValidationError

from flows import forms
from flows.forms import Approval, BackfillForm, BadForm, DecisionForm, Form, KnownOnForm, Verdict

BACKFILL: dict[str, Any] = {"from_month": "2016-01", "until_month": "2017-01", "reason": "ticket 12"}
DECISION: dict[str, Any] = {"delivery": "0a1b2c3d4e5f", "by": "A. Steward", "reason": "seen the letter"}


def test_a_backfill_asks_for_months_sources_and_why() -> None:
    form = BackfillForm(**BACKFILL, sources=["caseload"], municipalities=["GM0899"], mode="revalidate")

    assert form.checked() is form
    assert ([*form.sources], [*form.municipalities], form.mode) == (["caseload"], ["GM0899"], "revalidate")


@pytest.mark.parametrize(
    ("field", "nonsense"),
    [
        ("from_month", "2016-13"),
        ("from_month", "januari 2016"),
        ("until_month", "2016-00"),
        ("sources", ["casselode"]),
        ("municipalities", ["GM9999"]),
        ("mode", "everything"),
        ("reason", "x"),
        ("reason", "x" * 201),
        ("somebody", "else"),
    ],
)
def test_a_backfill_refuses_nonsense_in_a_field(field: str, nonsense: object) -> None:
    with pytest.raises(ValidationError, match=field):
        BackfillForm(**(BACKFILL | {field: nonsense}))


def test_a_backfill_refuses_an_end_before_its_start_in_one_sentence() -> None:
    form = BackfillForm(**(BACKFILL | {"from_month": "2017-02"}))

    with pytest.raises(
        BadForm, match=r"^From 2017-02 until 2017-01 is no month: until is the first that is left out\.$"
    ):
        form.checked()


@pytest.mark.parametrize("nonsense", ["0a1b", "0A1B2C3D", "caseload/file.csv", "0a1b2c3d; drop"])
def test_a_delivery_is_named_by_its_hash_and_nothing_else(nonsense: str) -> None:
    with pytest.raises(ValidationError, match="delivery"):
        DecisionForm(**(DECISION | {"delivery": nonsense}))


@pytest.mark.parametrize(
    ("day", "says"), [("2017-02-30", "not a day of the calendar"), ("2099-01-01", "has not come yet")]
)
def test_a_day_must_exist_and_have_come(day: str, says: str) -> None:
    with pytest.raises(BadForm, match=says):
        KnownOnForm(day=day).checked()


ALL = [each for each in vars(forms).values() if isinstance(each, type) and issubclass(each, Form) and each is not Form]


@pytest.mark.parametrize("form", [*ALL, Approval, Verdict])
def test_every_field_has_a_title_and_a_help_text_in_both_languages(form: type[Form]) -> None:
    for name, field in form.model_fields.items():
        assert field.title, name
        assert field.description, name
        assert " / " in field.description, name


@pytest.mark.parametrize("form", [*ALL, Approval, Verdict])
def test_free_text_is_bounded(form: type[Form]) -> None:
    for name, described in form.model_json_schema()["properties"].items():
        if described.get("type") == "string":
            assert {"pattern", "maxLength", "enum"} & described.keys(), name


@pytest.mark.parametrize("form", ALL)
def test_who_writes_a_reason_is_told_to_leave_persons_out(form: type[Form]) -> None:
    if "reason" in form.model_fields:
        assert "No personal data" in str(form.model_fields["reason"].description)
