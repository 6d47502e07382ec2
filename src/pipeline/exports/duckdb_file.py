"""One file of DuckDB: tables with types, keys, comments on tables and columns, and views.

DuckDB is no part of the program's own installation: ``pip install 'uitstroom[duckdb]'``. Not here: what is in it
(``content``), the views (``views``).
"""

from pathlib import Path
from typing import Any

from pipeline.errors import UitstroomError
from pipeline.exports.content import ABOUT, DICTIONARY, Content
from pipeline.exports.views import views_on
from schemas.catalogue import TABLES
from schemas.table import Table

_READABLE_SINCE = "v1.0.0"
"""The format of the file. Blocks of another size than usual are read since 1.1 (2024)."""


class NoDuckdb(UitstroomError):
    """DuckDB is not installed here."""


def write_duckdb(content: Content, path: Path) -> None:
    """Every table, the dictionary, the notes and the views."""
    try:
        import duckdb
    except ImportError:
        raise NoDuckdb(
            "A file of DuckDB needs DuckDB, which is not installed: pip install 'uitstroom[duckdb]'. "
            "Without it: --format sqlite, xlsx or csv."
        ) from None
    with duckdb.connect() as session:
        # Small blocks: with the usual ones a release of 1 MB takes 13.
        session.execute(f"ATTACH {_text(str(path))} AS export (BLOCK_SIZE 16384, STORAGE_VERSION '{_READABLE_SINCE}')")
        session.execute("USE export")
        for name, frame in {**content.tables, DICTIONARY: content.dictionary, ABOUT: content.about_frame}.items():
            session.register("given", frame.to_arrow())
            _copied(session, name, TABLES.get(name))
            session.unregister("given")
        for name, frame in content.tables.items():
            _commented(session, TABLES[name], set(frame.columns))
        for name, query in views_on(set(content.tables)).items():
            session.execute(f'CREATE VIEW "{name}" AS {query}')


def _copied(session: Any, name: str, table: Table | None) -> None:
    """What was given as a table, with its key. An index made afterwards would bind the file to its name of today."""
    columns = session.execute("SELECT column_name, column_type FROM (DESCRIBE given)").fetchall()
    parts = [f'"{column}" {kind}' for column, kind in columns]
    there = {column for column, _ in columns}
    if table is not None and {*table.key} <= there and "row_change" not in there:
        key = ", ".join(f'"{column}"' for column in table.key)
        parts.append(f"PRIMARY KEY ({key})")
    session.execute(f'CREATE TABLE "{name}" ({", ".join(parts)})')
    session.execute(f'INSERT INTO "{name}" SELECT * FROM given')


def _commented(session: Any, table: Table, there: set[str]) -> None:
    about = f"{table.title}. One row is {table.grain}. Source: {table.source}"
    session.execute(f'COMMENT ON TABLE "{table.name}" IS {_text(about)}')
    for field in table.fields:
        if field.name in there:
            unit = f" [{field.unit}]" if field.unit else ""
            session.execute(f'COMMENT ON COLUMN "{table.name}"."{field.name}" IS {_text(field.description + unit)}')


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
