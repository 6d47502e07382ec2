"""Vandaag: what needs attention, worst first and each with the one thing to do; how far everything is known.

Here: what stands on it, and in which order. Not here: how it looks (``templates/index.html``).
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import polars as pl

from pipeline.site import findings, municipality, programmes
from pipeline.site.contents import Contents, Row, own_dates
from pipeline.site.deliveries import NOT_TAKEN, WAITING, file_name, rule_of
from pipeline.site.language import Language
from pipeline.site.page import Audience, Page
from schemas.vocabulary import ALL_PROVIDERS

MOST = 25
CARDS = 6
LISTED = 60
_TAKEN = ("recorded", "held", "copied")
RECENT_DAYS = 92
"""A rejected file that is older than this when the last one of its source came is no news: it is counted alone."""
_FIRST = ("RELATION-010", "RELATION-021", "RELATION-022", "RELATION-020", "RELATION-006")
"""Findings across deliveries that a reader of the figures has to know first."""


def pages(contents: Contents) -> list[Page]:
    return [
        Page("index.html", ("Vandaag", "Today"), "index.html", partial(_fill, contents), "index.html", Audience.OWN)
    ]


def _fill(contents: Contents, language: Language) -> dict[str, Any]:
    waiting = list(_attention(contents, language))
    figures = municipality.latest(contents, language)
    return {
        "attention": waiting[:MOST],
        "attention_count": len(waiting),
        "older": _older(contents),
        "removed": len(_files(contents, ("removed",))),
        "cards": figures if len(figures) <= CARDS else [],
        "figures": figures[:LISTED] if len(figures) > CARDS else [],
        "figures_left_out": max(0, len(figures) - LISTED),
        "programmes": programmes.latest(contents),
        "sources": _sources(contents),
        "places": _places(contents)[:LISTED],
        "providers": _providers(contents),
    }


def _attention(contents: Contents, language: Language) -> Iterator[dict[str, Any]]:
    """Deliveries that wait, those not taken lately, signals and changes of borders, gaps, then what contradicts."""
    for row in _files(contents, WAITING):
        yield _file(contents, row, language)
    recent, _ = _split_by_age(contents)
    for row in recent:
        yield _file(contents, row, language)
    found = contents.tables["relation_findings"]
    for rule in _FIRST:
        yield from _across(contents, found.filter(pl.col("rule") == rule), language)
    claims = contents.tables["published_figures_check"].filter(pl.col("verdict_now") == "contradicted")
    if claims.height:
        yield {"kind": "claims", "severity": "warn", "count": claims.height}
    rest = found.filter(~pl.col("rule").is_in(_FIRST))
    for rule, count, severity in (
        rest.group_by("rule").agg(pl.len(), pl.col("severity").first()).sort("rule").iter_rows()
    ):
        yield {
            "kind": "rule", "rule": rule, "title": findings.title(rule, language), "count": count, "severity": severity,
            "fix": findings.fix(rule, language),
        }  # fmt: skip


def _files(contents: Contents, statuses: tuple[str, ...]) -> list[dict[str, Any]]:
    frame = contents.tables["deliveries"].filter(pl.col("status").is_in(statuses))
    return frame.sort("delivered_on", "file_name", descending=[True, False]).rows(named=True)


def _split_by_age(contents: Contents) -> tuple[list[Row], list[Row]]:
    recent: list[Row] = []
    older: list[Row] = []
    taken = set(contents.tables["deliveries"].filter(pl.col("status").is_in(_TAKEN))["file_name"])
    for row in _files(contents, NOT_TAKEN[:1]):
        if row["file_name"] in taken:  # a corrected file came under its name
            continue
        last = contents.known.get(row["source"], row["delivered_on"])
        (recent if row["delivered_on"] >= last - timedelta(days=RECENT_DAYS) else older).append(row)
    return recent, older


def _older(contents: Contents) -> int:
    return len(_split_by_age(contents)[1])


def _file(contents: Contents, row: dict[str, Any], language: Language) -> dict[str, Any]:
    rule = rule_of(row)
    return {
        "kind": "file", "severity": "hold" if row["status"] in WAITING else "reject", "status": row["status"],
        "file_name": file_name(row), "place": contents.places.get(row["delivery"], ""), "rule": rule,
        "title": findings.title(rule, language) if rule else "", "fix": findings.fix(rule, language),
        "delivered_on": row["delivered_on"], "delivery": row["delivery"], "rows_held": row["rows_held"],
    }  # fmt: skip


def _across(contents: Contents, found: pl.DataFrame, language: Language) -> Iterator[dict[str, Any]]:
    for each in findings.worded(contents, found, language):
        yield {"kind": "across", "fix": findings.fix(each["rule"], language), **each}


def _sources(contents: Contents) -> list[dict[str, Any]]:
    frame = contents.tables["deliveries"]
    counts = frame.group_by("source").agg(
        pl.len().alias("files"), pl.col("status").eq("recorded").sum().alias("recorded")
    )
    return [
        {**row, "known": contents.known.get(row["source"]), "page": contents.pages_of_source[row["source"]][0]}
        for row in counts.sort("source").rows(named=True)
    ]


def _places(contents: Contents) -> list[dict[str, Any]]:
    """Per municipality: the last date, up to which it is final, and months without a date in between."""
    found = []
    for code in contents.municipalities:
        stock = contents.stock[code]
        final = stock.filter(pl.col("vintage") == "final")["reference_date"]
        found.append(
            {
                "code": code, "name": contents.name(code), "path": municipality.path_of(code),
                "last": stock["reference_date"].max(), "final": final.max(),
                "delivered_on": stock["delivered_on"].max(),
                "months": len(own_dates(stock["reference_date"])),
            }
        )  # fmt: skip
    return found


def _providers(contents: Contents) -> list[dict[str, Any]]:
    frame = contents.tables["programme_progress"].filter(pl.col("provider_code") != ALL_PROVIDERS)
    last = frame.group_by("provider_code").agg(pl.col("month").max()).sort("provider_code")
    return [
        {"code": code, "name": contents.name(code), "path": programmes.path_of_provider(code), "month": month}
        for code, month in last.iter_rows()
    ]
