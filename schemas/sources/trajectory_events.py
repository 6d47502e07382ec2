"""What happened to a client with a provider: one row per event, corrections and retractions included."""

import polars as pl

from schemas import bounds, reference
from schemas.column import Column, Identifies, KeyPart, Kind
from schemas.gates import Gates, Renumbering
from schemas.limits.files import ANNOUNCED_AHEAD_DAYS, MAX_HOURS_PER_WEEK, REPORTED_BEHIND_YEARS
from schemas.number_columns import eleven_test
from schemas.rules.rule import Rule
from schemas.source import ReadMode, Source, Subject
from schemas.vocabulary import ANNOUNCED_KINDS, EventKind, Severity

EMPLOYMENTS = ("voltijd", "deeltijd")
CHANNELS = ("uitzendbureau", "werkgeversservicepunt", "werkgever", "rechtstreeks")
YES, NO = "ja", "nee"
END_REASONS = ("1", "2", "3")
"""SRG 2015: 1 completed, 2 stopped early, 3 moved, died, detained or pregnancy."""


def _words(codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((code.upper(), code) for code in codes)


_SUBSIDISED = (("JA", YES), ("J", YES), ("TRUE", YES), ("1", YES), ("NEE", NO), ("N", NO), ("FALSE", NO), ("0", NO))
_CHANNELS = (*_words(CHANNELS), ("WSP", "werkgeversservicepunt"))

COLUMNS = (
    Column("provider_code", "aanbieder", Kind.TEXT, "Provider that reports the event", required=True),
    Column("event_id", "gebeurtenis_id", Kind.TEXT, "The provider's number of the event; without it the content is its identity"),
    Column("event", "gebeurtenis", Kind.CODE, "What happened", required=True, texts=_words(tuple(EventKind))),
    Column("occurred_on", "datum", Kind.DATE, "Day on which it happened", required=True),
    Column("trajectory_id", "traject_id", Kind.TEXT, "The provider's number of the trajectory", required=True),
    Column("bsn", "bsn", Kind.BSN, "Citizen service number of the client"),
    Column("client_number", "clientnummer", Kind.IDENTIFIER, "Client number, where no BSN may be used", identifies=Identifies.CLIENT_NUMBER),
    Column("programme_code", "programma", Kind.TEXT, "Programme the trajectory belongs to", required=True),
    Column("target_group", "doelgroep", Kind.TEXT, "Target group of the client"),
    Column("method", "methodiek", Kind.TEXT, "Method used"),
    Column("employment", "dienstverband", Kind.CODE, "Full-time or part-time job", texts=_words(EMPLOYMENTS)),
    Column("hours_per_week", "uren_per_week", Kind.DECIMAL, "Hours of the job per week"),
    Column("sector", "branche", Kind.TEXT, "Branch of the employer"),
    Column("channel", "kanaal", Kind.CODE, "How the job was found", texts=_CHANNELS),
    Column("subsidised", "gesubsidieerd", Kind.CODE, "Whether the job is subsidised", texts=_SUBSIDISED),
    Column("end_reason", "reden_einde", Kind.CODE, "Why the trajectory ended"),
    Column("municipality_code", "gemeentecode", Kind.MUNICIPALITY, "Municipality that referred the client"),
    Column("replaces", "vervangt", Kind.TEXT, "Number of the event that this one corrects", is_missed=True, name_stems=("vervanging", "vervangen")),
    Column("retracts", "trekt_in", Kind.TEXT, "Number of the event that this row takes back", is_missed=True, name_stems=("ingetrokken", "intrekking")),
    Column("registered_on", "geregistreerd_op", Kind.DATE, "Day on which the provider registered it"),
)  # fmt: skip


def _known_words(field: str, column: str) -> pl.Expr:
    """Null where the programme lists no words: then it knows all."""
    words = reference.programme_words(field).group_by("programme_code", maintain_order=True).agg("code")
    rule = pl.lit(None, pl.Boolean())
    for programme, codes in words.iter_rows():
        rule = pl.when(pl.col("programme_code") == programme).then(pl.col(column).is_in(codes)).otherwise(rule)
    return rule


def _in_contract() -> pl.Expr:
    rule = pl.lit(None, pl.Boolean())
    contracts = reference.providers().select("provider_code", "programme_code", "contract_from", "contract_until")
    for provider, programme, start, until in contracts.iter_rows():
        inside = pl.col("occurred_on") >= start
        if until is not None:
            inside &= pl.col("occurred_on") < until
        is_this = (pl.col("provider_code") == provider) & (pl.col("programme_code") == programme)
        rule = pl.when(is_this).then(inside).otherwise(rule)
    return rule


_IS_ANNOUNCED = pl.col("event").is_in(ANNOUNCED_KINDS)

Q, W = Severity.QUARANTINE, Severity.WARN

_RULES = (
    Rule(
        "EVENT-001", Q, "Unknown kind of event", "Onbekende gebeurtenis",
        "The fold knows fourteen kinds.", "Use one of the kinds of the contract.",
        holds={"event": pl.col("event").is_in(list(EventKind))},
        why_nl="Er zijn veertien soorten gebeurtenissen.",
        fix_nl="Gebruik een van de soorten van het contract.",
    ),
    Rule(
        "EVENT-002", W, "Unknown employment", "Onbekend dienstverband",
        "A job is full-time or part-time. Another word is taken as absent.", "Use voltijd or deeltijd.", takes_as_absent=True,
        holds={"employment": pl.col("employment").is_in(EMPLOYMENTS)},
        why_nl="Een baan is voltijd of deeltijd. Een ander woord telt als afwezig.",
        fix_nl="Gebruik voltijd of deeltijd.",
    ),
    Rule(
        "EVENT-003", W, "Unknown channel", "Onbekend kanaal",
        "Channels are compared with each other. Another word is taken as absent.", "Use uitzendbureau, werkgeversservicepunt, werkgever or rechtstreeks.", takes_as_absent=True,
        holds={"channel": pl.col("channel").is_in(CHANNELS)},
        why_nl="Kanalen worden met elkaar vergeleken. Een ander woord telt als afwezig.",
        fix_nl="Gebruik uitzendbureau, werkgeversservicepunt, werkgever of rechtstreeks.",
    ),
    Rule(
        "EVENT-004", W, "Subsidised is neither yes nor no", "Gesubsidieerd is ja noch nee",
        "A guess would change the count of unsubsidised jobs, so it is taken as absent.", "Use ja or nee, or leave it empty.", takes_as_absent=True,
        holds={"subsidised": pl.col("subsidised").is_in([YES, NO])},
        why_nl="Een gok zou het aantal ongesubsidieerde banen veranderen; het telt als afwezig.",
        fix_nl="Gebruik ja of nee, of laat het leeg.",
    ),
    Rule(
        "EVENT-005", W, "Hours per week are not possible", "Uren per week zijn niet mogelijk",
        f"A job has more than 0 and at most {MAX_HOURS_PER_WEEK} hours. Others are taken as absent.", "Correct the hours.", takes_as_absent=True,
        holds={"hours_per_week": (pl.col("hours_per_week") > 0) & (pl.col("hours_per_week") <= MAX_HOURS_PER_WEEK)},
        why_nl="Zoveel uren heeft een baan niet. Zij tellen als afwezig.",
        fix_nl="Verbeter de uren.",
    ),
    Rule(
        "EVENT-006", W, "Unknown reason of the end of a trajectory", "Onbekende reden einde traject",
        "SRG 2015 knows 1, 2 and 3. Another one is taken as absent.", "Use the code list of the SRG.", takes_as_absent=True,
        holds={"end_reason": pl.col("end_reason").is_in(END_REASONS)},
        why_nl="De SRG van 2015 kent 1, 2 en 3. Een andere telt als afwezig.",
        fix_nl="Gebruik de codelijst van de SRG.",
    ),
    Rule(
        "EVENT-007", Q, "An event both corrects and retracts", "Gebeurtenis vervangt en trekt in",
        "It is one or the other.", "Deliver two events.",
        holds={"retracts": pl.col("replaces").is_null() | pl.col("retracts").is_null()},
        why_nl="Het is het een of het ander.",
        fix_nl="Lever twee gebeurtenissen.",
    ),
    Rule(
        "EVENT-008", Q, "An event corrects or retracts itself", "Gebeurtenis vervangt zichzelf",
        "A correction has a number of its own.", "Give the correction its own number.",
        holds={"event_id": pl.coalesce("replaces", "retracts") != pl.col("event_id")},
        why_nl="Een correctie heeft een eigen nummer.",
        fix_nl="Geef de correctie een eigen nummer.",
    ),
    Rule(
        "EVENT-009", Q, "Citizen service number fails the 11-test", "BSN voldoet niet aan de elfproef",
        "A wrong number links the trajectory to another person.", "Correct the number at the source.",
        holds={"bsn": eleven_test("bsn")},
        why_nl="Een verkeerd nummer koppelt het traject aan iemand anders.",
        fix_nl="Verbeter het nummer bij de bron.",
    ),
    Rule(
        "EVENT-010", Q, "Neither BSN nor client number", "Geen BSN en geen clientnummer",
        "The client would not be known.", "Deliver one of the two.",
        holds={"bsn": pl.col("bsn").is_not_null() | pl.col("client_number").is_not_null()},
        why_nl="De cliënt zou onbekend blijven.",
        fix_nl="Lever een van de twee.",
    ),
    Rule(
        "EVENT-011", Q, "Municipality code does not exist on the date", "Gemeentecode bestaat niet op de datum",
        "Municipalities merge.", reference.advice_on_municipality(),
        holds={"municipality_code": reference.valid_on(reference.municipalities(), "municipality_code", "occurred_on")},
        why_nl="Gemeenten worden samengevoegd.",
        fix_nl="Controleer de code en de datum. Wat van iedere code werd, staat in docs/reference/municipalities.md.",
    ),
    Rule(
        "EVENT-012", W, "The programme does not know this target group", "Doelgroep hoort niet bij het programma",
        "Counts per target group would miss it.", "Check the group, or add it to the reference data.",
        holds={"target_group": _known_words("target_group", "target_group")},
        why_nl="Tellingen per doelgroep zouden het missen.",
        fix_nl="Controleer de doelgroep, of voeg haar toe aan de referentiegegevens.",
    ),
    Rule(
        "EVENT-013", W, "The programme does not know this method", "Methodiek hoort niet bij het programma",
        "Counts per method would miss it.", "Check the method, or add it to the reference data.",
        holds={"method": _known_words("method", "method")},
        why_nl="Tellingen per methodiek zouden het missen.",
        fix_nl="Controleer de methodiek, of voeg haar toe aan de referentiegegevens.",
    ),
    Rule(
        "EVENT-014", Q, "Unknown programme", "Onbekend programma",
        "A code with a typing error would begin a programme of its own, without target and maximum duration.", "Correct the code, or add the programme to the reference data.",
        holds={"programme_code": reference.is_known("programme_code", reference.programmes())}, is_asked_of_log=True,
        why_nl="Een verschreven code zou een eigen programma beginnen, zonder doel en maximale duur.",
        fix_nl="Verbeter de code, of voeg het programma toe aan de referentiegegevens.",
    ),
    Rule(
        "EVENT-015", W, "The provider has no contract on that day", "Aanbieder heeft die dag geen contract",
        "Work outside the contract is not paid and may not be processed.", "Check the date, or the contract in the reference data.",
        holds={"occurred_on": _in_contract()},
        why_nl="Werk buiten het contract wordt niet betaald en mag niet worden verwerkt.",
        fix_nl="Controleer de datum, of het contract in de referentiegegevens.",
    ),
    Rule(
        "EVENT-016", W, "A placement does not say full-time or part-time", "Plaatsing zonder dienstverband",
        "Part-time placements could not be counted.", "Deliver voltijd or deeltijd.",
        holds={"employment": (pl.col("event") != EventKind.PLACED.value) | pl.col("employment").is_not_null()},
        why_nl="Plaatsingen in deeltijd zouden niet te tellen zijn.",
        fix_nl="Lever voltijd of deeltijd.",
    ),
    Rule(
        "EVENT-017", Q, "Event lies after the delivery", "Gebeurtenis ligt na de levering",
        "What has not happened cannot be reported; only an end or an extension may be announced.", "Check the year of the date, and the day of delivery.",
        holds={"occurred_on": _IS_ANNOUNCED | bounds.happened_by_delivery("occurred_on")}, is_asked_of_log=True,
        why_nl="Wat niet is gebeurd, kan niet gemeld worden; alleen een einde of verlenging mag worden aangekondigd.",
        fix_nl="Controleer het jaar van de datum, en de dag van levering.",
    ),
    Rule(
        "EVENT-018", Q, "Announced end or extension lies too far after the delivery", "Aangekondigd einde of verlenging ligt te ver na de levering",
        f"An end or an extension is announced at most {ANNOUNCED_AHEAD_DAYS} days ahead; it counts from its own date on.", "Check the year of the date.",
        holds={"occurred_on": bounds.announced_by_delivery("occurred_on")}, is_asked_of_log=True,
        why_nl="Zo lang vooraf wordt niets aangekondigd; het telt vanaf zijn eigen dag.",
        fix_nl="Controleer het jaar van de datum.",
    ),
    Rule(
        "EVENT-019", Q, "Unknown provider", "Onbekende aanbieder",
        "A code with a typing error would begin a provider of its own, beside the one that is meant.", "Correct the code, or add the provider to the reference data.",
        holds={"provider_code": reference.is_known("provider_code", reference.providers())}, is_asked_of_log=True,
        why_nl="Een verschreven code zou een eigen aanbieder beginnen, naast de bedoelde.",
        fix_nl="Verbeter de code, of voeg de aanbieder toe aan de referentiegegevens.",
    ),
    Rule(
        "EVENT-020", W, "Registered after the delivery", "Geregistreerd na de levering",
        "A provider cannot have registered an event after it delivered it. The row goes on without the date.", "Check the date.",
        holds={"registered_on": bounds.happened_by_delivery("registered_on")}, takes_as_absent=True,
        why_nl="Een aanbieder kan een gebeurtenis niet na de levering hebben geregistreerd. De rij telt zonder die datum.",
        fix_nl="Controleer de datum.",
    ),
    Rule(
        "EVENT-021", Q, "Event lies too long before the delivery", "Gebeurtenis ligt te lang voor de levering",
        f"A history that is delivered again goes back {REPORTED_BEHIND_YEARS} years at most; further back is a typing error, often in the century. A wrong decade lies before the contract (EVENT-015).", "Check the year of the date, and the day of delivery.",
        holds={"occurred_on": bounds.not_long_before("occurred_on")}, is_asked_of_log=True,
        why_nl="Zo ver gaat een geschiedenis die opnieuw wordt geleverd niet terug; vaak is de eeuw verschreven.",
        fix_nl="Controleer het jaar van de datum, en de dag van levering.",
    ),
    Rule(
        "EVENT-022", W, "Registered long before it happened", "Geregistreerd lang voor het gebeurde",
        f"An end or an extension is announced at most {ANNOUNCED_AHEAD_DAYS} days ahead, all else is registered when it has happened. The row goes on without the date.", "Check the year of the date.",
        holds={"registered_on": (pl.col("occurred_on") - pl.col("registered_on")) <= pl.duration(days=ANNOUNCED_AHEAD_DAYS)}, takes_as_absent=True,
        why_nl="Zo lang vooraf wordt niets geregistreerd. De rij telt zonder die datum.",
        fix_nl="Controleer het jaar van de datum.",
    ),
)  # fmt: skip

CONTENT = "content|"
"""With this begins what stands for the number of an event that has none: its content, the client's pseudonym included."""
_CONTENT = (
    "event", "occurred_on", "trajectory_id", "client_key", "programme_code", "target_group", "method", "employment",
    "hours_per_week", "sector", "channel", "subsidised", "end_reason", "replaces", "retracts",
)  # fmt: skip

_SAYS = (*_CONTENT, "municipality_code")

SOURCE = Source(
    name="trajectory_events",
    order=30,
    title="Events in trajectories",
    title_nl="Gebeurtenissen in trajecten",
    grain="one event of one provider",
    columns=COLUMNS,
    scope=("provider_code", "event_id"),
    key=("provider_code", "event_id"),
    valid_on="occurred_on",
    rules=_RULES,
    # A provider sends everything again each month, or only what is new: its number of rows says nothing.
    gates=Gates(
        counted_by=("provider_code",),
        renumbering=Renumbering(
            sender="provider_code",
            client="client_key",
            same=("occurred_on", "event", "programme_code"),
            numbers=("trajectory_id", "event_id"),
            named="event_id",
            unless=("replaces", "retracts"),
            retracts="retracts",
            day="occurred_on",
            kind="event",
            start=EventKind.STARTED.value,
            once=(EventKind.STARTED.value, EventKind.PLACED.value, EventKind.ENDED.value),
            reopens=(EventKind.PLACEMENT_ENDED.value,),
            course="programme_code",
            announced=tuple(kind.value for kind in ANNOUNCED_KINDS),
            trajectory="trajectory_id",
            says=_SAYS,
            spoken=("target_group", "method", "sector"),
        ),
    ),
    keys=(KeyPart("client_key", ("bsn", "client_number"), "Keyed pseudonym of the client; the same in every source"),),
    one_of=(("bsn", "client_number"),),
    derived={"is_known_by_bsn": pl.col("bsn").is_not_null()},
    derived_descriptions={
        "is_known_by_bsn": "Whether the client's key comes from the BSN, so that the caseload may know the client too"
    },
    identity={
        "event_id": pl.coalesce(
            "event_id",
            pl.concat_str(
                pl.lit(CONTENT.removesuffix("|")),
                *(pl.col(name).cast(pl.String).fill_null("") for name in _CONTENT),
                separator="|",
            ),
        )
    },
    subjects=(
        Subject(pl.col("programme_code"), pl.col("provider_code")),
        Subject(pl.col("provider_code"), pl.col("provider_code")),
    ),
    municipality="municipality_code",
    is_lasting=True,
    read=ReadMode.BY_PROVIDER,
)
