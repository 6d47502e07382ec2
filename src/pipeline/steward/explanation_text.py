"""An explanation as a small tree, for the terminal and the report: figures, the rows of files behind each, and what no
delivery says.

Not here: what is behind a figure (the projections), following it (``jobs.lineage``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.jobs.lineage.explain import ExplainedCell, Explanation
from pipeline.steward.text import row_ranges
from pipeline.versions.explanation import Stated, Trace
from schemas.spelling import seen

FIRST_ROWS = 20
"""So many rows of a file are named to a person; ``--json`` names all."""
MOST_CELLS = 12
"""So many figures are shown below one; the others are counted."""


@dataclass(frozen=True)
class _Branch:
    text: str
    below: tuple["_Branch", ...] = ()


def tree(explanation: Explanation) -> list[str]:
    """Lines of a tree. A figure that has been shown before is named, and not shown again."""
    top = _below(explanation.own, explanation.cells, explanation.stated, set())
    if explanation.column is None:
        return [line for branch in top for line in (branch.text, *_lines(branch.below))]
    day = f" as known on {explanation.known_on}" if explanation.known_on else ""
    return [f"{explanation.column} = {plain_value(explanation.value)}{day}", *_lines(top)]


def _below(
    own: Sequence[Trace], cells: Sequence[ExplainedCell], stated: Sequence[Stated], shown: set[object]
) -> tuple[_Branch, ...]:
    figures = [_figure(cell, shown) for cell in cells[:MOST_CELLS]]
    if len(cells) > MOST_CELLS:
        figures.append(_Branch(f"and {len(cells) - MOST_CELLS} more figures; --json has all"))
    return (*map(_file, own), *figures, *(_Branch(f"{each.part}: {each.text}") for each in stated))


def _figure(cell: ExplainedCell, shown: set[object]) -> _Branch:
    day = f", as known on {cell.known_on}" if cell.known_on else ""
    release = f", in release {cell.release}" if cell.release else ""
    text = f"{cell.part}: {cell.table} {' '.join(cell.key)} {cell.column} = {plain_value(cell.value)}{day}{release}"
    name = (cell.table, cell.key, cell.column, cell.known_on, cell.release)
    if name in shown:
        return _Branch(f"{text} (see above)")
    shown.add(name)
    return _Branch(text, _below(cell.own, cell.cells, cell.stated, shown))


def _file(trace: Trace) -> _Branch:
    of = f"raw/{trace.file_name}, delivered on {trace.delivered_on}, delivery {trace.delivery[:12]}"
    if not trace.rows:
        return _Branch(f"{trace.part}: {of}")
    count = "1 row" if len(trace.rows) == 1 else f"{len(trace.rows):,} rows"
    rows = row_ranges(trace.rows[:FIRST_ROWS])
    more = ", …" if len(trace.rows) > FIRST_ROWS else ""
    return _Branch(f"{trace.part}: {count} of {of}: rows {rows}{more}")


def _lines(branches: Iterable[_Branch], indent: str = "") -> Iterator[str]:
    each = list(branches)
    for branch in each:
        is_last = branch is each[-1]
        yield seen(f"{indent}{'└─' if is_last else '├─'} {branch.text}")
        yield from _lines(branch.below, indent + ("   " if is_last else "│  "))


def plain_value(value: object) -> str:
    """A value as a person writes it: no trailing zeros, yes and no in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
