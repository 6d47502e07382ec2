"""Persbericht-cijfers: every published claim beside what the data say, and the comparison with CBS.

Here: what stands on the two pages. Not here: any verdict (``checks.claims``), how it looks (the templates).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import polars as pl

from pipeline.site.contents import Contents, Row
from pipeline.site.findings import about
from pipeline.site.language import NOTHING, Language
from pipeline.site.page import Page, part_of_path
from pipeline.site.wording import INDICATORS, SERIES, SHORT_SERIES, said

_WORST_FIRST = ("contradicted", "confirmed_in_other_series", "not_checkable", "confirmed")
_SIGNS = {
    "=": "",
    ">=": "\N{GREATER-THAN OR EQUAL TO} ",
    "<=": "\N{LESS-THAN OR EQUAL TO} ",
    "~": "\N{ALMOST EQUAL TO} ",
}
_STATEMENTS = ("is_lowest_on_record",)
"""Claims that hold or do not: their figure is 1 or 0."""
MOST_COMPARED = 12
"""With more municipalities the page only counts; each municipality has its own comparison."""


def pages(contents: Contents) -> list[Page]:
    menu = "persberichten.html"
    claims = Page(menu, ("Persbericht-cijfers", "Published figures"), menu, partial(_fill, contents), menu)
    cbs = Page("landelijk.html", ("Landelijk en CBS", "The country and CBS"), "landelijk.html",
               partial(_fill_national, contents), "landelijk.html")  # fmt: skip
    return [claims, cbs]


def _fill(contents: Contents, language: Language) -> dict[str, Any]:
    rows = contents.tables["published_figures_check"].sort(
        "published_on", "document", "claim_id", descending=[True, False, False]
    )
    documents: dict[str, list[dict[str, Any]]] = {}
    for row in rows.rows(named=True):
        documents.setdefault(row["document"], []).append(worded(contents, row, language))
    counts = {verdict: rows.filter(pl.col("verdict") == verdict).height for verdict in _WORST_FIRST}
    return {"documents": documents, "counts": counts}


def worded(contents: Contents, row: Row, language: Language) -> dict[str, Any]:
    """A claim in words."""
    where = [contents.name(code) for code in (row["region_code"], row["programme_code"]) if code]
    return {
        **row,
        "anchor": f"c-{part_of_path(row['claim_id'])}",
        "indicator": said(INDICATORS, row["indicator"], language),
        "where": ", ".join(where),
        "period": language.period(row["subject_period"]),
        "published": _published(row, language),
        "found": _found(row, language),
        "series": said(SERIES, row["series_found"], language) if row["series_found"] else "",
        "sentence": " ".join(_sentences(row, language)),
    }


def _published(row: Row, language: Language) -> str:
    sign = _SIGNS.get(row["operator"], f"{row['operator']} ")
    value = row["value_published"]
    if row["indicator"] in _STATEMENTS:
        return _yes_or_no(value, language)
    decimals = row["decimals_published"]
    is_fraction = decimals == 0 and value != round(value)
    return f"{sign}{language.number(value, 3 if is_fraction else decimals)}"


def _found(row: Row, language: Language) -> str:
    value = row["value_found"]
    return _yes_or_no(value, language) if row["indicator"] in _STATEMENTS else language.figure(value)


def _yes_or_no(value: float | None, language: Language) -> str:
    if value is None:
        return NOTHING
    return language("ja", "yes") if value else language("nee", "no")


def _sentences(row: Row, language: Language) -> Iterator[str]:
    """The explanation in a few words; the arithmetic behind it stands in the table."""
    known = language.day(row["as_known_on"])
    if row["verdict"] == "not_checkable":
        yield language("De gegevens reiken niet tot wat de tekst zegt.", "The data do not reach what the text says.")
    else:
        series = f" ({said(SERIES, row['series_found'], language)})" if row["series_found"] else ""
        figure = _found(row, language)
        yield language(f"De gegevens zeggen {figure}{series}, zoals bekend op {known}.",
                       f"The data say {figure}{series}, as known on {known}.")  # fmt: skip
    if row["series_also"]:
        also = ", ".join(said(SHORT_SERIES, each, language) for each in row["series_also"].split("|"))
        yield language(f"Het klopt ook in de reeks {also}.", f"It holds in the series {also} too.")
    if row["verdict_now"] != row["verdict"]:
        yield language("Met wat nu bekend is, is het oordeel anders.", "With what is known now the verdict differs.")


def _fill_national(contents: Contents, language: Language) -> dict[str, Any]:
    frame = contents.tables["benchmark"].sort("region_code", "year", "indicator")
    regions = frame["region_code"].unique().sort().to_list()
    by_region = {
        code: {
            "name": contents.name(code),
            "rows": rows.sort("year", "indicator", descending=[True, False]).rows(named=True),
        }
        for code in regions
        if len(regions) <= MOST_COMPARED
        for rows in [frame.filter(pl.col("region_code") == code)]
    }
    per_year = frame.group_by("year", "indicator").agg(
        pl.len().alias("regions"),
        pl.col("comparable").sum(),
        pl.col("difference").abs().max().alias("most"),
    ).sort("year", "indicator", descending=[True, False])  # fmt: skip
    about_country = contents.tables["published_figures_check"].filter(pl.col("indicator").str.starts_with("national"))
    return {
        "regions": by_region,
        "count": len(regions),
        "per_year": per_year.rows(named=True),
        "claims": [worded(contents, row, language) for row in about_country.rows(named=True)],
        "judged": _judged(contents, language),
    }


def _judged(contents: Contents, language: Language) -> list[dict[str, Any]]:
    """Persons beside CBS, and percentages of CBS beside its counts: how many agree, and which differ."""
    frame = contents.tables["reconciliation"].filter(pl.col("rule").is_in(["RELATION-003", "RELATION-004"]))
    counts = frame.group_by("rule", "verdict").len().sort("rule", "verdict").rows(named=True)
    differing = frame.filter(pl.col("verdict") == "differs").sort("rule", "subject", "period").head(50)
    return [{**row, "differing": [_differing(contents, each, language) for each in
                                  differing.filter(pl.col("rule") == row["rule"]).rows(named=True)]
             if row["verdict"] == "differs" else []} for row in counts]  # fmt: skip


def _differing(contents: Contents, row: Row, language: Language) -> dict[str, Any]:
    return {**row, "about": about(contents, f"{row['subject']}/{row['period']}/{row['indicator']}", language)}
