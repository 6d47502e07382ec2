"""A provider's own counts: one row per provider, programme, period and, where given, target group."""

import polars as pl

from schemas import bounds, reference
from schemas.column import Column, Kind, Marks
from schemas.consistency import percentage_matches
from schemas.gates import Figures, Gates
from schemas.limits.deliveries import AGAIN_LEAST
from schemas.limits.files import MOST_PARTICIPANTS, PROGRAMME_AHEAD_YEARS, REPORTED_AHEAD_DAYS, REPORTED_BEHIND_YEARS
from schemas.rules.rule import Rule
from schemas.source import Source, Subject
from schemas.vocabulary import Severity

COLUMNS = (
    Column("provider_code", "aanbieder", Kind.TEXT, "Provider that reports", required=True),
    Column("programme_code", "programma", Kind.TEXT, "Programme reported about", required=True),
    Column("period_from", "periode_van", Kind.DATE, "First day of the period", required=True),
    Column("period_until", "periode_tot", Kind.DATE, "First day after the period", required=True),
    Column("participants", "deelnemers", Kind.INTEGER, "Clients who took part", required=True),
    Column("active", "lopend", Kind.INTEGER, "Of those, still active"),
    Column("placed", "geplaatst", Kind.INTEGER, "Of those, placed in a job", required=True),
    Column("placed_part_time", "waarvan_deeltijd", Kind.INTEGER, "Of the placed, in a part-time job"),
    Column("ended_otherwise", "beeindigd_zonder_plaatsing", Kind.INTEGER, "Of the participants, ended without a job"),
    Column(
        "placement_rate_pct",
        "plaatsing_pct",
        Kind.PRINTED,
        "Placed in percent of participants, as printed",
        marks=Marks.DECIMAL,
    ),
    Column("target_group", "doelgroep", Kind.TEXT, "Target group the row is about; empty for all"),
)

COUNTS = ("participants", "active", "placed", "placed_part_time", "ended_otherwise")

_PARTS = ("active", "placed", "ended_otherwise")
_SUM = pl.sum_horizontal(_PARTS)
_IS_COMPLETE = pl.all_horizontal(pl.col(part).is_not_null() for part in _PARTS)

Q, W = Severity.QUARANTINE, Severity.WARN

