"""Curated tables that place the others in time: reference dates, the service as a whole, releases."""

import polars as pl

from schemas.table import Field, Invariant, Table
from schemas.vocabulary import DateState, Series

_OWN = "deliveries of the municipalities (caseload, caseload_totals)"

CALENDAR = Table(
    name="calendar",
    title="Reference dates",
    grain="one municipality and reference date; of a month without any its first day",
    grain_nl="één gemeente en peildatum; van een maand zonder peildatum de eerste dag",
    key=("municipality_code", "reference_date"),
    source=_OWN,
    is_restated=False,
    order=250,
    fields=(
        Field("municipality_code", pl.String(), "Municipality, CBS code with GM", nl="Gemeente, CBS-code met GM"),
        Field("reference_date", pl.Date(), "Date the stock is about (peildatum)", nl="Datum waar de stand over gaat (peildatum)"),
        Field("month", pl.Date(), "First day of its month", nl="Eerste dag van haar maand"),
        Field("is_date_of_month", pl.Boolean(), "Whether this date stands for its month, where a month has several: its first one with a stock. Choose by it before adding up or comparing months", nl="Of deze datum voor haar maand staat, waar een maand er meer heeft: de eerste met een stand. Kies daarop voordat u maanden optelt of vergelijkt"),
        Field("state", pl.String(), "counted (from benefits), reported (as a total only), held (a delivery about it waits for a steward, and nothing else is known) or missing (nobody reported that month, between the first and the last one known)", values=tuple(DateState), nl="counted (uit uitkeringen geteld), reported (alleen als totaal gemeld), held (een levering erover wacht op een beheerder, en anders is er niets bekend) of missing (niemand meldde die maand, tussen de eerste en de laatste die bekend zijn)"),
        Field("series", pl.String(), "Series with a stock on this date, separated by ;", nullable=True, nl="Reeksen met een stand op deze datum, gescheiden door ;"),
        Field("delivered_on", pl.Date(), "Day of the youngest delivery that counts; where nothing is known but held, of that delivery", nullable=True, nl="Dag van de jongste levering die meetelt; waar niets bekend is dan wat wacht, van die levering"),
        Field("delivery", pl.String(), "sha256 of that delivery", nullable=True, nl="sha256 van die levering"),
    ),
    invariants=(
        Invariant("a stock is there where one is known", pl.col("series").is_not_null() == pl.col("state").is_in([DateState.COUNTED, DateState.REPORTED])),
        Invariant("the month is that of the date", pl.col("month") == pl.col("reference_date").dt.truncate("1mo")),
    ),
)  # fmt: skip

CASELOAD_SERVICE = Table(
    name="caseload_service",
    title="Caseload of the service",
    grain="one reference date and series, all municipalities of the service together",
    grain_nl="één peildatum en reeks, alle gemeenten van de dienst samen",
    key=("reference_date", "series"),
    source=_OWN,
    is_restated=False,  # a sum of caseload_stock, whose figures are compared
    order=15,
    fields=(
        Field("reference_date", pl.Date(), "Date the stock is about (peildatum)", nl="Datum waar de stand over gaat (peildatum)"),
        Field("series", pl.String(), "Which schemes are counted, as in caseload_stock", values=tuple(Series), nl="Welke regelingen meetellen, zoals in caseload_stock"),
        Field("is_complete", pl.Boolean(), "Whether a stock of every municipality of the service is known on that date", nl="Of van iedere gemeente van de dienst een stand op die datum bekend is"),
        Field("benefits", pl.Int64(), "Benefits in stock of all municipalities together; null where one is missing", "benefits", nullable=True, nl="Lopende uitkeringen van alle gemeenten samen; leeg waar er een ontbreekt"),
        Field("persons", pl.Int64(), "Persons in those benefits; null where one is missing or its persons are not known", "persons", nullable=True, nl="Personen in die uitkeringen; leeg waar er een ontbreekt of haar personen niet bekend zijn"),
        Field("municipalities", pl.String(), "Codes of the municipalities of which a stock is known, separated by ;", nl="Codes van de gemeenten waarvan een stand bekend is, gescheiden door ;"),
        Field("missing", pl.String(), "Codes of those of which none is, separated by ;", nullable=True, nl="Codes van de gemeenten waarvan geen stand bekend is, gescheiden door ;"),
    ),
    invariants=(
        Invariant("a sum is there where all are", pl.col("is_complete") == pl.col("benefits").is_not_null()),
        Invariant("complete means that none is missing", pl.col("is_complete") == pl.col("missing").is_null()),
    ),
)  # fmt: skip

RELEASES = Table(
    name="releases",
    title="Releases",
    grain="one release, up to and including the one that holds the table",
    grain_nl="één uitgave, tot en met die waarin de tabel staat",
    key=("release",),
    source="the log: every release that was published",
    is_restated=False,
    order=155,
    names_release=True,
    fields=(
        Field("release", pl.String(), "Id: the day up to which was recorded, and a hash of what is in it", nl="Kenmerk: de dag tot welke vastgelegd was, en een hash van wat erin staat"),
        Field("number", pl.Int64(), "Place in the order of publication, from 1 on: the ids of one day do not sort", nl="Plaats in de volgorde van publicatie, vanaf 1: kenmerken van één dag sorteren niet"),
        Field("published_at", pl.Datetime("us", "UTC"), "When it was first published", nl="Wanneer ze voor het eerst gepubliceerd is"),
        Field("previous_release", pl.String(), "The release that it replaced; null for the first", nullable=True, nl="De uitgave die ze verving; leeg voor de eerste"),
        Field("events", pl.Int64(), "Events of deliveries in the log that it was made from", "events", nl="Gebeurtenissen van leveringen in het logboek waaruit ze gemaakt is"),
        Field("known_on", pl.Date(), "Day of the youngest delivery that counts in it, of any source", nullable=True, nl="Dag van de jongste levering die erin meetelt, van welke bron ook"),
        Field("known_per_source", pl.String(), "Per source the day of the youngest delivery that counts, as source=yyyy-mm-dd, separated by ;", nullable=True, nl="Per bron de dag van de jongste levering die meetelt, als bron=jjjj-mm-dd, gescheiden door ;"),
        Field("schema_version", pl.String(), "Version of the tables: a new column is a minor step, a changed meaning a major one; null for releases of before it was kept", nullable=True, nl="Versie van de tabellen: een nieuwe kolom is een kleine stap, een andere betekenis een grote; leeg voor uitgaven van voordat die bewaard werd"),
        Field("code_version", pl.String(), "Version of the program, and a fingerprint of what decides its tables", nl="Versie van het programma, en een vingerafdruk van wat zijn tabellen bepaalt"),
        Field("rules_version", pl.String(), "Fingerprint of the rules that rows are judged by", nl="Vingerafdruk van de regels waarmee rijen beoordeeld worden"),
    ),
)  # fmt: skip
