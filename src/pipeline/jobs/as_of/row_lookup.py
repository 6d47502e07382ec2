"""Questions that take the rows behind the counts of a source, asked only about deliveries and keys that were not asked
about before.

Here: reading the rows and keeping the answers. Not here: the questions (``versions.projection.Lookup``).
"""

import polars as pl

from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.fingerprints import step_version
from pipeline.versions.projection import Lookup
from pipeline.versions.status_by_day import READING


def looked_up(contents: LogContents, lookup: Lookup, winners: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Rows of ``asked`` (scope and keys of the lookup, or some of them) for which something was found, with delivery
    and what was found.

    ``winners``: rows of the deliveries that count, with their scope.
    """
    scope = [*READING, *lookup.source.scope]
    shared = [name for name in lookup.source.scope if name in asked.columns]
    names = [*scope, *lookup.keys]
    keys = winners.select(scope).unique().join(asked, on=shared).select(names).sort(names)
    schema = lookup.source.event_schema()
    shape = pl.Schema({**{name: schema[name] for name in names}, **lookup.found})

    def find(missing: pl.DataFrame) -> pl.DataFrame:
        rows = contents.workspace.log.sources[lookup.source.name].rows(missing["delivery"].to_list())
        return lookup.find(rows, missing)

    kept = contents.steps.book(f"lookup-{step_version(lookup.find)}", keys, shape, find)
    return kept.drop_nulls(list(lookup.found)).select(*asked.columns, "delivery", *lookup.found)
