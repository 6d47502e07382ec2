"""Curated tables that compare: totals with counts, own figures with CBS, press figures with the data."""

import polars as pl

from schemas.indicators import COUNT, MONTHS, OPERATORS, PERCENT, SHARE
from schemas.table import Field, Subject, Table
from schemas.vocabulary import Series, Severity, Verdict

BENCHMARK = Table(
    name="benchmark",
    title="Own figures beside CBS",
    grain="one region, year and indicator",
    grain_nl="één gebied, jaar en grootheid",
    key=("region_code", "year", "indicator"),
    source="own deliveries; CBS 83450NED, 83747NED, 84066NED (Bron: CBS)",
    order=120,
    subject=Subject(
        pl.col("region_code"), day=pl.date(pl.col("year").cast(pl.Int32, strict=False), 12, 31)
    ),
    fields=(
        Field("region_code", pl.String(), "Municipality, borders of that year", nl="Gemeente, met de grenzen van dat jaar"),
        Field("year", pl.Int64(), "Year the flows are in; stocks are about its 31 December", nl="Jaar van de in- en uitstroom; standen gaan over 31 december ervan"),
        Field("indicator", pl.String(), "What is compared", values=("recipients", "inflow", "outflow", "outflow_to_work"), nl="Wat vergeleken wordt"),
        Field("value_own", pl.Int64(), "Own figure, series pw", "persons for recipients, benefits for flows", nullable=True, nl="Eigen cijfer, reeks pw"),
        Field("value_cbs", pl.Int64(), "CBS figure, age to AOW, rounded to 10", "persons", nullable=True, nl="Cijfer van het CBS, tot de AOW-leeftijd, afgerond op tientallen"),
        Field("rests_on", pl.String(), "Reference dates of the own figure, separated by |: that of the stock, or the ends of the intervals that are summed; of a year that is not covered, those that are there", nullable=True, nl="Peildata van het eigen cijfer, gescheiden door |: die van de stand, of de einden van de tijdvakken die zijn opgeteld; van een jaar dat niet gedekt is, die er zijn"),
        Field("difference", pl.Int64(), "value_own - value_cbs", "persons", nullable=True, nl="value_own - value_cbs"),
        Field("comparable", pl.Boolean(), "Whether both count the same thing within rounding", nl="Of beide hetzelfde tellen, op afronding na"),
        Field("why_not", pl.String(), "What differs where they are not comparable", nullable=True, nl="Wat er verschilt waar ze niet te vergelijken zijn"),
    ),
)  # fmt: skip

RECONCILIATION = Table(
    name="reconciliation",
    title="Reported against derived",
    grain="one subject, period and indicator",
    grain_nl="één onderwerp, periode en grootheid",
    key=("subject", "period", "indicator"),
    source="own deliveries; CBS tables (Bron: CBS)",
    order=130,
    subject=Subject(
        pl.col("subject").str.split("/").list.first(), day=pl.col("period").str.to_date("%Y-%m-%d", strict=False)
    ),
    fields=(
        Field("subject", pl.String(), "What is reconciled, e.g. GM0899/pw", nl="Wat naast elkaar gelegd wordt, bijvoorbeeld GM0899/pw"),
        Field("period", pl.String(), "Reference date (yyyy-mm-dd) or year", nl="Peildatum (jjjj-mm-dd) of jaar"),
        Field("indicator", pl.String(), "The figure", nl="Het cijfer"),
        Field("value_reported", pl.Float64(), "What was reported or published, in unit", "unit of the indicator", nullable=True, nl="Wat gemeld of gepubliceerd is, in unit"),
        Field("value_derived", pl.Float64(), "What follows from the deliveries, in unit; null where nothing does, or CBS publishes no figure (.)", "unit of the indicator", nullable=True, nl="Wat uit de leveringen volgt, in unit; leeg waar er niets volgt, of het CBS geen cijfer publiceert (.)"),
        Field("difference", pl.Float64(), "value_reported - value_derived", "unit of the indicator", nullable=True, nl="value_reported - value_derived"),
        Field("unit", pl.String(), "What the values count", values=("benefits", "persons", "clients", "percent"), nl="Wat de waarden tellen"),
        Field("base", pl.String(), "Of a percentage, what it is a percentage of, with the count; null for counts", nullable=True, nl="Van een percentage: waarvan het een percentage is, met het aantal; leeg bij aantallen"),
        Field("verdict", pl.String(), "agrees, within_rounding, differs or not_checkable", values=("agrees", "within_rounding", "differs", "not_checkable"), nl="agrees (klopt), within_rounding (op afronding na), differs (wijkt af) of not_checkable (niet te controleren)"),
        Field("rule", pl.String(), "Rule that judges it", nl="Regel die het beoordeelt"),
    ),
)  # fmt: skip

