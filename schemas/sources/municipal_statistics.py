"""CBS: benefits and re-integration per region, age class and year (83450NED, 83747NED, 84066NED), exactly as
published.

Persons, not benefits; general assistance alone; reference date 31 December; counts rounded to 10, percentages to
0.5. Bron: CBS.
"""

import polars as pl

from schemas import bounds, reference
from schemas.column import Column, Kind, Marks
from schemas.consistency import percentage_fits_rounded
from schemas.gates import Figures, Gates
from schemas.limits.deliveries import AGAIN_LEAST_CBS
from schemas.limits.files import (
    CBS_BASE_TOLERANCE,
    CBS_COUNT_STEP,
    CBS_PCT_STEP,
    MOST_INHABITANTS,
    REPORTED_AHEAD_DAYS,
    REPORTED_BEHIND_YEARS,
)
from schemas.rules.rule import Rule
from schemas.source import Source, Subject
from schemas.vocabulary import Severity


def _count(name: str, header: str, description: str, *, required: bool = True) -> Column:
    return Column(
        name,
        header,
        Kind.INTEGER,
        f"{description}, rounded to 10; 0 means below 5",
        required=required,
        filled=False,
        missing=NO_VALUE,
    )


def _pct(name: str, header: str, description: str, *, required: bool = True) -> Column:
    about = f"{description}, rounded to 0.5"
    return Column(
        name, header, Kind.DECIMAL, about, required=required, filled=False, marks=Marks.DECIMAL, missing=NO_VALUE
    )


AGE_TEXTS = (
    ("15 jaar of ouder", "20150"),
    ("15 jaar tot AOW-leeftijd", "90100"),
    ("AOW-leeftijd of ouder", "90200"),
)
"""The age classes as StatLine labels them."""

NO_VALUE = ("NA",)
"""How R writes that there is no value."""

COLUMNS = (
    Column("statistics_table", "tabel", Kind.CODE, "CBS table, from the file name", filled=True),
    Column("year", "jaar", Kind.YEAR, "Year the figures are about, from sidecar, file name or table", filled=True),
    Column(
        "age_class",
        "Leeftijd",
        Kind.CODE,
        "20150 = 15 and over, 90100 = 15 to AOW age, 90200 = AOW age and over",
        required=True,
        texts=AGE_TEXTS,
    ),
    Column(
        "region_code",
        "Regiokenmerken",
        Kind.REGION,
        "Country, part, province or municipality, borders of that year",
        required=True,
        texts=reference.region_texts(),
    ),
    _count("inhabitants", "Inwoners_1", "Inhabitants on 31 December"),
    _count("recipients", "Bijstandsontvangers_2", "Persons with general assistance on 31 December"),
    _pct("recipients_per_1000", "Bijstandsdichtheid_3", "Recipients per 1,000 inhabitants"),
    _count("inflow", "Instroom_4", "Persons whose assistance started in the year"),
    _pct("inflow_pct", "Instroom_5", "Inflow in % of (recipients at the begin of the year + inflow)"),
    _count("outflow", "Uitstroom_6", "Persons whose assistance ended in the year"),
    _pct("outflow_pct", "Uitstroom_7", "Outflow in % of (recipients at the begin of the year + inflow)"),
    _count("outflow_to_work", "UitstroomNaarWerk_8", "Persons who left for work"),
    _pct(
        "outflow_to_work_pct",
        "UitstroomNaarWerk_9",
        "The same in % of (recipients to AOW age at the begin of the year + inflow to AOW age), also for 15 and over",
    ),
    _count(
        "reintegration",
        "PersonenMetReIntegratievoorziening_10",
        "Persons with a re-integration provision",
        required=False,
    ),
    _count("work_after_reintegration", "WerkNaReIntegratie_11", "Persons at work after re-integration", required=False),
    _pct("work_after_reintegration_pct", "WerkNaReIntegratie_12", "The same in %", required=False),
    _count(
        "recipients_with_reintegration",
        "PersonenMetBijstandEnReIntegratie_13",
        "Recipients with a re-integration provision",
        required=False,
    ),
    _pct(
        "recipients_with_reintegration_pct",
        "BijstandsontvangersMetReIntegratie_14",
        "The same in % of recipients to AOW age",
        required=False,
    ),
    _pct(
        "reintegration_with_benefit_pct",
        "ReIntegratieontvangersMetBijstand_15",
        "Recipients in % of persons with a provision",
        required=False,
    ),
    _count("sheltered_workers", "WSWWerknemers_16", "Workers under the sheltered employment act (WSW)", required=False),
    _pct("sheltered_per_1000", "WSWDichtheid_17", "Sheltered workers per 1,000 inhabitants", required=False),
)

