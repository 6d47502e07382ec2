"""Curated tables about the caseload: stock, bridge of flows, reasons of outflow."""

import polars as pl

from schemas.table import Field, Invariant, Subject, Table
from schemas.vocabulary import Series, Vintage

_SERIES = tuple(Series)
_OWN = "deliveries of the municipalities (caseload, caseload_totals)"

_SCOPE = (
    Field("municipality_code", pl.String(), "Municipality, CBS code with GM", nl="Gemeente, CBS-code met GM"),
    Field(
        "reference_date",
        pl.Date(),
        "Date the stock is about (peildatum)",
        nl="Datum waar de stand over gaat (peildatum)",
    ),
    Field(
        "series",
        pl.String(),
        "Which schemes are counted: pw = 01; pw_ioaw_ioaz = 01, 02, 03; all = 01, 02, 03, 14",
        values=_SERIES,
        nl="Welke regelingen meetellen: pw = 01; pw_ioaw_ioaz = 01, 02, 03; all = 01, 02, 03, 14",
    ),
)
_KEY = ("municipality_code", "reference_date", "series")
_SUBJECT = Subject(pl.col("municipality_code"), day=pl.col("reference_date").str.to_date("%Y-%m-%d", strict=False))

CASELOAD_STOCK = Table(
    name="caseload_stock",
    title="Caseload on a reference date",
    grain="one municipality, reference date and series",
    grain_nl="één gemeente, peildatum en reeks",
    key=_KEY,
    source=_OWN,
    order=10,
    subject=_SUBJECT,
    fields=(
        *_SCOPE,
        Field("benefits", pl.Int64(), "Benefits in stock; a couple is one benefit", "benefits", nl="Lopende uitkeringen; een paar is één uitkering"),
        Field("persons", pl.Int64(), "Persons in those benefits, partners included, each once; null where the household form is unknown", "persons", nullable=True, nl="Personen in die uitkeringen, partners meegeteld, ieder één keer; leeg waar de leefvorm niet bekend is"),
        Field("previous_reference_date", pl.Date(), "The reference date before this one in the same series", nullable=True, nl="De peildatum hiervoor in dezelfde reeks"),
        Field("change", pl.Int64(), "Benefits now minus benefits on previous_reference_date", "benefits", nullable=True, nl="Uitkeringen nu min uitkeringen op previous_reference_date"),
        Field("change_pct", pl.Float64(), "change in % of benefits on previous_reference_date; null on a zero base", "percent", nullable=True, nl="change in % van de uitkeringen op previous_reference_date; leeg als die nul zijn"),
        Field("change_ytd", pl.Int64(), "Benefits now minus benefits on 1 January of the same year", "benefits", nullable=True, nl="Uitkeringen nu min uitkeringen op 1 januari van hetzelfde jaar"),
        Field("change_ytd_pct", pl.Float64(), "change_ytd in % of benefits on 1 January; null on a zero base", "percent", nullable=True, nl="change_ytd in % van de uitkeringen op 1 januari; leeg als die nul zijn"),
        Field("change_yoy_pct", pl.Float64(), "Change since the same date one year earlier, in % of that stock", "percent", nullable=True, nl="Verandering sinds dezelfde datum een jaar eerder, in % van die stand"),
        Field("is_lowest_on_record", pl.Boolean(), "Lower than on every earlier reference date of its record: this series from record_since on; null on the first", nullable=True, nl="Lager dan op iedere eerdere peildatum van wat bekend is: deze reeks vanaf record_since; leeg op de eerste"),
        Field("record_since", pl.Date(), "Where the record begins in which is_lowest_on_record looks: the first reference date known of this municipality, with the same borders, and series", nl="Waar begint waarin is_lowest_on_record kijkt: de eerste bekende peildatum van deze gemeente, met dezelfde grenzen, en reeks"),
        Field("source", pl.String(), "counted = from benefits; reported = from a total", values=("counted", "reported"), nl="counted = uit uitkeringen geteld; reported = uit een gemeld totaal"),
        Field("vintage", pl.String(), "provisional, revised (redelivered) or final (older than a year at the last knowledge date)", values=tuple(Vintage), nl="provisional (voorlopig), revised (opnieuw geleverd) of final (definitief: ouder dan een jaar op de laatste dag die bekend is)"),
        Field("delivered_on", pl.Date(), "Day on which the sender said it", nl="Dag waarop de afzender het zei"),
        Field("delivery", pl.String(), "sha256 of the delivery the figure rests on", nl="sha256 van de levering waarop het cijfer rust"),
    ),
    invariants=(
        Invariant("benefits are not negative", pl.col("benefits") >= 0),
        Invariant("persons are not negative", pl.col("persons") >= 0),
        Invariant("previous date is earlier", pl.col("previous_reference_date") < pl.col("reference_date")),
    ),
)  # fmt: skip

