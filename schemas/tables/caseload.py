"""Curated tables about the caseload: stock, bridge of flows, reasons of outflow."""

import polars as pl

from schemas.table import Field, Invariant, Subject, Table
from schemas.vocabulary import Series, Vintage

_SERIES = tuple(Series)
_OWN = "deliveries of the municipalities (caseload, caseload_totals)"

_SCOPE = (
    Field("municipality_code", pl.String(), "Municipality, CBS code with GM"),
    Field("reference_date", pl.Date(), "Date the stock is about (peildatum)"),
    Field(
        "series",
        pl.String(),
        "Which schemes are counted: pw = 01; pw_ioaw_ioaz = 01, 02, 03; all = 01, 02, 03, 14",
        values=_SERIES,
    ),
)
_KEY = ("municipality_code", "reference_date", "series")
_SUBJECT = Subject(pl.col("municipality_code"), day=pl.col("reference_date").str.to_date("%Y-%m-%d", strict=False))

CASELOAD_STOCK = Table(
    name="caseload_stock",
    title="Caseload on a reference date",
    grain="one municipality, reference date and series",
    key=_KEY,
    source=_OWN,
    order=10,
    subject=_SUBJECT,
    fields=(
        *_SCOPE,
        Field("benefits", pl.Int64(), "Benefits in stock; a couple is one benefit", "benefits"),
        Field("persons", pl.Int64(), "Persons in those benefits, partners included, each once; null where the household form is unknown", "persons", nullable=True),
        Field("previous_reference_date", pl.Date(), "The reference date before this one in the same series", nullable=True),
        Field("change", pl.Int64(), "Benefits now minus benefits on previous_reference_date", "benefits", nullable=True),
        Field("change_pct", pl.Float64(), "change in % of benefits on previous_reference_date; null on a zero base", "percent", nullable=True),
        Field("change_ytd", pl.Int64(), "Benefits now minus benefits on 1 January of the same year", "benefits", nullable=True),
        Field("change_ytd_pct", pl.Float64(), "change_ytd in % of benefits on 1 January; null on a zero base", "percent", nullable=True),
        Field("change_yoy_pct", pl.Float64(), "Change since the same date one year earlier, in % of that stock", "percent", nullable=True),
        Field("is_lowest_on_record", pl.Boolean(), "Lower than on every earlier reference date of its record: this series from record_since on; null on the first", nullable=True),
        Field("record_since", pl.Date(), "Where the record begins in which is_lowest_on_record looks: the first reference date known of this municipality, with the same borders, and series"),
        Field("source", pl.String(), "counted = from benefits; reported = from a total", values=("counted", "reported")),
        Field("vintage", pl.String(), "provisional, revised (redelivered) or final (older than a year at the last knowledge date)", values=tuple(Vintage)),
        Field("delivered_on", pl.Date(), "Day on which the sender said it"),
        Field("delivery", pl.String(), "sha256 of the delivery the figure rests on"),
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
    key=_KEY,
    source=_OWN,
    order=20,
    subject=_SUBJECT,
    fields=(
        *_SCOPE,
        Field("previous_reference_date", pl.Date(), "Begin of the interval: the nearest earlier reference date that is known, counted or as a total"),
        Field("opening", pl.Int64(), "Benefits on the previous reference date", "benefits"),
        Field("inflow", pl.Int64(), "Benefits started after the previous date, up to and including this one; restarted dossiers are stitched", "benefits"),
        Field("outflow", pl.Int64(), "Benefits whose last day lies on or after the previous date and before this one", "benefits"),
        Field("outflow_to_work", pl.Int64(), "Of the outflow: end reason 11 (also sickness benefit) or 13", "benefits"),
        Field("closing", pl.Int64(), "Benefits on the reference date", "benefits"),
        Field("unexplained_difference", pl.Int64(), "closing - opening - inflow + outflow (administratief verschil); never forced to zero", "benefits"),
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
    key=(*_KEY, "end_reason"),
    source=_OWN,
    order=30,
    subject=_SUBJECT,
    fields=(
        *_SCOPE,
        Field("end_reason", pl.String(), "Code of the end reason (BUS 2015)"),
        Field(
            "end_reason_label", pl.String(), "The reason in words, as the code list of that date has it", nullable=True
        ),
        Field("benefits", pl.Int64(), "Benefits that ended for this reason", "benefits"),
    ),
    invariants=(Invariant("benefits are positive", pl.col("benefits") > 0),),
)
