"""Benefits on a reference date, one row per benefit: the monthly export of the benefits administration.

Source of columns and codes: BUS record 2015 (BWBR0031830) and the contract, section Sources.
"""

import polars as pl

from schemas import bounds, reference
from schemas.column import Column, Identifies, KeyPart, Kind
from schemas.gates import Continuing, Gates
from schemas.limits.figures import BRIDGE_DAYS
from schemas.limits.files import (
    ANNOUNCED_AHEAD_DAYS,
    LEAST_AGE,
    LONGEST_BENEFIT_YEARS,
    MOST_AGE,
    REPORTED_AHEAD_DAYS,
    REPORTED_BEHIND_YEARS,
)
from schemas.number_columns import eleven_test
from schemas.rules.rule import Rule
from schemas.source import ReadMode, Source, Subject
from schemas.vocabulary import COUPLE_HOUSEHOLD, Severity

SCHEME_TEXTS = (("PW", "01"), ("WWB", "01"), *reference.code_texts("scheme"))
SEX_TEXTS = (("M", "1"), ("V", "2"), *reference.code_texts("sex"))
CASELOAD_SCHEMES = ("01", "02", "03", "14")
SPECIAL_ASSISTANCE = ("11", "12")

COLUMNS = (
    Column("reference_date", "peildatum", Kind.DATE, "Date the stock is about", required=True),
    Column("municipality_code", "gemeentecode", Kind.MUNICIPALITY, "Municipality that pays the benefit", required=True),
    Column("benefit_id", "registratienummer_uitkering", Kind.IDENTIFIER, "Number of the dossier", identifies=Identifies.DOSSIER, required=True),
    Column("bsn", "bsn", Kind.BSN, "Citizen service number of the client"),
    Column("client_number", "clientnummer", Kind.IDENTIFIER, "Client number, where no BSN may be used", identifies=Identifies.CLIENT_NUMBER),
    Column("partner_bsn", "bsn_partner", Kind.BSN, "Citizen service number of the partner", is_missed=True, name_stems=("bsnvanpartner", "bsnvandepartner", "burgerservicenummerpartner", "sofinummerpartner")),
    Column("scheme_code", "statistiekcode", Kind.CODE, "Law under which the benefit is paid", required=True, texts=SCHEME_TEXTS),
    Column("household_code", "leefvorm", Kind.CODE, "Household form", texts=reference.code_texts("household")),
    Column("birth_year", "geboortedatum", Kind.BIRTH_DATE, "Year of birth of the client"),
    Column("sex_code", "geslacht", Kind.CODE, "Sex of the client", texts=SEX_TEXTS),
    Column("started_on", "ingangsdatum", Kind.DATE, "First day of entitlement of this dossier", required=True),
    Column("original_started_on", "oorspronkelijke_ingangsdatum", Kind.DATE, "First day of the benefit, over restarted dossiers", is_missed=True, name_stems=("oorspronkelijk", "eersteingang")),
    Column("ended_on", "einddatum", Kind.DATE, "Last day of entitlement", may_be_open=True, is_missed=True, name_stems=("eind", "enddate", "totdatum", "datumtot", "geldigtot", "t/mdatum", "datumt/m", "laatstedag", "stopdatum", "datumstop", "uitstroomdatum", "datumuitstroom", "intrekkingsdatum", "datumintrekking")),
    Column("end_reason", "reden_einde", Kind.CODE, "Why the benefit ended", texts=reference.code_texts("end_reason"), is_missed=True, name_stems=("eindreden", "eindigingsreden", "redenbeeind", "stopreden", "redenstop", "uitstroomreden", "redenuitstroom")),
    Column("introduced_on", "datum_invoering", Kind.DATE, "Day on which the administration took it up"),
)  # fmt: skip

CODES = {name: reference.codes(name)["code"].unique().sort().to_list() for name in ("household", "sex")}


Q, W = Severity.QUARANTINE, Severity.WARN

