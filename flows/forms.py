"""What a steward fills in: one model per flow, one level deep, every field with title and help text in both languages.

Here: fields, and what is wrong with them in words. Not here: what a flow does with them, and the forms with which a
waiting run asks (``flows.question_forms``).
The form refuses what it can refuse in words: an unknown choice, a text too long. A month of the wrong shape it would
refuse with a regular expression, and five blanks it takes for a reason: ``checked`` refuses these at once in the run,
and a question is asked again (``flows.questions``).
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from pipeline.errors import UitstroomError
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.signature import LEAST_BY, LEAST_REASON, signature_problem
from schemas.spelling import shown
from schemas.vocabulary import BackfillMode

MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
DAY = re.compile(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")
HASH = re.compile(r"[0-9a-f]{8,64}")
NAME = re.compile(r"[A-Za-z0-9._-]{4,80}")

LONGEST_DATE = 20
LONGEST_ID = 200
"""Room for what a steward may paste by mistake, a file's name for instance, so that the run can state what is wrong."""

Municipality = StrEnum(  # type: ignore[misc]
    "Municipality", {code: code for code in reference.municipalities().filter(is_own=True)["code"]}
)

SourceName = StrEnum("SourceName", {name.upper(): name for name in SOURCES})  # type: ignore[misc]

By = Annotated[
    str,
    Field(
        min_length=LEAST_BY,
        max_length=80,
        title="Wie / Who",
        description="Naam of functie van wie beslist; komt in het logboek. / "
        "Name or role of who decides; goes into the log.",
    ),
]
Reason = Annotated[
    str,
    Field(
        min_length=LEAST_REASON,
        max_length=200,
        title="Waarom / Why",
        description="Reden, bijvoorbeeld een zaaknummer. Geen persoonsgegevens. / "
        "Why, for instance a ticket number. No personal data.",
    ),
]
RunNow = Annotated[
    bool,
    Field(
        title="Meteen verwerken / Process at once",
        description="Start daarna een nachtelijke run, zodat de cijfers het laten zien. / "
        "Start a nightly run afterwards, so that the figures show it.",
    ),
]
Delivery = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_ID,
        title="Levering / Delivery",
        description="De hash van de levering, of de eerste 8 tekens of meer; staat in het rapport van de nacht. / "
        "The delivery's hash, or its first 8 characters or more; stands in the report of the night.",
    ),
]
PlanId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_ID,
        title="Plan",
        description="Het kenmerk van het plan; staat boven het plan. / The plan's id; stands at the head of the plan.",
    ),
]


def quoted(text: str) -> str:
    """What somebody filled in, as it may be shown again, in quotes."""
    return f"'{shown(text)}'"


Filled = TypeVar("Filled", bound=BaseModel)


class BadForm(UitstroomError):
    """A field that does not hold what it should, or fields that do not fit together."""


def stripped(filled: Filled) -> Filled:
    """The same without blanks around what was typed."""
    typed = {name: value.strip() for name, value in filled if type(value) is str}
    return filled.model_copy(update=typed)


def signed_badly(filled: BaseModel) -> str | None:
    """What is wrong with who and why, where a form asks for them."""
    return signature_problem(getattr(filled, "by", None), getattr(filled, "reason", None))


