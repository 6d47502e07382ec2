"""Every way in which a file can be bad, beside a good one: the bad one gets its receipt, the good one is counted."""

import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.reading import Desk, UnderWay
from pipeline.jobs.workspace import Writer
from pipeline.store.file_fingerprint import Landed
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.raw import RawFile
from schemas.catalogue import RULES
from tests.jobs.folder import (
    CASELOAD,
    CBS,
    CLAIMS,
    TOTALS,
    Folder,
    Ran,
    benefit,
    caseload,
    claim,
    conserved,
    csv,
    region,
    total,
)

GOOD = "caseload/2017-02-07_good.csv"
GOOD_TEXT = caseload(*(benefit(n, peildatum=day) for n in range(1, 26) for day in ("01-01-2017", "01-02-2017")))
PERSON = "900038937"


@dataclass(frozen=True)
class Bad:
    """A bad file, and what has to become of it."""

    name: str
    content: str | bytes
    status: str
    rule: str
    row: int = 0
    says: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    sidecar: str = ""


def many(*changed: dict[str, object], of: int = 20) -> str:
    """A caseload of March in which the first rows are changed: few enough not to be held."""
    day = {"peildatum": "01-03-2017"}
    rows = [benefit(n, **day, **(changed[n] if n < len(changed) else {})) for n in range(of)]
    return caseload(*rows)


def workbook(*, merged: str = "", formula: bool = False) -> bytes:
    sheet = (book := openpyxl.Workbook()).active
    sheet.append(list(CASELOAD))
    for n in range(20):
        row = benefit(n, peildatum="01-03-2017")
        sheet.append([row.get(name) for name in CASELOAD])
    if formula:
        sheet["J2"] = "=DATE(2015,5,1)"
    if merged:
        sheet.merge_cells(merged)
    book.save(stream := io.BytesIO())
    return stream.getvalue()


ONE_BAD = {"rows_read": 20, "rows_recorded": 19, "rows_quarantined": 1}
LINES = many().splitlines(keepends=True)
HEADER, FIRST = LINES[0], LINES[1]
NO_YEAR = csv(CBS, [region(899)])