_RULES = (
    Rule(
        "CASELOAD-001", Q, "Municipality code does not exist on the reference date", "Gemeentecode bestaat niet op de peildatum",
        "Municipalities merge; Onderbanken ended on 2019-01-01.", reference.advice_on_municipality(), "CBS, gemeentelijke indeling",
        holds={"municipality_code": reference.valid_on(reference.municipalities(), "municipality_code", "reference_date")},
        why_nl="Gemeenten worden samengevoegd.",
        fix_nl="Controleer de code en de datum. Wat van iedere code werd, staat in docs/reference/municipalities.md.",
    ),
    Rule(
        "CASELOAD-002", Q, "Unknown scheme code", "Onbekende statistiekcode",
        "Only 01, 02, 03 and 14 are part of the caseload; a code is never guessed (1 is not 01).", "Deliver the code with its leading zero.", "BUS 2015",
        holds={"scheme_code": pl.col("scheme_code").is_in([*CASELOAD_SCHEMES, *SPECIAL_ASSISTANCE])},
        why_nl="Alleen 01, 02, 03 en 14 horen bij het bestand; een code wordt nooit geraden.",
        fix_nl="Lever de code met haar voorloopnul.",
    ),
    Rule(
        "CASELOAD-003", Q, "Special assistance in the caseload", "Bijzondere bijstand in het bestand",
        "Codes 11 and 12 are never part of the caseload.", "Leave special assistance out of the export.", "BUS 2015",
        holds={"scheme_code": ~pl.col("scheme_code").is_in(SPECIAL_ASSISTANCE)},
        why_nl="De codes 11 en 12 horen nooit bij het bestand.",
        fix_nl="Laat bijzondere bijstand uit de export.",
    ),
    Rule(
        "CASELOAD-004", W, "Unknown household form", "Onbekende leefvorm",
        "It is taken as absent: the persons are counted by the partner that is named.", "Deliver 1, 2, 3 or 4, or their names.", "BUS 2015", takes_as_absent=True,
        holds={"household_code": pl.col("household_code").is_in(CODES["household"])},
        why_nl="Zij telt als afwezig: de personen worden geteld naar de genoemde partner.",
        fix_nl="Lever 1, 2, 3 of 4, of hun namen.",
    ),
    Rule(
        "CASELOAD-005", W, "Unknown sex code", "Onbekende code geslacht",
        "The record knows 1 and 2, also as M and V, man and vrouw. Another code is taken as absent.", "Deliver 1 or 2, or leave it empty.", "BUS 2015", takes_as_absent=True,
        holds={"sex_code": pl.col("sex_code").is_in(CODES["sex"])},
        why_nl="Bekend zijn 1 en 2, ook als M en V. Een andere code telt als afwezig.",
        fix_nl="Lever 1 of 2, of laat het leeg.",
    ),
    Rule(
        "CASELOAD-006", Q, "End reason does not exist on the end date", "Reden einde bestaat niet op de einddatum",
        "Codes are effective-dated: 20 ended in 2013, 03 changed its meaning then.", "Use the code list of the year in which the benefit ended.", "BUS 2010, 2013, 2015",
        holds={"end_reason": reference.valid_on(reference.codes("end_reason"), "end_reason", "ended_on")},
        why_nl="Codes gelden voor een tijd: 20 verviel in 2013, 03 kreeg toen een andere betekenis.",
        fix_nl="Gebruik de codelijst van het jaar waarin de uitkering eindigde.",
    ),
    Rule(
        "CASELOAD-007", Q, "Benefit ends before it starts", "Uitkering eindigt voor zij begint",
        "Start and end are both days of entitlement.", "Correct start or end date.", "BUS 2015",
        holds={"ended_on": pl.col("started_on") <= pl.col("ended_on")},
        why_nl="Begin en einde zijn beide dagen met recht.",
        fix_nl="Verbeter de begin- of einddatum.",
    ),
    Rule(
        "CASELOAD-008", Q, "Benefit starts after the reference date", "Uitkering begint na de peildatum",
        "A file about a date cannot hold what began later.", "Check reference date and start date.", "contract",
        holds={"started_on": pl.col("started_on") <= pl.col("reference_date")},
        why_nl="Een bestand over een dag kan niet bevatten wat later begon.",
        fix_nl="Controleer peildatum en begindatum.",
    ),
    Rule(
        "CASELOAD-009", Q, "End date without reason, or reason without end date", "Einddatum zonder reden, of reden zonder einddatum",
        "Outflow to work cannot be counted without the reason.", "Deliver both or neither.", "BUS 2015",
        holds={"end_reason": pl.col("ended_on").is_null() == pl.col("end_reason").is_null()},
        why_nl="Zonder reden is uitstroom naar werk niet te tellen.",
        fix_nl="Lever beide of geen van beide.",
    ),
    Rule(
        "CASELOAD-010", Q, "Citizen service number fails the 11-test", "BSN voldoet niet aan de elfproef",
        "A wrong number links the benefit to another person.", "Correct the number at the source.", "Wet algemene bepalingen BSN",
        holds={"bsn": eleven_test("bsn")},
        why_nl="Een verkeerd nummer koppelt de uitkering aan iemand anders.",
        fix_nl="Verbeter het nummer bij de bron.",
    ),
    Rule(
        "CASELOAD-011", Q, "Citizen service number of the partner fails the 11-test", "BSN van de partner voldoet niet aan de elfproef",
        "A wrong number counts a person who is not there.", "Correct the number at the source.", "Wet algemene bepalingen BSN",
        holds={"partner_bsn": eleven_test("partner_bsn")},
        why_nl="Een verkeerd nummer telt iemand die er niet is.",
        fix_nl="Verbeter het nummer bij de bron.",
    ),
    Rule(
        "CASELOAD-012", Q, "Neither BSN nor client number", "Geen BSN en geen clientnummer",
        "Dossiers of one client could not be joined.", "Deliver one of the two.", "contract",
        holds={"bsn": pl.col("bsn").is_not_null() | pl.col("client_number").is_not_null()},
        why_nl="Dossiers van één cliënt zijn niet bij elkaar te brengen.",
        fix_nl="Lever een van de twee.",
    ),
    Rule(
        "CASELOAD-013", Q, "Original start date after start date", "Oorspronkelijke ingangsdatum na ingangsdatum",
        "A restarted dossier cannot be older than the benefit it continues.", "Correct one of the two dates.", "BUS 2015",
        holds={"original_started_on": pl.col("original_started_on") <= pl.col("started_on")},
        why_nl="Een herstart kan niet ouder zijn dan de uitkering die zij voortzet.",
        fix_nl="Verbeter een van de twee datums.",
    ),
    Rule(
        "CASELOAD-014", Q, "Partner and client are the same person", "Partner en client zijn dezelfde persoon",
        "One person would be counted as two.", "Correct the partner's number.", "contract",
        holds={"partner_bsn": pl.col("partner_bsn") != pl.col("bsn")},
        why_nl="Eén persoon zou als twee worden geteld.",
        fix_nl="Verbeter het nummer van de partner.",
    ),
    Rule(
        "CASELOAD-015", W, "Partner named, household form is not a couple", "Partner vermeld, leefvorm is geen paar",
        "The persons are counted by what is named; one of the two is wrong.", "Check the household form.", "BUS 2015",
        holds={"partner_bsn": (pl.col("household_code") == COUPLE_HOUSEHOLD) | pl.col("partner_bsn").is_null()},
        why_nl="Geteld wordt wat er staat; een van de twee klopt niet.",
        fix_nl="Controleer de leefvorm.",
    ),
    Rule(
        "CASELOAD-016", W, "Unlikely year of birth", "Onwaarschijnlijk geboortejaar",
        f"A client is between {LEAST_AGE} and {MOST_AGE} years old on the reference date.", "Check the date of birth.", "contract",
        holds={"birth_year": (pl.col("reference_date").dt.year() - pl.col("birth_year")).is_between(LEAST_AGE, MOST_AGE)},
        why_nl="Zo jong of zo oud is een cliënt op de peildatum niet.",
        fix_nl="Controleer de geboortedatum.",
    ),
    Rule(
        "CASELOAD-017", Q, "Reference date lies too far after the delivery", "Peildatum ligt te ver na de levering",
        f"A stock is told at most {REPORTED_AHEAD_DAYS} days before its date; later is a typing error that would move the clock of every figure.", "Check the year of the reference date, and the day of delivery.",
        holds={"reference_date": bounds.reported_by_delivery("reference_date")}, is_asked_of_log=True,
        why_nl="Een stand wordt niet zo lang vooraf gemeld; een typefout zou de klok van ieder cijfer verzetten.",
        fix_nl="Controleer het jaar van de datum, en de dag van levering.",
    ),
    Rule(
        "CASELOAD-018", Q, "End of the benefit lies too far after the delivery", "Einddatum ligt te ver na de levering",
        f"An end is announced at most {ANNOUNCED_AHEAD_DAYS} days ahead. A benefit without an end has no end date.", "Check the year of the end date, or leave it empty.",
        holds={"ended_on": bounds.announced_by_delivery("ended_on")}, is_asked_of_log=True,
        why_nl="Zo lang vooraf wordt geen einde aangekondigd. Een uitkering zonder einde heeft geen einddatum.",
        fix_nl="Controleer het jaar van de einddatum, of laat haar leeg.",
    ),
    Rule(
        "CASELOAD-019", Q, "Benefit starts too long before the reference date", "Uitkering begint te lang voor de peildatum",
        f"No benefit lasts longer than {LONGEST_BENEFIT_YEARS} years.", "Check the year of the start date.",
        holds={start: bounds.within_a_working_life(start, "reference_date") for start in ("started_on", "original_started_on")}, is_asked_of_log=True,
        why_nl="Zo lang duurt geen uitkering.",
        fix_nl="Controleer het jaar van de begindatum.",
    ),
    Rule(
        "CASELOAD-020", W, "Taken up after the delivery", "Ingevoerd na de levering",
        "The administration cannot have taken up a benefit after it told of it. The row goes on without the date.", "Check the date.",
        holds={"introduced_on": bounds.happened_by_delivery("introduced_on")}, takes_as_absent=True,
        why_nl="De administratie kan een uitkering niet na de melding hebben ingevoerd. De rij telt zonder die datum.",
        fix_nl="Controleer de datum.",
    ),
    Rule(
        "CASELOAD-021", Q, "Reference date lies too long before the delivery", "Peildatum ligt te lang voor de levering",
        f"A history that is delivered again goes back {REPORTED_BEHIND_YEARS} years at most; further back is a typing error, often in the century.", "Check the year of the reference date, and the day of delivery.",
        holds={"reference_date": bounds.not_long_before("reference_date")}, is_asked_of_log=True,
        why_nl="Zo ver gaat een geschiedenis die opnieuw wordt geleverd niet terug; vaak is de eeuw verschreven.",
        fix_nl="Controleer het jaar van de peildatum, en de dag van levering.",
    ),
    Rule(
        "CASELOAD-022", W, "Benefit ended long before the reference date", "Uitkering eindigde lang voor de peildatum",
        f"A file holds the stock and what ended since the date before. An end of more than {BRIDGE_DAYS} days ago counts in no outflow; perhaps its year is wrong, and the benefit is missed in the stock.", "Check the year of the end date, or leave out what ended long ago.",
        holds={"ended_on": (pl.col("reference_date") - pl.col("ended_on")) <= pl.duration(days=BRIDGE_DAYS)},
        why_nl="Een bestand bevat de stand en wat sinds de vorige peildatum eindigde. Zo'n oud einde telt in geen uitstroom; misschien is het jaar verkeerd en mist de stand deze uitkering.",
        fix_nl="Controleer het jaar van de einddatum, of laat weg wat lang geleden eindigde.",
    ),
    Rule(
        "CASELOAD-023", W, "Taken up too long before the reference date", "Ingevoerd te lang voor de peildatum",
        f"No benefit lasts longer than {LONGEST_BENEFIT_YEARS} years. The row goes on without the date.", "Check the year of the date.",
        holds={"introduced_on": bounds.within_a_working_life("introduced_on", "reference_date")}, takes_as_absent=True,
        why_nl="Zo lang duurt geen uitkering. De rij telt zonder die datum.",
        fix_nl="Controleer het jaar van de datum.",
    ),
)  # fmt: skip

