"""Leveringen: what came in, what became of it, and what was found in it: rule, column, numbers of rows, never a value.

Here: what stands on the pages. Not here: how it looks (``templates/leveringen.html``, ``templates/bron.html``).
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import polars as pl

from pipeline.site.contents import Contents, Row, anchor
from pipeline.site.findings import of_delivery, title, worded
from pipeline.site.language import Language
from pipeline.site.page import Audience, Page
from pipeline.site.wording import SOURCES
from schemas.catalogue import RULES
from schemas.spelling import shown
from schemas.vocabulary import DeliveryStatus

_MENU = "leveringen.html"
WAITING = ("held", "unstable")
NOT_TAKEN = ("rejected", "removed", "refused", "retracted")
_BECAME = {"recorded": ("recorded",), "held": ("held",), "not_taken": NOT_TAKEN, "aside": ("copied", "unstable")}
"""What became of the files of a source: each is counted in one column."""
MOST_ACROSS = 200
MOST_LISTED = 100


def pages(contents: Contents) -> list[Page]:
    """The overview, and the deliveries of every source."""
    findings = contents.by("findings", "delivery")
    overview = Page(_MENU, ("Leveringen", "Deliveries"), _MENU, partial(_fill, contents), _MENU, Audience.OWN)
    details = [
        Page(
            path, _title(rows), "bron.html", partial(_fill_source, contents, findings, path, rows), _MENU, Audience.OWN
        )
        for path, rows in contents.delivery_pages.items()
    ]
    return [overview, *details]


def _title(rows: Sequence[Row]) -> tuple[str, str]:
    """Of a source; what lies outside their folders stands together."""
    return SOURCES.get(rows[0]["source"], SOURCES[""])


def _fill(contents: Contents, language: Language) -> dict[str, Any]:
    frame = contents.tables["deliveries"]
    counts = ("rows_read", "rows_recorded", "rows_quarantined", "rows_duplicate", "rows_held")
    sources = frame.group_by("source").agg(
        pl.len().alias("files"),
        *(pl.col("status").is_in(statuses).sum().alias(name) for name, statuses in _BECAME.items()),
        *(pl.col(name).sum() for name in counts),
        pl.col("delivered_on").max(),
    )
    rules = contents.tables["findings"].group_by("rule", "severity").agg(
        pl.len().alias("count"), pl.col("delivery").n_unique().alias("files")
    )  # fmt: skip
    across = worded(contents, contents.tables["relation_findings"], language)
    return {
        "sources": sources.sort("source").rows(named=True),
        "pages": contents.pages_of_source,
        "attention": [_listed(contents, row) for row in _not_taken(contents)[:MOST_LISTED]],
        "attention_left_out": max(0, len(_not_taken(contents)) - MOST_LISTED),
        "rules": [{**row, "title": title(row["rule"], language)} for row in rules.sort("rule").rows(named=True)],
        "across": across[:MOST_ACROSS],
        "across_left_out": max(0, len(across) - MOST_ACROSS),
    }


def _not_taken(contents: Contents) -> list[Row]:
    frame = contents.tables["deliveries"].filter(pl.col("status").is_in([*WAITING, *NOT_TAKEN]))
    return frame.sort("delivered_on", "file_name", descending=[True, False]).rows(named=True)


def _listed(contents: Contents, row: Row) -> dict[str, Any]:
    return {**row, "file_name": file_name(row), "place": contents.places.get(row["delivery"], ""), "rule": rule_of(row)}


def _copied(contents: Contents, rows: Sequence[Row]) -> dict[tuple[str, str], Row]:
    """Per copy the row of the file as which its bytes are known: what is so of that is so of the copy."""
    names = {row["delivery"] for row in rows if row["status"] == DeliveryStatus.COPIED}
    source, is_one = rows[0]["source"], pl.col("status") != DeliveryStatus.COPIED
    known = contents.tables["deliveries"].filter(is_one & (pl.col("source") == source))
    first = {
        row["delivery"]: {**row, "file_name": file_name(row)}
        for row in known.filter(pl.col("delivery").is_in(list(names)))
        .sort("file_name", descending=True)
        .rows(named=True)
    }
    return {
        (row["delivery"], row["file_name"]): first[row["delivery"]]
        for row in rows
        if row["status"] == DeliveryStatus.COPIED and row["delivery"] in first
    }


def file_name(row: Row) -> str:
    """The name without the folder of its source, fit to be shown."""
    return shown(row["file_name"].removeprefix(f"{row['source']}/"))


def rule_of(row: Row) -> str:
    """The code of the rule that a delivery was held or rejected for; its sentence holds figures, and is in English."""
    code = (row["reason"] or "").partition(":")[0]
    return code if code in RULES else ""


def _fill_source(
    contents: Contents, findings: dict[str, pl.DataFrame], path: str, rows: Sequence[Row], language: Language
) -> dict[str, Any]:
    copied = _copied(contents, rows)
    listed = [
        {**row, "file_name": file_name(row), "rule": rule_of(row),
         "copy_of": copied.get((row["delivery"], row["file_name"])),
         "anchor": anchor(row["delivery"]) if row["is_described"] else "",
         "found": of_delivery(findings[row["delivery"]], language)
         if row["delivery"] in findings and row["is_described"] else []}
        for row in rows
    ]  # fmt: skip
    return {
        "rows": listed,
        "source": rows[0]["source"],
        "pages": contents.pages_of_source[rows[0]["source"]],
        "path": path,
    }
