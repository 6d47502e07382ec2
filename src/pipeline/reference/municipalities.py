"""The page about municipalities: what became of every code that ended, with the two sources of each change.

Not here: the lists themselves (``schemas.reference``), and what the pipeline does at a merger.
"""

from collections.abc import Iterator

import polars as pl

from pipeline.reference.text import MADE
from pipeline.store.releases.dictionary import cell
from schemas import reference

_HEAD = """# Municipalities

{made}
{known} municipality codes have existed since 1 January 2010. A code that ended is read until the day before its end;
rows about a later day are quarantined. CBS gives a new code to a new name; a merger under the name of one of the
partners keeps that partner's code, with other borders. Figures before and after are not compared.

Add the next changes: [how-to](../how-to/add-the-next-municipal-changes.md).

| from | code that ended | what happened | goes on as | sources |
|---|---|---|---|---|
{changes}

## Sources

{sources}
"""


def municipalities_page() -> str:
    """Changes by day, the sources below."""
    return _HEAD.format(
        made=MADE.format(module="schemas.reference"),
        known=reference.municipalities().height,
        changes="\n".join(_changes()),
        sources="\n".join(
            f"- `{source}`: [{title}]({url})" for source, title, url in reference.municipal_sources().iter_rows()
        ),
    )


def _changes() -> Iterator[str]:
    """One line per code that ended, with all its successors."""
    names = reference.municipality_names()
    by_code = reference.municipal_changes().group_by("changes_on", "code", "kind", "basis").agg(pl.col("successor"))
    for on, code, kind, basis, successors in by_code.sort("changes_on", "code").iter_rows():
        goes_on = ", ".join(f"{each} {names[each]}" for each in successors)
        sources = ", ".join(f"`{each}`" for each in basis.split(";"))
        yield f"| {on} | {code} {cell(names[code])} | {kind} | {cell(goes_on)} | {sources} |"
