"""Files that break their reader: each gets a receipt, and the good file of the same night is recorded and released."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from pipeline.jobs.ingest.check import check
from pipeline.jobs.ingest.digest import digest
from pipeline.settings import CellSettings
from pipeline.store.cell_task import Limits, Task
from pipeline.store.cells import Cells
from schemas.catalogue import RULES
from tests.jobs.folder import Folder, Ran, benefit, caseload

GOOD = "caseload/2017-02-07_good.csv"
GOOD_TEXT = caseload(*(benefit(n) for n in range(30)))

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_RELATIONS}"><sheets><sheet name="a" sheetId="1" '
    'r:id="r1"/></sheets></workbook>',
}


def workbook(*cells: tuple[str, str], twice: bool = False) -> bytes:
    """A workbook with a text in each of these cells; ``twice``: its sheet is in the archive two times."""
    rows = "".join(
        f'<row r="{ref.lstrip("ABCDEFXZ")}"><c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for ref, text in cells
    )
    sheet = f'<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(stream := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if twice:
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr("xl/worksheets/sheet1.xml", sheet.replace("peildatum", "gemeentecode"))
    return stream.getvalue()


def parquet(**columns: pa.Array) -> bytes:
    pq.write_table(pa.table(columns), stream := io.BytesIO())
    return stream.getvalue()


def _far_dates(kind: pa.DataType) -> pa.Array:
    return pa.array([2**62, -(2**62), 0], pa.int64()).cast(kind)


HOSTILE: dict[str, tuple[str, bytes]] = {
    "a cell in the last corner": (".xlsx", workbook(("A1", "peildatum"), ("XFD1048576", "x"))),
    "a cell far to the right": (".xlsx", workbook(("A1", "peildatum"), ("XFD60000", "x"))),
    "a sheet twice in the archive": (".xlsx", workbook(("A1", "peildatum"), ("A2", "x"), twice=True)),
    "dates out of range in a struct": (
        ".parquet",
        parquet(a=pa.StructArray.from_arrays([_far_dates(pa.timestamp("us"))], ["when"])),
    ),
    "dates out of range in a list": (
        ".parquet",
        parquet(a=pa.ListArray.from_arrays(pa.array([0, 3]), _far_dates(pa.timestamp("ns")))),
    ),
    "one value ten million times": (
        ".parquet",
        parquet(peildatum=pa.DictionaryArray.from_arrays(pa.array([0] * 2_000_000), pa.array(["x" * 2_000]))),
    ),
}
SMALL = CellSettings(most=1, memory_mib=800, seconds=20)


@pytest.fixture
def limited(folder: Folder) -> Folder:
    """A folder whose cells get little, so that a bomb is soon over."""
    return Folder(replace(folder.settings, cells=SMALL))


def is_refused(ran: Ran, name: str) -> bool:
    receipt = ran.receipt(name)
    return receipt.status == "rejected" and bool(receipt.detail) and bool(RULES[receipt.rule].fix)


def leftovers(folder: Folder) -> list[Path]:
    """Files in the log's tables that no table knows."""
    known = {path for table in folder.settings.log.iterdir() if table.is_dir() for path in files_of(table)}
    return [path for path in folder.settings.log.rglob("*.parquet") if path not in known and "_delta" not in str(path)]


def files_of(table: Path) -> list[Path]:
    return [Path(each) for each in DeltaTable(table).file_uris()] if (table / "_delta_log").is_dir() else []


def test_each_gets_a_receipt_and_the_others_go_on(limited: Folder) -> None:
    limited.put(GOOD, GOOD_TEXT)
    names = {how: f"caseload/2017-03-0{n}_bad{HOSTILE[how][0]}" for n, how in enumerate(HOSTILE, 1)}
    for how, name in names.items():
        limited.put(name, HOSTILE[how][1])
    ran = limited.run()

    assert [how for how, name in names.items() if not is_refused(ran, name)] == []
    assert ran.receipt(GOOD).status == "recorded"
    assert limited.stock()["GM0899", "2017-02-01", "pw"] == 30
    assert leftovers(limited) == []
    assert limited.problems() == ()
    assert limited.run().receipts == ()  # none is tried again every night


