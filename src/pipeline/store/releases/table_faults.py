"""The last door before a release: every table against its declaration, or nothing is published.

Here: finding what breaks a declaration, without a cell value. Not here: the declarations (``schemas.tables``), writing
the tables (``files``).
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from pipeline.errors import ReleaseBlocked
from schemas.catalogue import TABLES
from schemas.sentences import said
from schemas.table import Table

if TYPE_CHECKING:
    import pandera.polars as pa
    from pandera.errors import SchemaError


def require_declared(frames: Mapping[str, pl.DataFrame], expected: Collection[Table]) -> None:
    """Raise ``ReleaseBlocked`` with every fault of every table where any is missing, unknown or not as declared."""
    unknown = sorted(frames.keys() - {table.name for table in expected})
    faults = [f"{name}: not a curated table" for name in unknown]
    for table in expected:
        frame = frames.get(table.name)
        found = (
            ["the table is missing"] if frame is None else _shape_faults(table, frame) or _model_faults(table, frame)
        )
        faults += [f"{table.name}: {fault}" for fault in found]
    if faults:
        raise ReleaseBlocked(said("release.not-declared", faults="; ".join(faults)))


def _shape_faults(table: Table, frame: pl.DataFrame) -> list[str]:
    """Names, order and types. A cast here would hide a bug in the projection, so nothing is cast."""
    missing = [name for name in table.columns if name not in frame.columns]
    unknown = [name for name in frame.columns if name not in table.columns]
    faults = [f"column {name} is missing" for name in missing] + [f"column {name} is not declared" for name in unknown]
    if not faults and tuple(frame.columns) != table.columns:
        faults = ["columns are not in the declared order"]
    typed = [each for each in table.fields if each.name in frame.columns]
    return faults + [
        f"column {each.name} is {frame.schema[each.name]}, declared {each.dtype}"
        for each in typed
        if frame.schema[each.name] != each.dtype
    ]


def _model_faults(table: Table, frame: pl.DataFrame) -> list[str]:
    """Names of the failed checks with their number of rows. The exceptions end here: their text holds cell values."""
    if frame.is_empty():
        return []  # its names and types were checked, and no row can break a rule
    from pandera.config import ValidationDepth, config_context

    # Pandera can be switched off by the environment; the gate cannot.
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        if not _errors(_deciding_model(table), frame):
            return []
        return [_fault(error) for error in _errors(table.schema(), frame)] or ["refused, by no check of its own"]


@cache
def _deciding_model(table: Table) -> "pa.DataFrameSchema":
    return table.joined_schema()


def _errors(model: "pa.DataFrameSchema", frame: pl.DataFrame) -> "list[SchemaError]":
    from pandera.errors import SchemaErrors

    try:
        model.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return list(errors.schema_errors)
    return []


def _fault(error: "SchemaError") -> str:
    check = error.check if isinstance(error.check, str) else str(getattr(error.check, "name", None) or "unnamed check")
    column = "" if isinstance(error.schema.name, str) and error.schema.name in TABLES else f"{error.schema.name} "
    cases = error.failure_cases
    return (
        f"{column}{check} ({cases.height} rows)"
        if isinstance(cases, pl.DataFrame)
        else f"{column}{check} (could not run)"
    )
