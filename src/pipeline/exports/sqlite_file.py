"""One file of SQLite, which every language can read: tables with keys, and views. Dates are text as 2017-03-31, true
and false are 1 and 0; what the columns mean stands in the table ``dictionary``. Not here: what is in it (``content``).
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl

from pipeline.exports.content import ABOUT, DICTIONARY, Content
from pipeline.exports.views import views_on
from schemas.catalogue import TABLES


def write_sqlite(content: Content, path: Path) -> None:
    """Every table, the dictionary, the notes and the views."""
    with closing(sqlite3.connect(path)) as session, session:
        for name, frame in {**content.tables, DICTIONARY: content.dictionary, ABOUT: content.about_frame}.items():
            _table(session, name, frame)
        for name, query in views_on(set(content.tables)).items():
            session.execute(f'CREATE VIEW "{name}" AS {query}')


def _table(session: sqlite3.Connection, name: str, frame: pl.DataFrame) -> None:
    key = TABLES[name].key if name in TABLES and set(TABLES[name].key) <= set(frame.columns) else ()
    columns = [f'"{column}" {_type(kind)}' for column, kind in frame.schema.items()]
    keyed = [f"PRIMARY KEY ({', '.join(f'{chr(34)}{each}{chr(34)}' for each in key)})"] if key else []
    session.execute(f'CREATE TABLE "{name}" ({", ".join([*columns, *keyed])})')
    marks = ", ".join("?" * frame.width)
    session.executemany(f'INSERT INTO "{name}" VALUES ({marks})', _plain(frame).iter_rows())


def _type(kind: pl.DataType) -> str:
    if kind.is_integer() or kind == pl.Boolean:
        return "INTEGER"
    return "REAL" if kind.is_float() else "TEXT"


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    moments = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    days = [name for name, kind in frame.schema.items() if kind == pl.Date]
    return frame.with_columns(
        *(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%SZ") for name in moments),
        *(pl.col(name).dt.strftime("%Y-%m-%d") for name in days),
    )
