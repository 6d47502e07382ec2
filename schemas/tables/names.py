"""Curated tables of names: what the codes in the other tables are called, in Dutch and English, and since when.

They rest on the reference data of the program alone: no delivery changes them. Not here: which dates and releases there
are (``calendar``, ``releases``).
"""

import polars as pl

from schemas.table import Field, Invariant, Table
from schemas.vocabulary import Severity

_MUNICIPALITY = Field(
    "municipality_code", pl.String(), "Municipality, CBS code with GM", nl="Gemeente, CBS-code met GM"
)
_BEGAN = Field(
    "valid_from",
    pl.Date(),
    "First day; null where it lies before the list begins",
    nullable=True,
    nl="Eerste dag; leeg waar die voor het begin van de lijst ligt",
)
_ENDS = Field(
    "valid_until",
    pl.Date(),
    "First day on which it is no more; null where it goes on",
    nullable=True,
    nl="Eerste dag waarop ze er niet meer is; leeg waar ze doorgaat",
)
_ENDS_AFTER = Invariant("it ends after it began", pl.col("valid_from") < pl.col("valid_until"))

MUNICIPALITIES = Table(
    name="municipalities",
    title="Municipalities",
    grain="one municipality code that existed since 2010",
    grain_nl="één gemeentecode die sinds 2010 bestaan heeft",
    key=("municipality_code",),
    source="reference data of the program: CBS and RvIG (Bron: CBS)",
    is_restated=False,
    order=200,
    fields=(
        _MUNICIPALITY,
        Field("name", pl.String(), "Name", nl="Naam"),
        _BEGAN,
        _ENDS,
        Field("successor", pl.String(), "Code that took its place; of a municipality that was split all of them, separated by ;", nullable=True, nl="Code die in haar plaats kwam; van een gesplitste gemeente alle, gescheiden door ;"),
        Field("change", pl.String(), "What ended it", nullable=True, values=("merged", "split", "renamed"), nl="Waardoor ze eindigde"),
        Field("is_own", pl.Boolean(), "Whether the service serves it as a whole", nl="Of de dienst haar als geheel bedient"),
    ),
    invariants=(_ENDS_AFTER,),
)  # fmt: skip

PROGRAMMES = Table(
    name="programmes",
    title="Programmes",
    grain="one programme",
    grain_nl="één programma",
    key=("programme_code",),
    source="reference data of the program",
    is_restated=False,
    order=210,
    fields=(
        Field("programme_code", pl.String(), "Programme", nl="Programma"),
        Field("name", pl.String(), "Name", nl="Naam"),
        Field("municipality_code", pl.String(), "Municipality that runs it", nullable=True, nl="Gemeente die het uitvoert"),
        Field("target", pl.Int64(), "Placements aimed at", "placements", nullable=True, nl="Beoogde plaatsingen"),
        Field("maximum_months", pl.Int64(), "Longest duration of a trajectory", "months", nullable=True, nl="Langste duur van een traject"),
        Field("expected_occupancy", pl.Int64(), "Trajectories at a time that were agreed on", "trajectories", nullable=True, nl="Afgesproken aantal trajecten tegelijk"),
        Field("expected_share_to_work", pl.String(), "Share to work that was agreed on, per year, as it was written", nullable=True, nl="Afgesproken aandeel naar werk, per jaar, zoals het geschreven is"),
        _BEGAN,
        _ENDS,
    ),
    invariants=(_ENDS_AFTER,),
)  # fmt: skip