CASELOAD_FLOW = Table(
    name="caseload_flow",
    title="Bridge from one stock to the next",
    grain="one municipality, reference date and series; the interval runs from the previous reference date",
    grain_nl="één gemeente, peildatum en reeks; het tijdvak loopt vanaf de vorige peildatum",
    key=_KEY,
    source=_OWN,
    order=20,
    subject=_SUBJECT,
    fields=(
        *_SCOPE,
        Field("previous_reference_date", pl.Date(), "Begin of the interval: the nearest earlier reference date that is known, counted or as a total", nl="Begin van het tijdvak: de dichtstbijzijnde eerdere peildatum die bekend is, geteld of als totaal"),
        Field("opening", pl.Int64(), "Benefits on the previous reference date", "benefits", nl="Uitkeringen op de vorige peildatum"),
        Field("inflow", pl.Int64(), "Benefits started after the previous date, up to and including this one; restarted dossiers are stitched", "benefits", nl="Uitkeringen die begonnen na de vorige datum, tot en met deze; herstarte dossiers zijn aan elkaar gehecht"),
        Field("outflow", pl.Int64(), "Benefits whose last day lies on or after the previous date and before this one", "benefits", nl="Uitkeringen waarvan de laatste dag op of na de vorige datum ligt en voor deze"),
        Field("outflow_to_work", pl.Int64(), "Of the outflow: end reason 11 (also sickness benefit) or 13", "benefits", nl="Van de uitstroom: reden 11 (ook ziektewet) of 13"),
        Field("closing", pl.Int64(), "Benefits on the reference date", "benefits", nl="Uitkeringen op de peildatum"),
        Field("unexplained_difference", pl.Int64(), "closing - opening - inflow + outflow (administratief verschil); never forced to zero", "benefits", nl="closing - opening - inflow + outflow (administratief verschil); wordt nooit weggerekend"),
    ),
    invariants=(
        Invariant("the bridge adds up", pl.col("closing") == pl.col("opening") + pl.col("inflow") - pl.col("outflow") + pl.col("unexplained_difference")),
        Invariant("outflow to work is part of outflow", pl.col("outflow_to_work") <= pl.col("outflow")),
    ),
)  # fmt: skip

OUTFLOW_REASONS = Table(
    name="outflow_reasons",
    title="Outflow by reason",
    grain="one municipality, reference date, series and end reason; the interval is that of caseload_flow",
    grain_nl="één gemeente, peildatum, reeks en reden van beëindiging; het tijdvak is dat van caseload_flow",
    key=(*_KEY, "end_reason"),
    source=_OWN,
    order=30,
    subject=_SUBJECT,
    fields=(
        *_SCOPE,
        Field(
            "end_reason",
            pl.String(),
            "Code of the end reason (BUS 2015)",
            nl="Code van de reden van beëindiging (BUS 2015)",
        ),
        Field(
            "end_reason_label",
            pl.String(),
            "The reason in words, as the code list of that date has it",
            nullable=True,
            nl="De reden in woorden, zoals de codelijst van die datum haar noemt",
        ),
        Field(
            "benefits",
            pl.Int64(),
            "Benefits that ended for this reason",
            "benefits",
            nl="Uitkeringen die om deze reden eindigden",
        ),
    ),
    invariants=(Invariant("benefits are positive", pl.col("benefits") > 0),),
)
