"""Two writers of one table at the same moment, nobody's lock: what both of them hold becomes part of it once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import isfunction
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deltalake import DeltaTable

from pipeline.store.log.table import LogTable, Once

SCHEMA = pl.Schema({"delivery": pl.String()})


def part(table: LogTable, delivery: str, writer: str) -> Once:
    rows = pl.DataFrame({"delivery": [delivery]}, schema=SCHEMA)
    return Once(table.stage(rows, f"{writer}-{delivery}"), [(delivery, 0)])


def parts(table: LogTable, deliveries: str, writer: str) -> list[Once]:
    return [part(table, delivery, writer) for delivery in deliveries]


@contextmanager
def comes_between(turn: int, act: Callable[[], object]) -> Iterator[list[str]]:
    """Something is done right before the call of that number to any handle of a table; gives the calls so far."""
    calls, at_it = list[str](), list[bool]()

    def watched(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if not at_it:
                calls.append(name)
                if len(calls) == turn + 1:
                    at_it.append(True)
                    act()
                    at_it.clear()
            return real(*arguments, **named)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name, real in list(vars(DeltaTable).items()):
            if isfunction(real) and not name.startswith("_"):
                patch.setattr(DeltaTable, name, watched(name, real))
        yield calls


@pytest.mark.parametrize("first", ["", "a"])
@pytest.mark.parametrize("theirs", ["b", "bc", "x"])
def test_whenever_another_writer_comes_between_each_part_is_there_once(tmp_path: Path, first: str, theirs: str) -> None:
    """``first`` is there when we look for the first time, so it is not ours; ``theirs`` comes while we commit."""
    for turn in count():
        folder = tmp_path / f"{turn}"
        other, table = LogTable(folder, SCHEMA), LogTable(folder, SCHEMA)
        other.commit_together(parts(other, f"0{first}", "other"))
        table.version()  # the handle is kept from here on
        together, came = parts(table, "abc", "we"), parts(other, theirs, "other")
        with comes_between(turn, lambda writer=other, came=came: writer.commit_together(came)) as calls:
            ours = table.commit_together(together)
        if len(calls) <= turn:
            break
        expected = sorted({"0", *first, *theirs, *"abc"})
        found = LogTable(folder, SCHEMA).rows().collect()["delivery"].sort().to_list()
        assert found == expected, f"they came before {calls[turn]}, the call {turn} of {calls}"
        assert len(list(folder.glob("*.parquet"))) == len(expected), "what came second is gone"
        committed = {name for each in ours for name, _ in each.transactions}
        assert set("abc") - {*first, *theirs} <= committed <= set("abc") - {*first}
    assert {"update_incremental", "transaction_version", "create_write_transaction"} <= set(calls)