IS_LIVE = (pl.col("started_on") <= pl.col("reference_date")) & (
    pl.col("ended_on").is_null() | (pl.col("ended_on") >= pl.col("reference_date"))
)
"""In stock on the reference date: the end date is the last day of entitlement (contract, ``caseload``)."""

SOURCE = Source(
    name="caseload",
    order=10,
    title="Benefits on a reference date",
    title_nl="Uitkeringen op een peildatum",
    grain="one benefit on one reference date: the stock plus what ended since the previous reference date",
    columns=COLUMNS,
    scope=("municipality_code", "reference_date"),
    key=("municipality_code", "reference_date", "benefit_id", "started_on"),
    # A benefit alive on the date stands there once, whatever its start; ended dossiers may share the number of a live one.
    key_when={"started_on": ~IS_LIVE},
    live_when=IS_LIVE,
    valid_on="reference_date",
    rules=_RULES,
    gates=Gates(
        has_steady_places=True,
        continuing=Continuing(
            dossier="benefit_key",
            client="client_key",
            partner="partner_key",
            line="scheme_code",
            started="started_on",
            ended="ended_on",
            household="household_code",
            sex="sex_code",
            born="birth_year",
            origin="original_started_on",
            end_reason="end_reason",
        ),
    ),
    keys=(
        KeyPart("client_key", ("bsn", "client_number"), "Keyed pseudonym of the client; the same in every source"),
        KeyPart("partner_key", ("partner_bsn",), "Keyed pseudonym of the partner"),
        KeyPart("benefit_key", ("benefit_id",), "Keyed pseudonym of the dossier number"),
    ),
    by_year=True,
    one_of=(("bsn", "client_number"),),
    subjects=(Subject(pl.col("municipality_code")),),
    municipality="municipality_code",
    is_stock=True,
    read=ReadMode.COUNTED,
)
