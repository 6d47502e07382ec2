"""The words of the field and of the pipeline, as closed lists.

Here: enumerations that appear in files, tables and messages, and the constants a civil servant could argue about.
Not here: codes of law with their validity (``reference/*.csv``), rules (``rules``), shapes of files (``sources``).
"""

import datetime as dt
from enum import StrEnum


class Series(StrEnum):
    """Which schemes a stock counts. Two series are never compared with each other."""

    PW = "pw"
    PW_IOAW_IOAZ = "pw_ioaw_ioaz"
    ALL = "all"


SERIES_SCHEMES: dict[Series, tuple[str, ...]] = {
    Series.PW: ("01",),
    Series.PW_IOAW_IOAZ: ("01", "02", "03"),
    Series.ALL: ("01", "02", "03", "14"),
}


class Severity(StrEnum):
    """What a failed rule does (contract, section Rules)."""

    REJECT = "reject"
    QUARANTINE = "quarantine"
    HOLD = "hold"
    WARN = "warn"
    BLOCK = "block"


class DeliveryStatus(StrEnum):
    """What became of a delivery."""

    RECORDED = "recorded"
    HELD = "held"
    REJECTED = "rejected"
    REMOVED = "removed"
    """Rejected, and the file was taken away since: nothing is left to mend."""
    REFUSED = "refused"
    """Held, and a steward decided that it never counts."""
    RETRACTED = "retracted"
    """Recorded, and taken back: it stays in the log and counts no more."""
    COPIED = "copied"
    """The bytes of a delivery under another name."""
    UNSTABLE = "unstable"
    """Still being written, or not to be read at that moment: tried again every night."""


NOTHING_OF_IT = (DeliveryStatus.REJECTED, DeliveryStatus.REMOVED)
"""Of such a delivery nothing was ever recorded, and nothing waits."""


class Decision(StrEnum):
    """What a steward can decide about a delivery; an event in the log, with who and why."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETRACTED = "retracted"
    REINSTATED = "reinstated"


CHANGES_WHAT_COUNTS = frozenset({Decision.ACCEPTED, Decision.RETRACTED, Decision.REINSTATED})
"""Decisions after which later deliveries are compared with others than before."""

DECIDABLE: dict[Decision, tuple[DeliveryStatus, ...]] = {
    Decision.ACCEPTED: (DeliveryStatus.HELD, DeliveryStatus.REFUSED),
    Decision.REFUSED: (DeliveryStatus.HELD,),
    Decision.RETRACTED: (DeliveryStatus.RECORDED,),
    Decision.REINSTATED: (DeliveryStatus.RETRACTED,),
}
"""The statuses of which a delivery must have one for each decision: every decision can be taken back by another."""


class BackfillMode(StrEnum):
    """What a backfill does about some months."""

    MISSING = "missing"
    """Take in the files that lie in raw and that the log does not have yet."""
    REPROJECT = "reproject"
    """Read no file: count and project again what is in the log."""
    REVALIDATE = "revalidate"
    """Read known files again under today's rules."""


class Verdict(StrEnum):
    """Outcome of a published figure against the data (contract, ``published_figures_check``)."""

    CONFIRMED = "confirmed"
    CONFIRMED_IN_OTHER_SERIES = "confirmed_in_other_series"
    CONTRADICTED = "contradicted"
    NOT_CHECKABLE = "not_checkable"


class Vintage(StrEnum):
    """How settled a stock is: as CBS does, provisional until redelivered or a year old."""

    PROVISIONAL = "provisional"
    REVISED = "revised"
    FINAL = "final"


class DateState(StrEnum):
    """How a stock on a reference date is known."""

    COUNTED = "counted"
    REPORTED = "reported"
    HELD = "held"
    MISSING = "missing"


