"""CBS 37789ksz: social security, the country per month and year, exactly as published (× 1,000, one decimal).

Bron: CBS.

Benefits, not persons. Only the columns about social assistance become events; the others are known by name and left
out.
"""

import polars as pl

from schemas import bounds
from schemas.column import Column, Kind
from schemas.gates import Figures, Gates
from schemas.limits.deliveries import AGAIN_LEAST_CBS
from schemas.limits.files import CBS_NATIONAL_STEP, FIRST_NATIONAL_FIGURE, MOST_NATIONAL_BENEFITS, REPORTED_AHEAD_DAYS
from schemas.rules.rule import Rule
from schemas.source import Source, Subject
from schemas.vocabulary import Severity


def _thousands(name: str, header: str, description: str) -> Column:
    return Column(
        name,
        header,
        Kind.THOUSANDS,
        f"{description}, benefits (published in thousands)",
        required=True,
        filled=False,
        missing=("NA",),
    )


COLUMNS = (
    Column(
        "period",
        "Perioden",
        Kind.PERIOD,
        "Month (2016MM12), quarter (2016KW04) or year (2016JJ00) as published, also by its label (2016 december)",
        required=True,
    ),
    _thousands("benefits", "TotaalBijstandsuitkeringen_11", "General assistance, all ages"),
    _thousands("benefits_to_aow_age", "BijstandsuitkeringenTotDeAOWLeeftijd_12", "General assistance, to AOW age"),
    _thousands(
        "benefits_from_aow_age", "BijstandsuitkeringenVanafAOWLeeftijd_13", "General assistance, AOW age and over"
    ),
    _thousands("ioaw", "IOAWUitkeringen_14", "IOAW"),
    _thousands("ioaz", "IOAZUitkeringen_15", "IOAZ"),
)

LEFT_OUT = (
    "ID",
    "index",
    "TotaalArbeidsongeschiktheidsuitkeringen_1",
    "WAOUitkeringen_2",
    "WajongUitkeringen_3",
    "WAZUitkeringen_4",
    "TotaalWIAUitkeringen_5",
    "IVAUitkeringen_6",
    "WGAUitkeringen_7",
    "NietSeizoengecorrigeerd_8",
    "Seizoengecorrigeerd_9",
    "IOWUitkeringen_10",
    "AOWUitkeringen_16",
    "AnwUitkeringen_17",
    "AKWUitkeringen_18",
    "AKWGerechtigden_18",
)
"""Other social security: disability, unemployment, pensions, child benefit."""

COUNTS = tuple(column.name for column in COLUMNS if column.kind is Kind.THOUSANDS)

Q, W = Severity.QUARANTINE, Severity.WARN

_RULES = (
    Rule(
        "CBSNAT-001", Q, "A count below zero", "Aantal kleiner dan nul",
        "Counts are zero or more.", "Fetch the table again.", "CBS 37789ksz",
        holds={count: pl.col(count) >= 0 for count in COUNTS},
        why_nl="Aantallen zijn nul of meer.",
        fix_nl="Haal de tabel opnieuw op, ongewijzigd.",
    ),
    Rule(
        "CBSNAT-002", W, "The age classes do not add up to the total", "Leeftijdsklassen tellen niet op tot het totaal",
        f"Each is rounded to {CBS_NATIONAL_STEP}; the sum of two may differ by {CBS_NATIONAL_STEP} from the total.", "Compare with StatLine.", "CBS 37789ksz",
        holds={"benefits": (pl.col("benefits") - pl.col("benefits_to_aow_age") - pl.col("benefits_from_aow_age")).abs() <= CBS_NATIONAL_STEP},
        why_nl="Ieder is afgerond op 100; de som van twee mag zoveel van het totaal verschillen.",
        fix_nl="Vergelijk met StatLine.",
    ),
    Rule(
        "CBSNAT-003", Q, "The period ends too long after the delivery", "De periode eindigt te ver na de levering",
        f"CBS publishes figures after the period they are about; its end may lie {REPORTED_AHEAD_DAYS} days after the delivery.", "Check the day of delivery in the file name or the sidecar.", "CBS 37789ksz",
        holds={"period": bounds.reported_by_delivery("reference_date")}, is_asked_of_log=True,
        why_nl="Het CBS publiceert na de periode waarover het gaat.",
        fix_nl="Controleer de dag van levering in naam of begeleidend bestand.",
    ),
    Rule(
        "CBSNAT-004", Q, "The period lies before the table begins", "De periode ligt voor het begin van de tabel",
        f"The table begins with {FIRST_NATIONAL_FIGURE:%B %Y}; an earlier period is a typing error.", "Fetch the table again, unchanged.", "CBS 37789ksz",
        holds={"period": pl.col("reference_date") >= FIRST_NATIONAL_FIGURE}, is_asked_of_log=True,
        why_nl="De tabel begint met januari 1998; een eerdere periode is een typefout.",
        fix_nl="Haal de tabel opnieuw op, ongewijzigd.",
    ),
    Rule(
        "CBSNAT-005", Q, "More benefits than the country has", "Meer uitkeringen dan het land heeft",
        f"The country has fewer than {MOST_NATIONAL_BENEFITS:,} benefits of a kind: the table counts in thousands, and noughts too many were added.", "Fetch the table again, unchanged.", "CBS 37789ksz",
        holds={count: pl.col(count) <= MOST_NATIONAL_BENEFITS for count in COUNTS}, is_asked_of_log=True,
        why_nl="Zoveel uitkeringen van een soort heeft het land niet: de tabel telt in duizendtallen, en er zijn nullen bij gekomen.",
        fix_nl="Haal de tabel opnieuw op, ongewijzigd.",
    ),
)  # fmt: skip

_YEAR = pl.col("period").str.slice(0, 4).cast(pl.Int32)
_IS_MONTH = pl.col("period").str.slice(4, 2) == "MM"
_NUMBER = pl.col("period").str.slice(6, 2).cast(pl.Int32)
_IS_QUARTER = pl.col("period").str.slice(4, 2) == "KW"
_MONTH = pl.when(_IS_MONTH).then(_NUMBER).when(_IS_QUARTER).then(3 * _NUMBER).otherwise(12)

SOURCE = Source(
    name="national_statistics",
    order=70,
    title="CBS: social assistance, the country per month",
    title_nl="CBS: bijstand, landelijk per maand",
    grain="one period (month or year)",
    columns=COLUMNS,
    scope=("period",),
    key=("period",),
    valid_on="reference_date",
    rules=_RULES,
    gates=Gates(counted_by=(), figures=Figures(COUNTS, AGAIN_LEAST_CBS, time=("period",), step=CBS_NATIONAL_STEP)),
    left_out=LEFT_OUT,
    cbs_tables=("37789ksz",),
    derived={"reference_date": pl.date(_YEAR, _MONTH, 1).dt.month_end(), "is_month": _IS_MONTH},
    derived_descriptions={
        "reference_date": "Last day of the period: monthly figures are about its end",
        "is_month": "True for a month, false for a quarter or a year (averages)",
    },
    subjects=(Subject(pl.lit("national")),),
)
