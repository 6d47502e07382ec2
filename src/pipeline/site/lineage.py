"""Where each table comes from, drawn: sources at the left, tables at the right of all they rest on.

Here: the drawing. Not here: what rests on what (given by ``jobs``, from the declarations of the projections).
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from pipeline.site.language import Language
from pipeline.site.wording import SOURCES, TABLES, said

_WIDE, _HIGH, _ACROSS, _DOWN = 206, 30, 262, 46


def levels(inputs: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Sources first; every table one level after the last of its inputs."""
    level: dict[str, int] = {}

    def of(name: str) -> int:
        if name not in level:
            level[name] = 1 + max((of(each) for each in inputs[name]), default=0) if name in inputs else 0
        return level[name]

    for name in inputs:
        of(name)
    most = max(level.values(), default=0)
    order = list(dict.fromkeys([*(each for each in SOURCES if each in level), *sorted(level)]))
    return [[name for name in order if level[name] == at] for at in range(most + 1)]


def drawn(inputs: Mapping[str, Sequence[str]], language: Language) -> Markup:
    """The drawing; a box of a table leads to its chapter on the same page."""
    columns = levels(inputs)
    tallest = max((len(column) for column in columns), default=0)
    at = {
        name: (across * _ACROSS, round((tallest - len(column)) * _DOWN / 2 + down * _DOWN))
        for across, column in enumerate(columns)
        for down, name in enumerate(column)
    }
    lines = "".join(
        f'<path class="flow" d="{_curve(at[source], at[table])}"/>' for table in inputs for source in inputs[table]
    )
    boxes = "".join(_box(name, place, name in inputs, language) for name, place in at.items())
    width, height = (len(columns) - 1) * _ACROSS + _WIDE, max(tallest, 1) * _DOWN
    title = language("Waar elke tabel uit voortkomt", "What each table comes from")
    return Markup(
        f'<svg class="lineage" viewBox="-2 -2 {width + 4} {height + 4}" role="img"><title>{escape(title)}</title>'
        f"{lines}{boxes}</svg>"
    )


def _curve(begin: tuple[int, int], end: tuple[int, int]) -> str:
    x, y, a, b = begin[0] + _WIDE, begin[1] + _HIGH // 2, end[0], end[1] + _HIGH // 2
    bend = max(40, (a - x) // 2)
    return f"M{x} {y}C{x + bend} {y} {a - bend} {b} {a} {b}"


def _box(name: str, place: tuple[int, int], is_table: bool, language: Language) -> str:
    words = escape(said(TABLES if is_table else SOURCES, name, language))
    x, y = place
    box = f'<rect class="{"table" if is_table else "source"}" x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="4"/>'
    return f'{box}<text x="{x + 8}" y="{y + 20}" class="axis">{words}</text>'
