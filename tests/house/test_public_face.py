"""Reading needs no key: ``import uitstroom`` and the commands that read, on a folder whose key is elsewhere."""

import contextlib
import io
import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import uitstroom
from pipeline.cli import main
from pipeline.jobs.ingest.receipts import Receipt
from schemas.catalogue import TABLES
from tests.jobs.folder import Folder, benefit, bsn, caseload, tree
from tests.ready_made import ReadyMade

JANUARY, CORRECTED = "caseload/2017-01-16_a.csv", "caseload/2017-02-03_b.csv"
HELD = "caseload/2017-02-20_held.csv"
KEY = ("GM0899", "2017-01-01", "pw")


def _row(number: int, **changed: object) -> dict[str, object]:
    return benefit(number, peildatum="01-01-2017", **changed)


def corrected_and_held(folder: Folder) -> None:
    """January is delivered, released, corrected; a delivery of February is held."""
    folder.put(JANUARY, caseload(_row(1), _row(2)))
    folder.run()
    folder.put(CORRECTED, caseload(_row(1), _row(2), _row(3)))
    folder.put(HELD, caseload(benefit(1), *(benefit(n, oorspronkelijke_ingangsdatum="02-05-2015") for n in (2, 3))))
    folder.run()


@dataclass(frozen=True)
class WithoutKey:
    """A folder that was filled with a key which is not there any more."""

    data: Path

    def command(self, *words: str) -> tuple[int, str]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = main([*words, "--data-dir", str(self.data)])
        return code, out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.at(tmp_path)


@pytest.fixture
def keyless(ready_made: ReadyMade, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> WithoutKey:
    for name in ("UITSTROOM_KEY", "UITSTROOM_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    data = ready_made.copy(corrected_and_held, folder).data
    assert not data.with_name("data.key").exists()
    return WithoutKey(data)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("show", "caseload_stock"), "GM0899"),
        (("show", "caseload_stock", "--known-on", "2017-01-31"), "As known on 2017-01-31"),
        (("explain", "caseload_stock", *KEY), CORRECTED),
        (("path",), "releases"),
        (("diff",), f"recorded: {CORRECTED}"),
        (("releases",), "20"),
        (("verify",), "are whole"),
        (("backfill", "gaps"), ""),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_what_reads_needs_no_key(keyless: WithoutKey, words: tuple[str, ...], part: str) -> None:
    code, printed = keyless.command(*words)
    assert (code, part in printed) == (0, True), printed
    assert not keyless.data.with_name("data.key").exists()


def test_what_reads_changes_neither_log_nor_release(keyless: WithoutKey) -> None:
    before = {part: tree(keyless.data / part) for part in ("raw", "log", "quarantine", "curated/releases")}
    for words in (("show", "caseload_stock"), ("explain", "caseload_stock", *KEY), ("diff",), ("verify",)):
        keyless.command(*words)
    assert {part: tree(keyless.data / part) for part in before} == before


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("rebuild",),
        ("maintain",),
        ("retract", "{delivery}", "--by", "A. Steward", "--reason", "sent by mistake"),
        ("accept", "{held}", "--by", "A. Steward", "--reason", "right after all"),
    ],
    ids=lambda words: words[0],
)
def test_what_writes_refuses_and_says_where_the_key_is_expected(keyless: WithoutKey, words: tuple[str, ...]) -> None:
    deliveries = uitstroom.open(keyless.data).deliveries()
    names = {"delivery": _delivery(deliveries, CORRECTED), "held": _delivery(deliveries, HELD)}
    before = tree(keyless.data / "log")
    code, printed = keyless.command(*(word.format(**names) for word in words))
    assert code == 1
    assert printed.startswith("uitstroom: The log was written with a key")
    assert len(printed.splitlines()) == 1
    assert tree(keyless.data / "log") == before
    assert not keyless.data.with_name("data.key").exists()


def _delivery(deliveries: pl.DataFrame, file_name: str) -> str:
    return str(deliveries.filter(file_name=file_name)["delivery"].item())


def test_the_face_reads_every_table_as_it_is_and_as_it_was(keyless: WithoutKey) -> None:
    before = tree(keyless.data)
    work = uitstroom.open(keyless.data)
    for name in TABLES:
        assert_frame_equal(work.table(name), pl.read_parquet(work.release().path / f"{name}.parquet"))
        assert work.table(name, known_on="2017-01-31").schema == work.table(name).schema
    assert _benefits(work.table("caseload_stock")) == 3
    assert _benefits(work.table("caseload_stock", known_on=date(2017, 1, 31))) == 2
    assert tree(keyless.data) == before


def _benefits(stock: pl.DataFrame) -> int:
    return int(stock.filter(series="pw", reference_date=date(2017, 1, 1))["benefits"].item())


