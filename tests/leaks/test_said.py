"""Texts from outside, and errors nobody foresaw: what is said holds no number of a person, and steers nothing."""

import io
import os
import sys
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import polars as pl
import pytest

from pipeline.cli import main
from pipeline.errors import Fault, told
from pipeline.jobs import show
from pipeline.jobs.nightly import Night
from pipeline.steward.reports import night_report
from pipeline.steward.terminal_summary import summary
from schemas.spelling import seen, seen_lines, shown, shown_all
from schemas.text_columns import seen_texts, shown_texts
from tests.ending import ran_to_its_end
from tests.jobs.folder import CASELOAD, KEY, Folder, benefit, caseload
from tests.leaks.search import leaks_below
from tests.ready_made import ReadyMade

NUMBER = "931063644"
STEERING = {
    "escape": "\x1b[31m", "bell": "\x07", "return": "\r", "line end": "\n", "tab": "\t", "backspace": "\x08",
    "delete": "\x7f", "C1": "\x9b2J", "override": "\u202e", "isolate": "\u2066", "no width": "\u200b", "mark": "\ufeff",
    "line": "\u2028", "no-break space": "\u00a0", "private": "\ue000", "tag": "\U000e0041",
}  # fmt: skip


@pytest.mark.parametrize("name", STEERING)
def test_what_steers_a_terminal_is_written_out(name: str) -> None:
    text = f"a{STEERING[name]}b"
    column = pl.DataFrame({"text": [text, None, "as it was"]})

    assert shown(text).isprintable()
    assert shown(text) == shown(shown(text)) == seen(text)
    assert column.select(shown_texts(pl.col("text"))).to_series().to_list() == [shown(text), None, "as it was"]
    assert column.select(seen_texts(pl.col("text"))).to_series().to_list() == [shown(text), None, "as it was"]


def test_what_a_person_can_see_stays() -> None:
    for text in ("bestand é ñ 中文 ∕ – •", "2017-02-07_a.csv", "👍", ""):
        assert shown(text) == text
    assert seen_lines("a\nb\x1b") == "a\nb\\x1b"
    assert shown_all({"a": [f"b {NUMBER}", 1, None], NUMBER: True}) == {
        "a": ["b •••••••••", 1, None],
        "•••••••••": True,
    }


def test_names_that_steer_a_terminal_reach_none(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, text in enumerate(STEERING.values()):
        folder.put(f"caseload/{text}{number}.csv", f"x;y\n{number};2\n")
        folder.put(f"caseload_totals/{text}{number}/a.csv", f"x\n{number}\n")
        folder.put(f"provider_reports/sent_{number}.csv", f"x\n{number}\n")
        folder.put(
            f"provider_reports/sent_{number}.csv.meta.json",
            f'{{"sender": "a{_escaped(text)}", "k{_escaped(text)}": 1}}',
        )
    header = [*CASELOAD, *(f"h{text}h" for text in STEERING.values() if text not in "\r\n")]
    folder.put("caseload/2017-03-07_header.csv", caseload(*(benefit(n) for n in range(30)), header=header))
    folder.put("caseload/2017-03-08_sheets.xlsx", _workbook("Blad\u202e1", "Blad\u200b2"))
    ran = folder.run()
    monkeypatch.setenv("UITSTROOM_KEY", KEY)

    night = Night(ran.receipts, ran.published)
    kept = [text for name in ("deliveries", "findings") for text in _texts(folder.table(name))]
    assert [text for text in (*kept, *_texts(folder.events())) if not text.isprintable()] == []
    assert all(line.isprintable() for line in summary(night).replace("\u202f", "").split("\n"))
    assert all(line.isprintable() for line in night_report(night).markdown.replace("\u202f", "").split("\n"))
    assert len({receipt.file_name for receipt in ran.receipts}) == len(ran.receipts) == 3 * len(STEERING) + 2
    assert folder.take_in() == ()
    assert folder.problems() == ()


def _escaped(text: str) -> str:
    return "".join(f"\\u{unit:04x}" for unit in memoryview(text.encode("utf-16-le")).cast("H"))


def _texts(frame: pl.DataFrame) -> list[str]:
    return [text for column in frame.select(pl.col(pl.String)) for text in column.drop_nulls().unique()]


def _workbook(*titles: str) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for title in titles:
        book.create_sheet(title).append(["a", "b"])
    book.save(stream := io.BytesIO())
    return stream.getvalue()


def test_two_files_that_differ_in_what_is_covered_are_two(folder: Folder) -> None:
    rows = [benefit(n) for n in range(20)]
    first = folder.put("caseload/2017-03-07 BSN 931063644.csv", caseload(*rows))
    folder.put("caseload/2017-03-07 BSN 931063656.csv", caseload(*rows, benefit(30)))
    ran = folder.run()

    assert [receipt.file_name for receipt in ran.receipts] == [
        "caseload/2017-03-07 BSN •••••••••.csv", "caseload/2017-03-07 BSN •••••••••.csv (2)",
    ]  # fmt: skip
    assert folder.take_in() == ()
    assert folder.problems() == ()
    first.write_text(caseload(*rows, benefit(40)))
    assert "the bytes are no longer those" in str(folder.problems())


def test_an_error_nobody_foresaw_is_told_without_its_text(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(f"could not convert {NUMBER}") from KeyError(NUMBER)

    folder.run()
    monkeypatch.setenv("UITSTROOM_KEY", KEY)
    monkeypatch.setattr(show, "chosen", broken)

    assert main(["show", "deliveries", "--data-dir", str(folder.data)]) == 1
    said = capsys.readouterr()
    assert NUMBER not in said.out + said.err
    assert "an error that was not foreseen: ValueError, after KeyError, at " in said.err
    assert "test_said.broken:" in said.err
    assert isinstance(told(ValueError(NUMBER)), Fault)


_BROKEN_NIGHT = f"""
import sys
from pipeline.jobs import nightly
def broken(writer, progress):
    raise ValueError("could not convert {NUMBER}")
nightly.take_in = broken
from pipeline.cli import main
raise SystemExit(main(["run", "--data-dir", sys.argv[1]]))
"""


@pytest.mark.system
def test_prefect_neither_shows_nor_keeps_the_text_of_an_error(folder: Folder, ready_made: ReadyMade) -> None:
    ready_made.database(folder.data)
    folder.put("caseload/a.csv", "x\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    run = ran_to_its_end(
        [sys.executable, "-c", _BROKEN_NIGHT, str(folder.data)],
        env=environment | {"UITSTROOM_KEY": KEY, "PREFECT_LOGGING_LEVEL": "DEBUG"},
        cwd=Path(__file__).parents[2],
    )

    assert run.returncode == 1
    assert "not foreseen: ValueError" in run.stderr
    assert NUMBER not in run.stdout + run.stderr
    assert leaks_below(folder.data, {NUMBER}) == {}
