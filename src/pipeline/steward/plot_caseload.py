"""The caseload of each municipality: stock by reference date, and the bridge of in- and outflow.

Here: which figures become which mark. Not here: the paper (``chart_style``) and the counting (``caseload``).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from pipeline.steward.chart_style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    RED,
    Stamp,
    dates,
    dressed,
    legend,
    name_last,
    numbers,
    paper,
    png,
)  # fmt: skip
from pipeline.steward.wording import words
from schemas import reference
from schemas.vocabulary import Series, Vintage

LATEST = 12
"""Reference dates in the picture of the bridge."""

_SOURCE = words("leveringen van de gemeenten", "deliveries of the municipalities")
_VINTAGES: dict[str, dict[str, Any]] = {
    Vintage.FINAL: {"marker": "o", "markersize": 3.6, "color": BLUE, "label": words("definitief", "final")},
    Vintage.REVISED: {"marker": "D", "markersize": 5.6, "color": RED, "label": words("herzien", "revised")},
    Vintage.PROVISIONAL: {
        "marker": "o", "markersize": 5.6, "color": BLUE, "markerfacecolor": "white", "markeredgewidth": 1.3,
        "label": words("voorlopig", "provisional"),
    },
}  # fmt: skip


def caseload_pictures(stock: pl.DataFrame, flow: pl.DataFrame, stamp: Stamp) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """One picture per municipality that has a stock in series ``pw``, in the order of their codes."""
    counted, moved = stock.filter(pl.col("series") == Series.PW), flow.filter(pl.col("series") == Series.PW)
    for code in counted["municipality_code"].unique().sort().to_list():
        own = pl.col("municipality_code") == code
        title = f"{_name(code)}: {words('bijstandsuitkeringen, reeks pw', 'benefits, series pw')}"
        yield f"caseload-{code.lower()}", (title, _caseload(counted.filter(own), moved.filter(own), title, stamp))


def _name(code: str) -> str:
    known = reference.municipalities().filter(pl.col("code") == code)["name"].to_list()
    return f"{known[0]} ({code})" if known else str(code)


def _caseload(stock: pl.DataFrame, flow: pl.DataFrame, title: str, stamp: Stamp) -> bytes:
    height = 4.3
    notes = words(
        "Links begint de as niet bij 0; rechts wel.", "The left axis does not begin at 0; the right one does."
    )
    figure = paper(title, stamp, source=_SOURCE, height=height, notes=notes)
    left, right = figure.subplots(1, 2, width_ratios=[5, 6])
    figure.subplots_adjust(left=0.05, right=0.988, top=0.81, bottom=0.3, wspace=0.1)
    _stock(left, stock.sort("reference_date"))
    _bridge(right, flow.sort("reference_date").tail(LATEST))
    return png(figure)


def _stock(axes: Axes, stock: pl.DataFrame) -> None:
    dressed(axes, words("Uitkeringen op de peildatum", "Benefits on the reference date"))
    for piece in _without_gaps(stock, "reference_date"):
        axes.plot(numbers(piece["reference_date"]), piece["benefits"].to_list(), color=BLUE, linewidth=1.2)
    for vintage, style in _VINTAGES.items():
        of_vintage = stock.filter(pl.col("vintage") == vintage)
        if not of_vintage.is_empty():
            days = numbers(of_vintage["reference_date"])
            axes.plot(days, of_vintage["benefits"].to_list(), linestyle="none", **style)
    dates(axes, stock["reference_date"])
    name_last(axes, stock["reference_date"].to_list(), stock["benefits"].to_list())
    axes.margins(x=0.04, y=0.14)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10], integer=True))
    legend(axes, loc="upper left", bbox_to_anchor=(0, -0.13), ncols=3)


def _bridge(axes: Axes, flow: pl.DataFrame) -> None:
    if flow.is_empty():
        none = words("Brug: nog geen twee peildata na elkaar", "Bridge: not two dates in a row yet")
        axes.text(0.5, 0.5, none, ha="center", transform=axes.transAxes, color=GREY, fontsize=9)
        axes.set_axis_off()
        return
    count = flow.height
    dutch = f"Brug, laatste {count} peildata (omhoog: in, omlaag: uit)"
    dressed(axes, words(dutch, f"Bridge, latest {count} dates (up: in, down: out)"))
    places = list(range(flow.height))
    into, out, work = (flow[name].to_list() for name in ("inflow", "outflow", "outflow_to_work"))
    axes.bar(places, into, width=0.72, color=BLUE, label=words("instroom", "inflow"))
    axes.bar(places, [-value for value in out], width=0.72, color=ORANGE, label=words("uitstroom", "outflow"))
    axes.bar(
        places, [-value for value in work], width=0.72, color=RED, hatch="////", edgecolor="white", linewidth=0,
        label=words("w.v. naar werk", "to work"),
    )  # fmt: skip
    _unexplained(axes, flow["unexplained_difference"].to_list())
    for place, up, down in zip(places, into, out, strict=True):
        axes.annotate(str(up), (place, up), (0, 2), textcoords="offset points", ha="center", va="bottom", fontsize=8)
        axes.annotate(str(down), (place, -down), (0, -2), textcoords="offset points", ha="center", va="top", fontsize=8)
    axes.axhline(0, color=BLACK, linewidth=0.9)
    axes.set_xticks(places, _day_labels(flow["reference_date"].to_list()))
    axes.tick_params(axis="x", length=0)
    axes.margins(x=0.02, y=0.16)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10], integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    mark, *bars = zip(
        *axes.get_legend_handles_labels(), strict=True
    )  # marks come first of themselves; they belong last
    handles, labels = zip(*bars, mark, strict=True)
    legend(axes, handles, labels, loc="upper left", bbox_to_anchor=(-0.02, -0.17), ncols=2)


def _unexplained(axes: Axes, differences: Sequence[int]) -> None:
    """A mark at every difference that is not zero; the legend states that where there is none."""
    marked = [(place, value) for place, value in enumerate(differences) if value]
    sign = words("onverklaard", "unexplained") + ("" if marked else ": 0")
    axes.plot(
        [place for place, _ in marked], [value for _, value in marked], linestyle="none", marker="D", markersize=7,
        color=BLACK, markeredgecolor="white", markeredgewidth=1.2, label=sign, zorder=5,
    )  # fmt: skip
    for place, value in marked:
        axes.annotate(
            f"{value:+d}".replace("-", "−"), (place, value), (6, 0), textcoords="offset points", va="center",
            fontsize=8, fontweight="bold", bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "linewidth": 0},
        )  # fmt: skip


def _without_gaps(frame: pl.DataFrame, dates: str) -> list[pl.DataFrame]:
    """The frame in pieces: a line drawn over missing months would look like a count of them."""
    step = pl.col(dates).diff().dt.total_days()
    piece = (step > 2.2 * step.median()).fill_null(value=False).cum_sum().alias("piece")
    return frame.with_columns(piece).partition_by("piece", maintain_order=True)


def _day_labels(days: Sequence[date]) -> list[str]:
    """Day and month, with the year below it where it begins."""
    before = [None, *(each.year for each in days[:-1])]
    return [
        f"{each.day}-{each.month}" + (f"\n{each.year}" if each.year != year else "")
        for each, year in zip(days, before, strict=True)
    ]
