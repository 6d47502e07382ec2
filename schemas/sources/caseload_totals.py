"""The caseload already counted, as a reporter sent it: one row per municipality, reference date and series."""

import polars as pl

from schemas import bounds, reference
from schemas.column import Column, Kind, Marks
from schemas.consistency import percentage_matches
from schemas.gates import Figures, Gates
from schemas.limits.deliveries import AGAIN_LEAST
from schemas.limits.files import (
    LONGEST_COMPARISON_YEARS,
    MOST_BENEFITS_OF_PLACE,
    REPORTED_AHEAD_DAYS,
    REPORTED_BEHIND_YEARS,
)
from schemas.rules.rule import Rule
from schemas.source import Source, Subject
from schemas.vocabulary import Series, Severity

COUNTS = ("benefits", "previous_benefits", "inflow", "outflow", "outflow_to_work")

COLUMNS = (
    Column("reference_date", "peildatum", Kind.DATE, "Date the stock is about", required=True),
    Column(
        "municipality_code", "gemeentecode", Kind.MUNICIPALITY, "Municipality that pays the benefits", required=True
    ),
    Column("series", "reeks", Kind.CODE, "Which schemes are counted", required=True),
    Column("benefits", "aantal", Kind.INTEGER, "Benefits on the reference date", required=True),
    Column("previous_reference_date", "vorige_peildatum", Kind.DATE, "Reference date compared with"),
    Column("previous_benefits", "vorig_aantal", Kind.INTEGER, "Benefits on the previous reference date"),
    Column("change", "mutatie", Kind.INTEGER, "Change since the previous reference date, in benefits"),
    Column("change_pct", "mutatie_pct", Kind.PRINTED, "The same, in percent as printed", marks=Marks.DECIMAL),
    Column("inflow", "instroom", Kind.INTEGER, "Benefits started since the previous reference date"),
    Column("outflow", "uitstroom", Kind.INTEGER, "Benefits ended since the previous reference date"),
    Column("outflow_to_work", "uitstroom_werk", Kind.INTEGER, "Of those, ended because of work"),
)

Q, W = Severity.QUARANTINE, Severity.WARN

