"""What the columns of a row rest on, all together: without what only stands for the lack of another column.

Here: which of it says nothing beside the others. Not here: what is behind a column (the projections), following it
(``explain``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.jobs.projections import PROJECTIONS
from pipeline.versions.explanation import NOT_COUNTED, Behind, Cell, Trace


def without_what_others_show(behind: Sequence[Behind]) -> Iterable[Behind]:
    """Who does not count in one column counts in another; that there is a row is shown by its figures too."""
    counted = {
        (each.delivery, row)
        for each in behind
        if isinstance(each, Trace) and not _is_of_nobody(each)
        for row in each.rows
    }
    figures = {_row_of(each) for each in behind if isinstance(each, Cell) and not _is_of_row(each)}
    for each in behind:
        if isinstance(each, Trace) and _is_of_nobody(each):
            rows = tuple(row for row in each.rows if (each.delivery, row) not in counted)
            yield from [replace(each, rows=rows)] if rows else []
        elif not isinstance(each, Cell) or not _is_of_row(each) or _row_of(each) not in figures:
            yield each


def _is_of_nobody(trace: Trace) -> bool:
    return trace.part.startswith(NOT_COUNTED) and bool(trace.rows)


def _is_of_row(cell: Cell) -> bool:
    return cell.column == PROJECTIONS[cell.table.name].shows_row


def _row_of(cell: Cell) -> tuple[object, ...]:
    return cell.table.name, cell.key, cell.known_on, cell.release
