"""Programmes: clients placed by the end of each month, against the target.

Here: which figures become which mark. Not here: the paper (``chart_style``) and the counting (``trajectories``).
"""

from collections.abc import Iterator, Sequence

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from pipeline.steward.chart_style import (
    BLUE,
    GREEN,
    RED,
    TINT,
    Stamp,
    dates,
    dressed,
    legend,
    name_last,
    numbers,
    paper,
    png,
)  # fmt: skip
from pipeline.steward.text import day
from pipeline.steward.wording import words
from schemas.vocabulary import ALL_PROVIDERS

PANELS = 4
"""Programmes in one picture."""

_SOURCE = words("gebeurtenissen van aanbieders", "events delivered by the providers")
_NOTES = words(
    "Elke deelnemer telt één keer over alle aanbieders; stand aan het eind van de maand.",
    "Each client once over all providers, at the end of the month.",
)


def programme_pictures(progress: pl.DataFrame, stamp: Stamp) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Placements against target, a few programmes to a picture. Each client counts once over all providers."""
    total = progress.filter(pl.col("provider_code") == ALL_PROVIDERS).sort("programme_code", "month")
    programmes = [part for _, part in total.group_by("programme_code", maintain_order=True)]
    for number, start in enumerate(range(0, len(programmes), PANELS), start=1):
        title = words("Geplaatste deelnemers tegen het doel", "Clients placed against the target")
        name = "programmes" if number == 1 else f"programmes-{number}"
        yield name, (title, _programmes(programmes[start : start + PANELS], title, stamp))


def _programmes(programmes: Sequence[pl.DataFrame], title: str, stamp: Stamp) -> bytes:
    rows = (len(programmes) + 1) // 2
    columns = min(len(programmes), 2)
    height = 1.2 + 2.7 * rows
    figure = paper(title, stamp, source=_SOURCE, height=height, notes=_NOTES)
    panels = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    figure.subplots_adjust(
        left=0.05, right=0.975, top=1 - 0.85 / height, bottom=0.98 / height, wspace=0.14, hspace=0.55
    )
    for axes, programme in zip(panels, programmes, strict=False):
        _programme(axes, programme)
    for axes in panels[len(programmes) :]:
        axes.set_visible(False)
    return png(figure)


def _programme(axes: Axes, progress: pl.DataFrame) -> None:
    code = progress["programme_code"][0]
    target, reached = progress["target"].drop_nulls(), progress["target_reached_on"].drop_nulls()
    goal = words("doel", "target")
    aim = words("geen doel vastgelegd", "no target set") if target.is_empty() else f"{goal} {target[-1]}"
    dressed(axes, f"{code}: {aim}")
    ends = progress["month"].dt.month_end()
    axes.plot(
        numbers(ends), progress["placed"].to_list(), color=BLUE, linewidth=1.6, label=words("geplaatst", "placed")
    )
    axes.fill_between(numbers(ends), progress["placed"].to_list(), color=TINT, linewidth=0)
    if not target.is_empty():
        axes.axhline(target[-1], color=RED, linewidth=1.4, linestyle=(0, (5, 3)), label=goal)
    if not reached.is_empty():
        when = f"{words('bereikt', 'reached')} {day(reached[-1])}"
        axes.plot(numbers(reached.tail(1)), [target[-1]], linestyle="none", marker="*", markersize=13, color=GREEN,
                  markeredgecolor="white", label=when, zorder=5)  # fmt: skip
    dates(axes, ends)
    name_last(axes, ends.to_list(), progress["placed"].to_list())
    axes.margins(x=0.05)
    axes.set_ylim(bottom=0, top=max([*progress["placed"].to_list(), *target.to_list(), 1]) * 1.18)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10], integer=True))
    legend(axes, loc="upper left", bbox_to_anchor=(0, -0.13), ncols=3)
