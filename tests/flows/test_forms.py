"""What a form lets through, and how it says no."""

import os
import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from flows import forms, questions
from flows.forms import ApplyForm, ApproveForm, BackfillForm, BadForm, DecisionForm, Form, KnownOnForm, RollbackForm
from flows.question_forms import Approval, Consent, DeliveryDecision, Question
from pipeline.settings import LANGUAGE
from pipeline.steward.wording import told_error
from schemas.catalogue import SOURCES
from schemas.vocabulary import BackfillMode

BACKFILL: dict[str, Any] = {"from_month": "2016-01", "until_month": "2017-01", "reason": "ticket 12"}
WHO: dict[str, Any] = {"by": "A. Steward", "reason": "seen the letter"}


def test_a_backfill_asks_for_months_sources_and_why() -> None:
    form = BackfillForm(**BACKFILL, sources=["caseload"], municipalities=["GM0899"], mode="revalidate")

    assert form.checked() == form
    assert ([*form.sources], [*form.municipalities], form.mode) == (["caseload"], ["GM0899"], "revalidate")


def in_words(field: str, form: type[Any] = BackfillForm) -> list[str]:
    """What the page offers to choose from."""
    shown = form.model_json_schema()["properties"][field]
    offered: list[str] = shown.get("items", shown)["enum"]
    return offered


def chosen(field: str, given: object) -> list[str]:
    """What a form of a backfill holds when that was chosen."""
    return [*getattr(BackfillForm(**(BACKFILL | {field: given})), field)]


def test_choices_are_shown_in_words_and_read_back_in_every_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: dict[str, list[str]] = {"sources": [*SOURCES], "municipalities": ["GM0881", "GM0882", "GM0899"]}
    dutch = {field: in_words(field) for field in codes}
    monkeypatch.setenv(LANGUAGE, "en")

    for field, meant in codes.items():
        assert [chosen(field, given) for given in (meant, dutch[field], in_words(field))] == [meant] * 3
    assert "GM0899 Brunssum" in dutch["municipalities"]
    assert "Rapportages van aanbieders (provider_reports)" in dutch["sources"]
    assert "Reports of providers (provider_reports)" in in_words("sources")


def test_how_a_backfill_goes_is_chosen_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    dutch = in_words("mode")
    assert [each.split(":")[0] for each in dutch] == ["aanvullen", "opnieuw tellen", "opnieuw keuren"]
    assert BackfillForm.model_json_schema()["properties"]["mode"]["default"] == dutch[0]  # what stands in the form
    monkeypatch.setenv(LANGUAGE, "en")
    for spelled in (dutch, in_words("mode"), [*BackfillMode]):
        assert [BackfillForm(**(BACKFILL | {"mode": each})).mode for each in spelled] == [*BackfillMode]


