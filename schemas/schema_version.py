"""The version of the curated tables as a whole, and what each step changed for who reads them.

The promise: within one major version no table or column goes away, changes its type, or comes to mean something else; a
new table, column or value is a minor step; a wording alone is a patch. A step of the major version is announced here
with what to do about it. ``docs/reference/schema.md`` is made from this list; ``tests/schemas/test_schema_version.py``
compares the tables with ``frozen_shape.csv``, the shape of the last version that was given out.

Not here: what the tables are (``schemas.tables``).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SchemaStep:
    """One version: since when, and what is new in it, one line each."""

    version: str
    since: str
    changes: tuple[str, ...]


STEPS: tuple[SchemaStep, ...] = (
    SchemaStep(
        "1.0.0",
        "unreleased",
        (
            "The first version that is promised, and that releases state (`schema_version`).",
            "New tables of names: `municipalities`, `programmes`, `providers`, `codes`, `rules`; of time: `calendar`, "
            "`releases`; and `caseload_service`, the sum over the municipalities of the service.",
            "`trajectories` has `methods_text`, the same as `methods` for readers without lists.",
            "`published_figures_check` has `explanation_nl`, the same as `explanation` in Dutch.",
            "Files are compressed with Snappy, which every reader knows; they were Zstandard.",
        ),
    ),
    SchemaStep("0.1.0", "before", ("The eighteen tables of before, without a stated version.",)),
)
"""The youngest first."""

SCHEMA_VERSION = STEPS[0].version
