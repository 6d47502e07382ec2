"""Which columns of the curated tables hold keys of another one: a name means the same in every table.

Here: names of columns and the table of names that lists their values. Not here: that table (``schemas.tables.names``,
``schemas.tables.calendar``).
"""

from collections.abc import Iterator, Mapping

from schemas.table import Reference, Table

_BY_COLUMNS: tuple[Reference, ...] = (
    Reference(("municipality_code",), "municipalities", ("municipality_code",)),
    Reference(("programme_code",), "programmes", ("programme_code",)),
    Reference(("provider_code",), "providers", ("provider_code",)),
    Reference(("rule",), "rules", ("rule",)),
    Reference(("municipality_code", "reference_date"), "calendar", ("municipality_code", "reference_date")),
    Reference(("release",), "releases", ("release",)),
    Reference(("previous_release",), "releases", ("release",)),
)


def references(table: Table, tables: Mapping[str, Table]) -> Iterator[Reference]:
    """What of a table leads to the key of another one, or of another row."""
    for each in _BY_COLUMNS:
        is_own_key = table.name == each.table and each.columns == each.key
        if not is_own_key and each.table in tables and set(each.columns) <= set(table.columns):
            yield each