COUNTS = tuple(column.name for column in COLUMNS if column.kind is Kind.INTEGER)
PERCENTAGES = tuple(column.name for column in COLUMNS if column.kind is Kind.DECIMAL)


def _shares_base() -> pl.Expr:
    """Bases implied by inflow and by outflow overlap: base = 100 * count / pct, on the intervals of count and
    percentage.
    """

    def bounds(count: str, pct: str) -> tuple[pl.Expr, pl.Expr]:
        n, p = pl.col(count), pl.col(pct)
        low = 100 * (n - CBS_COUNT_STEP / 2).clip(lower_bound=0) / (p + CBS_PCT_STEP / 2)
        high = (
            pl.when(p > CBS_PCT_STEP / 2)
            .then(100 * (n + CBS_COUNT_STEP / 2) / (p - CBS_PCT_STEP / 2))
            .otherwise(float("inf"))
        )
        return low, high

    low_in, high_in = bounds("inflow", "inflow_pct")
    low_out, high_out = bounds("outflow", "outflow_pct")
    return (low_in <= high_out + CBS_BASE_TOLERANCE) & (low_out <= high_in + CBS_BASE_TOLERANCE)


def _density_fits() -> pl.Expr:
    """Per 1,000 rather than per cent: the same expression on a tenth of the value and of its step."""
    return percentage_fits_rounded(
        pl.col("recipients_per_1000") / 10,
        pl.col("recipients"),
        pl.col("inhabitants"),
        count_step=CBS_COUNT_STEP,
        pct_step=CBS_PCT_STEP / 10,
    )


Q, W = Severity.QUARANTINE, Severity.WARN