def test_the_face_explains_compares_and_lists(keyless: WithoutKey) -> None:
    work = uitstroom.open(str(keyless.data))
    found = work.explain("caseload_stock", *KEY, column="benefits")
    assert found.value == 3
    assert [(trace.file_name, trace.rows) for trace in found.traces] == [(CORRECTED, (2, 3, 4))]
    first, last = work.releases()
    assert last == work.release().id == work.release(last[:-2]).id
    changes = work.changes(since=first)
    assert changes.filter(column="benefits", key="|".join(KEY)).select("value_before", "value_after").row(0) == (2, 3)
    assert work.changes(since=work.release(first)).equals(changes)
    assert dict(work.deliveries().select("file_name", "status").iter_rows())[HELD] == "held"


@pytest.mark.parametrize(
    "ask",
    [
        lambda work: work.table("nothing"),
        lambda work: work.table("caseload_stock", known_on="yesterday"),
        lambda work: work.explain("caseload_stock", "GM0899"),
        lambda work: work.explain("caseload_stock", *KEY, column="nothing"),
        lambda work: work.release("1999"),
        lambda work: work.changes(since="1999"),
    ],
    ids=["table", "day", "key", "column", "release", "since"],
)
def test_what_is_not_there_is_said_with_the_next_step(keyless: WithoutKey, ask: object) -> None:
    with pytest.raises(uitstroom.UitstroomError) as reported:
        ask(uitstroom.open(keyless.data))  # type: ignore[operator]
    assert len(str(reported.value)) > 20


def test_a_folder_that_is_none_is_said_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(uitstroom.UitstroomError, match="nowhere"):
        uitstroom.open(tmp_path / "nowhere")
    assert not list(tmp_path.iterdir())


GOOD, BAD = _row(1), _row(2, oorspronkelijke_ingangsdatum="02-05-2015")
FILES = {
    "whole": caseload(GOOD, _row(2)),
    "twice": caseload(GOOD, GOOD, _row(2)),
    "in part": caseload(
        *(_row(number) for number in range(1, 41)), _row(50, oorspronkelijke_ingangsdatum="02-05-2015")
    ),
    "held": caseload(GOOD, BAD, _row(3, oorspronkelijke_ingangsdatum="02-05-2015")),
    "nothing left": caseload(BAD),
    "rejected": "peildatum;gemeentecode\n01-01-2017;0899\n",
    "no text": b"\x00\x01\x02" * 50,
    "empty": "",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_check_is_the_receipt_and_the_findings_of_the_night(tmp_path: Path, kind: str) -> None:
    folder = Folder.at(tmp_path, publishes=False)
    path = folder.put("caseload/2017-01-16_x.csv", FILES[kind])
    before = tree(folder.data)
    checked = uitstroom.check(path)
    assert tree(folder.data) == before
    ran = folder.run()
    (receipt,) = ran.receipts
    assert replace(_receipt(checked), file_name=receipt.file_name) == receipt
    own = folder.table("findings").select(checked.found.columns).sort(checked.found.columns)
    assert_frame_equal(checked.found.sort(checked.found.columns), own, check_dtypes=False)


def _receipt(checked: uitstroom.CheckedFile) -> Receipt:
    return Receipt(**{name: value for name, value in vars(checked).items() if name != "found"})


@pytest.mark.parametrize(("kind", "code"), [("whole", 0), ("twice", 0), ("in part", 3), ("held", 3), ("rejected", 3)])
def test_check_ends_with_0_only_where_all_is_recorded(
    tmp_path: Path, kind: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sent.csv"
    content = FILES[kind]
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert main(["check", str(path), "--source", "caseload"]) == code
    assert main(["check", str(path), "--source", "caseload", "--json"]) == code
    printed = capsys.readouterr().out
    as_json = json.loads(printed[printed.index("\n{") :])
    assert (
        as_json["rows_read"]
        == as_json["rows_recorded"] + as_json["rows_quarantined"] + as_json["rows_duplicate"] + as_json["rows_held"]
    )
    assert bsn(1) not in printed
    assert list(tmp_path.iterdir()) == [path]


def test_check_knows_the_source_by_its_columns_and_says_when_it_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known, unknown = tmp_path / "a.csv", tmp_path / "b.csv"
    known.write_text(caseload(GOOD))
    unknown.write_text("kleur;maat\nrood;3\n")
    assert main(["check", str(known)]) == 0
    assert "as caseload" in capsys.readouterr().out
    assert main(["check", str(unknown)]) == 1
    assert "--source" in capsys.readouterr().err
    assert main(["check", str(tmp_path / "c.csv")]) == 1