_RULES = (
    Rule(
        "REPORT-001", Q, "A count below zero", "Aantal kleiner dan nul",
        "Counts are zero or more.", "Correct the count.",
        holds={count: pl.col(count) >= 0 for count in COUNTS},
        why_nl="Aantallen zijn nul of meer.",
        fix_nl="Verbeter het aantal.",
    ),
    Rule(
        "REPORT-002", Q, "More placements than participants", "Meer plaatsingen dan deelnemers",
        "Who is placed took part.", "Ask the provider which of the two is wrong.",
        holds={"placed": pl.col("placed") <= pl.col("participants")},
        why_nl="Wie geplaatst is, deed mee.",
        fix_nl="Vraag de aanbieder welk van de twee niet klopt.",
    ),
    Rule(
        "REPORT-003", Q, "More part-time placements than placements", "Meer deeltijdplaatsingen dan plaatsingen",
        "Part-time placements are part of the placements.", "Ask the provider which of the two is wrong.",
        holds={"placed_part_time": pl.col("placed_part_time") <= pl.col("placed")},
        why_nl="Plaatsingen in deeltijd zijn een deel van de plaatsingen.",
        fix_nl="Vraag de aanbieder welk van de twee niet klopt.",
    ),
    Rule(
        "REPORT-004", Q, "The parts do not add up to the participants", "Delen tellen niet op tot de deelnemers",
        "Active + placed + ended otherwise = participants; at most, where a part is not given.", "Ask the provider for counts in which everybody stands once.",
        holds={"participants": pl.when(_IS_COMPLETE).then(pl.col("participants") == _SUM).otherwise(pl.col("participants") >= _SUM)},
        why_nl="Lopend + geplaatst + anders beëindigd = deelnemers; hoogstens, waar een deel ontbreekt.",
        fix_nl="Vraag de aanbieder om aantallen waarin iedereen één keer staat.",
    ),
    Rule(
        "REPORT-005", Q, "Placement percentage does not follow from the counts", "Plaatsingspercentage volgt niet uit de aantallen",
        "At its printed precision a percentage has to fit its numerator and denominator.", "Ask which denominator was used.",
        holds={"placement_rate_pct": percentage_matches("placement_rate_pct", "placement_rate_pct_decimals", pl.col("placed"), pl.col("participants"))},
        why_nl="Een percentage moet bij zijn gedrukte precisie passen bij teller en noemer.",
        fix_nl="Vraag welke noemer is gebruikt.",
    ),
    Rule(
        "REPORT-006", Q, "The period does not run forward", "Periode loopt niet vooruit",
        "A period runs from a day up to a later day.", "Correct one of the two dates.",
        holds={"period_until": pl.col("period_from") < pl.col("period_until")},
        why_nl="Een periode loopt van een dag tot een latere dag.",
        fix_nl="Verbeter een van de twee datums.",
    ),
    Rule(
        "REPORT-007", Q, "End of the period lies too far after the delivery", "Einde van de periode ligt te ver na de levering",
        f"A period is reported at most {REPORTED_AHEAD_DAYS} days before it ends.", "Check the year of the period, and the day of delivery.",
        holds={"period_until": bounds.reported_by_delivery("period_until")}, is_asked_of_log=True,
        why_nl="Een periode wordt niet zo lang voor haar einde gemeld.",
        fix_nl="Controleer het jaar van de datum, en de dag van levering.",
    ),
    Rule(
        "REPORT-008", Q, "Unknown provider", "Onbekende aanbieder",
        "A code with a typing error would begin a provider of its own, beside the one that is meant.", "Correct the code, or add the provider to the reference data.",
        holds={"provider_code": reference.is_known("provider_code", reference.providers())}, is_asked_of_log=True,
        why_nl="Een verschreven code zou een eigen aanbieder beginnen, naast de bedoelde.",
        fix_nl="Verbeter de code, of voeg haar toe aan de referentiegegevens.",
    ),
    Rule(
        "REPORT-009", Q, "Unknown programme", "Onbekend programma",
        "The counts could be compared with nothing.", "Correct the code, or add the programme to the reference data.",
        holds={"programme_code": reference.is_known("programme_code", reference.programmes())}, is_asked_of_log=True,
        why_nl="De aantallen zouden met niets te vergelijken zijn.",
        fix_nl="Verbeter de code, of voeg haar toe aan de referentiegegevens.",
    ),
    Rule(
        "REPORT-010", Q, "The period begins too long before the delivery", "De periode begint te lang voor de levering",
        f"A history that is delivered again goes back {REPORTED_BEHIND_YEARS} years at most; further back is a typing error, often in the century.", "Check the year of the period, and the day of delivery.",
        holds={"period_from": bounds.not_long_before("period_from")}, is_asked_of_log=True,
        why_nl="Zo ver gaat een geschiedenis die opnieuw wordt geleverd niet terug; vaak is de eeuw verschreven.",
        fix_nl="Controleer het jaar van de periode, en de dag van levering.",
    ),
    Rule(
        "REPORT-012", W, "The period begins long before the programme", "De periode begint lang voor het programma",
        f"More than {PROGRAMME_AHEAD_YEARS} years before its programme began: perhaps the decade is wrong.", "Check the year of the period; if it is right, when the programme began in the reference data.",
        holds={"period_from": bounds.not_long_before_its_programme("period_from")},
        why_nl="Jaren voor het begin van het programma: misschien is het decennium verkeerd.",
        fix_nl="Controleer het jaar van de periode; klopt het, dan het begin van het programma in de referentiegegevens.",
    ),
    Rule(
        "REPORT-011", Q, "More clients than a programme can have", "Meer cliënten dan een programma kan hebben",
        f"No provider has more than {MOST_PARTICIPANTS:,} clients in a programme: noughts too many, or the number of something else.", "Correct the count.",
        holds={count: pl.col(count) <= MOST_PARTICIPANTS for count in COUNTS}, is_asked_of_log=True,
        why_nl="Zoveel cliënten heeft geen aanbieder: nullen te veel, of het nummer van iets anders.",
        fix_nl="Verbeter het aantal.",
    ),
    Rule(
        "REPORT-013", W, "The period ends a day before whole months do", "De periode eindigt een dag voor hele maanden om zijn",
        "The end is the first day after the period; with the last day of the period in its place, that day counts as none, and beside a report up to the right day this is a second one.", "Ask the provider whether the last day is meant, and deliver it as the day after.",
        holds={"period_until": bounds.ends_after_its_last_day("period_from", "period_until")},
        why_nl="Periode_tot is de eerste dag na de periode; staat er de laatste dag, dan telt die niet mee, en naast een rapportage tot de juiste dag is dit een tweede.",
        fix_nl="Vraag de aanbieder of de laatste dag is bedoeld, en lever dan de dag erna.",
    ),
    Rule(
        "REPORT-014", W, "Day and month of the period may be turned round", "Dag en maand van de periode zijn misschien verwisseld",
        "The period is some days of one January, and would be of whole months with day and month turned round: 1 April to 1 July written as 2017-01-04 and 2017-01-07.", "Ask the provider which period is meant, and deliver the report again.",
        holds={"period_until": bounds.is_not_turned_round("period_from", "period_until")},
        why_nl="De periode is een paar dagen van januari, en met dag en maand verwisseld zijn het hele maanden: 1 april tot 1 juli geschreven als 2017-01-04 en 2017-01-07.",
        fix_nl="Vraag de aanbieder welke periode is bedoeld, en lever de rapportage opnieuw.",
    ),
)  # fmt: skip

_ALIVE = ("active", "participants", "placed", "ended_otherwise")
_PERIOD = ("period_from", "period_until")

SOURCE = Source(
    name="provider_reports",
    order=40,
    title="Reports of providers",
    title_nl="Rapportages van aanbieders",
    grain="one provider, programme, period and target group",
    columns=COLUMNS,
    scope=("provider_code", "programme_code", "period_from", "period_until"),
    key=("provider_code", "programme_code", "period_from", "period_until", "target_group"),
    valid_on="period_from",
    rules=_RULES,
    gates=Gates(figures=Figures(COUNTS, AGAIN_LEAST, time=_PERIOD, period=_PERIOD, alive=_ALIVE)),
    subjects=(
        Subject(pl.col("programme_code"), pl.col("provider_code")),
        Subject(pl.col("provider_code"), pl.col("provider_code")),
    ),
)
