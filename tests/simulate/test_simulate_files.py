"""The files have the shapes and the faults that the table of files promises."""

import csv
import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from pipeline.simulate import SimulatedFile, simulate, simulate_one_delivery
from tests.ready_made import ReadyMade


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _path(raw_dir: Path, simulated: tuple[SimulatedFile, ...], part: str) -> Path:
    (found,) = [raw_dir / file.path for file in simulated if part in file.path.name]
    return found


def test_same_seed_same_bytes(raw_dir: Path, simulated: tuple[SimulatedFile, ...], tmp_path: Path) -> None:
    simulate(tmp_path)

    assert _bytes(tmp_path) == _bytes(raw_dir)


@pytest.mark.parametrize("seed", [2, 77])
def test_another_seed_gives_other_people_and_the_same_published_totals(
    raw_dir: Path, ready_made: ReadyMade, seed: int
) -> None:
    others, _ = ready_made.simulated(seed)
    name = "caseload_totals/2018/2018-09-20_totalen_GM0899_2018_simulated.csv"
    with (others / name).open() as file:
        pw = {
            line["peildatum"]: int(line["aantal"])
            for line in csv.DictReader(file, delimiter=";")
            if line["reeks"] == "pw"
        }

    # A provider with nothing to tell in a month sends nothing, and small counts in a report may agree by chance.
    own, other = (
        {name: content for name, content in _bytes(folder).items() if name.startswith("caseload")}
        for folder in (raw_dir, others)
    )
    assert own.keys() == other.keys()
    assert (pw["01-01-2018"], pw["31-08-2018"], min(pw.values())) == (842, 795, 795)
    assert not set(own.values()) & set(other.values()) - _sidecars(raw_dir)


def _sidecars(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.rglob("*.meta.json")}


def test_everything_says_that_it_is_simulated(raw_dir: Path, simulated: tuple[SimulatedFile, ...]) -> None:
    written = [path for path in raw_dir.rglob("*") if path.is_file()]
    sidecars = [json.loads(path.read_text()) for path in written if path.name.endswith(".meta.json")]

    assert all("simulated" in path.name for path in written)
    assert len(sidecars) == 4 + 18
    assert all(sidecar["simulated"] is True for sidecar in sidecars)
    assert {file.path.parts[0] for file in simulated} == {
        "caseload",
        "caseload_totals",
        "trajectory_events",
        "provider_reports",
    }
    assert len(simulated) + len(sidecars) == len(written)


def test_rows_are_counted_without_the_header(deliveries: Any, simulated: tuple[SimulatedFile, ...]) -> None:
    rows = {file.path.name: file.rows for file in simulated}

    assert {name: len(delivery.rows) for name, delivery in deliveries.items()} == {
        name: rows[name] for name in deliveries
    }


def test_files_arrive_in_time_for_what_was_published(deliveries: Any) -> None:
    arrived: dict[date, date] = {}
    for delivery in deliveries.values():
        arrived.setdefault(delivery.rows[0].reference_date, delivery.delivered_on)
    lags = [(delivery.delivered_on - delivery.rows[0].reference_date).days for delivery in deliveries.values()]

    assert arrived[date(2015, 10, 1)] < date(2015, 10, 15)
    assert arrived[date(2017, 1, 1)] < date(2017, 2, 7)
    assert arrived[date(2017, 10, 1)] < date(2017, 10, 13)
    assert arrived[date(2018, 8, 31)] < date(2018, 10, 1)
    assert sorted(lags)[-2] <= 28  # all but the redelivery


def test_all_styles_occur(raw_dir: Path, simulated: tuple[SimulatedFile, ...]) -> None:
    paths = [raw_dir / file.path for file in simulated if file.path.parts[0] == "caseload"]
    plain = [path.read_bytes() for path in paths if path.suffix == ".csv"]
    first_lines = [content.splitlines()[0] for content in plain]

    assert Counter(path.suffix for path in paths) == {".csv": 55, ".gz": 2, ".xlsx": 1}
    assert any(content.startswith(b"\xef\xbb\xbf") for content in plain)
    assert sum(b"consulent_team" in line for line in first_lines) == 1
    assert {b";" in line for line in first_lines} == {True, False}
    assert sum(b";IOAW;" in content for content in plain) == 1
    assert sum(b"00000000" in content for content in plain) == 1
    assert sum("_GM08" in path.name for path in paths) == 12


def test_the_windows_1252_file_is_not_utf_8(raw_dir: Path, simulated: tuple[SimulatedFile, ...]) -> None:
    content = _path(raw_dir, simulated, "bestand_201511").read_bytes()

    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert "Zuid-Limburg é" in content.decode("cp1252")


def test_the_workbook_holds_real_dates(raw_dir: Path, simulated: tuple[SimulatedFile, ...]) -> None:
    path = _path(raw_dir, simulated, "201611_simulated.xlsx")

    sheet = pl.read_excel(path, engine="calamine")

    assert fastexcel.read_excel(path).sheet_names == ["bestand"]
    assert sheet["Peildatum"].dtype == pl.Date
    assert sheet["Ingangsdatum"].dtype == pl.Date
    assert sheet["Peildatum"].unique().to_list() == [date(2016, 11, 1)]


