"""Pictures: real PNG files of a known size, the same for the same figures, and different where figures differ."""

import io
import struct
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from pipeline.steward.chart_style import DPI, RED, WIDTH, Stamp
from pipeline.steward.plot_caseload import caseload_pictures
from pipeline.steward.plot_programmes import programme_pictures
from pipeline.steward.plots import pictures
from tests.steward.made import FEB, JAN, MAR, RELEASE, Rows, flow, frame, progress, release, stock

STAMP = Stamp("2017-03-08-30631257d2f0", "07-03-2017", is_simulated=True)
GAP = (1, 2, 3, 8, 9, 10)
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def drawn(stocks: Rows, flows: Rows, stamp: Stamp = STAMP) -> dict[str, bytes]:
    found = caseload_pictures(frame("caseload_stock", stocks), frame("caseload_flow", flows), stamp)
    return {name: png for name, (_, png) in found}


def programmes(rows: Rows) -> dict[str, bytes]:
    return {name: png for name, (_, png) in programme_pictures(frame("programme_progress", rows), STAMP)}


def size(png: bytes) -> tuple[int, int]:
    return struct.unpack(">II", png[16:24])


def colours(png: bytes) -> set[str]:
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return {"#{:02X}{:02X}{:02X}".format(*colour) for _, colour in image.getcolors(1 << 20)}


def test_a_release_has_a_picture_per_municipality_and_one_of_programmes(tmp_path: Path) -> None:
    found = pictures(release(tmp_path, caseload_stock=[*RELEASE["caseload_stock"], stock(JAN, 150, code="GM0881")]))
    assert list(found) == ["caseload-gm0881", "caseload-gm0899", "programmes"]
    assert found["caseload-gm0899"][0] == "Brunssum (GM0899): bijstandsuitkeringen, reeks pw"
    for _, png in found.values():
        width, height = size(png)
        assert png.startswith(SIGNATURE)
        assert (width, height > 250) == (int(WIDTH * DPI), True)
        assert 4_000 < len(png) < 25_000


def test_same_figures_give_the_same_bytes_and_other_figures_do_not() -> None:
    stocks, flows = RELEASE["caseload_stock"], RELEASE["caseload_flow"]
    first = drawn(stocks, flows)
    assert drawn(stocks, flows) == first
    assert drawn(stocks, [flow(FEB, 12, 16, 8), flow(MAR, 10, 20, 9, 4)]) != first
    assert drawn([stock(JAN, 876), stock(FEB, 872), stock(MAR, 865)], flows) != first


def test_simulated_is_said_in_the_picture() -> None:
    quiet = Stamp(STAMP.release, STAMP.known_on, is_simulated=False)
    final = [stock(JAN, 876), stock(FEB, 872)]
    (stated,), (silent,) = drawn(final, []).values(), drawn(final, [], quiet).values()
    assert RED in colours(stated)  # the frame around the word; nothing else here is of that colour
    assert RED not in colours(silent)


@pytest.mark.parametrize("vintage", ["revised", "provisional"])
def test_what_is_not_final_looks_different(vintage: str) -> None:
    assert drawn([stock(JAN, 876), stock(FEB, 872, vintage)], []) != drawn([stock(JAN, 876), stock(FEB, 872)], [])


def test_one_date_without_a_bridge_is_drawn() -> None:
    (png,) = drawn([stock(JAN, 876)], []).values()
    assert png.startswith(SIGNATURE)


def test_other_series_are_not_drawn() -> None:
    assert drawn([stock(JAN, 912) | {"series": "pw_ioaw_ioaz"}], []) == {}
    mixed = [stock(JAN, 876), stock(FEB, 872), stock(FEB, 912) | {"series": "all"}]
    assert drawn(mixed, []) == drawn(mixed[:2], [])


def test_a_missing_month_breaks_the_line() -> None:
    """A line over months that nobody counted would look like a count of them."""
    whole, broken = ([stock(date(2017, month, 1), 900 - month) for month in months] for months in (range(1, 7), GAP))
    assert _widest_gap(drawn(whole, [])["caseload-gm0899"]) < 5
    assert _widest_gap(drawn(broken, [])["caseload-gm0899"]) > 50


def test_programmes_beyond_four_get_a_second_picture() -> None:
    rows = [progress(day, 5, None, f"P{number}") for number in range(5) for day in (JAN, FEB)]
    found = programmes(rows)
    assert list(found) == ["programmes", "programmes-2"]
    assert size(found["programmes"])[1] > size(found["programmes-2"])[1]


def test_only_the_total_of_a_programme_is_drawn() -> None:
    rows = list(RELEASE["programme_progress"])
    assert programmes([*rows, progress(MAR, 30) | {"provider_code": "RE01"}]) == programmes(rows)
    assert programmes([]) == {}


def test_a_target_that_is_reached_is_marked() -> None:
    reached, not_yet = ([progress(JAN, 20), progress(FEB, 41), progress(MAR, placed)] for placed in (50, 49))
    assert "#009E73" in colours(programmes(reached)["programmes"])
    assert "#009E73" not in colours(programmes(not_yet)["programmes"])


def _widest_gap(png: bytes) -> int:
    """The longest run of columns without blue, between the first and the last blue of the left panel."""
    image = Image.open(io.BytesIO(png)).convert("RGB").crop((60, 90, 360, 212))
    blue = [any(b > r + 60 for r, _, b in _column(image, x)) for x in range(image.width)]
    inside = blue[blue.index(True) : image.width - blue[::-1].index(True)]
    runs = pl.DataFrame({"blue": inside}).with_columns(run=pl.col("blue").rle_id())
    return int(runs.filter(~pl.col("blue")).group_by("run").len()["len"].max() or 0)


def _column(image: Image.Image, x: int) -> list[tuple[int, int, int]]:
    return [image.getpixel((x, y)) for y in range(image.height)]
