"""What was published: one row per claim in a press text or report."""

import polars as pl

from schemas import bounds, reference
from schemas.column import Column, Kind, Marks
from schemas.gates import Figures, Gates
from schemas.limits.files import PUBLISHED_BEHIND_YEARS, REPORTED_AHEAD_DAYS
from schemas.rules.rule import Rule
from schemas.source import Source, Subject
from schemas.vocabulary import Series, Severity

OPERATORS = ("=", ">=", ">", "<=", "<", "~")
UNITS = ("aantal", "procent", "deel", "maanden")
AVERAGES = ("average_active",)
"""Indicators in a count of persons that is an average."""
UNIT_MARKS = (("aantal", Marks.COUNT), ("procent", Marks.DECIMAL), ("deel", Marks.DECIMAL))
"""What one mark with three digits is: 2.420 persons are thousands, 33.333 procent is a third."""

COLUMNS = (
    Column("claim_id", "uitspraak_id", Kind.TEXT, "Stable number of the claim", required=True),
    Column("document", "document", Kind.TEXT, "Text in which the claim stands", required=True, is_prose=True),
    Column("published_on", "publicatiedatum", Kind.DATE, "Day of publication", required=True),
    Column("indicator", "indicator", Kind.TEXT, "What the claim is about", required=True),
    Column("region_code", "gemeentecode", Kind.REGION, "Municipality, or NL01 for the country", is_about=True),
    Column("programme_code", "programma", Kind.TEXT, "Programme the claim is about", is_about=True),
    Column("provider_code", "aanbieder", Kind.TEXT, "Provider the claim is about", is_about=True),
    Column("series", "reeks", Kind.CODE, "Series, where the text names one", is_about=True),
    Column("reference_date", "peildatum", Kind.DATE, "Date the claim is about", is_about=True),
    Column("period_from", "periode_van", Kind.DATE, "First day of the period the claim is about", is_about=True),
    Column("period_until", "periode_tot", Kind.DATE, "First day after that period", is_about=True),
    Column("operator", "operator", Kind.TEXT, "How the value is meant: = >= > <= < or ~ (about)", required=True),
    Column(
        "value",
        "waarde",
        Kind.PRINTED,
        "The figure as printed: its decimals are its precision",
        required=True,
        unit="unit",
        unit_marks=UNIT_MARKS,
    ),
    Column("unit", "eenheid", Kind.TEXT, "Unit of the value: aantal, procent, deel, maanden", is_about=True),
    Column("note", "toelichting", Kind.TEXT, "Words of the text, or what is uncertain", is_prose=True),
)

_HAS_PERIOD = pl.col("period_from").is_not_null() | pl.col("period_until").is_not_null()

Q, W = Severity.QUARANTINE, Severity.WARN