@pytest.mark.parametrize(
    ("form", "dutch", "codes"),
    [
        (Approval, ["uitvoeren", "weigeren"], ["approve", "refuse"]),
        (Consent, ["akkoord", "nu niet"], ["approve", "not now"]),
        (DeliveryDecision, ["aanvaarden", "weigeren"], ["accept", "reject"]),
    ],
)
def test_a_question_is_answered_in_words_or_as_before_an_upgrade(
    form: type[Any], dutch: list[str], codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_words("decision", form) == dutch
    assert [form(decision=each, **WHO).decision for each in (*dutch, *codes)] == codes * 2
    for nonsense in ("", "ja", "Weigeren!", 1, None, ["accept"]):
        with pytest.raises(ValidationError, match="decision"):
            form(decision=nonsense, **WHO)
    monkeypatch.setenv(LANGUAGE, "en")
    assert in_words("decision", form) == codes


@pytest.mark.parametrize(
    ("field", "nonsense"),
    [
        ("from_month", "the month after the one before the last"),
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

    assert refused(form) == "From 2017-02 until 2017-01 is no month: until is the first that is left out."


def refused(form: Form) -> str:
    """What the run says to who filled this in."""
    with pytest.raises(BadForm) as error:
        form.checked()
    return str(error.value)


@pytest.mark.parametrize("nonsense", ["2016-13", "2016-00", "1612", "2016", "next month", "", "0216-01", "٢٠١٦-٠١"])
def test_a_month_that_does_not_exist_is_refused_in_one_sentence(nonsense: str) -> None:
    rule = "is no month: write the year and a month from 01 to 12, as in 2017-01."

    assert refused(BackfillForm(**(BACKFILL | {"from_month": nonsense}))) == f"From month '{nonsense}' {rule}"
    assert refused(BackfillForm(**(BACKFILL | {"until_month": nonsense}))) == f"Until month '{nonsense}' {rule}"


def test_two_wrong_months_are_told_at_once() -> None:
    form = BackfillForm(**(BACKFILL | {"from_month": "2016-13", "until_month": "soon"}))

    assert refused(form) == (
        "From month '2016-13' is no month: write the year and a month from 01 to 12, as in 2017-01. "
        "Until month 'soon' is no month: write the year and a month from 01 to 12, as in 2017-01."
    )


def test_blanks_around_a_month_do_not_matter() -> None:
    assert BackfillForm(**(BACKFILL | {"from_month": " 2016-01\n"})).checked().from_month == "2016-01"


@pytest.mark.parametrize("nonsense", ["0a1b", "0A1B2C3D", "caseload/file", "0a1b2c3d; drop", ".csv"])
def test_a_delivery_is_named_by_its_file_or_hash_and_nothing_else(nonsense: str) -> None:
    stated = refused(DecisionForm(delivery=nonsense, **WHO))

    assert stated.startswith(f"Delivery '{nonsense}' is no file and no hash: give the name of the file, or the first 8")


@pytest.mark.parametrize("nonsense", ["../../etc/passwd", "new", "plan 1"])
def test_plans_and_releases_are_named_by_an_id_and_nothing_else(nonsense: str) -> None:
    assert refused(ApplyForm(plan=nonsense, **WHO)).startswith(f"Plan '{nonsense}' is no id of a plan: ")
    assert refused(RollbackForm(release=nonsense, **WHO)).startswith(f"Release '{nonsense}' is no id of a release: ")


def test_what_may_be_the_number_of_a_person_is_not_said_again() -> None:
    assert refused(DecisionForm(delivery="bsn 123456782", **WHO)).startswith("Delivery 'bsn •••••••••' is no file")


@pytest.mark.parametrize(
    "form",
    [
        DecisionForm(delivery="0a1b2c3d4e5f", **WHO),
        DecisionForm(delivery="caseload/2018-12-07_bestand 201811.csv.gz", **WHO),
        ApplyForm(plan="0a1b2c3d4e5f6071", **WHO),
        RollbackForm(release="2017-03-08-30631257d2f0", **WHO),
        RollbackForm(**WHO),
        ApproveForm(**WHO),
        ApproveForm(block="5f0c77aa1234", **WHO),
        KnownOnForm(day="2017-03-01"),
    ],
)
def test_a_good_form_is_let_through(form: Form) -> None:
    assert form.checked() == form


SIGNED: list[tuple[type[Form], dict[str, Any]]] = [
    (DecisionForm, {"delivery": "0a1b2c3d4e5f", **WHO}),
    (ApplyForm, {"plan": "0a1b2c3d4e5f6071", **WHO}),
    (RollbackForm, {"release": "2017-03-08-30631257d2f0", **WHO}),
]
LITTLE = "Why ('Waarom') says too little: give a reason or ticket number, at least 5 characters."
PERSON = "looks like it holds the number of a person: give a"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"by": "     "}, "Who ('Wie') says too little: give a name or role, at least 2 characters."),
        ({"by": " x "}, "Who ('Wie') says too little: give a name or role, at least 2 characters."),
        ({"by": "client 123456782"}, f"Who ('Wie') {PERSON} name or role."),
        ({"reason": "      "}, LITTLE),
        ({"reason": " why \n"}, LITTLE),
        ({"reason": "about 123.456.782"}, f"Why ('Waarom') {PERSON} ticket number instead."),
    ],
)
@pytest.mark.parametrize(("form", "filled"), SIGNED)
def test_blank_and_personal_signatures_are_refused_in_one_sentence(
    form: type[Form], filled: dict[str, Any], changed: dict[str, str], says: str
) -> None:
    assert refused(form(**(filled | changed))) == says


