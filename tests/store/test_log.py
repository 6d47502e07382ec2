"""The log: reading changes nothing on disk, writing makes and widens the tables."""

from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from pipeline.store.log.log import Log
from pipeline.store.log.table import LogTable
from schemas.catalogue import SOURCES

OLD = pl.Schema({"delivery": pl.String(), "n": pl.Int64()})
NEW = pl.Schema({**OLD, "note": pl.String()})
ROWS = pl.DataFrame({"delivery": ["a" * 64], "n": [1]})


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Time and bytes of everything below a folder, the folder itself included."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in [folder, *folder.rglob("*")]
    }


def append(table: LogTable, rows: pl.DataFrame, name: str) -> bool:
    return table.commit(table.stage(rows, f"{name}-0"), name, 0)


def read_all(table: LogTable) -> tuple[int, int, pl.DataFrame]:
    return table.version(), len(files(table)), table.rows(["a" * 64]).collect()


def files(table: LogTable) -> list[str]:
    return DeltaTable(table.path).file_uris() if DeltaTable.is_deltatable(str(table.path)) else []


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A table as an earlier version of the code wrote it, without the column ``note``."""
    assert append(LogTable(tmp_path / "t", OLD), ROWS, "first")
    return tmp_path


def test_reading_an_older_table_changes_nothing_and_fills_the_missing_column(old: Path) -> None:
    before = tree(old)
    version, files, rows = read_all(LogTable(old / "t", NEW))
    assert (version, files, rows.rows()) == (1, 1, [("a" * 64, 1, None)])
    assert rows.schema == NEW
    assert tree(old) == before


def test_reading_a_log_that_is_not_there_makes_nothing(tmp_path: Path) -> None:
    log = Log(tmp_path / "log", SOURCES.values())
    assert set(log.positions().values()) == {-1}
    assert log.events().is_empty()
    assert [files(table) for table in log.tables.values()] == [[]] * len(log.tables)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("left", [(), ("_commit_0123.json.tmp",)], ids=["nothing", "a draft"])
def test_a_table_whose_first_writer_was_killed_reads_as_none_and_can_be_written(
    tmp_path: Path, left: tuple[str, ...]
) -> None:
    folder = tmp_path / "t" / "_delta_log"
    folder.mkdir(parents=True)
    for name in left:
        (folder / name).write_bytes(b"{")
    before, table = tree(tmp_path), LogTable(tmp_path / "t", OLD)
    assert (table.version(), files(table), table.rows().collect().height) == (-1, [], 0)
    assert tree(tmp_path) == before
    assert append(table, ROWS, "first")
    assert LogTable(tmp_path / "t", OLD).rows().collect().rows() == ROWS.rows()


def test_writing_adds_the_columns_that_a_table_lacks(old: Path) -> None:
    assert append(LogTable(old / "t", NEW), ROWS.with_columns(note=pl.lit("new")), "second")
    assert [field.name for field in DeltaTable(old / "t").schema().fields] == ["delivery", "n", "note"]
    assert LogTable(old / "t", NEW).rows().collect().sort("note").rows() == [
        ("a" * 64, 1, None),
        ("a" * 64, 1, "new"),
    ]


def test_a_table_that_was_read_before_it_was_there_sees_what_others_wrote(tmp_path: Path) -> None:
    early = LogTable(tmp_path / "t", OLD)
    assert early.version() == -1
    assert append(LogTable(tmp_path / "t", OLD), ROWS, "first")
    assert early.rows().collect().height == 1
    assert not append(early, ROWS, "first"), "the transaction of another handle is seen"


def test_writers_that_both_lack_the_table_and_the_column_commit_once_each(old: Path) -> None:
    tables = [LogTable(old / "t", NEW) for _ in range(3)]
    assert [table.version() for table in tables] == [tables[0].version()] * 3
    rows = ROWS.with_columns(note=pl.lit("new"))
    assert [append(table, rows, f"writer-{number}") for number, table in enumerate(tables)] == [True] * 3
    assert LogTable(old / "t", NEW).rows().collect().height == 4