PROVIDERS = Table(
    name="providers",
    title="Providers",
    grain="one provider; * stands for all providers together",
    grain_nl="één aanbieder; * staat voor alle aanbieders samen",
    key=("provider_code",),
    source="reference data of the program",
    is_restated=False,
    order=220,
    fields=(
        Field("provider_code", pl.String(), "Provider; * = all together, in rows that count each client once", nl="Aanbieder; * = alle samen, in rijen die iedere cliënt één keer tellen"),
        Field("name", pl.String(), "Name", nl="Naam"),
        Field("is_total", pl.Boolean(), "True for *: leave its rows out of a sum over providers", nl="Waar voor *: laat die rijen weg uit een som over aanbieders"),
        Field("programmes", pl.String(), "Codes of the programmes it has a contract for, separated by ;", nullable=True, nl="Codes van de programma's waarvoor hij een contract heeft, gescheiden door ;"),
        Field("valid_from", pl.Date(), "First day of its first contract", nullable=True, nl="Eerste dag van zijn eerste contract"),
        Field("valid_until", pl.Date(), "First day after its last contract; null where one goes on", nullable=True, nl="Eerste dag na zijn laatste contract; leeg waar er een doorgaat"),
    ),
    invariants=(_ENDS_AFTER,),
)  # fmt: skip

CODES = Table(
    name="codes",
    title="Codes",
    grain="one code of a list, in one of its meanings",
    grain_nl="één code van een lijst, in een van haar betekenissen",
    key=("list", "code", "meaning"),
    source="reference data of the program: code lists of the law (BUS, SRG), words of the programmes and of these tables",
    is_restated=False,
    order=230,
    fields=(
        Field("list", pl.String(), "The list, called like the column that holds its codes", nl="De lijst, genoemd naar de kolom met haar codes"),
        Field("code", pl.String(), "The code as it stands in the tables", nl="De code zoals hij in de tabellen staat"),
        Field("meaning", pl.Int64(), "1 for its first meaning or wording, 2 for the next one", nl="1 voor de eerste betekenis of bewoording, 2 voor de volgende"),
        Field("text_nl", pl.String(), "What it means, in Dutch", nl="Wat het betekent, in het Nederlands"),
        Field("text_en", pl.String(), "What it means, in English; null where nobody translated it", nullable=True, nl="Wat het betekent, in het Engels; leeg waar niemand het vertaalde"),
        _BEGAN,
        _ENDS,
        Field("is_current", pl.Boolean(), "Whether this meaning goes on: join on list, code and is_current for one row a code", nl="Of deze betekenis doorgaat: koppel op list, code en is_current voor één rij per code"),
        Field("basis", pl.String(), "Where it is written down", nullable=True, nl="Waar het geschreven staat"),
    ),
    invariants=(_ENDS_AFTER,),
)  # fmt: skip

RULES = Table(
    name="rules",
    title="Rules",
    grain="one rule",
    grain_nl="één regel",
    key=("rule",),
    source="rules of the program",
    is_restated=False,
    order=240,
    fields=(
        Field(
            "rule",
            pl.String(),
            "Code of the rule; never used for another one",
            nl="Code van de regel; nooit voor een andere gebruikt",
        ),
        Field(
            "severity",
            pl.String(),
            "What happens where it is broken",
            values=tuple(Severity),
            nl="Wat er gebeurt waar ze overtreden wordt",
        ),
        Field(
            "family",
            pl.String(),
            "What the rules of its family are about",
            nl="Waar de regels van haar familie over gaan",
        ),
        Field("title_nl", pl.String(), "Title in Dutch", nl="Titel in het Nederlands"),
        Field("title_en", pl.String(), "Title in English", nl="Titel in het Engels"),
        Field("why_nl", pl.String(), "Why it is asked, in Dutch", nl="Waarom het gevraagd wordt, in het Nederlands"),
        Field(
            "why_en",
            pl.String(),
            "Why it is asked, in English; with the thresholds",
            nl="Waarom het gevraagd wordt, in het Engels; met de grenzen",
        ),
        Field("fix_nl", pl.String(), "What to do about it, in Dutch", nl="Wat eraan te doen is, in het Nederlands"),
        Field("fix_en", pl.String(), "What to do about it, in English", nl="Wat eraan te doen is, in het Engels"),
        Field("basis", pl.String(), "Where it comes from", nl="Waar ze vandaan komt"),
    ),
)
