"""The data dictionary of the curated tables in Markdown, rendered from ``schemas.tables``.

Here: the chapter of a table, which stands in every release and in the reference pages, and the dictionary of a release.
Not here: what a column means (``schemas.tables``), the other reference pages (``pipeline.reference``).
"""

from collections.abc import Iterable, Iterator

import polars as pl

from schemas.catalogue import TABLES
from schemas.table import Field, Table

_HEAD = "# Data dictionary\n\nGenerated from the declarations of the curated tables; the files carry the same texts.\n"


def dictionary() -> str:
    """Every table and column that a release holds."""
    return "\n".join([_HEAD, *(line for table in TABLES.values() for line in chapter(table))])


def chapter(table: Table) -> Iterator[str]:
    """Lines about one table: grain, key, source, every column, what is checked."""
    yield f'<a id="{table.name}"></a>\n\n## {table.name}\n'
    yield f"{table.title}. One row is {table.grain}.\n"
    yield f"- Key: {names(table.key)}"
    yield f"- Source: {table.source}\n"
    yield "| column | type | unit | may be empty | values | meaning |"
    yield "|---|---|---|---|---|---|"
    yield from (_field(each) for each in table.fields)
    yield ""
    if table.invariants:
        yield "Checked before every publication, besides types, empty cells, closed lists and the key:\n"
        yield from (f"- {invariant.name}" for invariant in table.invariants)
        yield ""


def _field(field: Field) -> str:
    values = ", ".join(f"`{value}`" for value in field.values)
    nullable = "yes" if field.nullable else "no"
    return (
        f"| `{field.name}` | {_type(field.dtype)} | {field.unit} | {nullable} | {values} | {cell(field.description)} |"
    )


def _type(dtype: pl.DataType) -> str:
    if dtype.is_integer():
        return "integer"
    if dtype.is_float() or dtype.is_decimal():
        return "number"
    if isinstance(dtype, pl.Datetime):
        return f"timestamp ({dtype.time_zone})"
    return {"String": "text", "Date": "date", "Boolean": "true or false"}.get(str(dtype), str(dtype))


def names(names: Iterable[str]) -> str:
    """Names as code, in their order."""
    return ", ".join(f"`{name}`" for name in names)


def cell(text: object) -> str:
    """Text that stays within its cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ")
