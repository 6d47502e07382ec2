"""What a steward fills in: one model per flow, one level deep, every field with title and help text in their language.

Here: fields, and what is wrong with them in words. Not here: what a flow does with them, and the forms with which a
waiting run asks (``flows.question_forms``).
The form refuses what it can refuse in words: an unknown choice, a text too long. A month of the wrong shape it would
refuse with a regular expression, and five blanks it takes for a reason: ``checked`` refuses these at once in the run,
and a question is asked again (``flows.questions``).
"""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from flows.choices import MODES, MUNICIPALITIES, SOURCE_NAMES
from flows.typed_dates import day_of, month_of
from pipeline.errors import UitstroomError
from pipeline.steward.wording import words
from schemas.catalogue import SOURCES
from schemas.sentences import Sentence, said
from schemas.signature import LEAST_BY, LEAST_REASON, signature_problem
from schemas.spelling import shown
from schemas.vocabulary import BackfillMode

HASH = re.compile(r"[0-9a-f]{8,64}")
FILE = re.compile(r"[^\x00-\x1f]{1,180}\.(?:csv|txt|tsv|jsonl|parquet|xlsx)(?:\.gz)?", re.IGNORECASE)
NAME = re.compile(r"[A-Za-z0-9._-]{4,80}")
PREVIOUS = ("vorige", "previous")
"""What stands for the release before the current one."""

LONGEST_DATE = 20
LONGEST_ID = 200
"""Room for what a steward may paste by mistake, a file's name for instance, so that the run can state what is wrong."""

Municipality = StrEnum("Municipality", {code: code for code in MUNICIPALITIES.by_code})  # type: ignore[misc]

SourceName = StrEnum("SourceName", {name.upper(): name for name in SOURCES})  # type: ignore[misc]

_BARE = AfterValidator(str.strip)
"""Without blanks around it. Not before its length is looked at: a question asks again about what is too short then."""

By = Annotated[
    str,
    Field(
        min_length=LEAST_BY,
        max_length=80,
        title=words("Wie", "Who"),
        description=words(
            "Wie is ingelogd, komt in het logboek; wat u hier typt, staat erachter als opmerking.",
            "Who is logged in goes into the log; what you type here stands behind it, as a remark.",
        ),
    ),
    _BARE,
]
Reason = Annotated[
    str,
    Field(
        min_length=LEAST_REASON,
        max_length=200,
        title=words("Waarom", "Why"),
        description=words(
            "Reden, bijvoorbeeld een zaaknummer. Geen persoonsgegevens.",
            "Why, for instance a ticket number. No personal data.",
        ),
    ),
    _BARE,
]
RunNow = Annotated[
    bool,
    Field(
        title=words("Meteen verwerken", "Process at once"),
        description=words(
            "Start daarna een nachtelijke run, zodat de cijfers het laten zien.",
            "Start a nightly run afterwards, so that the figures show it.",
        ),
    ),
]
Delivery = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_ID,
        title=words("Levering", "Delivery"),
        description=words(
            "De naam van het bestand, of de eerste 8 tekens van het kenmerk in het rapport van de nacht.",
            "The name of the file, or the first 8 characters of the hash in the report of the night.",
        ),
    ),
]
PlanId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_ID,
        title="Plan",
        description=words(
            "Het kenmerk van het plan; staat boven het plan.", "The plan's id; stands at the head of the plan."
        ),
    ),
]


def quoted(text: str) -> str:
    """What somebody filled in, as it may be shown again, in quotes."""
    return f"'{shown(text)}'"


class BadForm(UitstroomError):
    """A field that does not hold what it should, or fields that do not fit together."""


def signed_badly(filled: BaseModel) -> Sentence | None:
    """What is wrong with who and why, where a form asks for them."""
    return signature_problem(getattr(filled, "by", None), getattr(filled, "reason", None))


