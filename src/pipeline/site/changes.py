"""Wijzigingen: what changed since the release before, by place, each change with the delivery that caused it.

Here: what stands on the pages. Figures of small groups are counted and not told. Not here: which figures changed
(``versions.figure_diff``), how it looks (``templates/wijzigingen.html``).
"""

from functools import partial
from typing import Any

import polars as pl

from pipeline.site.contents import GROUPED, Contents, Row, packed
from pipeline.site.findings import about
from pipeline.site.language import Language
from pipeline.site.page import Page
from pipeline.site.wording import EVENTS, FIGURES, TABLES, said

MOST_TOLD = 200
"""Changes of one place that are listed; the others are counted, and stand in the table."""


def pages(contents: Contents) -> list[Page]:
    newest = newest_changes(contents)
    places = {place: rows for (place,), rows in newest.group_by("place", maintain_order=True)}
    weighed = [(str(place), 1_000 + 450 * min(_told(rows).height, MOST_TOLD)) for place, rows in places.items()]
    found = []
    parts = packed(weighed) or [[]]
    for number, names in enumerate(parts, 1):
        rows = newest.filter(pl.col("place").is_in(names))
        path = "wijzigingen.html" if number == 1 else f"wijzigingen-{number}.html"
        fill = partial(_fill, contents, rows, newest.height, (number, len(parts)))
        found.append(Page(path, ("Wijzigingen", "Changes"), "wijzigingen.html", fill, "wijzigingen.html"))
    return found


def newest_changes(contents: Contents) -> pl.DataFrame:
    """The changes that the newest release in the history of releases brought, with the place each is about."""
    frame = contents.tables["restatements"]
    last = frame.sort("published_at", "release")["release"].tail(1)
    place = pl.col("key").str.split("|").list.first().str.split("/").list.first()
    return frame.filter(pl.col("release").is_in(last.implode())).with_columns(place=place).sort("place", "table", "key")


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """Those that are listed: a figure that is new is no change of what anybody read before."""
    return rows.filter((pl.col("kind") != "added") & ~pl.col("table").is_in(GROUPED))


def _fill(
    contents: Contents, rows: pl.DataFrame, total: int, part: tuple[int, int], language: Language
) -> dict[str, Any]:
    files = dict(contents.tables["deliveries"].select("delivery", "file_name").iter_rows())
    places = [
        {
            "code": place,
            "name": contents.name(str(place)),
            "told": [_line(contents, row, files, language) for row in _told(of_place).head(MOST_TOLD).rows(named=True)],
            "left_out": max(0, _told(of_place).height - MOST_TOLD),
            "added": of_place.filter(pl.col("kind") == "added").height,
            "covered": of_place.filter((pl.col("kind") != "added") & pl.col("table").is_in(GROUPED)).height,
        }
        for (place,), of_place in rows.group_by("place", maintain_order=True)
    ]
    first = rows.head(1).rows(named=True)
    return {"places": places, "total": total, "part": part, "newest": first[0] if first else None}


def _line(contents: Contents, row: Row, files: dict[str, str], language: Language) -> dict[str, Any]:
    rest = row["key"].split("|")[1:]
    return {
        **row,
        "title": said(TABLES, row["table"], language),
        "about": about(contents, "/".join(part for part in rest if part != "*"), language),
        "figure": said(FIGURES, row["column"], language),
        "event": said(EVENTS, row["event"], language) if row["event"] else "",
        "file": files.get(row["cause"] or "", ""),
        "place": contents.places.get(row["cause"] or "", ""),
    }