_RULES = (
    Rule(
        "TOTALS-001", Q, "Municipality code does not exist on the reference date", "Gemeentecode bestaat niet op de peildatum",
        "Municipalities merge; sources differ in vintage.", reference.advice_on_municipality(),
        holds={"municipality_code": reference.valid_on(reference.municipalities(), "municipality_code", "reference_date")},
        why_nl="Gemeenten worden samengevoegd; bronnen verschillen van jaargang.",
        fix_nl="Controleer de code en de datum. Wat van iedere code werd, staat in docs/reference/municipalities.md.",
    ),
    Rule(
        "TOTALS-002", Q, "Unknown series", "Onbekende reeks",
        "A stock without its definition cannot be compared: pw, pw_ioaw_ioaz or all.", "State which schemes are counted.",
        holds={"series": pl.col("series").is_in(list(Series))},
        why_nl="Een stand zonder omschrijving is niet te vergelijken: pw, pw_ioaw_ioaz of all.",
        fix_nl="Zeg welke regelingen geteld zijn.",
    ),
    Rule(
        "TOTALS-003", Q, "A count below zero", "Aantal kleiner dan nul",
        "Counts are zero or more.", "Correct the count.",
        holds={count: pl.col(count) >= 0 for count in COUNTS},
        why_nl="Aantallen zijn nul of meer.",
        fix_nl="Verbeter het aantal.",
    ),
    Rule(
        "TOTALS-004", Q, "Change is not the difference of the two stocks", "Mutatie is niet het verschil van de standen",
        "Change = count - previous count.", "Correct one of the three figures.",
        holds={"change": pl.col("change") == pl.col("benefits") - pl.col("previous_benefits")},
        why_nl="Mutatie = aantal − vorig aantal.",
        fix_nl="Verbeter een van de drie cijfers.",
    ),
    Rule(
        "TOTALS-005", Q, "Percentage does not follow from the counts", "Percentage volgt niet uit de aantallen",
        "At its printed precision a percentage has to fit its numerator and denominator.", "Check which figures the percentage is about.",
        holds={"change_pct": percentage_matches("change_pct", "change_pct_decimals", pl.col("benefits") - pl.col("previous_benefits"), pl.col("previous_benefits"))},
        why_nl="Een percentage moet bij zijn gedrukte precisie passen bij teller en noemer.",
        fix_nl="Controleer over welke cijfers het percentage gaat.",
    ),
    Rule(
        "TOTALS-006", W, "Stock does not follow from inflow and outflow", "Stand volgt niet uit in- en uitstroom",
        "Count = previous + inflow - outflow. The rest is an administrative difference: shown, never forced to zero.", "Explain the difference.",
        holds={"benefits": pl.col("benefits") == pl.col("previous_benefits") + pl.col("inflow") - pl.col("outflow")},
        why_nl="Aantal = vorig + instroom − uitstroom. De rest is een administratief verschil, dat nooit wordt weggerekend.",
        fix_nl="Verklaar het verschil.",
    ),
    Rule(
        "TOTALS-007", Q, "More outflow to work than outflow", "Meer uitstroom naar werk dan uitstroom",
        "Outflow to work is part of outflow.", "Correct one of the two.",
        holds={"outflow_to_work": pl.col("outflow_to_work") <= pl.col("outflow")},
        why_nl="Uitstroom naar werk is een deel van de uitstroom.",
        fix_nl="Verbeter een van de twee.",
    ),
    Rule(
        "TOTALS-008", Q, "Previous reference date is not before the reference date", "Vorige peildatum ligt niet voor de peildatum",
        "A change runs forward in time.", "Correct one of the two dates.",
        holds={"previous_reference_date": pl.col("previous_reference_date") < pl.col("reference_date")},
        why_nl="Een mutatie loopt vooruit in de tijd.",
        fix_nl="Verbeter een van de twee datums.",
    ),
    Rule(
        "TOTALS-009", Q, "Reference date lies too far after the delivery", "Peildatum ligt te ver na de levering",
        f"A stock is told at most {REPORTED_AHEAD_DAYS} days before its date; later is a typing error that would move the clock of every figure.", "Check the year of the reference date, and the day of delivery.",
        holds={"reference_date": bounds.reported_by_delivery("reference_date")}, is_asked_of_log=True,
        why_nl="Een stand wordt niet zo lang vooraf gemeld; een typefout zou de klok van ieder cijfer verzetten.",
        fix_nl="Controleer het jaar van de datum, en de dag van levering.",
    ),
    Rule(
        "TOTALS-010", Q, "A date lies too long before the delivery", "Een datum ligt te lang voor de levering",
        f"A history that is delivered again goes back {REPORTED_BEHIND_YEARS} years at most; further back is a typing error, often in the century.", "Check the year of the date, and the day of delivery.",
        holds={day: bounds.not_long_before(day) for day in ("reference_date", "previous_reference_date")}, is_asked_of_log=True,
        why_nl="Zo ver gaat een geschiedenis die opnieuw wordt geleverd niet terug; vaak is de eeuw verschreven.",
        fix_nl="Controleer het jaar van de datum, en de dag van levering.",
    ),
    Rule(
        "TOTALS-011", Q, "More benefits than a municipality can have", "Meer uitkeringen dan een gemeente kan hebben",
        f"No municipality pays more than {MOST_BENEFITS_OF_PLACE:,} benefits: noughts too many, or the number of something else.", "Correct the count.",
        holds={count: pl.col(count) <= MOST_BENEFITS_OF_PLACE for count in COUNTS}, is_asked_of_log=True,
        why_nl="Zoveel uitkeringen heeft geen gemeente: nullen te veel, of het nummer van iets anders.",
        fix_nl="Verbeter het aantal.",
    ),
    Rule(
        "TOTALS-012", W, "Compared with a stock of long ago", "Vergeleken met een stand van lang geleden",
        f"The previous reference date lies more than {LONGEST_COMPARISON_YEARS} years before the reference date; perhaps the year of one of them is wrong.", "Check the years of both dates.",
        holds={"previous_reference_date": bounds.not_long_before("previous_reference_date", "reference_date", years=LONGEST_COMPARISON_YEARS)},
        why_nl="De vorige peildatum ligt jaren voor de peildatum; misschien is een van beide jaren verkeerd.",
        fix_nl="Controleer de jaren van beide datums.",
    ),
)  # fmt: skip

SOURCE = Source(
    name="caseload_totals",
    order=20,
    title="Caseload as counted by the reporter",
    title_nl="Bestand zoals geteld door de berichtgever",
    grain="one municipality, reference date and series",
    columns=COLUMNS,
    scope=("municipality_code", "reference_date", "series"),
    key=("municipality_code", "reference_date", "series"),
    valid_on="reference_date",
    rules=_RULES,
    # One row per scope: nothing to compare but the places.
    gates=Gates(
        counted_by=("municipality_code", "reference_date"),
        has_steady_places=True,
        figures=Figures(COUNTS, AGAIN_LEAST, says=("previous_reference_date",), time=("reference_date",)),
    ),
    subjects=(Subject(pl.col("municipality_code")),),
    municipality="municipality_code",
    is_stock=True,
)