_RULES = (
    Rule(
        "CLAIM-001", Q, "Unknown operator", "Onbekende operator",
        "A claim says =, >=, >, <=, < or ~.", "Use one of these.",
        holds={"operator": pl.col("operator").is_in(OPERATORS)},
        why_nl="Een uitspraak zegt =, >=, >, <=, < of ~.",
        fix_nl="Gebruik een hiervan.",
    ),
    Rule(
        "CLAIM-002", Q, "Unknown unit", "Onbekende eenheid",
        "A value without its unit cannot be compared.", "Use aantal, procent, deel or maanden.",
        holds={"unit": pl.col("unit").is_in(UNITS)},
        why_nl="Een waarde zonder eenheid is niet te vergelijken.",
        fix_nl="Gebruik aantal, procent, deel of maanden.",
    ),
    Rule(
        "CLAIM-003", Q, "Unknown series", "Onbekende reeks",
        "Leave it empty when the text names none.", "Use pw, pw_ioaw_ioaz or all, or leave it empty.",
        holds={"series": pl.col("series").is_in(list(Series))},
        why_nl="Laat de reeks leeg als de tekst er geen noemt.",
        fix_nl="Gebruik pw, pw_ioaw_ioaz of all, of laat haar leeg.",
    ),
    Rule(
        "CLAIM-004", Q, "Both a date and a period", "Zowel peildatum als periode",
        "A claim is about a date or about a period.", "Keep one of the two.",
        holds={"reference_date": pl.col("reference_date").is_null() | pl.col("period_from").is_null()},
        why_nl="Een uitspraak gaat over een dag of over een periode.",
        fix_nl="Houd een van de twee.",
    ),
    Rule(
        "CLAIM-005", Q, "Period is not complete or not forward", "Periode is niet volledig of loopt niet vooruit",
        "A period runs from a day up to a later day.", "Give both days, the first one earlier.",
        holds={"period_until": pl.when(_HAS_PERIOD).then((pl.col("period_from") < pl.col("period_until")).fill_null(value=False))},
        why_nl="Een periode loopt van een dag tot een latere dag.",
        fix_nl="Geef beide dagen, de eerste eerder.",
    ),
    Rule(
        "CLAIM-006", Q, "A date of the claim lies too far after the delivery", "Een datum van de uitspraak ligt te ver na de levering",
        f"Nothing is known of a publication, a date or a period more than {REPORTED_AHEAD_DAYS} days after the delivery: what a text expects is no figure yet.", "Check the year of the date, and the day of delivery.",
        holds={day: bounds.reported_by_delivery(day) for day in ("published_on", "reference_date", "period_until")}, is_asked_of_log=True,
        why_nl="Wat een tekst verwacht, is nog geen cijfer.",
        fix_nl="Controleer het jaar van de datum, en de dag van levering.",
    ),
    Rule(
        "CLAIM-007", Q, "Unknown provider", "Onbekende aanbieder",
        "The claim could be compared with nothing.", "Correct the code, add the provider to the reference data, or leave it empty.",
        holds={"provider_code": reference.is_known("provider_code", reference.providers())}, is_asked_of_log=True,
        why_nl="De uitspraak zou met niets te vergelijken zijn.",
        fix_nl="Verbeter de code, voeg de aanbieder toe, of laat haar leeg.",
    ),
    Rule(
        "CLAIM-008", Q, "Unknown programme", "Onbekend programma",
        "The claim could be compared with nothing.", "Correct the code, add the programme to the reference data, or leave it empty.",
        holds={"programme_code": reference.is_known("programme_code", reference.programmes())}, is_asked_of_log=True,
        why_nl="De uitspraak zou met niets te vergelijken zijn.",
        fix_nl="Verbeter de code, voeg het programma toe, of laat haar leeg.",
    ),
    Rule(
        "CLAIM-009", Q, "A date of the claim lies too long before the delivery", "Een datum van de uitspraak ligt te lang voor de levering",
        f"No text that is compared here looks back more than {PUBLISHED_BEHIND_YEARS} years: the century is a typing error.", "Check the year of the date, and the day of delivery.",
        holds={day: bounds.not_long_before(day, years=PUBLISHED_BEHIND_YEARS) for day in ("published_on", "reference_date", "period_from")}, is_asked_of_log=True,
        why_nl="Zo ver kijkt geen tekst terug; de eeuw is verschreven.",
        fix_nl="Controleer het jaar van de datum, en de dag van levering.",
    ),
    Rule(
        "CLAIM-010", Q, "A count with decimals", "Een aantal met decimalen",
        "A count has no decimals, and is no fraction; an average has.", "Correct the value, or the unit: procent, deel or maanden.",
        holds={"value": (pl.col("unit") != "aantal") | pl.col("indicator").is_in(AVERAGES) | (pl.col("value") == pl.col("value").floor())},
        why_nl="Een aantal heeft geen decimalen en is geen breuk; een gemiddelde wel.",
        fix_nl="Verbeter de waarde, of de eenheid: procent, deel of maanden.",
    ),
    Rule(
        "CLAIM-011", W, "The period ends a day before whole months do", "De periode eindigt een dag voor hele maanden om zijn",
        "The end is the first day after the period; with the last day of the period in its place the claim is compared with a period that lacks a day.", "Give the day after the last one.",
        holds={"period_until": bounds.ends_after_its_last_day("period_from", "period_until")},
        why_nl="Periode_tot is de eerste dag na de periode; staat er de laatste dag, dan wordt de uitspraak vergeleken met een periode waaraan een dag ontbreekt.",
        fix_nl="Geef de dag na de laatste.",
    ),
    Rule(
        "CLAIM-012", W, "Day and month of the period may be turned round", "Dag en maand van de periode zijn misschien verwisseld",
        "The period is some days of one January, and would be of whole months with day and month turned round: 1 April to 1 July written as 2017-01-04 and 2017-01-07.", "Look up in the text which period is meant, and deliver the claim again.",
        holds={"period_until": bounds.is_not_turned_round("period_from", "period_until")},
        why_nl="De periode is een paar dagen van januari, en met dag en maand verwisseld zijn het hele maanden: 1 april tot 1 juli geschreven als 2017-01-04 en 2017-01-07.",
        fix_nl="Zoek in de tekst op welke periode is bedoeld, en lever de uitspraak opnieuw.",
    ),
)  # fmt: skip

_TIMES = ("published_on", "reference_date", "period_from", "period_until")
_SAYS = tuple(column.name for column in COLUMNS if not column.is_prose and column.name not in ("claim_id", "value"))

SOURCE = Source(
    name="published_figures",
    order=50,
    title="Published figures",
    title_nl="Gepubliceerde cijfers",
    grain="one claim",
    columns=COLUMNS,
    scope=("claim_id",),
    key=("claim_id",),
    valid_on="published_on",
    rules=_RULES,
    gates=Gates(
        counted_by=(),
        figures=Figures(
            ("value",),
            0,
            says=_SAYS,
            time=_TIMES,
            day=("reference_date", "period_from"),
            series=tuple(name for name in _SAYS if name not in (*_TIMES, "document")),
            whom=("region_code", "programme_code", "provider_code", "indicator"),
        ),
    ),
    subjects=(Subject(pl.col("claim_id")),),
    municipality="region_code",
)
