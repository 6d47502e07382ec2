"""The whole site of one release.

Here: which pages there are. Not here: what stands on them (their modules), how they become bytes (``rendering``).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from jinja2.bccache import BytecodeCache

from pipeline.site import changes, claims, deliveries, municipality, programmes, reference_pages, today
from pipeline.site.contents import Contents, fit_to_show
from pipeline.site.rendering import rendered

ENTRANCE = "index.html"


def build(
    tables: Mapping[str, pl.DataFrame],
    facts: Mapping[str, Any],
    inputs: Mapping[str, Sequence[str]],
    *,
    least: int = 10,
    compiled: BytecodeCache | None = None,
) -> dict[str, bytes]:
    """Every file of the site by its path in it; the same release gives the same bytes.

    ``facts`` is the manifest of the release. ``inputs``: per table the sources and tables it rests on. Groups of fewer
    than ``least`` are covered. ``compiled`` keeps templates for the next process.
    """
    contents = Contents(fit_to_show(tables), facts, inputs, least)
    modules = (today, municipality, programmes, claims, changes, deliveries, reference_pages)
    return dict(rendered([page for module in modules for page in module.pages(contents)], contents, compiled))