class Form(BaseModel):
    """What all forms share: nothing but the named fields."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    def checked(self) -> Self:
        """The form as it is meant, when it can be carried out; else ``BadForm`` with one sentence."""
        bare = {name: value.strip() for name, value in self if type(value) is str}
        form = self.model_copy(update=bare).as_meant()
        if problem := form.problem() or signed_badly(form):
            raise BadForm(problem)
        return form

    def as_meant(self) -> Self:
        """The same with days and months in the one spelling that jobs know; what cannot be read stays."""
        return self

    def problem(self) -> Sentence | None:
        """What is wrong with the fields of this form alone."""
        return None


class BackfillForm(Form):
    __doc__ = words("Welke maanden opnieuw worden gelezen.", "Which months are read again.")

    from_month: str = Field(
        max_length=LONGEST_DATE,
        title=words("Van maand", "From month"),
        description=words("Eerste maand, bijvoorbeeld 01-2017.", "First month, for instance 2017-01."),
    )
    until_month: str = Field(
        max_length=LONGEST_DATE,
        title=words("Tot maand", "Until month"),
        description=words(
            "De eerste maand die niet meer meedoet: heel 2016 is van 01-2016 tot 01-2017.",
            "The first month that is left out: all of 2016 is from 2016-01 until 2017-01.",
        ),
    )
    sources: list[Annotated[SourceName, SOURCE_NAMES]] = Field(
        default=[],
        title=words("Bronnen", "Sources"),
        description=words("Leeg is alle bronnen.", "Empty means all sources."),
    )
    municipalities: list[Annotated[Municipality, MUNICIPALITIES]] = Field(
        default=[],
        title=words("Gemeenten", "Municipalities"),
        description=words("Leeg is alle gemeenten.", "Empty means all municipalities."),
    )
    mode: Annotated[BackfillMode, MODES] = Field(
        default=BackfillMode.MISSING,
        title=words("Wijze", "Mode"),
        description=words("Wat er met deze maanden gebeurt.", "What is done about these months."),
        json_schema_extra={"default": MODES[BackfillMode.MISSING]},
    )
    apply_after_approval: bool = Field(
        default=True,
        title=words("Wachten op akkoord en dan uitvoeren", "Wait for approval, then apply"),
        description=words(
            "Aan: de run wacht op een akkoord in dit scherm; zolang hij wacht, legt geen nacht de bestanden vast. Uit: "
            "alleen het plan.",
            "On: the run waits for an approval in this screen; as long as it waits, no night records the files. Off: "
            "the plan only.",
        ),
    )
    reason: Reason

    def as_meant(self) -> Self:
        names = ("from_month", "until_month")
        meant = {name: month for name in names if (month := month_of(getattr(self, name)))}
        return self.model_copy(update=meant)

    def problem(self) -> Sentence | None:
        if wrong := [*self._no_months()]:
            return wrong[0] if len(wrong) == 1 else said("form.both", first=wrong[0], second=wrong[1])
        if self.from_month < self.until_month:
            return None
        return said("form.no-range", first=self.from_month, until=self.until_month)

    def _no_months(self) -> Iterator[Sentence]:
        if not month_of(self.from_month):
            yield said("form.from-month", text=quoted(self.from_month))
        if not month_of(self.until_month):
            yield said("form.until-month", text=quoted(self.until_month))


class ApplyForm(Form):
    __doc__ = words("Een plan uitvoeren.", "Apply a plan.")

    plan: PlanId
    by: By
    reason: Reason

    def problem(self) -> Sentence | None:
        return None if NAME.fullmatch(self.plan) else said("form.plan", text=quoted(self.plan))


class DecisionForm(Form):
    __doc__ = words("Een besluit over een levering.", "A decision about a delivery.")

    delivery: Delivery
    by: By
    reason: Reason
    run_now: RunNow = True

    def problem(self) -> Sentence | None:
        if HASH.fullmatch(self.delivery) or FILE.fullmatch(self.delivery):
            return None
        return said("form.delivery", text=quoted(self.delivery))


class KnownOnForm(Form):
    __doc__ = words("De cijfers zoals ze op een dag bekend waren.", "The figures as known on a day.")

    day: str = Field(
        max_length=LONGEST_DATE,
        title=words("Dag", "Day"),
        description=words(
            "Wat op of voor deze dag was geleverd, telt mee; bijvoorbeeld 01-03-2017.",
            "What was delivered on or before this day counts; for instance 2017-03-01.",
        ),
    )

    def as_meant(self) -> Self:
        day = day_of(self.day)
        return self.model_copy(update={"day": day.isoformat()}) if day else self

    def problem(self) -> Sentence | None:
        day = day_of(self.day)
        if day is None:
            return said("form.day", text=quoted(self.day))
        return said("form.future", day=day) if day > date.today() else None


class RollbackForm(Form):
    __doc__ = words("Een eerdere uitgave weer de geldende maken.", "Make an earlier release the current one again.")

    release: str = Field(
        default=words(*PREVIOUS),
        min_length=1,
        max_length=LONGEST_ID,
        title=words("Uitgave", "Release"),
        description=words(
            "vorige: die voor de geldende. Of het kenmerk van een uitgave; staat in het rapport van de nacht.",
            "previous: the one before the current one. Or the id of a release; stands in the report of the night.",
        ),
    )
    by: By
    reason: Reason

    def problem(self) -> Sentence | None:
        return None if NAME.fullmatch(self.release) else said("form.release", text=quoted(self.release))


class ApproveForm(Form):
    __doc__ = words("Toestaan dat definitieve cijfers veranderen.", "Let final figures change.")

    block: str = Field(
        default="",
        max_length=LONGEST_ID,
        title=words("Kenmerk", "Id"),
        description=words(
            "Leeg is de uitgave die nu wacht. Anders het kenmerk in het rapport van de nacht.",
            "Empty is the release that waits now. Else the id in the report of the night.",
        ),
    )
    by: By
    reason: Reason
    run_now: RunNow = True

    def problem(self) -> Sentence | None:
        return None if not self.block or HASH.fullmatch(self.block) else said("form.block", text=quoted(self.block))