PUBLISHED_FIGURES_CHECK = Table(
    name="published_figures_check",
    title="Published figures against the data",
    grain="one claim",
    grain_nl="één uitspraak",
    key=("claim_id",),
    source="published figures; own deliveries; CBS (Bron: CBS)",
    order=140,
    subject=Subject(pl.col("claim_id")),
    fields=(
        Field("claim_id", pl.String(), "Number of the claim", nl="Nummer van de uitspraak"),
        Field("document", pl.String(), "Text in which it stands", nl="Tekst waarin ze staat"),
        Field("published_on", pl.Date(), "Day of publication", nl="Dag van publicatie"),
        Field("indicator", pl.String(), "What the claim is about", nl="Waar de uitspraak over gaat"),
        Field("region_code", pl.String(), "Municipality or country", nullable=True, nl="Gemeente of land"),
        Field("programme_code", pl.String(), "Programme", nullable=True, nl="Programma"),
        Field("subject_period", pl.String(), "Date or period the claim is about, as yyyy-mm-dd or from/until", nullable=True, nl="Datum of periode waar de uitspraak over gaat, als jjjj-mm-dd of van/tot"),
        Field("operator", pl.String(), "= >= > <= < or ~; what each asks: docs/reference/indicators.md", values=tuple(OPERATORS), nl="= >= > <= < of ~; wat ieder vraagt, staat in docs/reference/indicators.md"),
        Field("value_published", pl.Float64(), "The figure as published, in unit", nl="Het cijfer zoals gepubliceerd, in unit"),
        Field("decimals_published", pl.Int64(), "Its printed decimals: the precision it is checked at", nl="De gedrukte decimalen: de precisie waarop het gecontroleerd wordt"),
        Field("unit", pl.String(), "What value_published and value_found are measured in; null for an indicator that cannot be checked", nullable=True, values=(COUNT, PERCENT, SHARE, MONTHS), nl="Waarin value_published en value_found gemeten zijn; leeg voor een grootheid die niet te controleren is"),
        Field("value_found", pl.Float64(), "The figure found, unrounded", "unit of the claim", nullable=True, nl="Het gevonden cijfer, niet afgerond"),
        Field("series_found", pl.String(), "Series in which it was found", nullable=True, values=tuple(Series), nl="Reeks waarin het gevonden is"),
        Field("series_also", pl.String(), "Other series in which it holds too, separated by |", nullable=True, nl="Andere reeksen waarin het ook klopt, gescheiden door |"),
        Field("rests_on_claims", pl.String(), "Other claims that the verdict rests on, separated by |: without them it would be another", nullable=True, nl="Andere uitspraken waarop het oordeel rust, gescheiden door |: zonder die zou het anders zijn"),
        Field("record_since", pl.Date(), "Of a claim about a record, where the record begins that was looked at: the first reference date of series_found with the same borders", nullable=True, nl="Van een uitspraak over een laagste stand: waar begint waarin gekeken is, de eerste peildatum van series_found met dezelfde grenzen"),
        Field("as_known_on", pl.Date(), "Knowledge date of the data used: the publication day, or where nothing was known then the last day on which something was delivered or a decision changed what counts", nullable=True, nl="Tot welke dag de gebruikte gegevens bekend waren: de dag van publicatie, of waar toen niets bekend was de laatste dag waarop iets geleverd is of een besluit veranderde wat meetelt"),
        Field("verdict", pl.String(), "confirmed, confirmed_in_other_series, contradicted or not_checkable", values=tuple(Verdict), nl="confirmed (bevestigd), confirmed_in_other_series (in een andere reeks), contradicted (tegengesproken) of not_checkable (niet te controleren)"),
        Field("verdict_now", pl.String(), "The verdict with all that is known now", values=tuple(Verdict), nl="Het oordeel met alles wat nu bekend is"),
        Field("explanation", pl.String(), "One line: what was compared, and with which result", nl="Eén regel: wat vergeleken is en met welke uitkomst, in het Engels"),
        Field("explanation_nl", pl.String(), "The same in Dutch", nl="Hetzelfde in het Nederlands"),
    ),
)  # fmt: skip

RELATION_FINDINGS = Table(
    name="relation_findings",
    title="Findings across deliveries and sources",
    grain="one rule and subject",
    grain_nl="één regel en onderwerp",
    key=("rule", "subject"),
    source="own deliveries; CBS tables (Bron: CBS)",
    order=180,
    fields=(
        Field("rule", pl.String(), "Code of the rule", nl="Code van de regel"),
        Field(
            "subject",
            pl.String(),
            "What it is about, e.g. GM0899/pw/2017-01-01",
            nl="Waar het over gaat, bijvoorbeeld GM0899/pw/2017-01-01",
        ),
        Field(
            "severity", pl.String(), "warn or block", values=tuple(Severity), nl="warn (melden) of block (tegenhouden)"
        ),
        Field("what", pl.String(), "The finding in one line", nl="De bevinding in één regel"),
        Field("expected", pl.String(), "What was expected", nullable=True, nl="Wat verwacht werd"),
        Field("found", pl.String(), "What was found", nullable=True, nl="Wat gevonden is"),
    ),
)
