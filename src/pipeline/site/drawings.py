"""Line charts, bridges and small lines as SVG that stands in the page and takes its colours from the style sheet.

Here: from figures to SVG, the same bytes for the same figures; ours rather than matplotlib's, whose colours are fixed
and would be wrong in the dark and on paper. Every drawing exists twice: wide, and narrow for a phone. Not here: the
figures, the table that stands under every drawing (the templates), colours and widths of lines (``style.css``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup, escape

from pipeline.site.language import Language
from pipeline.site.scales import Scale, apart, ticks, years


@dataclass(frozen=True)
class Line:
    """One series: its name, what marks its colour, its points by day."""

    name: str
    style: str
    points: Sequence[tuple[date, float]]
    open_from: date | None = None
    """From this day on it is provisional: drawn in dashes."""
    restated: Sequence[tuple[date, float, float | None]] = ()
    """Points that changed: day, the figure now, the figure before."""


@dataclass(frozen=True)
class Bar:
    """One interval of a bridge."""

    label: str
    year: str
    up: int
    down: int
    part: int
    rest: int


@dataclass(frozen=True)
class Size:
    """Width and height of a drawing, and the room at its right for names."""

    css: str
    width: int
    height: int
    right: int
    left: int = 52
    dates: int = 8


_WIDE, _NARROW = Size("wide", 760, 300, 176), Size("narrow", 380, 260, 66, 44, 4)
_WIDE_BRIDGE, _NARROW_BRIDGE = Size("wide", 760, 240, 20), Size("narrow", 380, 220, 8, 44)
_TOP, _BOTTOM = 12, 30


@dataclass
class _Sheet:
    """What has been drawn so far."""

    size: Size
    title: str
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: object, css: str = "", anchor: str = "start") -> None:
        kind = f' class="{css}"' if css else ""
        place = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self.parts.append(f'<text x="{x:g}" y="{y:g}"{kind}{place}>{escape(words)}</text>')

    def path(self, d: str, css: str) -> None:
        if d:
            self.parts.append(f'<path class="{css}" d="{d}"/>')

    def rect(self, x: float, y: float, width: float, height: float, css: str) -> None:
        if width > 0 and height > 0:
            self.parts.append(
                f'<rect class="{css}" x="{x:g}" y="{y:g}" width="{width:g}" height="{round(height, 1):g}"/>'
            )

    def svg(self) -> str:
        size = self.size
        head = f'<svg class="{size.css}" viewBox="0 0 {size.width} {size.height}" role="img">'
        return f"{head}<title>{escape(self.title)}</title>{''.join(self.parts)}</svg>"


def _both(drawn: Iterable[str]) -> Markup:
    return Markup(f'<div class="drawing">{"".join(drawn)}</div>')


def lines(title: str, series: Sequence[Line], language: Language, *, goal: tuple[str, float] | None = None) -> Markup:
    """Series over days; ``goal`` is a named level across. Nothing without a point."""
    shown = [each for each in series if each.points]
    if not shown:
        return Markup()
    drawn = _both(_lines(_Sheet(size, title), shown, language, goal) for size in (_WIDE, _NARROW))
    return drawn + _key(shown)


def _key(series: Sequence[Line]) -> Markup:
    """The names of the lines, for the narrow drawing, which has no room for them."""
    items = Markup().join(
        Markup('<li><span class="s{}"></span>{}</li>').format(each.style, each.name) for each in series
    )
    return Markup('<ul class="key phone">{}</ul>').format(items)


def _lines(sheet: _Sheet, series: Sequence[Line], language: Language, goal: tuple[str, float] | None) -> str:
    size = sheet.size
    days = [day for each in series for day, _ in each.points]
    values = [value for each in series for _, value in each.points] + ([goal[1]] if goal else [])
    marks = ticks(min(values), max(values))
    x = Scale(min(days).toordinal(), max(days).toordinal(), size.left, size.width - size.right)
    y = Scale(marks[0], marks[-1], size.height - _BOTTOM, _TOP)
    _open(sheet, series, x, y, language)
    for mark in marks:
        sheet.path(f"M{size.left} {y(mark):g}H{size.width - size.right}", "grid")
        sheet.text(size.left - 8, y(mark) + 4, language.count(mark), "axis", "end")
    for day in years(min(days), max(days), size.dates):
        sheet.text(x(day.toordinal()), size.height - 8, day.year if day.day == 1 else language.day(day), "axis")
        sheet.path(f"M{x(day.toordinal()):g} {y(marks[0]):g}v5", "tick")
    if goal:
        sheet.path(f"M{size.left} {y(goal[1]):g}H{size.width - size.right}", "goal")
        sheet.text(size.left + 6, y(goal[1]) - 5, f"{goal[0]} {language.count(goal[1])}", "axis")
    for each in series:
        _line(sheet, each, x, y)
    _names(sheet, series, y, language)
    return sheet.svg()


def _open(sheet: _Sheet, series: Sequence[Line], x: Scale, y: Scale, language: Language) -> None:
    begins = [each.open_from for each in series if each.open_from is not None]
    if begins:
        left = x(min(begins).toordinal()) - 5
        sheet.rect(left, _TOP, x.end + 6 - left, y.begin - _TOP, "open")
        sheet.text(left + 4, _TOP + 14, language("voorlopig", "provisional"), "axis")


def _line(sheet: _Sheet, line: Line, x: Scale, y: Scale) -> None:
    places = [(day, x(day.toordinal()), y(value)) for day, value in line.points]
    settled = [(a, b) for day, a, b in places if line.open_from is None or day < line.open_from]
    loose = [(a, b) for day, a, b in places if line.open_from is not None and day >= line.open_from]
    sheet.path(_track(settled), f"line {line.style}")
    sheet.path(_track([*settled[-1:], *loose]), f"line dashed {line.style}")
    if len(places) <= 1 or len(places) * 5 < x.end - x.begin:
        sheet.path(_dots(settled), f"dots {line.style}")
    sheet.path(_dots(loose), f"dots {line.style}")
    sheet.path(_dots(loose), "dots hollow")
    for day, now, before in line.restated:
        a, b = x(day.toordinal()), y(now)
        sheet.path(f"M{a:g} {b - 6:g}l6 6l-6 6l-6-6z", "restated")
        if before is not None and y.high >= before >= y.low:
            sheet.path(f"M{a - 4:g} {y(before) - 4:g}l8 8m0-8l-8 8", "before")


def _track(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{a:g} {b:g}" for a, b in places) if len(places) > 1 else ""


def _dots(places: Sequence[tuple[float, float]]) -> str:
    """Points without length: their round ends are the dots."""
    return "".join(f"M{a:g} {b:g}h0" for a, b in places)


def _names(sheet: _Sheet, series: Sequence[Line], y: Scale, language: Language) -> None:
    ends = [y(each.points[-1][1]) for each in series]
    for each, place in zip(series, apart(ends, 16), strict=True):
        value = language.count(each.points[-1][1])
        words = f"{each.name} {value}" if sheet.size is _WIDE else value
        sheet.text(sheet.size.width - sheet.size.right + 10, place + 4, words, f"name {each.style}")


def small_line(points: Sequence[float]) -> Markup:
    """A line without axes, for beside a figure; hidden from screen readers, who have the figures."""
    if len(points) < 2:
        return Markup()
    x, y = Scale(0, len(points) - 1, 2, 118), Scale(min(points), max(points), 26, 4)
    track = _track([(x(at), y(value)) for at, value in enumerate(points)])
    return Markup(
        f'<svg class="small" viewBox="0 0 120 30" aria-hidden="true"><path class="line a" d="{track}"/></svg>'
    )


def bridge(title: str, bars: Sequence[Bar], language: Language) -> Markup:
    """What came in above the line, what went out below it, of that to work, and what nothing explains."""
    if not bars:
        return Markup()
    return _both(_bridge(_Sheet(size, title), bars, language) for size in (_WIDE_BRIDGE, _NARROW_BRIDGE))


def _bridge(sheet: _Sheet, bars: Sequence[Bar], language: Language) -> str:
    size = sheet.size
    most = max(max(bar.up, bar.down, abs(bar.rest)) for bar in bars)
    marks = ticks(0, max(most, 1), 3)
    y = Scale(-marks[-1], marks[-1], size.height - _BOTTOM - 8, _TOP)
    for mark in sorted({*marks, *(-mark for mark in marks)}):
        sheet.path(f"M{size.left} {y(mark):g}H{size.width - size.right}", "grid" if mark else "zero")
        sheet.text(size.left - 8, y(mark) + 4, language.count(abs(mark)), "axis", "end")
    each = (size.width - size.left - size.right) / len(bars)
    for at, bar in enumerate(bars):
        _bar(sheet, bar, size.left + at * each, each, y)
        middle = size.left + (at + 0.5) * each
        if size is _WIDE_BRIDGE or at % 3 == 0:
            sheet.text(round(middle, 1), size.height - 20, bar.label, "axis", "middle")
        if at == 0 or bars[at - 1].year != bar.year:
            sheet.text(round(middle, 1), size.height - 5, bar.year, "axis strong", "middle")
    return sheet.svg()


def _bar(sheet: _Sheet, bar: Bar, left: float, each: float, y: Scale) -> None:
    x, width = round(left + 0.15 * each, 1), round(0.7 * each, 1)
    sheet.rect(x, y(bar.up), width, y(0) - y(bar.up), "bar in")
    sheet.rect(x, y(0), width, y(-bar.part) - y(0), "bar work")
    sheet.rect(x, y(-bar.part), width, y(-bar.down) - y(-bar.part), "bar out")
    if bar.rest:
        sheet.path(f"M{x - 3:g} {y(bar.rest):g}h{width + 6:g}", "rest")
