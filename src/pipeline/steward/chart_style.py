"""The paper that pictures are drawn on: size, colours, letters, the stamp with the source of the figures, the bytes.

Here: what all pictures share. Not here: what is drawn (``plots``). Figures are made without pyplot, so nothing is kept
between two of them and no window system is needed.
"""

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from PIL import Image

from pipeline.steward.text import day
from pipeline.steward.wording import words
from pipeline.store.releases.releases import Release

DPI = 72
WIDTH = 11.4
"""Inches: about 820 points wide, which fits beside the menu of the user interface."""

# Okabe and Ito's colours, which people with any kind of colour blindness can tell apart.
BLUE, ORANGE, RED, GREEN, BLACK, GREY = "#0072B2", "#E69F00", "#D55E00", "#009E73", "#000000", "#6B6B6B"
PALE, TINT = "#E4E4E4", "#DCEAF3"

# Each colour also mixed with white, so that edges stay smooth. With sixteen or fewer a PNG packs its points in half
# bytes, which turned out to compress worse.
_SHADES = (1.0, 0.7, 0.4, 0.15)


@dataclass(frozen=True)
class Stamp:
    """What every picture of one release states about itself."""

    release: str
    known_on: str
    is_simulated: bool

    @classmethod
    def of(cls, release: Release) -> "Stamp":
        return cls(release.id, day(release.manifest.get("known_on")), bool(release.manifest.get("simulated")))

    def line(self, source: str) -> str:
        return words(
            f"Bron: {source} · leveringen t/m {self.known_on} · uitgave {self.release}",
            f"Source: {source} · deliveries until {self.known_on} · release {self.release}",
        )


def paper(title: str, stamp: Stamp, *, source: str, height: float, notes: str = "") -> Figure:
    """An empty figure: title above, source, last day of delivery and notes below, and SIMULATED where it applies."""
    figure = Figure(figsize=(WIDTH, height), dpi=DPI)
    FigureCanvasAgg(figure)
    figure.text(0.012, 1 - 0.13 / height, title, fontsize=12.5, fontweight="bold", va="top")
    figure.text(0.012, 0.09 / height, stamp.line(source), fontsize=8.5, color=GREY, va="bottom")
    if notes:
        figure.text(0.012, 0.27 / height, notes, fontsize=8.5, color=GREY, va="bottom")
    if stamp.is_simulated:
        box = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": RED, "linewidth": 1.2}
        sign, top = words("GESIMULEERD", "SIMULATED"), 1 - 0.17 / height
        figure.text(0.985, top, sign, fontsize=9.5, fontweight="bold", color=RED, va="top", ha="right", bbox=box)
    return figure


def dressed(axes: Axes, title: str) -> None:
    """The look that all panels share: a title of its own, pale lines to read values by, no box."""
    axes.set_title(title, fontsize=9.5, loc="left", pad=7)
    axes.grid(visible=True, axis="y", color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8.5, length=3, color=GREY)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GREY)


def legend(axes: Axes, *shown: Any, **placed: Any) -> None:
    axes.legend(*shown, fontsize=8.3, frameon=False, handlelength=1.6, borderaxespad=0, columnspacing=1.4, **placed)


def dates(axes: Axes, shown: pl.Series) -> None:
    """The axis below: years, else months; the day itself where there is one only."""
    if shown.n_unique() == 1:
        axes.set_xticks(numbers(shown.head(1)), [day(shown[0])])
        return
    locator = AutoDateLocator(minticks=3, maxticks=7)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(  # type: ignore[no-untyped-call]
            locator,
            formats=["%Y", "%m-%Y", "%d-%m", "%H:%M", "%H:%M", "%S"],
            zero_formats=["", "%m-%Y", "%m-%Y", "%d-%m", "%H:%M", "%H:%M"],
            show_offset=False,
        )
    )


def numbers(days: pl.Series) -> list[float]:
    """Days as the numbers that the axis counts in."""
    return [float(date2num(each)) for each in days.to_list()]  # type: ignore[no-untyped-call]


def name_last(axes: Axes, days: Sequence[date], values: Sequence[int]) -> None:
    """The latest figure in digits, with its day: what everybody looks for first. In the corner the line leaves free."""
    ends_low = values[-1] < (min(values) + max(values)) / 2
    axes.text(
        0.99, 0.96 if ends_low else 0.05, f"{values[-1]} {words('op', 'on')} {day(days[-1])}",
        ha="right", va="top" if ends_low else "bottom", transform=axes.transAxes,
        fontsize=9.5, fontweight="bold", color=BLUE,
    )  # fmt: skip


def png(figure: Figure) -> bytes:
    """The figure as PNG: few colours, no clock, so that the same figure gives the same small bytes."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    points = bytes(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    drawn = Image.frombytes("RGBA", canvas.get_width_height(), points).convert("RGB")
    few = drawn.quantize(palette=_palette(), dither=Image.Dither.NONE)
    stream = io.BytesIO()
    few.save(stream, format="PNG", optimize=True, compress_type=zlib.Z_DEFAULT_STRATEGY)
    return stream.getvalue()


def _palette() -> Image.Image:
    """The colours that are kept. Named beforehand: colours picked by area would lose small marks."""
    mixed = [_mixed(colour, share) for colour in (BLUE, ORANGE, RED, GREEN, BLACK, GREY) for share in _SHADES]
    colours = [(255, 255, 255), _mixed(PALE, 1), _mixed(TINT, 1), *mixed]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in colours for part in colour])
    return palette


def _mixed(colour: str, share: float) -> tuple[int, ...]:
    return tuple(round(255 * (share * part + 1 - share)) for part in to_rgb(colour))