class Form(BaseModel):
    """What all forms share: nothing but the named fields."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    def checked(self) -> Self:
        """The form without blanks around its texts when it can be carried out; else ``BadForm`` with one sentence."""
        form = stripped(self)
        if problem := form.problem() or signed_badly(form):
            raise BadForm(problem)
        return form

    def problem(self) -> str | None:
        """What is wrong with the fields of this form alone, in one sentence."""
        return None


class BackfillForm(Form):
    """Welke maanden opnieuw worden gelezen. / Which months are read again."""

    from_month: str = Field(
        max_length=LONGEST_DATE,
        title="Van maand / From month",
        description="Eerste maand, bijvoorbeeld 2017-01. / First month, for instance 2017-01.",
    )
    until_month: str = Field(
        max_length=LONGEST_DATE,
        title="Tot maand / Until month",
        description="De eerste maand die niet meer meedoet: heel 2016 is van 2016-01 tot 2017-01. / "
        "The first month that is left out: all of 2016 is from 2016-01 until 2017-01.",
    )
    sources: list[SourceName] = Field(
        default=[],
        title="Bronnen / Sources",
        description="Leeg is alle bronnen. / Empty means all sources.",
    )
    municipalities: list[Municipality] = Field(
        default=[],
        title="Gemeenten / Municipalities",
        description="Leeg is alle gemeenten. / Empty means all municipalities. "
        "GM0899 Brunssum, GM0881 Onderbanken, GM0882 Landgraaf.",
    )
    mode: BackfillMode = Field(
        default=BackfillMode.MISSING,
        title="Wijze / Mode",
        description="missing: wat nog niet is vastgelegd. reproject: opnieuw tellen, niets lezen. revalidate: bekende "
        "bestanden opnieuw keuren met de regels van nu. / missing: what is not recorded yet. reproject: count again, "
        "read nothing. revalidate: check known files again by today's rules.",
    )
    apply_after_approval: bool = Field(
        default=True,
        title="Wachten op akkoord en dan uitvoeren / Wait for approval, then apply",
        description="Aan: de run wacht op een akkoord in dit scherm. Uit: alleen het plan. / "
        "On: the run waits for an approval in this screen. Off: the plan only.",
    )
    reason: Reason

    def problem(self) -> str | None:
        months = {"From month": self.from_month, "until month": self.until_month}
        wrong = [f"{field} {quoted(text)}" for field, text in months.items() if not MONTH.fullmatch(text)]
        if wrong:
            fault = f"{' and '.join(wrong)} {'are no months' if wrong[1:] else 'is no month'}"
            return f"{fault[0].upper()}{fault[1:]}: write the year and a month from 01 to 12, as in 2017-01."
        if self.from_month < self.until_month:
            return None
        return f"From {self.from_month} until {self.until_month} is no month: until is the first that is left out."


class ApplyForm(Form):
    """Een plan uitvoeren. / Apply a plan."""

    plan: PlanId
    by: By
    reason: Reason

    def problem(self) -> str | None:
        if NAME.fullmatch(self.plan):
            return None
        return f"Plan {quoted(self.plan)} is no id of a plan: copy the one at the head of the plan."


class DecisionForm(Form):
    """Een besluit over een levering. / A decision about a delivery."""

    delivery: Delivery
    by: By
    reason: Reason
    run_now: RunNow = True

    def problem(self) -> str | None:
        if HASH.fullmatch(self.delivery):
            return None
        return (
            f"Delivery {quoted(self.delivery)} is no hash of a delivery: give its first 8 characters or more, digits "
            "and a to f, as in the report of the night."
        )


class KnownOnForm(Form):
    """De cijfers zoals ze op een dag bekend waren. / The figures as known on a day."""

    day: str = Field(
        max_length=LONGEST_DATE,
        title="Dag / Day",
        description="Wat op of voor deze dag was geleverd, telt mee; bijvoorbeeld 2017-03-01. / "
        "What was delivered on or before this day counts; for instance 2017-03-01.",
    )

    def problem(self) -> str | None:
        try:
            day = date.fromisoformat(self.day) if DAY.fullmatch(self.day) else None
        except ValueError:
            day = None
        if day is None:
            return f"Day {quoted(self.day)} is no day of the calendar: write year, month and day, as in 2017-03-01."
        return f"Day {day} has not come yet: give today or an earlier day." if day > date.today() else None


class RollbackForm(Form):
    """Een eerdere uitgave weer de geldende maken. / Make an earlier release the current one again."""

    release: str = Field(
        min_length=1,
        max_length=LONGEST_ID,
        title="Uitgave / Release",
        description="Het kenmerk van de uitgave; staat in het rapport van de nacht. / "
        "The release's id; stands in the report of the night.",
    )
    by: By
    reason: Reason

    def problem(self) -> str | None:
        if NAME.fullmatch(self.release):
            return None
        return f"Release {quoted(self.release)} is no id of a release: copy one from the report of a night."