def test_a_check_lives_through_the_same_file(limited: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UITSTROOM_CELL_MEMORY_MIB", "800")
    path = limited.put("caseload/bomb.xlsx", HOSTILE["a cell in the last corner"][1])

    assert check(path).status == "rejected"


SIDECARS = {
    "half a character": b'{"sender": "\\ud800"}',
    "a year of 5,000 digits": b'{"reference_year": ' + b"9" * 5_000 + b"}",
    "a year of 5,000 digits as text": b'{"reference_year": "' + b"9" * 5_000 + b'"}',
    "deep": b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "a day of another kind": b'{"delivered_on": 1e400}',
    "no object": b'"\\udfff"',
}


def test_no_sidecar_ends_a_night(folder: Folder) -> None:
    folder.put(GOOD, GOOD_TEXT)
    for number, content in enumerate(SIDECARS.values(), 1):
        name = f"caseload/2017-03-0{number}_x.csv"
        folder.put(name, caseload(*(benefit(n, peildatum=f"0{number}-03-2017") for n in range(30))))
        folder.put(f"{name}.meta.json", content)
    ran = folder.run()

    assert ran.receipt(GOOD).status == "recorded"
    assert {receipt.status for receipt in ran.receipts} <= {"recorded", "rejected"}
    assert json.loads(json.dumps([receipt.detail for receipt in ran.receipts]))
    assert len(ran.receipts) == len(SIDECARS) + 1
    assert folder.problems() == ()


def test_links_are_told_and_not_followed(folder: Folder, tmp_path: Path) -> None:
    folder.put(GOOD, GOOD_TEXT)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x.csv").write_text(GOOD_TEXT)
    raw = folder.settings.raw
    (raw / "caseload/circle").symlink_to(raw / "caseload")
    (raw / "caseload/out").symlink_to(elsewhere)
    (raw / "caseload/out.csv").symlink_to(elsewhere / "x.csv")
    (raw / "provider_reports").symlink_to(elsewhere)
    (raw / "caseload/2017-02-08_same.csv").symlink_to(raw / GOOD)
    ran = folder.run()

    assert {(receipt.file_name, receipt.status, receipt.rule) for receipt in ran.receipts} == {
        (GOOD, "recorded", ""),
        ("caseload/2017-02-08_same.csv", "copied", "DELIVERY-004"),
        ("caseload/circle", "rejected", "FILE-074"),
        ("caseload/out", "rejected", "FILE-074"),
        ("caseload/out.csv", "rejected", "FILE-074"),
        ("provider_reports", "rejected", "FILE-074"),
    }
    assert folder.run().receipts == ()


def test_what_lies_too_deep_to_be_opened_is_told_once(folder: Folder) -> None:
    folder.put(GOOD, GOOD_TEXT)
    at = os.open(folder.settings.raw / "caseload", os.O_RDONLY)
    for _ in range(30):
        os.mkdir("x" * 200, dir_fd=at)
        below = os.open("x" * 200, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(os.open("2017-03-07_b.csv", os.O_WRONLY | os.O_CREAT, dir_fd=at))
    os.close(at)

    told = {receipt.rule for receipt in folder.run().receipts if receipt.file_name != GOOD}

    assert told == {"FILE-094"}
    assert folder.run().receipts == ()


def test_a_file_that_claims_to_be_huge_is_refused_unread(folder: Folder) -> None:
    path = folder.put("caseload/huge.csv", "")
    os.truncate(path, 1 << 40)

    assert folder.run().receipt("caseload/huge.csv").rule == "FILE-075"


def kill_cells(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Have the cell killed from outside as soon as it has an order to read a file, so many times."""
    begin, left = Cells.begin, [times]

    def begin_and_kill(pool: Cells, work: Callable[[Any], object], argument: object, limits: Limits) -> Task:
        task = begin(pool, work, argument, limits)
        if work is digest and left[0]:
            left[0] -= 1
            for cell in pool._cells:
                if cell.task is task:
                    cell.process.kill()
        return task

    monkeypatch.setattr(Cells, "begin", begin_and_kill)


@pytest.mark.system
def test_a_reading_that_is_killed_from_outside_is_done_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.put(GOOD, GOOD_TEXT)
    kill_cells(monkeypatch, 1)

    assert folder.run().receipt(GOOD).status == "recorded"
    assert leftovers(folder) == []
    assert folder.problems() == ()


@pytest.mark.system
def test_what_is_killed_twice_is_left_for_the_next_night(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.put(GOOD, GOOD_TEXT)
    with monkeypatch.context() as patch:
        kill_cells(patch, 2)
        (receipt,) = folder.take_in()
    assert (receipt.status, "SIGKILL" in receipt.detail) == ("unstable", True)
    assert folder.events().select("event", "file_name").rows() == [("unstable", GOOD)]
    assert folder.log_rows("caseload").is_empty()
    assert leftovers(folder) == []

    assert folder.run().receipt(GOOD).status == "recorded"
