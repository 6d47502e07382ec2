"""A table is passed by one check for all of its columns, which decides as its model does."""

from collections.abc import Iterator
from pathlib import Path

import pandera.polars as pa
import polars as pl
import pytest
from pandera.errors import SchemaErrors

from pipeline.errors import ReleaseBlocked
from pipeline.store.releases import table_faults
from schemas.catalogue import TABLES
from schemas.table import Field, Table
from tests.store.release_fixtures import FACTS, frames, publish


@pytest.mark.parametrize("columns", [2, pytest.param(None, marks=pytest.mark.system)])
def test_the_joined_model_decides_as_the_model_itself(columns: int | None) -> None:
    decided = {
        (name, what): (_passes(table.joined_schema(), frame), _passes(table.schema(), frame))
        for name, table in TABLES.items()
        for what, frame in _broken(table, frames()[name], columns)
    }

    assert {key: both for key, both in decided.items() if len(set(both)) > 1} == {}
    assert set(decided.values()) == {(True, True), (False, False)}


def _passes(model: pa.DataFrameSchema, frame: pl.DataFrame) -> bool:
    try:
        model.validate(frame, lazy=True)
    except SchemaErrors:
        return False
    return True


def _broken(table: Table, whole: pl.DataFrame, columns: int | None) -> Iterator[tuple[str, pl.DataFrame]]:
    """Rows as they may be, all of them twice, and with the last columns, or all, as they may not be in turn; of the
    tables that have no rows here, columns that are all null.
    """
    rows = whole if whole.height else pl.DataFrame({name: [None] for name in table.columns}, schema=whole.schema)
    yield "as it is", rows
    yield "twice", pl.concat([rows, rows])
    for each in table.fields[::-1][:columns]:
        for other in _others(each):
            yield f"{each.name} {other}", rows.with_columns(pl.lit(other, each.dtype).alias(each.name))


def _others(field: Field) -> Iterator[object]:
    yield None
    if field.dtype.is_float():
        yield float("nan")
    if field.dtype.is_numeric():
        yield -1
    if field.values:
        yield "unheard of"


def test_what_the_joined_model_alone_refuses_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = pa.DataFrameSchema(checks=[pa.Check(lambda data: data.lazyframe.select(pl.lit(value=False)))])
    monkeypatch.setattr(table_faults, "_deciding_model", lambda _: nothing)

    with pytest.raises(ReleaseBlocked, match="findings: refused, by no check of its own"):
        publish(tmp_path, frames(), facts=FACTS)