class EventKind(StrEnum):
    """What can happen in a trajectory (contract, ``trajectory_events``)."""

    REFERRED = "aangemeld"
    INTAKE = "intake"
    STARTED = "gestart"
    ACTIVITY_STARTED = "activiteit_gestart"
    ACTIVITY_ENDED = "activiteit_beeindigd"
    PAUSED = "onderbroken"
    RESUMED = "hervat"
    EXTENDED = "verlengd"
    PLACED = "geplaatst"
    PLACEMENT_ENDED = "plaatsing_beeindigd"
    ENDED = "beeindigd"
    STATEMENT_SIGNED = "participatieverklaring_getekend"
    SKILLS_RECORDED = "talentenkaart_vastgelegd"
    VOLUNTEERING_STARTED = "vrijwilligerswerk_gestart"


ACTIVATION_KINDS = (EventKind.STATEMENT_SIGNED, EventKind.SKILLS_RECORDED, EventKind.VOLUNTEERING_STARTED)
"""Events about activation: they may come before a start and after an end."""


ANNOUNCED_KINDS = (EventKind.EXTENDED, EventKind.PLACEMENT_ENDED, EventKind.ENDED)
"""What a provider may tell before it happens. It counts from its own date on."""


class TrajectoryStatus(StrEnum):
    """Where a trajectory stands; once placed, it counts as placed."""

    REFERRED = "referred"
    ACTIVE = "active"
    PAUSED = "paused"
    PLACED = "placed"
    ENDED = "ended"
    DROPPED_OUT = "dropped_out"


DROP_OUT_REASON = "2"
"""SRG 2015, reden einde voorziening: stopped early."""

ALL_PROVIDERS = "*"
"""Provider code of totals in which each client counts once."""

OUTFLOW_TO_WORK_REASONS: tuple[str, ...] = ("11", "13")
"""End reasons that count as outflow to work; 11 also contains sickness benefit (BUS 2015)."""

COUPLE_HOUSEHOLD = "3"
"""Household form of a couple: one benefit, two persons (BUS 2015, leefvorm)."""

MISSING_TEXTS: tuple[str, ...] = (
    "", ".", "-", "NULL", "00000000", "99999999",
    r"\N", "(NULL)", "<NULL>", "[NULL]", "NAN", "NAT", "NIL", "NONE", "<NA>", "UNDEFINED", "(LEEG)", "(BLANK)", "'", '""', '=""',
)  # fmt: skip
"""Spellings of "no value" (contract, section Files), without regard to case: behind those that people use what databases
and programs write where they hold none. Present and unreadable is something else: a finding. So are NA and N/A, which are
codes elsewhere, and words such as onbekend.
"""

A_MOMENT = "a day or a time"
"""In place of what a spreadsheet made a day of, such as 1-2, where a name belongs."""
WORDS_FOR_NONE: tuple[str, ...] = (
    "N.V.T.", "N.V.T", "NVT", "NIET VAN TOEPASSING", "ONBEKEND", "NIET BEKEND", "N.B.", "NNB", "UNKNOWN",
    "N/A", "NA", "LEEG", "GEEN", "--", "---", "–", "—", "?", "??", "???", "FALSE", "#N/A", "#N/B",
)  # fmt: skip
"""What says that there is none, or that it is not known: a finding, and no value that could not be read."""
NO_NAMES: tuple[str, ...] = (
    A_MOMENT.upper(),
    *WORDS_FOR_NONE,
    "TRUE", "#REF!", "#VERW!", "#VALUE!", "#WAARDE!", "#DIV/0!", "#DEEL/0!", "#NAME?", "#NAAM?", "#NUM!", "#GETAL!",
    "#NULL!", "#LEEG!", "#SPILL!", "#OVERLOPEN!", "#CALC!", "#BEREKEN!", "#FORMULA", "#GETTING_DATA", "#####",
)  # fmt: skip
"""Words and marks of errors that stand where people and programs have no value. They name nothing, and where a name or a
code belongs they are a finding: two trajectories "onbekend" are not the same trajectory. Compared without regard to case.
"""

OPEN_ENDS: tuple[dt.date, ...] = (dt.date(9999, 12, 31), dt.date(2999, 12, 31))
"""Days that stand for "no end yet"."""