def test_june_2015_has_three_bad_rows_of_each_kind(deliveries: Any) -> None:
    (june,) = [delivery for name, delivery in deliveries.items() if "bestand_201506" in name]
    bad = [row for row in june.rows if row.faults]
    places = [place for place, row in enumerate(june.rows) if row.faults]

    assert all(len(row.faults) == 1 for row in bad)
    assert Counter(row.faults[0] for row in bad) == {
        "bsn": 3,
        "ingangsdatum is no date": 3,
        "scheme 77": 3,
        "scheme 11": 3,
        "end without reason": 3,
        "reason without end": 3,
        "start after reference date": 3,
        "end before start": 3,
        "reason": 3,
        "partner": 3,
        "number": 3,
        "municipality": 3,
    }
    assert places[0] < 300
    assert places[-1] > 2_000


def test_no_other_file_has_bad_rows(deliveries: Any) -> None:
    with_faults = {name for name, delivery in deliveries.items() if any(row.faults for row in delivery.rows)}

    assert {name[11:] for name in with_faults} == {
        "bestand_201506_simulated.csv",
        "bestand_201809_vroeg_simulated.csv",
    }


def test_the_early_file_of_september_2018_must_be_held(deliveries: Any) -> None:
    (early,) = [delivery for name, delivery in deliveries.items() if "vroeg" in name]
    (good,) = [delivery for name, delivery in deliveries.items() if "bestand_201809_simulated" in name]
    share = sum(bool(row.faults) for row in early.rows) / len(early.rows)

    assert 0.11 < share < 0.13
    assert early.delivered_on < good.delivered_on


def test_the_first_version_of_march_2016_misses_terminations(deliveries: Any) -> None:
    first, again = sorted(
        (delivery for name, delivery in deliveries.items() if "bestand_201603" in name),
        key=lambda delivery: delivery.delivered_on,
    )
    before, after = ({row.number: row for row in delivery.rows} for delivery in (first, again))
    changed = [number for number in after if before[number] != after[number]]

    assert before.keys() == after.keys()
    assert (again.delivered_on - first.delivered_on).days == 31
    assert all(before[number].is_alive and not after[number].is_alive for number in changed)
    assert Counter(after[number].municipality for number in changed) == {"GM0899": 5, "GM0881": 1, "GM0882": 3}


def test_the_truncated_stream_cannot_be_read_to_its_end(raw_dir: Path, simulated: tuple[SimulatedFile, ...]) -> None:
    path = _path(raw_dir, simulated, "afgebroken")

    with pytest.raises(EOFError):
        gzip.decompress(path.read_bytes())


def test_the_copy_is_identical(raw_dir: Path, simulated: tuple[SimulatedFile, ...]) -> None:
    copy = _path(raw_dir, simulated, "bestand_201703_kopie")

    assert copy.read_bytes() == _path(raw_dir, simulated, "bestand_201703_simulated").read_bytes()


def test_totals_agree_with_the_counted_files_except_once(
    raw_dir: Path, simulated: tuple[SimulatedFile, ...], stocks: Any, flows: Any
) -> None:
    lines = [
        line for file in simulated if file.path.parts[0] == "caseload_totals" for line in _lines(raw_dir / file.path)
    ]
    off = {}
    for line in lines:
        day = date(*reversed([int(part) for part in line["peildatum"].split("-")]))
        key = line["gemeentecode"], line["reeks"], day
        if int(line["aantal"]) != stocks[key]:
            off[key] = int(line["aantal"]) - stocks[key]
        elif key in flows:
            reported = [int(line[name]) for name in ("vorig_aantal", "instroom", "uitstroom", "uitstroom_werk")]
            flow = flows[key]
            assert reported == [flow.opening, flow.inflow, flow.outflow, flow.to_work]

    assert len(lines) == 46 * 3
    assert off == {("GM0899", "pw", date(2017, 6, 1)): 3}


def test_every_line_of_the_totals_agrees_with_itself(raw_dir: Path, simulated: tuple[SimulatedFile, ...]) -> None:
    for file in simulated:
        if file.path.parts[0] != "caseload_totals":
            continue
        for line in _lines(raw_dir / file.path):
            if not line["vorig_aantal"]:
                continue
            now, before, change = (int(line[name]) for name in ("aantal", "vorig_aantal", "mutatie"))
            assert now == before + change == before + int(line["instroom"]) - int(line["uitstroom"])
            assert abs(float(line["mutatie_pct"].replace(",", ".")) - 100 * change / before) <= 0.05 + 1e-9
            assert len(line["mutatie_pct"].split(",")[1]) == 1


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_scale_gives_that_many_benefits_in_stock_every_month(tmp_path: Path) -> None:
    files = simulate(tmp_path, scale=5_000)
    for place in (0, 17, 45):
        lines = _lines(tmp_path / files[place].path)
        day = date(*reversed([int(part) for part in lines[0]["peildatum"].split("-")]))
        alive = [
            line
            for line in lines
            if not line["einddatum"] or date(*reversed([int(part) for part in line["einddatum"].split("-")])) >= day
        ]
        assert len(alive) == 5_000

    assert len(files) == 46
    assert all(file.path.suffix == ".csv" for file in files)


@pytest.mark.parametrize(("share", "bad"), [(0.0, 0), (0.01, 100), (0.5, 5_000), (1.0, 10_000)])
def test_one_delivery_has_exactly_the_bad_rows_asked_for(tmp_path: Path, share: float, bad: int) -> None:
    good_path, path = tmp_path / "good.csv", tmp_path / "some.csv"
    simulate_one_delivery(good_path, rows=10_000)

    simulate_one_delivery(path, rows=10_000, bad_share=share)

    good, some = good_path.read_text().splitlines(), path.read_text().splitlines()
    assert len(some) == 10_001
    assert sum(one != other for one, other in zip(good, some, strict=True)) == bad
