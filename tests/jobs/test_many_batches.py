"""A file of several batches, of which rows leave at the end for more than one reason."""

from functools import partial

import polars as pl
import pytest

from pipeline.jobs.ingest.digest import KEY_VARIABLE, Order, digest
from pipeline.jobs.ingest.reading import attempt_name
from pipeline.jobs.ingest.stages import files
from pipeline.store.file_fingerprint import fingerprint_file
from pipeline.store.formats import open_table
from pipeline.store.formats.csv_file import open_csv
from pipeline.store.raw import list_raw
from tests.jobs.folder import KEY, Folder, benefit, bsn, caseload


@pytest.mark.parametrize("block_size", [2_048, 1 << 20])
def test_rows_leave_whatever_batch_they_are_in(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, block_size: int
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setitem(open_table.FORMATS, ".csv", partial(open_csv, block_size=block_size))
    rows = [benefit(n) for n in range(100)]
    copies = [rows[5], rows[95], rows[96]]
    crowded = [benefit(1_000 + n, bsn=bsn(77_777)) for n in range(5)]
    folder.put("caseload/2017-02-07_feb.csv", caseload(*rows[:97], *crowded, *rows[97:], *copies))

    writer = folder.writer()
    (file,) = list_raw(folder.data / "raw")
    print_ = fingerprint_file(file)
    order = Order(
        file, print_, 0, writer.recorded_at, writer.rules_version,
        attempt=attempt_name(print_.delivery, 0), log=writer.log.root,
        key_file=writer.settings.key_file, key_id=writer.key.id,
    )  # fmt: skip
    found = digest(order)

    table = writer.log.sources["caseload"]
    staged = files(found.staged)
    lying = {entry.name for entry in table.storage.entries()}
    assert (found.rows_read, found.rows_duplicate, found.rows_quarantined) == (108, 3, 5)
    assert lying == {each.relative for each in staged}
    assert (len(staged) > 1) is (block_size < 1 << 20)
    stay = [*range(2, 99), *range(104, 107)]
    assert table.staged_rows(staged).select("row").collect()["row"].sort().to_list() == stay
    assert table.staged_rows(staged).select(pl.col("client_key").n_unique()).collect().item() == 100