BAD = {
    "empty": Bad("caseload/empty.csv", b"", "rejected", "FILE-008", says="no content"),
    "blank": Bad("caseload/blank.csv", b"\xef\xbb\xbf \r\n\r\n", "rejected", "FILE-008"),
    "header only": Bad("caseload/header.csv", HEADER, "rejected", "FILE-009", says="no row"),
    "wrong folder": Bad(
        "caseload/totals.csv", csv(TOTALS, [total()]), "rejected", "FILE-022", says="raw/caseload_totals"
    ),
    "unknown folder": Bad("bijstand/x.csv", GOOD_TEXT, "rejected", "FILE-038", says="no source named bijstand"),
    "awkward folder": Bad("Bijstand 100% #é (oud)/x.csv", GOOD_TEXT, "rejected", "FILE-038", says="Bijstand 100%"),
    "long folder": Bad(f"{'é' * 120}/x.csv", GOOD_TEXT, "rejected", "FILE-038"),
    "column missing": Bad(
        "caseload/missing.csv",
        caseload(benefit(1), header=[n for n in CASELOAD if n != "ingangsdatum"]),
        "rejected",
        "FILE-020",
        says="ingangsdatum",
    ),
    "no person column": Bad(
        "caseload/noperson.csv",
        caseload(benefit(1), header=[n for n in CASELOAD if n != "bsn"]),
        "rejected",
        "FILE-020",
        says="bsn or clientnummer",
    ),
    "unknown column": Bad(
        "caseload/2017-03-07_unknown.csv",
        caseload(*(benefit(n, peildatum="01-03-2017", kleur=PERSON) for n in range(20)), header=[*CASELOAD, "kleur"]),
        "recorded",
        "FILE-021",
        counts={"rows_recorded": 20},
    ),
    "unknown column named as a person": Bad(
        "caseload/2017-03-07_named.csv",
        caseload(*(benefit(n, peildatum="01-03-2017") for n in range(20)), header=[*CASELOAD, PERSON]),
        "recorded",
        "FILE-021",
        counts={"rows_recorded": 20},
    ),
    "binary": Bad("caseload/junk.csv", bytes(range(256)) * 40, "rejected", "FILE-010"),
    "picture": Bad("caseload/photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 60, "rejected", "FILE-010"),
    "workbook named csv": Bad("caseload/book.csv", workbook(), "rejected", "FILE-010", says="workbook"),
    "csv named workbook": Bad("caseload/text.xlsx", many(of=21), "rejected", "FILE-024"),
    "csv named parquet": Bad("caseload/text.parquet", many(of=22), "rejected", "FILE-029"),
    "csv named gzip": Bad("caseload/text.csv.gz", many(of=23), "rejected", "FILE-015"),
    "unknown kind": Bad("caseload/notes.docx", b"PK\x03\x04", "rejected", "FILE-005"),
    "cut gzip": Bad(
        "caseload/cut.csv.gz", gzip.compress(many().encode())[:-30], "rejected", "FILE-015", says="cut off"
    ),
    "gzip bomb": Bad("caseload/bomb.csv.gz", gzip.compress(b"x" * (20 << 20)), "rejected", "FILE-014"),
    "open quote": Bad(
        "caseload/quote.csv", HEADER + FIRST.replace("D0", '"D0') + FIRST, "rejected", "FILE-017", says="row 2"
    ),
    "short row": Bad(
        "caseload/2017-03-07_short.csv",
        many() + "01-03-2017;0899;D77\n",
        "recorded",
        "FILE-030",
        row=22,
        counts={"rows_read": 21, "rows_recorded": 20, "rows_quarantined": 1},
    ),
    "long row": Bad(
        "caseload/2017-03-07_long.csv",
        many() + FIRST.strip() + ";x;y\n",
        "recorded",
        "FILE-031",
        row=22,
        counts={"rows_read": 21, "rows_recorded": 20, "rows_quarantined": 1},
    ),
    "footer alone": Bad(
        "caseload/footer.csv",
        HEADER + "Einde overzicht\n",
        "rejected",
        "FILE-030",
        row=2,
        counts={"rows_read": 1, "rows_quarantined": 1},
    ),
    "two encodings": Bad(
        "caseload/mixed.csv", HEADER.encode() + "é;".encode() + "é\n".encode("cp1252"), "rejected", "FILE-012"
    ),
    "no encoding": Bad("caseload/1252.csv", HEADER.encode() + b"\x81\xe9 \x8d\n", "rejected", "FILE-013"),
    "utf-16": Bad("caseload/utf16.csv", many().encode("utf-16"), "rejected", "FILE-010", says="UTF-16"),
    "double header": Bad(
        "caseload/double.csv", caseload(benefit(1), header=[*CASELOAD, "BSN_"]), "rejected", "FILE-018"
    ),
    "header and its alias": Bad(
        "caseload/alias.csv", caseload(benefit(1), header=[*CASELOAD, "sofinummer"]), "rejected", "FILE-018", says="bsn"
    ),
    "unnamed column": Bad("caseload/unnamed.csv", HEADER.replace("bsn;", ";", 1) + FIRST, "rejected", "FILE-019"),
    "nul bytes": Bad("caseload/nul.csv", many().replace("D3;", "D\0;"), "rejected", "FILE-011"),
    "long line": Bad("caseload/line.csv", HEADER.encode() + b"x" * (64 << 20), "rejected", "FILE-014"),
    "merged cells": Bad("caseload/merged.xlsx", workbook(merged="B3:C3"), "rejected", "FILE-028", says="B3:C3"),
    "bare formula": Bad(
        "caseload/2017-03-07_formula.xlsx", workbook(formula=True), "recorded", "VALUE-001", row=2, counts=ONE_BAD
    ),
    "impossible date": Bad(
        "caseload/2017-03-07_date.csv", many({"ingangsdatum": "31-02-2017"}), "recorded", "VALUE-001", 2, counts=ONE_BAD
    ),
    "american date": Bad(
        "caseload/2017-03-07_us.csv", many({"ingangsdatum": "12/31/2016"}), "recorded", "VALUE-001", 2, counts=ONE_BAD
    ),
    "two digit year": Bad(
        "caseload/2017-03-07_yy.csv", many({"ingangsdatum": "01-02-16"}), "recorded", "VALUE-001", 2, counts=ONE_BAD
    ),
    "decimal count": Bad("caseload_totals/c.csv", csv(TOTALS, [total(aantal="1.234,5")]), "rejected", "VALUE-002", 2),
    "decimal count, english": Bad(
        "caseload_totals/p.csv", csv(TOTALS, [total(aantal="1,234.5")]), "rejected", "VALUE-002", 2
    ),
    "ambiguous count": Bad("caseload_totals/a.csv", csv(TOTALS, [total(aantal="45,000")]), "rejected", "VALUE-005", 2),
    "percentage with thousands": Bad(
        "municipal_statistics/83450NED_2015.csv",
        csv(CBS, [region(899, Instroom_5="1.234")]),
        "rejected",
        "CBSMUN-003",
        2,
    ),
    "no reference year": Bad("municipal_statistics/cbs.csv", NO_YEAR, "rejected", "FILE-023", says="year"),
    "broken sidecar": Bad("caseload/side.csv", many(), "rejected", "FILE-006", sidecar="{"),
    "sidecar without a real day": Bad(
        "caseload/day.csv", many(), "rejected", "FILE-007", sidecar=json.dumps({"delivered_on": "2017-02-30"})
    ),
    "impossible day in the name": Bad("caseload/2017-02-30_x.csv", many(), "rejected", "FILE-035"),
    "json list": Bad("caseload/list.jsonl", json.dumps([benefit(1)]), "rejected", "FILE-033"),
    "person as end reason": Bad(
        "caseload/2017-03-07_reason.csv",
        many({"einddatum": "15-02-2017", "reden_einde": PERSON}),
        "recorded",
        "VALUE-004",
        2,
        counts=ONE_BAD,
    ),
    "person as municipality": Bad(
        "caseload/2017-03-07_muni.csv", many({"gemeentecode": PERSON}), "recorded", "VALUE-004", 2, counts=ONE_BAD
    ),
    "person as date": Bad(
        "caseload/2017-03-07_start.csv", many({"ingangsdatum": PERSON}), "recorded", "VALUE-004", 2, counts=ONE_BAD
    ),
    "person as household": Bad(
        "caseload/2017-03-07_form.csv", many({"leefvorm": PERSON}), "recorded", "VALUE-004", 2, counts=ONE_BAD
    ),
    "person as count": Bad("caseload_totals/bsn.csv", csv(TOTALS, [total(aantal=PERSON)]), "rejected", "VALUE-004", 2),
    "person as grouped count": Bad(
        "caseload_totals/g.csv", csv(TOTALS, [total(aantal="900.038.937")]), "rejected", "VALUE-004", 2
    ),
    "person as signed count": Bad(
        "caseload_totals/s.csv", csv(TOTALS, [total(instroom="+900038937,0")]), "rejected", "VALUE-004", 2
    ),
    "person as percentage": Bad(
        "caseload_totals/pct.csv", csv(TOTALS, [total(mutatie_pct=PERSON)]), "rejected", "VALUE-004", 2
    ),
    "person in a note": Bad(
        "published_figures/note.csv", csv(CLAIMS, [claim(1, toelichting=f"zie {PERSON}.")]), "rejected", "VALUE-004", 2
    ),
    "person second in a note": Bad(
        "published_figures/two.csv",
        csv(CLAIMS, [claim(1, toelichting=f"123456789, nee: BSN{PERSON}")]),
        "rejected",
        "VALUE-004",
        2,
    ),
    "person as figure": Bad(
        "published_figures/fig.csv", csv(CLAIMS, [claim(1, waarde=PERSON)]), "rejected", "VALUE-004", 2
    ),
    "dates and people without header": Bad(
        "caseload/none.csv", ";".join([PERSON, "12-03-1985", "D77\n"]) + FIRST, "rejected", "FILE-020", says="3 columns"
    ),
}


@dataclass(frozen=True)
class Crowd:
    """A folder with the good delivery and bad ones, after two runs."""

    folder: Folder
    first: Ran
    second: Ran
    problems: tuple[str, ...]


def run_twice(folder: Folder) -> Crowd:
    folder.put(GOOD, GOOD_TEXT)
    return Crowd(folder, folder.run(), folder.run(), folder.problems())


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    return unpublished


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The stock of a folder that holds the good delivery alone."""
    crowd = run_twice(Folder.at(tmp_path_factory.mktemp("alone")))
    return crowd.folder.table("caseload_stock")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    """All bad files beside the good one."""
    folder = Folder.at(tmp_path_factory.mktemp("crowd"))
    for bad in BAD.values():
        path = folder.put(bad.name, bad.content)
        if bad.sidecar:
            path.with_name(f"{path.name}.meta.json").write_text(bad.sidecar)
    return run_twice(folder)


def check_good(crowd: Crowd, alone: pl.DataFrame) -> None:
    """The good delivery is recorded and counted as if the bad files were not there; a second run is silent."""
    good = crowd.first.receipt(GOOD)
    assert (good.status, good.rows_recorded, dict(good.findings)) == ("recorded", 50, {})
    assert_frame_equal(crowd.folder.table("caseload_stock").filter(pl.col("delivery") == good.delivery), alone)
    assert conserved(crowd.folder.table("deliveries"))
    assert crowd.problems == ()
    assert crowd.second.receipts == ()
    assert crowd.second.release is None or not crowd.second.release.is_new


def check_bad(crowd: Crowd, bad: Bad) -> None:
    """The bad file has one receipt that says what is wrong, and the tables say the same."""
    receipt = crowd.first.receipt(bad.name)
    assert receipt.status == bad.status
    if bad.status == "rejected":
        # Where every row has a reason of its own, the receipt names the first of them.
        assert receipt.rule == bad.rule or (receipt.rule, bad.rule in receipt.detail) == ("DELIVERY-011", True)
        assert receipt.rows_recorded == 0
    assert receipt.findings.get(bad.rule, 0) >= 1, receipt.findings
    assert bad.says in receipt.detail
    assert receipt.status == "recorded" or receipt.detail
    assert RULES[bad.rule].fix
    assert PERSON not in repr(receipt)
    assert {name: getattr(receipt, name) for name in bad.counts} == bad.counts
    assert (bad.row, bad.rule) in crowd.folder.rules(bad.name)
    assert crowd.folder.delivery(bad.name)["status"] == bad.status


@pytest.mark.parametrize("case", BAD)
def test_bad_file_gets_a_receipt_that_names_the_cause(crowd: Crowd, case: str) -> None:
    check_bad(crowd, BAD[case])


def test_good_file_among_all_bad_ones_is_counted_as_if_alone(crowd: Crowd, alone: pl.DataFrame) -> None:
    assert len(crowd.first.receipts) == len(BAD) + 1
    assert crowd.folder.table("deliveries").height == len(BAD) + 1
    check_good(crowd, alone)


@pytest.mark.parametrize("case", ["binary", "open quote", "footer alone", "person as count", "broken sidecar"])
def test_good_file_beside_one_bad_file_is_counted_as_if_alone(folder: Folder, alone: pl.DataFrame, case: str) -> None:
    path = folder.put(BAD[case].name, BAD[case].content)
    if BAD[case].sidecar:
        path.with_name(f"{path.name}.meta.json").write_text(BAD[case].sidecar)
    beside = run_twice(folder)
    check_bad(beside, BAD[case])
    check_good(beside, alone)


def _directory(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "inner.csv").write_text(GOOD_TEXT)


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("gone.csv"))


def _circle(path: Path) -> None:
    path.symlink_to(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 27)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        pytest.param(_directory, "FILE-001", id="directory named x.csv"),
        pytest.param(_dangling, "FILE-002", id="dangling link"),
        pytest.param(_circle, "FILE-002", id="link to itself"),
        pytest.param(os.mkfifo, "FILE-004", id="pipe"),
        pytest.param(_sparse, "FILE-011", id="a sparse file of nothing"),
    ],
)
def test_odd_thing_named_as_a_file_is_refused(
    folder: Folder, alone: pl.DataFrame, make: Callable[[Path], None], rule: str
) -> None:
    (folder.settings.raw / "caseload").mkdir(parents=True)
    make(folder.settings.raw / "caseload/x.csv")
    beside = run_twice(folder)
    check_bad(beside, Bad("caseload/x.csv", "", "rejected", rule))
    check_good(beside, alone)


def test_file_that_changes_after_it_was_hashed_is_left_for_the_next_run(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.put(GOOD, GOOD_TEXT)
    changing = folder.put("caseload/2017-03-07_march.csv", many())
    begin = Desk.begin

    def change_and_begin(desk: Desk, writer: Writer, pending: PendingFile) -> UnderWay:
        if pending.file.path == changing:
            changing.write_text(many({"leefvorm": "2"}))
        return begin(desk, writer, pending)

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "begin", change_and_begin)
        first = folder.run()
    then = folder.run()
    assert first.receipt("caseload/2017-03-07_march.csv").status == "unstable"
    assert first.receipt(GOOD).status == "recorded"
    assert set(folder.events()["file_name"]) == {GOOD, "caseload/2017-03-07_march.csv"}
    assert [(r.file_name, r.status, r.rows_recorded) for r in then.receipts] == [
        ("caseload/2017-03-07_march.csv", "recorded", 20)
    ]
    assert folder.run().receipts == ()
    assert folder.problems() == ()


def test_file_that_changes_between_hashing_and_remembering_is_read_afresh(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.put(GOOD, GOOD_TEXT)
    changing = folder.put("caseload/2017-03-07_march.csv", many())

    look = Desk.look

    def hashed_and_changed(desk: Desk, file: RawFile, cache: FingerprintCache) -> Landed:
        fingerprint = look(desk, file, cache)
        if file.path == changing:
            changing.write_text(many({"leefvorm": "2"}))
        return fingerprint

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "look", hashed_and_changed)
        first = folder.run()
    assert first.receipt("caseload/2017-03-07_march.csv").status == "unstable"
    assert [(r.status, r.rows_recorded) for r in folder.run().receipts] == [("recorded", 20)]


_HELD_TO_PERMISSIONS = """
import sys
from pathlib import Path
from tests.jobs.folder import Folder
from torture.privileges import give_up_privileges
give_up_privileges()
folder = Folder.at(Path(sys.argv[1]))
ran, again = folder.run(), folder.run()
print([(r.file_name, r.status, r.rule) for r in ran.receipts], [r.rule for r in again.receipts], folder.problems())
"""


def test_file_without_read_permission_is_refused_by_name(folder: Folder) -> None:
    folder.put(GOOD, GOOD_TEXT)
    secret = folder.put("caseload/secret.csv", many())
    shut = folder.put("caseload/shut/x.csv", many()).parent
    secret.chmod(0)
    shut.chmod(0)
    child = subprocess.run(
        [sys.executable, "-c", _HELD_TO_PERMISSIONS, str(folder.data.parent)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    shut.chmod(0o700)
    assert child.returncode == 0, child.stderr
    refused = [("caseload/secret.csv", "rejected", "FILE-003"), ("caseload/shut", "rejected", "FILE-003")]
    assert child.stdout.strip() == f"{[*refused, (GOOD, 'recorded', '')]} [] ()"


def test_ordinary_numbers_with_marks_are_read_not_guessed(folder: Folder) -> None:
    rows = [
        total(aantal="1.234", vorig_aantal="1.201", mutatie="33", mutatie_pct="2,7"),
        total(peildatum="01-03-2017", aantal="123.456"),
        total(peildatum="2017-04-01", aantal="−5"),
        *(total(peildatum=f"01-0{n}-2016", aantal="842,0") for n in range(1, 10)),
        *(total(peildatum=f"01-0{n}-2015") for n in range(1, 10)),
    ]
    folder.put("caseload_totals/2017-05-01_x.csv", csv(TOTALS, rows))
    receipt = folder.run().receipt("caseload_totals/2017-05-01_x.csv")
    assert (receipt.status, receipt.rows_quarantined, dict(receipt.findings)) == ("recorded", 1, {"TOTALS-003": 1})
    stock = folder.stock()
    assert stock["GM0899", "2017-02-01", "pw"] == 1234
    assert stock["GM0899", "2017-03-01", "pw"] == 123_456
    assert ("GM0899", "2017-04-01", "pw") not in stock
    assert stock["GM0899", "2016-05-01", "pw"] == 842


def test_number_of_a_person_is_no_finding_where_one_belongs(folder: Folder) -> None:
    folder.put("caseload/2017-03-05_x.csv", caseload(benefit(1, bsn="00000012", registratienummer_uitkering=PERSON)))
    receipt = folder.run().receipt("caseload/2017-03-05_x.csv")
    assert (receipt.status, dict(receipt.findings)) == ("recorded", {})
