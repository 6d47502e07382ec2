"""The public figures in git are those of the files they were taken from."""

import csv
import io
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"
ORIGINALS = ROOT.parent / "shared" / "data"

needs_originals = pytest.mark.skipif(
    not ORIGINALS.is_dir(), reason="the original CBS files are not beside this repository"
)

YEARLY = {
    2015: "2016-11-30_83450NED_2015.csv",
    2016: "2017-11-30_83747NED_2016.csv",
    2017: "2018-11-30_84066NED_2017.csv",
}
# Columns 4 to 20 of every yearly table, under the names of the normalised copy.
NAMES = (
    "inhabitants",
    "recipients",
    "recipients_per_1000",
    "inflow_n",
    "inflow_pct",
    "outflow_n",
    "outflow_pct",
    "outflow_work_n",
    "outflow_work_pct",
    "reint_persons_n",
    "work_after_reint_n",
    "work_after_reint_pct",
    "recipients_and_reint_n",
    "recipients_with_reint_pct",
    "reint_with_benefit_pct",
    "wsw_workers_n",
    "wsw_per_1000",
)


def _cells(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    separator = ";" if ";" in text.splitlines()[0] else ","
    return list(csv.reader(io.StringIO(text), delimiter=separator))


@needs_originals
@pytest.mark.parametrize("year", YEARLY)
def test_yearly_figures_are_those_of_cbs(year: int) -> None:
    with (ORIGINALS / "cbs_bijstand_reintegratie_bol_2015_2017.csv").open() as file:
        facts = {(row["year"], row["age_code"], row["region_code"]): row for row in csv.DictReader(file)}

    _, *lines = _cells(RAW / "municipal_statistics" / YEARLY[year])

    assert len(lines) == 12
    for line in lines:
        fact = facts[str(year), line[1], line[2].strip()]
        assert ["" if cell.strip() == "." else cell.strip() for cell in line[3:]] == [fact[name] for name in NAMES]


@needs_originals
@pytest.mark.parametrize(
    ("sample", "original"),
    [
        (f"municipal_statistics/{YEARLY[2015]}", "statline_83450NED_2015.csv"),
        (f"municipal_statistics/{YEARLY[2017]}", "statline_84066NED_2017.csv"),
        ("national_statistics/2019-01-31_37789ksz_2014_2018.csv", "statline_37789ksz.csv"),
    ],
)
def test_every_line_is_a_line_of_the_published_file(sample: str, original: str) -> None:
    published = (ORIGINALS / original).read_bytes().splitlines(keepends=True)

    lines = (RAW / sample).read_bytes().splitlines(keepends=True)

    assert lines[0] == published[0]
    assert set(lines) <= set(published)
    assert len(lines) == len(set(lines))


@needs_originals
def test_published_figures_are_taken_over_byte_for_byte() -> None:
    name = "2022-03-16_published_figures_brunssum.csv"

    assert (RAW / "published_figures" / name).read_bytes() == (ORIGINALS / name).read_bytes()


def test_the_national_series_covers_2014_to_2018() -> None:
    _, *lines = _cells(RAW / "national_statistics" / "2019-01-31_37789ksz_2014_2018.csv")
    periods = [line[1] for line in lines]

    assert (periods[0], periods[-1]) == ("2014MM01", "2018MM11")
    assert len(periods) == 4 * 13 + 11


def test_every_cbs_file_names_its_source() -> None:
    paths = [*(RAW / "municipal_statistics").glob("*.csv"), *(RAW / "national_statistics").glob("*.csv")]
    for path in paths:
        sidecar = json.loads(path.with_name(path.name + ".meta.json").read_text())
        assert sidecar["attribution"] == "Bron: CBS"
        assert sidecar["licence"] == "CC BY 4.0"
        assert sidecar["delivered_on"] == path.name[:10]
        assert sidecar.get("reference_year", None) == next((y for y, name in YEARLY.items() if name == path.name), None)

    assert len(paths) == 4