_RULES = (
    Rule(
        "CBSMUN-001", Q, "A count below zero", "Aantal kleiner dan nul",
        "Counts are zero or more.", "Fetch the table again.", "CBS",
        holds={count: pl.col(count) >= 0 for count in COUNTS},
        why_nl="Aantallen zijn nul of meer.",
        fix_nl="Haal de tabel opnieuw op, ongewijzigd.",
    ),
    Rule(
        "CBSMUN-002", Q, "A count is not a multiple of 10", "Aantal is geen veelvoud van 10",
        "CBS rounds these counts to 10 against disclosure; another value is not from this table.", "Fetch the table again, unchanged.", "CBS",
        holds={count: pl.col(count) % CBS_COUNT_STEP == 0 for count in COUNTS},
        why_nl="Het CBS rondt deze aantallen af op 10 tegen onthulling; een ander getal komt niet uit deze tabel.",
        fix_nl="Haal de tabel opnieuw op, ongewijzigd.",
    ),
    Rule(
        "CBSMUN-003", Q, "A percentage is not a multiple of 0.5", "Percentage is geen veelvoud van 0,5",
        "CBS rounds these percentages to 0.5.", "Fetch the table again, unchanged.", "CBS",
        holds={pct: pl.col(pct) / CBS_PCT_STEP % 1 == 0 for pct in PERCENTAGES},
        why_nl="Het CBS rondt deze percentages af op 0,5.",
        fix_nl="Haal de tabel opnieuw op, ongewijzigd.",
    ),
    Rule(
        "CBSMUN-004", W, "Recipients per 1,000 do not follow from the counts", "Bijstandsdichtheid volgt niet uit de aantallen",
        "Checked on intervals, since the counts are rounded.", "Compare with StatLine; a border change may explain it.", "CBS",
        holds={"recipients_per_1000": _density_fits()},
        why_nl="Getoetst met marges, omdat de aantallen zijn afgerond.",
        fix_nl="Vergelijk met StatLine; een grenswijziging kan het verklaren.",
    ),
    Rule(
        "CBSMUN-005", W, "Outflow to work exceeds outflow", "Uitstroom naar werk groter dan uitstroom",
        "Outflow to work is part of outflow; rounding allows 10.", "Compare with StatLine.", "CBS",
        holds={"outflow_to_work": pl.col("outflow_to_work") <= pl.col("outflow") + CBS_COUNT_STEP},
        why_nl="Uitstroom naar werk is een deel van de uitstroom; de afronding laat 10 toe.",
        fix_nl="Vergelijk met StatLine.",
    ),
    Rule(
        "CBSMUN-006", Q, "Unknown age class", "Onbekende leeftijdsklasse",
        "These tables know 20150, 90100 and 90200.", "Fetch the table again.", "CBS",
        holds={"age_class": pl.col("age_class").is_in(["20150", "90100", "90200"])},
        why_nl="Deze tabellen kennen 20150, 90100 en 90200.",
        fix_nl="Haal de tabel opnieuw op, ongewijzigd.",
    ),
    Rule(
        "CBSMUN-007", W, "Inflow and outflow percentages do not share a base", "Percentages van in- en uitstroom hebben niet dezelfde noemer",
        "Both are in % of begin of the year + inflow; the two bases, on intervals, have to overlap.", "A merger of municipalities may explain it.", "CBS",
        holds={"inflow_pct": _shares_base()},
        why_nl="Beide zijn in % van beginstand + instroom; de twee noemers moeten binnen de marges overlappen.",
        fix_nl="Een herindeling kan het verklaren.",
    ),
    Rule(
        "CBSMUN-008", Q, "The year ends too long after the delivery", "Het jaar eindigt te ver na de levering",
        f"CBS publishes figures after the year they are about; the end of the year may lie {REPORTED_AHEAD_DAYS} days after the delivery.", "Check the year in the file name or the sidecar, and the day of delivery.", "CBS",
        holds={"year": bounds.reported_by_delivery("reference_date")}, is_asked_of_log=True,
        why_nl="Het CBS publiceert na het jaar waarover het gaat.",
        fix_nl="Controleer het jaar in naam of begeleidend bestand, en de dag van levering.",
    ),
    Rule(
        "CBSMUN-009", Q, "A count is more than the country has inhabitants", "Aantal is groter dan het land inwoners heeft",
        f"No count of a region is above {MOST_INHABITANTS:,}: noughts too many.", "Fetch the table again, unchanged.", "CBS",
        holds={count: pl.col(count) <= MOST_INHABITANTS for count in COUNTS},
        why_nl="Geen aantal van een regio is zo groot: nullen te veel.",
        fix_nl="Haal de tabel opnieuw op, ongewijzigd.",
    ),
    Rule(
        "CBSMUN-010", Q, "A count is more than the inhabitants of the region", "Aantal is groter dan het aantal inwoners van de regio",
        f"Every count of these tables is about inhabitants of the region; rounding allows {CBS_COUNT_STEP}.", "Fetch the table again, unchanged.", "CBS",
        holds={count: pl.col(count) <= pl.col("inhabitants") + CBS_COUNT_STEP for count in COUNTS if count != "inhabitants"},
        why_nl="Ieder aantal in deze tabellen gaat over inwoners van de regio; de afronding laat 10 toe.",
        fix_nl="Haal de tabel opnieuw op, ongewijzigd.",
    ),
    Rule(
        "CBSMUN-011", Q, "The year lies too long before the delivery", "Het jaar ligt te lang voor de levering",
        f"More than {REPORTED_BEHIND_YEARS} years back there are no such tables: the century is a typing error.", "Check the year in the file name or the sidecar.", "CBS",
        holds={"year": bounds.not_long_before("reference_date")}, is_asked_of_log=True,
        why_nl="Zo lang geleden waren er zulke tabellen niet: de eeuw is verschreven.",
        fix_nl="Controleer het jaar in naam of begeleidend bestand.",
    ),
)  # fmt: skip

SOURCE = Source(
    name="municipal_statistics",
    order=60,
    title="CBS: benefits and re-integration per municipality",
    title_nl="CBS: bijstand en re-integratie naar gemeente",
    grain="one CBS table, region, age class and year",
    columns=COLUMNS,
    scope=("statistics_table", "region_code", "age_class", "year"),
    key=("statistics_table", "region_code", "age_class", "year"),
    valid_on="reference_date",
    rules=_RULES,
    gates=Gates(
        counted_by=("statistics_table", "year"),
        figures=Figures(COUNTS, AGAIN_LEAST_CBS, time=("statistics_table", "year"), step=CBS_COUNT_STEP),
    ),
    from_delivery=("statistics_table", "year"),
    left_out=("ID", "index"),
    cbs_tables=tuple(reference.cbs_tables()["statistics_table"]),
    derived={"reference_date": pl.date(pl.col("year"), 12, 31)},
    derived_descriptions={"reference_date": "31 December of the year"},
    subjects=(Subject(pl.col("region_code")),),
    municipality="region_code",
)
