"""Random names, days and orders of arrival of the same bytes: all orders come to the same, but for a reason's words;
also where a person decides about one of them between.
"""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.jobs.delivery_decisions import decide
from pipeline.store.cells import kept_warm
from schemas.vocabulary import Decision, DeliveryStatus
from tests.examples import examples
from tests.jobs.all_sources import EVENTS, event
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total
from tests.jobs.nights import Step, is_at_rest, nights, state, unlike

DAYS = ("2016-01-04", "2017-02-07", "2017-03-07", "2017-05-08", "2017-06-07", "2017-09-08")
ASKED = (date(2017, 4, 1), date(2017, 6, 30))
_START = [event(n, "gestart", "2017-01-10", f"E{n}") for n in range(1, 30)]
_BAD = [event(n, "gestart", "2017-13-40", f"B{n}") for n in range(40, 46)]
CONTENTS = {
    "trajectory_events": (
        csv(EVENTS, [*_START, event(1, "geplaatst", "2017-05-01", "E90", dienstverband="voltijd")]),
        csv(EVENTS, [*_START, *_BAD]),
        csv(EVENTS, [{**each, "gebeurtenis_id": f"N{n}", "traject_id": f"N{n}"} for n, each in enumerate(_START)]),
    ),
    "caseload": (
        caseload(*(benefit(n) for n in range(30)), benefit(77, peildatum="01-05-2017")),
        caseload(*(benefit(n) for n in range(28))),
        caseload(*(benefit(n, peildatum="01-05-2017") for n in range(29))),
        caseload(*(benefit(n, peildatum="01-06-2017") for n in range(9))),
    ),
    "caseload_totals": (
        csv(TOTALS, [total(peildatum="01-05-2017", aantal="870"), total(peildatum="01-09-2017", aantal="860")]),
        csv(TOTALS, [total(peildatum="01-05-2017", aantal="871")]),
        csv(TOTALS, [total(peildatum="01-05-2017", aantal="8710")]),
        csv(TOTALS, [total(peildatum=f"01-0{month}-2017", aantal=str(860 + month)) for month in range(1, 6)]),
    ),
}
"""Rows later than some of the days, so that they are rejected or some are, bad rows, a month that shrinks or is
tenfold, events under other numbers; of one municipality: whether a place is new is the
one thing that depends on the order of loading (decision 0022)."""

Files = Mapping[str, str]
Order = Sequence[Sequence[str]]
Orders = tuple[Order, Order]


@st.composite
def _files(draw: st.DrawFn) -> Files:
    """Files with their content; of some the bytes are rejected under that name."""
    source = draw(st.sampled_from(sorted(CONTENTS)))
    chosen = draw(st.lists(st.sampled_from(CONTENTS[source]), min_size=1, max_size=3, unique=True))
    files: dict[str, str] = {}
    for content in chosen:
        for day in draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3)):
            ending = draw(st.sampled_from(("csv", "csv", "csv", "dat")))
            files[f"{source}/{day}_{draw(st.sampled_from('abcd'))}{len(files)}.{ending}"] = content
    return files


@st.composite
def _arrivals(draw: st.DrawFn) -> tuple[Files, Orders]:
    """Files, and two orders in which they come, each cut into nights."""
    files = draw(_files())
    return files, (draw(_order(list(files))), draw(_order(list(files))))


@st.composite
def _about_a_decision(draw: st.DrawFn) -> tuple[Files, str, Orders, Orders]:
    """Files, about which of them a person decides, and how they come before that and after it, in two orders."""
    files = draw(_files())
    each = draw(st.permutations(list(files)))
    first = draw(st.integers(1, len(each)))
    before, after = each[:first], each[first:]
    orders = [(draw(_order(part)), draw(_order(part))) if part else ((), ()) for part in (before, after)]
    return files, draw(st.sampled_from(before)), orders[0], orders[1]


def _order(names: list[str]) -> Any:
    def cut(drawn: tuple[list[str], list[int]]) -> Order:
        each, breaks = drawn
        places = sorted({0, len(each), *(place % len(each) for place in breaks)})
        return [each[begin:end] for begin, end in pairwise(places)]

    return st.tuples(st.permutations(names), st.lists(st.integers(0, 9), max_size=4)).map(cut)


@examples(3, are_nights=True)
@given(_arrivals())
def test_every_order_comes_to_the_same(arrivals: tuple[Files, Orders]) -> None:
    files, orders = arrivals
    _come_to_the_same(files, *orders)


@examples(3, are_nights=True)
@given(_about_a_decision())
def test_every_order_before_and_after_a_decision_comes_to_the_same(
    arrivals: tuple[Files, str, Orders, Orders],
) -> None:
    files, name, before, after = arrivals
    one, other = ((*first, (_decides_about(name),), *then) for first, then in zip(before, after, strict=True))
    _come_to_the_same(files, one, other)


def _decides_about(name: str) -> Step:
    """What waits is let in, what counts is taken back; about anything else nothing is decided."""

    def decided(folder: Folder) -> None:
        found = folder.table("deliveries").filter(pl.col("delivery") == folder.delivery(name)["delivery"])
        (status, *_) = (*found.filter(pl.col("status") != DeliveryStatus.COPIED)["status"], "")
        decision = {DeliveryStatus.HELD: Decision.ACCEPTED, DeliveryStatus.RECORDED: Decision.RETRACTED}.get(status)
        if decision is not None:
            decide(folder.writer(), decision, name, by="A. Steward", why="the sender wrote so")

    return decided


def _come_to_the_same(files: Files, *orders: Sequence[Sequence[Step]]) -> None:
    with tempfile.TemporaryDirectory() as place, kept_warm():
        first, second = (nights(Path(place) / str(n), files, *order) for n, order in enumerate(orders))

        assert unlike(_but_reasons(state(first, *ASKED)), _but_reasons(state(second, *ASKED))) == []
        assert is_at_rest(first)
        assert is_at_rest(second)


def _but_reasons(found: Any) -> Any:
    """Which gates were closed beside is judged on a day, and says so: without the reasons and their findings."""
    kept = {key: rows for key, rows in found.items() if key[0] != "findings"}
    return {
        key: [_without_reason(row) for row in rows] if key[0] == "deliveries" else rows for key, rows in kept.items()
    }


def _without_reason(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(value for value in row if not (isinstance(value, str) and value.startswith("DELIVERY-")))
