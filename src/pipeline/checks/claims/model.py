"""A claim, and what is held against it.

Here: the frozen shapes that the check of published figures passes on, and when a figure meets a claim. Not here: where
figures come from (``lookup``, ``evidence``), and which verdict follows (``verdict``).
"""

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.versions.explanation import Behind, Lineage
from schemas.limits.figures import ABOUT_SHARE, FRACTION_DECIMALS
from schemas.limits.files import ROUNDING_TOLERANCE
from schemas.sentences import Sentence

_INEQUALITIES = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


@dataclass(frozen=True)
class Claim:
    """One published figure. ``series`` is null where the text names none."""

    claim_id: str
    document: str
    published_on: date
    indicator: str
    region_code: str | None
    programme_code: str | None
    series: str | None
    reference_date: date | None
    period_from: date | None
    period_until: date | None
    operator: str
    value: float
    value_decimals: int
    unit: str | None
    note: str | None = None

    @property
    def has_unknown_begin(self) -> bool:
        """The text says "in recent years": counted over a time whose begin it does not give."""
        return "begin onbekend" in (self.note or "").lower()

    @property
    def period(self) -> tuple[date, date] | None:
        """First day of the period and first day after it."""
        if self.period_from is None or self.period_until is None:
            return None
        return self.period_from, self.period_until

    @property
    def subject_period(self) -> str | None:
        """What the claim is about in time: a date, or the days between which a period runs."""
        if self.reference_date is not None:
            return self.reference_date.isoformat()
        return "/".join(day.isoformat() for day in self.period) if self.period else None

    @property
    def is_fraction(self) -> bool:
        """Printed as 1/3: it has no decimals, and is no whole number."""
        return self.value_decimals == 0 and self.value != round(self.value)

    @property
    def _precision(self) -> int:
        return FRACTION_DECIMALS if self.is_fraction else self.value_decimals

    def is_met_by(self, found: float, margin: float = 0.0) -> bool | None:
        """Whether ``found`` agrees at printed precision; null where a rounded figure (± ``margin``) leaves it open."""
        if self.operator == "=":
            return abs(self.value - found) <= 0.5 * 10.0**-self._precision + margin + ROUNDING_TOLERANCE
        if self.operator == "~":
            return abs(self.value - found) <= ABOUT_SHARE * abs(self.value) + margin + ROUNDING_TOLERANCE
        holds = _INEQUALITIES[self.operator]
        outcomes = {bool(holds(found - margin, self.value)), bool(holds(found + margin, self.value))}
        return outcomes.pop() if len(outcomes) == 1 else None


def _nothing(_lineage: Lineage) -> Iterable[Behind]:
    return ()


@dataclass(frozen=True)
class Candidate:
    """One figure that the claim may be about, in one series; ``series`` is null for figures of CBS."""

    series: str | None
    value: float
    sentence: Sentence
    """The figure in full, as the subject of the explanation."""
    brief: Sentence
    """The same in a few words, for when it stands beside another."""
    margin: float = 0.0
    """How far rounding at the source may have moved the figure."""
    is_statement: bool = False
    """The value is true (1) or false (0): the sentence holds all, no figure is compared."""
    behind: Callable[[Lineage], Iterable[Behind]] = _nothing
    """The figures or rows that the value is computed from, as known on the day of the lookup."""
    of_value: Callable[[Lineage], Iterable[Behind]] | None = None
    """The same of the value alone, where the sentences tell more than it."""
    rests_on: tuple[str, ...] = ()
    """Other claims without which the value would be another."""
    named: tuple[str, ...] = ()
    """Other claims that the sentence names."""
    record_since: date | None = None
    """Of a claim about a record, where that record begins."""


@dataclass(frozen=True)
class Evidence:
    """All that bears on one claim: candidates, or why there are none, and what is worth knowing beside them."""

    candidates: tuple[Candidate, ...] = ()
    missing: Sentence | None = None
    """Always there where there are no candidates."""
    remark: Sentence | None = None
    claims: tuple[str, ...] = ()
    """Other claims that the remark is about."""
    beside: Callable[[Lineage], Iterable[Behind]] = _nothing
    """What the words rest on where there is no candidate."""


def read_claims(frame: pl.DataFrame) -> tuple[Claim, ...]:
    """The rows of the claims frame, in order of ``claim_id``."""
    columns = list(Claim.__dataclass_fields__)
    return tuple(Claim(**row) for row in frame.sort("claim_id").select(columns).iter_rows(named=True))
