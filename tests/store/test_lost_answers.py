"""A commit that was stored while its answer was lost: who tries again finds it, and no file of it is removed."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError

from pipeline.store.log import merge
from pipeline.store.log.table import LogTable, Once

SCHEMA = pl.Schema({"delivery": pl.String(), "row": pl.Int64()})


def rows(number: int) -> pl.DataFrame:
    return pl.DataFrame({"delivery": [f"{number}" * 64], "row": [number]}, schema=SCHEMA)


def appended(folder: Path, number: int, attempt: int = 0) -> bool:
    table = LogTable(folder, SCHEMA)
    return table.commit(table.stage(rows(number), f"{str(number) * 20}-{attempt}"), f"delivery {number}", 0)


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every commit is stored; the answers to the first so many never arrive."""
    to_lose, commit = [0], DeltaTable.create_write_transaction

    def forgetful(table: DeltaTable, *arguments: Any, **named: Any) -> None:
        commit(table, *arguments, **named)
        if to_lose[0] > 0:
            to_lose[0] -= 1
            raise CommitFailedError("the connection was closed before an answer came")

    monkeypatch.setattr(DeltaTable, "create_write_transaction", forgetful)
    return to_lose


def test_rows_whose_answer_was_lost_stay_and_count_once(tmp_path: Path, lost: list[int]) -> None:
    lost[0] = 1
    assert appended(tmp_path / "t", 1), "it is our commit that is found"
    assert not appended(tmp_path / "t", 1, attempt=1), "the same once more is not"
    assert LogTable(tmp_path / "t", SCHEMA).rows().collect().equals(rows(1))
    assert len(list((tmp_path / "t").glob("*.parquet"))) == 1, "what came second is gone"


def part(table: LogTable, number: int) -> Once:
    return Once(table.stage(rows(number), f"{str(number) * 20}-0"), [(f"delivery {number}", 0)])


@pytest.mark.parametrize("lose", [0, 1])
def test_parts_that_are_committed_together_count_once_each(tmp_path: Path, lost: list[int], lose: int) -> None:
    assert appended(tmp_path / "t", 2)
    table, lost[0] = LogTable(tmp_path / "t", SCHEMA), lose
    parts = [part(table, number) for number in (1, 2, 3)]
    assert table.without_committed(parts) == [parts[0], parts[2]]
    assert table.commit_together(parts) == [parts[0], parts[2]], "the one that was there is not ours"
    assert table.rows().collect().sort("row").equals(pl.concat(rows(number) for number in (1, 2, 3)))
    assert table.commit_together([]) == []
    assert len(list((tmp_path / "t").glob("*.parquet"))) == 3, "what was there already left nothing behind"
    assert table.version() == 2, "one commit for both"


def test_files_of_an_attempt_that_the_table_lists_stay(tmp_path: Path) -> None:
    table = LogTable(tmp_path / "t", SCHEMA)
    staged = [*table.stage(rows(1), "mine-0"), *table.stage(rows(2), "mine-1")]
    assert table.commit(staged[:1], "one", 0)
    table.discard_attempt("mine")
    table.discard(staged)
    assert table.rows().collect().equals(rows(1))
    assert [path.name for path in (tmp_path / "t").glob("*.parquet")] == ["mine-0.parquet"]


def test_files_that_nobody_lists_are_removed_where_there_is_no_table_yet(tmp_path: Path) -> None:
    table = LogTable(tmp_path / "t", SCHEMA)
    table.discard(table.stage(rows(1), "mine-0"))
    assert list((tmp_path / "t").glob("*.parquet")) == []


def test_merged_rows_whose_answer_was_lost_stay_and_count_once(tmp_path: Path, lost: list[int]) -> None:
    assert all(appended(tmp_path / "t", number) for number in range(1, 6))
    lost[0] = 1
    done = merge.merge_small(LogTable(tmp_path / "t", SCHEMA))
    assert (done.files, done.is_contended) == (5, False)
    table = LogTable(tmp_path / "t", SCHEMA)
    assert table.rows().collect().sort("row").equals(pl.concat(rows(number) for number in range(1, 6)))
    assert len(merge.files(table)) == 1
