"""Curated tables that compare: totals with counts, own figures with CBS, press figures with the data."""

import polars as pl

from schemas.indicators import COUNT, MONTHS, OPERATORS, PERCENT, SHARE
from schemas.table import Field, Subject, Table
from schemas.vocabulary import Series, Severity, Verdict

BENCHMARK = Table(
    name="benchmark",
    title="Own figures beside CBS",
    grain="one region, year and indicator",
    key=("region_code", "year", "indicator"),
    source="own deliveries; CBS 83450NED, 83747NED, 84066NED (Bron: CBS)",
    order=120,
    subject=Subject(
        pl.col("region_code"), day=pl.date(pl.col("year").cast(pl.Int32, strict=False), 12, 31)
    ),
    fields=(
        Field("region_code", pl.String(), "Municipality, borders of that year"),
        Field("year", pl.Int64(), "Year the flows are in; stocks are about its 31 December"),
        Field("indicator", pl.String(), "What is compared", values=("recipients", "inflow", "outflow", "outflow_to_work")),
        Field("value_own", pl.Int64(), "Own figure, series pw", "persons for recipients, benefits for flows", nullable=True),
        Field("value_cbs", pl.Int64(), "CBS figure, age to AOW, rounded to 10", "persons", nullable=True),
        Field("rests_on", pl.String(), "Reference dates of the own figure, separated by |: that of the stock, or the ends of the intervals that are summed; of a year that is not covered, those that are there", nullable=True),
        Field("difference", pl.Int64(), "value_own - value_cbs", "persons", nullable=True),
        Field("comparable", pl.Boolean(), "Whether both count the same thing within rounding"),
        Field("why_not", pl.String(), "What differs where they are not comparable", nullable=True),
    ),
)  # fmt: skip

RECONCILIATION = Table(
    name="reconciliation",
    title="Reported against derived",
    grain="one subject, period and indicator",
    key=("subject", "period", "indicator"),
    source="own deliveries; CBS tables (Bron: CBS)",
    order=130,
    subject=Subject(
        pl.col("subject").str.split("/").list.first(), day=pl.col("period").str.to_date("%Y-%m-%d", strict=False)
    ),
    fields=(
        Field("subject", pl.String(), "What is reconciled, e.g. GM0899/pw"),
        Field("period", pl.String(), "Reference date (yyyy-mm-dd) or year"),
        Field("indicator", pl.String(), "The figure"),
        Field("value_reported", pl.Float64(), "What was reported or published, in unit", "unit of the indicator", nullable=True),
        Field("value_derived", pl.Float64(), "What follows from the deliveries, in unit; null where nothing does, or CBS publishes no figure (.)", "unit of the indicator", nullable=True),
        Field("difference", pl.Float64(), "value_reported - value_derived", "unit of the indicator", nullable=True),
        Field("unit", pl.String(), "What the values count", values=("benefits", "persons", "clients", "percent")),
        Field("base", pl.String(), "Of a percentage, what it is a percentage of, with the count; null for counts", nullable=True),
        Field("verdict", pl.String(), "agrees, within_rounding, differs or not_checkable", values=("agrees", "within_rounding", "differs", "not_checkable")),
        Field("rule", pl.String(), "Rule that judges it"),
    ),
)  # fmt: skip

PUBLISHED_FIGURES_CHECK = Table(
    name="published_figures_check",
    title="Published figures against the data",
    grain="one claim",
    key=("claim_id",),
    source="published figures; own deliveries; CBS (Bron: CBS)",
    order=140,
    subject=Subject(pl.col("claim_id")),
    fields=(
        Field("claim_id", pl.String(), "Number of the claim"),
        Field("document", pl.String(), "Text in which it stands"),
        Field("published_on", pl.Date(), "Day of publication"),
        Field("indicator", pl.String(), "What the claim is about"),
        Field("region_code", pl.String(), "Municipality or country", nullable=True),
        Field("programme_code", pl.String(), "Programme", nullable=True),
        Field("subject_period", pl.String(), "Date or period the claim is about, as yyyy-mm-dd or from/until", nullable=True),
        Field("operator", pl.String(), "= >= > <= < or ~; what each asks: docs/reference/indicators.md", values=tuple(OPERATORS)),
        Field("value_published", pl.Float64(), "The figure as published, in unit"),
        Field("decimals_published", pl.Int64(), "Its printed decimals: the precision it is checked at"),
        Field("unit", pl.String(), "What value_published and value_found are measured in; null for an indicator that cannot be checked", nullable=True, values=(COUNT, PERCENT, SHARE, MONTHS)),
        Field("value_found", pl.Float64(), "The figure found, unrounded", "unit of the claim", nullable=True),
        Field("series_found", pl.String(), "Series in which it was found", nullable=True, values=tuple(Series)),
        Field("series_also", pl.String(), "Other series in which it holds too, separated by |", nullable=True),
        Field("rests_on_claims", pl.String(), "Other claims that the verdict rests on, separated by |: without them it would be another", nullable=True),
        Field("record_since", pl.Date(), "Of a claim about a record, where the record begins that was looked at: the first reference date of series_found with the same borders", nullable=True),
        Field("as_known_on", pl.Date(), "Knowledge date of the data used: the publication day, or the latest where nothing was known then", nullable=True),
        Field("verdict", pl.String(), "confirmed, confirmed_in_other_series, contradicted or not_checkable", values=tuple(Verdict)),
        Field("verdict_now", pl.String(), "The verdict with all that is known now", values=tuple(Verdict)),
        Field("explanation", pl.String(), "One line: what was compared, and with which result"),
        Field("explanation_nl", pl.String(), "The same in Dutch"),
    ),
)  # fmt: skip

RELATION_FINDINGS = Table(
    name="relation_findings",
    title="Findings across deliveries and sources",
    grain="one rule and subject",
    key=("rule", "subject"),
    source="own deliveries; CBS tables (Bron: CBS)",
    order=180,
    fields=(
        Field("rule", pl.String(), "Code of the rule"),
        Field("subject", pl.String(), "What it is about, e.g. GM0899/pw/2017-01-01"),
        Field("severity", pl.String(), "warn or block", values=tuple(Severity)),
        Field("what", pl.String(), "The finding in one line"),
        Field("expected", pl.String(), "What was expected", nullable=True),
        Field("found", pl.String(), "What was found", nullable=True),
    ),
)