def test_a_backfill_needs_a_reason_that_names_nobody() -> None:
    assert refused(BackfillForm(**(BACKFILL | {"reason": " " * 9}))) == LITTLE
    assert refused(BackfillForm(**(BACKFILL | {"reason": "zaak van 123456782"}))).startswith("Why ('Waarom') looks")


def test_what_a_hash_or_a_ticket_says_is_no_person() -> None:
    form = DecisionForm(delivery="0a1b2c3d4e5f", by="M. Smeets", reason="zaak 2017-118, levering 0a1b2c3d4e5f")

    assert form.checked().reason == form.reason


def test_blanks_around_what_was_typed_go_and_choices_stay() -> None:
    form = BackfillForm(**(BACKFILL | {"reason": "  ticket 12\n", "mode": "revalidate"})).checked()

    assert (form.reason, form.mode) == ("ticket 12", BackfillMode.REVALIDATE)
    assert DecisionForm(delivery=" 0a1b2c3d ", by=" A. Steward ", reason="a letter").checked().by == "A. Steward"


class Page:
    """Instead of a suspended run: answers that are given under the keys in their order, and what the form showed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: dict[str, Any]) -> None:
        self._answers = list(answers)
        self.stored: list[str] = []
        self.shown: list[tuple[str, str]] = []
        monkeypatch.setattr(Question, "store", self.stored.append)
        monkeypatch.setattr(questions, "suspend_flow_run", self.suspend)

    def suspend(self, *, wait_for_input: type[DeliveryDecision], key: str) -> DeliveryDecision:
        assert self.stored[-1] == key  # else a page opened now would show no form
        self.shown.append((key, str(wait_for_input._description)))
        return wait_for_input(**self._answers[len(self.shown) - 1])


def test_a_question_is_asked_again_until_its_answer_can_be_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {"decision": "accept", **WHO}
    page = Page(monkeypatch, good | {"reason": "       "}, good | {"by": "123456782"}, good | {"by": " A. Steward "})

    answer = questions.asked(DeliveryDecision, "Three rows.", "verdict")

    assert (answer.by, answer.reason, answer.decision) == ("A. Steward", WHO["reason"], "accept")
    assert page.shown == [
        ("verdict", "Three rows."),
        (
            "verdict-2",
            "**'Waarom' zegt te weinig: geef een reden of zaaknummer, minstens 5 tekens.**\n\nThree rows.",
        ),
        (
            "verdict-3",
            "**'Wie' lijkt het nummer van een persoon te bevatten: geef een naam of functie.**\n\nThree rows.",
        ),
    ]


@pytest.mark.parametrize("form", [Approval, Consent, DeliveryDecision])
def test_every_question_takes_an_answer_in_full(form: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    choice = form.model_json_schema()["properties"]["decision"]["enum"][0]
    Page(monkeypatch, {"decision": choice, **WHO})

    assert questions.asked(form, "?", "key").model_dump(include={"by", "reason"}) == WHO


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2017-02-30", "Day '2017-02-30' is no day of the calendar: write year, month and day, as in 2017-03-01."),
        ("03-2017", "Day '03-2017' is no day of the calendar: write year, month and day, as in 2017-03-01."),
        ("13-13-2017", "Day '13-13-2017' is no day of the calendar: write year, month and day, as in 2017-03-01."),
        ("1-3-17", "Day '1-3-17' is no day of the calendar: write year, month and day, as in 2017-03-01."),
        ("2099-01-01", "Day 2099-01-01 has not come yet: give today or an earlier day."),
    ],
)
def test_a_day_must_exist_and_have_come(day: str, says: str) -> None:
    assert refused(KnownOnForm(day=day)) == says


@pytest.mark.parametrize(
    "written",
    ["19-04-2016", "19-4-2016", "19/04/2016", "19.4.2016", "19 april 2016", "19 Apr. 2016", "2016-04-19", "20160419",
     " 19-04-2016 "],
)  # fmt: skip
def test_a_day_is_understood_as_people_here_write_it(written: str) -> None:
    assert KnownOnForm(day=written).checked().day == "2016-04-19"


@pytest.mark.parametrize(
    "written",
    ["2016-04", "2016-4", "04-2016", "4-2016", "4/2016", "201604", "april 2016", "Apr. 2016", "2016 april", "1-4-2016",
     "19-04-2016", "2016-04-19"],
)  # fmt: skip
def test_a_month_is_understood_as_people_here_write_it(written: str) -> None:
    form = BackfillForm(**(BACKFILL | {"from_month": written, "until_month": "mei 2016"})).checked()
    assert (form.from_month, form.until_month) == ("2016-04", "2016-05")


def test_what_a_form_refuses_it_says_in_dutch() -> None:
    with pytest.raises(BadForm) as error:
        KnownOnForm(day="31-02-2017").checked()
    assert told_error(error.value) == (
        "Dag '31-02-2017' is geen dag van de kalender: schrijf dag, maand en jaar, zoals 01-03-2017."
    )


@pytest.mark.parametrize("form", [BackfillForm, ApplyForm, DecisionForm, KnownOnForm, RollbackForm, ApproveForm])
def test_no_form_answers_with_a_regular_expression(form: type[Form]) -> None:
    assert "pattern" not in str(form.model_json_schema())


ALL = [each for each in vars(forms).values() if isinstance(each, type) and issubclass(each, Form) and each is not Form]


@pytest.mark.parametrize("form", [*ALL, Approval, Consent, DeliveryDecision])
def test_every_field_has_a_title_and_a_help_text_in_one_language(form: type[Form]) -> None:
    for name, field in form.model_fields.items():
        assert field.title, name
        assert field.description, name
        assert " / " not in field.description + field.title, name


def titles(language: str) -> str:
    """All titles and help texts of the forms, as an installation of this language makes them."""
    script = (
        "import json; from flows import forms, question_forms as q; "
        "forms = [forms.BackfillForm, forms.DecisionForm, forms.RollbackForm, q.Approval, q.DeliveryDecision]; "
        "print(json.dumps([each.model_json_schema() for each in forms], ensure_ascii=False))"
    )
    env = os.environ | {"UITSTROOM_LANGUAGE": language}
    return subprocess.run([sys.executable, "-c", script], env=env, check=True, capture_output=True, text=True).stdout


def test_forms_are_dutch_and_english_by_setting() -> None:
    dutch, english = titles("nl"), titles("en")
    ours, theirs = (
        ("Waarom", "Besluit", "Meteen verwerken", "Leeg is alle"),
        ("Why", "Decision", "Process at once", "Empty means"),
    )

    assert all(f'"{word}' in dutch and f'"{word}' not in english for word in ours)
    assert all(f'"{word}' in english and f'"{word}' not in dutch.replace('"DecisionForm', "") for word in theirs)


@pytest.mark.parametrize("form", [*ALL, Approval, Consent, DeliveryDecision])
def test_free_text_is_bounded(form: type[Form]) -> None:
    for name, described in form.model_json_schema()["properties"].items():
        if described.get("type") == "string":
            assert {"maxLength", "enum"} & described.keys(), name


@pytest.mark.parametrize("form", ALL)
def test_who_writes_a_reason_is_told_to_leave_persons_out(form: type[Form]) -> None:
    if "reason" in form.model_fields:
        assert "Geen persoonsgegevens" in str(form.model_fields["reason"].description)
