"""The page of a municipality: stocks of all series, the bridge, reasons of outflow, CBS, and what to know about them.

Here: what stands on it. Not here: how it looks (``templates/gemeente.html``).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from pipeline.site.contents import Contents, Row, month_before, own_dates
from pipeline.site.drawings import Bar, Line, bridge, lines
from pipeline.site.findings import about_place
from pipeline.site.groups import Reader, reasons
from pipeline.site.language import Language
from pipeline.site.page import Page, part_of_path
from pipeline.site.wording import SERIES, SHORT_SERIES, said
from schemas.vocabulary import Series, Vintage

MOST_DATES = 120
"""Ten years of months; older ones stand in the tables."""
BRIDGES = 13
_STYLES = {Series.ALL: "a", Series.PW_IOAW_IOAZ: "b", Series.PW: "c"}
"""From the widest series to the narrowest, as the lines lie."""

Known = Mapping[str, Mapping[str, pl.DataFrame]]


def path_of(code: str) -> str:
    return f"gemeente-{part_of_path(code)}.html"


def pages(contents: Contents) -> list[Page]:
    """One page per municipality with a stock, and the list of them."""
    tables = ("caseload_flow", "outflow_reasons")
    parts: Known = {name: contents.by(name, "municipality_code") for name in tables}
    parts = {**parts, "benchmark": contents.by("benchmark", "region_code")}
    found = [
        Page(
            path_of(code),
            (f"{contents.name(code)} ({code})",) * 2,
            "gemeente.html",
            partial(_fill, contents, parts, code),
            "gemeenten.html",
        )
        for code in contents.municipalities
    ]
    index = Page("gemeenten.html", ("Gemeenten", "Municipalities"), "gemeenten.html",
                 lambda language: {"rows": latest(contents, language)}, "gemeenten.html")  # fmt: skip
    return [index, *found]


def latest(contents: Contents, _language: Language) -> list[dict[str, Any]]:
    """Every municipality with its latest stock beside last month and last year."""
    return [
        {"code": code, "name": contents.name(code), "path": path_of(code), **compared(rows), "trend": _trend(rows)}
        for code in contents.municipalities
        if (rows := _of_series(contents.stock[code], _main(contents.stock[code])))
    ]


def _main(stock: pl.DataFrame) -> str:
    """The series that stands first: general assistance, or the only one there is."""
    there = stock["series"].unique().to_list()
    return Series.PW if Series.PW in there else sorted(there)[0]


def _of_series(frame: pl.DataFrame, series: str) -> list[Row]:
    return frame.filter(pl.col("series") == series).sort("reference_date").rows(named=True)


def _trend(rows: Sequence[Row]) -> list[int]:
    return [row["benefits"] for row in rows[-37:]]


def compared(rows: Sequence[Row]) -> dict[str, Any]:
    """The last of the rows of one series beside the rows that stand for last month and the same month last year."""
    by_day = {row["reference_date"]: row for row in rows}
    own = own_dates(by_day)
    now = rows[-1]
    day: date = now["reference_date"]
    month, year = own.get(month_before(day)), own.get((day.year - 1, day.month))
    return {
        "now": now,
        "month": by_day[month] if month else None,
        "year": by_day[year] if year else None,
        "since_month": _since(now, by_day.get(month) if month else None),
        "since_year": _since(now, by_day.get(year) if year else None),
    }


def _since(now: Row, then: Row | None) -> dict[str, Any] | None:
    if then is None:
        return None
    change = now["benefits"] - then["benefits"]
    return {"change": change, "pct": 100 * change / then["benefits"] if then["benefits"] else None}


def _fill(contents: Contents, parts: Known, code: str, language: Language) -> dict[str, Any]:
    stock = contents.stock[code]
    by_series = {series: rows for series in _STYLES if (rows := _of_series(stock, series))}
    flows = _part(parts, "caseload_flow", code)
    main = _main(stock)
    return {
        "code": code,
        "name": contents.name(code),
        "chart": _chart(contents, code, by_series, language),
        "now": [{"series": series, **compared(rows)} for series, rows in by_series.items()],
        "main": main,
        "bridge": _drawn_bridge(flows, main, code, language),
        "bridges": {series: rows for series in [main, *(each for each in by_series if each != main)]
                    if (rows := _of_series(flows, series)[-BRIDGES:][::-1])},
        "reasons": reasons(_part(parts, "outflow_reasons", code), flows, main, Reader(contents.least, language)),
        "stocks": _stocks(contents, code, stock),
        "stocks_left_out": max(0, stock["reference_date"].n_unique() - MOST_DATES),
        "benchmark": _part(parts, "benchmark", code).sort(-pl.col("year"), "indicator").rows(named=True),
        "findings": about_place(contents, code, language),
    }  # fmt: skip


def _part(parts: Known, table: str, code: str) -> pl.DataFrame:
    found = parts[table].get(code)
    return found if found is not None else next(iter(parts[table].values()), _EMPTY).clear()


_EMPTY = pl.DataFrame(schema={"series": pl.String, "reference_date": pl.Date, "year": pl.Int64, "indicator": pl.String})


def _chart(contents: Contents, code: str, by_series: Mapping[Series, Sequence[Row]], language: Language) -> Any:
    restated = contents.restated.get(code, {})
    drawn = [
        Line(
            said(SHORT_SERIES, series, language), _STYLES[series],
            [(row["reference_date"], row["benefits"]) for row in rows],
            _open_from(rows),
            [(row["reference_date"], row["benefits"], restated.get(f"{row['reference_date']}|{series}"))
             for row in rows
             if f"{row['reference_date']}|{series}" in restated],
        )
        for series, rows in by_series.items()
    ]  # fmt: skip
    title = language("Uitkeringen per peildatum in", "Benefits per reference date in")
    return lines(f"{title} {contents.name(code)}", drawn, language)


def _open_from(rows: Sequence[Row]) -> date | None:
    """The first date after the last final one; None where all are final."""
    final = [row["reference_date"] for row in rows if row["vintage"] == Vintage.FINAL]
    later = [row["reference_date"] for row in rows if not final or row["reference_date"] > final[-1]]
    return later[0] if later else None


def _drawn_bridge(flows: pl.DataFrame, series: str, code: str, language: Language) -> Any:
    rows = _of_series(flows, series)[-BRIDGES:]
    own = set(own_dates([row["reference_date"] for row in rows]).values())
    bars = [
        Bar(
            language.short_month(day) if day in own else f"{day.day} {language.short_month(day)}", str(day.year),
            row["inflow"], row["outflow"], row["outflow_to_work"], row["unexplained_difference"],
        )
        for row in rows
        if (day := row["reference_date"])
    ]  # fmt: skip
    words = language("Instroom en uitstroom per peildatum", "Inflow and outflow per reference date")
    return bridge(f"{words}, {said(SERIES, series, language)}, {code}", bars, language)


def _stocks(contents: Contents, code: str, stock: pl.DataFrame) -> list[dict[str, Any]]:
    """A line per reference date, the latest first, with the stock of every series."""
    restated = contents.restated.get(code, {})
    found: dict[date, dict[str, Any]] = {}
    for row in stock.sort("reference_date", descending=True).rows(named=True):
        line = found.setdefault(row["reference_date"], {"day": row["reference_date"], "series": {}})
        key = f"{row['reference_date']}|{row['series']}"
        line["series"][row["series"]] = {**row, "before": restated.get(key), "is_restated": key in restated}
    return list(found.values())[:MOST_DATES]
