"""Small groups are not shown: which cells of a table have to be covered so that none can be worked out.

A table with its sums is a network: every cell is an arc, at every node as much goes in as out. What somebody who sees
the page knows is this network, the shown cells, and about a covered cell that it lies below ``least`` (``SMALL``, shown
as "<10") or not (``WITHHELD``, shown as "x"). A covered cell can be worked out exactly when no unit can go round in a
circle through it; so the search for such circles is the proof, and where there is none another cell is covered.

Here: that search, and what is covered. Not here: which tables there are (the pages). Two releases beside each other,
and what somebody knows from elsewhere, are not guarded against (docs/decisions).
"""

import heapq
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Name = Hashable


class Cover(StrEnum):
    """What is seen of a cell."""

    SHOWN = "shown"
    SMALL = "small"
    """Below the least: shown as such."""
    WITHHELD = "withheld"
    """Not small; covered because with it a small one could be worked out."""


@dataclass(frozen=True)
class Cell:
    """A count in a table with sums: an arc of the network. A sum runs back, from the end to the begin of its parts."""

    name: Name
    tail: Name
    head: Name
    value: int
    is_known: bool = False
    """Known anyhow, such as a sum that stands elsewhere on the page: cannot be covered."""
    is_unseen: bool = False
    """In the network but on no page, such as clients who stand in two groups: 0 or more, for all that is known."""


@dataclass(frozen=True)
class _Arc:
    """One direction in which a cell can move by one."""

    cell: int
    tail: Name
    head: Name
    cost: int


def covers(cells: Iterable[Cell], least: int) -> dict[Name, Cover] | None:
    """What is to be seen of every cell; None where the table cannot be shown at all without giving a small one away.

    A nought that can be worked out whatever is covered is shown: there is nobody in it.
    """
    table = tuple(cells)
    seen = [_first(cell, least) for cell in table]
    shown_for_good: set[int] = set()
    while exposed := [at for at in _exposed(table, seen, least) if not table[at].is_unseen]:
        at = min(exposed, key=lambda each: (table[each].value, str(table[each].name)))
        circle = _circle(table, seen, at, least, shown_for_good)
        if circle is not None:
            for other in circle:
                seen[other] = Cover.WITHHELD
        elif table[at].value == 0:
            seen[at] = Cover.SHOWN
            shown_for_good.add(at)
        else:
            return None
    return {cell.name: cover for cell, cover in zip(table, seen, strict=True) if not cell.is_unseen}


def exposed(cells: Iterable[Cell], seen: Mapping[Name, Cover], least: int) -> set[Name]:
    """The covered cells that can be worked out from what is shown."""
    table = tuple(cells)
    covered = [Cover.WITHHELD if cell.is_unseen else seen[cell.name] for cell in table]
    return {table[at].name for at in _exposed(table, covered, least) if not table[at].is_unseen}


def _first(cell: Cell, least: int) -> Cover:
    if cell.is_unseen:
        return Cover.WITHHELD
    return Cover.SMALL if cell.value < least and not cell.is_known else Cover.SHOWN


def _bounds(cell: Cell, cover: Cover, least: int) -> tuple[int, float]:
    """Between which numbers a covered cell lies, for all that the page tells."""
    if cell.is_unseen:
        return 0, float("inf")
    return (0, least - 1) if cover is Cover.SMALL else (least, float("inf"))


def _moves(at: int, cell: Cell, cover: Cover, least: int, cost: int) -> list[_Arc]:
    low, high = _bounds(cell, cover, least)
    up = [_Arc(at, cell.tail, cell.head, cost)] if cell.value < high else []
    down = [_Arc(at, cell.head, cell.tail, cost)] if cell.value > low else []
    return up + down


def _exposed(table: tuple[Cell, ...], seen: list[Cover], least: int) -> list[int]:
    arcs = [
        arc
        for at, (cell, cover) in enumerate(zip(table, seen, strict=True))
        if cover is not Cover.SHOWN
        for arc in _moves(at, cell, cover, least, 0)
    ]
    covered = [at for at, cover in enumerate(seen) if cover is not Cover.SHOWN]
    return [at for at in covered if not any(_path(arcs, arc) is not None for arc in arcs if arc.cell == at)]


def _circle(
    table: tuple[Cell, ...], seen: list[Cover], at: int, least: int, shown_for_good: set[int]
) -> list[int] | None:
    """The cells to cover besides, of all sets that let this cell move the one with the smallest numbers."""
    arcs = []
    for other, (cell, cover) in enumerate(zip(table, seen, strict=True)):
        if cover is not Cover.SHOWN:
            arcs += _moves(other, cell, cover, least, 0)
        elif not cell.is_known and other not in shown_for_good:
            arcs += _moves(other, cell, Cover.WITHHELD, least, cell.value + 1)
    paths = [found for arc in arcs if arc.cell == at if (found := _path(arcs, arc)) is not None]
    if not paths:
        return None
    _, cells = min(paths)
    return [other for other in cells if seen[other] is Cover.SHOWN]


def _path(arcs: list[_Arc], begun: _Arc) -> tuple[int, list[int]] | None:
    """The cheapest way back to where an arc begins, without its own cell: cost and cells, or None."""
    leaving: dict[Name, list[_Arc]] = {}
    for arc in arcs:
        if arc.cell != begun.cell:
            leaving.setdefault(arc.tail, []).append(arc)
    waiting: list[tuple[int, int, Name, list[int]]] = [(0, 0, begun.head, [])]
    done: set[Name] = set()
    turn = 0
    while waiting:
        cost, _, node, cells = heapq.heappop(waiting)
        if node == begun.tail:
            return cost, cells
        if node in done:
            continue
        done.add(node)
        for arc in leaving.get(node, []):
            turn += 1
            heapq.heappush(waiting, (cost + arc.cost, turn, arc.head, [*cells, arc.cell]))
    return None
