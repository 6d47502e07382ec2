"""Curated tables of names: what the codes in the other tables are called, in Dutch and English, and since when.

They rest on the reference data of the program alone: no delivery changes them. Not here: which dates and releases there
are (``calendar``, ``releases``).
"""

import polars as pl

from schemas.table import Field, Invariant, Table
from schemas.vocabulary import Severity

_MUNICIPALITY = Field("municipality_code", pl.String(), "Municipality, CBS code with GM")
_BEGAN = Field("valid_from", pl.Date(), "First day; null where it lies before the list begins", nullable=True)
_ENDS = Field("valid_until", pl.Date(), "First day on which it is no more; null where it goes on", nullable=True)
_ENDS_AFTER = Invariant("it ends after it began", pl.col("valid_from") < pl.col("valid_until"))

MUNICIPALITIES = Table(
    name="municipalities",
    title="Municipalities",
    grain="one municipality code that existed since 2010",
    key=("municipality_code",),
    source="reference data of the program: CBS and RvIG (Bron: CBS)",
    is_restated=False,
    order=200,
    fields=(
        _MUNICIPALITY,
        Field("name", pl.String(), "Name"),
        _BEGAN,
        _ENDS,
        Field("successor", pl.String(), "Code that took its place; of a municipality that was split all of them, separated by ;", nullable=True),
        Field("change", pl.String(), "What ended it", nullable=True, values=("merged", "split", "renamed")),
        Field("is_own", pl.Boolean(), "Whether the service serves it as a whole"),
    ),
    invariants=(_ENDS_AFTER,),
)  # fmt: skip

PROGRAMMES = Table(
    name="programmes",
    title="Programmes",
    grain="one programme",
    key=("programme_code",),
    source="reference data of the program",
    is_restated=False,
    order=210,
    fields=(
        Field("programme_code", pl.String(), "Programme"),
        Field("name", pl.String(), "Name"),
        Field("municipality_code", pl.String(), "Municipality that runs it", nullable=True),
        Field("target", pl.Int64(), "Placements aimed at", "placements", nullable=True),
        Field("maximum_months", pl.Int64(), "Longest duration of a trajectory", "months", nullable=True),
        Field("expected_occupancy", pl.Int64(), "Trajectories at a time that were agreed on", "trajectories", nullable=True),
        Field("expected_share_to_work", pl.String(), "Share to work that was agreed on, per year, as it was written", nullable=True),
        _BEGAN,
        _ENDS,
    ),
    invariants=(_ENDS_AFTER,),
)  # fmt: skip

PROVIDERS = Table(
    name="providers",
    title="Providers",
    grain="one provider; * stands for all providers together",
    key=("provider_code",),
    source="reference data of the program",
    is_restated=False,
    order=220,
    fields=(
        Field("provider_code", pl.String(), "Provider; * = all together, in rows that count each client once"),
        Field("name", pl.String(), "Name"),
        Field("is_total", pl.Boolean(), "True for *: leave its rows out of a sum over providers"),
        Field("programmes", pl.String(), "Codes of the programmes it has a contract for, separated by ;", nullable=True),
        Field("valid_from", pl.Date(), "First day of its first contract", nullable=True),
        Field("valid_until", pl.Date(), "First day after its last contract; null where one goes on", nullable=True),
    ),
    invariants=(_ENDS_AFTER,),
)  # fmt: skip

CODES = Table(
    name="codes",
    title="Codes",
    grain="one code of a list, in one of its meanings",
    key=("list", "code", "meaning"),
    source="reference data of the program: code lists of the law (BUS, SRG), words of the programmes and of these tables",
    is_restated=False,
    order=230,
    fields=(
        Field("list", pl.String(), "The list, called like the column that holds its codes"),
        Field("code", pl.String(), "The code as it stands in the tables"),
        Field("meaning", pl.Int64(), "1 for its first meaning or wording, 2 for the next one"),
        Field("text_nl", pl.String(), "What it means, in Dutch"),
        Field("text_en", pl.String(), "What it means, in English; null where nobody translated it", nullable=True),
        _BEGAN,
        _ENDS,
        Field("is_current", pl.Boolean(), "Whether this meaning goes on: join on list, code and is_current for one row a code"),
        Field("basis", pl.String(), "Where it is written down", nullable=True),
    ),
    invariants=(_ENDS_AFTER,),
)  # fmt: skip

RULES = Table(
    name="rules",
    title="Rules",
    grain="one rule",
    key=("rule",),
    source="rules of the program",
    is_restated=False,
    order=240,
    fields=(
        Field("rule", pl.String(), "Code of the rule; never used for another one"),
        Field("severity", pl.String(), "What happens where it is broken", values=tuple(Severity)),
        Field("family", pl.String(), "What the rules of its family are about"),
        Field("title_nl", pl.String(), "Title in Dutch"),
        Field("title_en", pl.String(), "Title in English"),
        Field("why_nl", pl.String(), "Why it is asked, in Dutch"),
        Field("why_en", pl.String(), "Why it is asked, in English; with the thresholds"),
        Field("fix_nl", pl.String(), "What to do about it, in Dutch"),
        Field("fix_en", pl.String(), "What to do about it, in English"),
        Field("basis", pl.String(), "Where it comes from"),
    ),
)
