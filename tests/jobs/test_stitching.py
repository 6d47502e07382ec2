"""Stock, inflow, outflow and persons against hand counts, and against a slow count in plain Python."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.jobs.folder import Folder, benefit, caseload

JAN, FEB, MARCH = "01-01-2017", "01-02-2017", "01-03-2017"
Row = Mapping[str, object]


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    return unpublished


def deliver(folder: Folder, months: Mapping[str, Iterable[Row]]) -> None:
    for day, rows in months.items():
        text = caseload(*({**row, "peildatum": day} for row in rows))
        folder.put(f"caseload/2017-{day[3:5]}-07_m.csv", text)
    assert {receipt.status for receipt in folder.run().receipts} == {"recorded"}


def ended(number: int, day: str, reason: str = "11", **changed: object) -> dict[str, object]:
    return benefit(number, einddatum=day, reden_einde=reason, **changed)


def persons(folder: Folder, series: str = "pw") -> int | None:
    (found,) = folder.table("caseload_stock").filter(series=series)["persons"].to_list()
    return found


def test_dossier_restarted_for_another_household_form_is_no_flow(folder: Folder) -> None:
    old = ended(1, "14-01-2017", "02")
    new = benefit(
        1, registratienummer_uitkering="D1b", leefvorm="3", ingangsdatum="15-01-2017",
        oorspronkelijke_ingangsdatum="01-05-2015",
    )  # fmt: skip
    deliver(folder, {JAN: [benefit(1), benefit(2)], FEB: [old, new, benefit(2)], MARCH: [new, benefit(2)]})
    assert folder.flow("2017-02-01") == (2, 0, 0, 2, 0)
    assert folder.flow("2017-03-01") == (2, 0, 0, 2, 0)
    assert folder.table("outflow_reasons").is_empty()


def test_dossier_that_starts_again_after_a_gap_flows_out_and_in(folder: Folder) -> None:
    again = benefit(1, ingangsdatum="10-02-2017", oorspronkelijke_ingangsdatum="01-05-2015")
    deliver(
        folder, {JAN: [benefit(1), benefit(2)], FEB: [ended(1, "20-01-2017"), benefit(2)], MARCH: [again, benefit(2)]}
    )
    assert folder.flow("2017-02-01") == (2, 0, 1, 1, 0)
    assert folder.flow("2017-03-01") == (1, 1, 0, 2, 0)


def test_move_from_pw_to_ioaw_leaves_pw_and_stays_in_the_sum(folder: Folder) -> None:
    moved = benefit(
        1, registratienummer_uitkering="W1", statistiekcode="02", ingangsdatum="15-01-2017",
        oorspronkelijke_ingangsdatum="01-05-2015",
    )  # fmt: skip
    deliver(folder, {JAN: [benefit(1), benefit(2)], FEB: [ended(1, "14-01-2017", "98"), moved, benefit(2)]})
    assert folder.flow("2017-02-01", "pw") == (2, 0, 1, 1, 0)
    assert folder.flow("2017-02-01", "pw_ioaw_ioaz") == (2, 0, 0, 2, 0)
    assert folder.flow("2017-02-01", "all") == (2, 0, 0, 2, 0)
    reasons = folder.table("outflow_reasons").select("series", "end_reason", "benefits").rows()
    assert reasons == [("pw", "98", 1)]


@pytest.mark.parametrize(
    ("last_day", "in_stock", "outflow"),
    [
        ("31-12-2016", (0, 0), (0, 0)),
        ("01-01-2017", (1, 0), (1, 0)),
        ("31-01-2017", (1, 0), (1, 0)),
        ("01-02-2017", (1, 1), (0, 1)),
    ],
)
def test_last_day_is_a_day_of_entitlement(
    folder: Folder, last_day: str, in_stock: tuple[int, int], outflow: tuple[int, int]
) -> None:
    row, other = ended(1, last_day), benefit(2)
    months = {
        JAN: [row, other],
        FEB: [other] if last_day == "31-12-2016" else [row, other],
        MARCH: [row, other] if last_day == FEB else [other],
    }
    deliver(folder, months)
    stock = folder.stock()
    days = ("2017-01-01", "2017-02-01", "2017-03-01")
    assert tuple(stock["GM0899", day, "pw"] - 1 for day in days) == (*in_stock, 0)
    assert tuple(folder.flow(day)[2] for day in days[1:]) == outflow
    assert {folder.flow(day)[4] for day in days[1:]} == {0}


@pytest.mark.parametrize(
    ("first_day", "inflow"), [("01-01-2017", (0, 0)), ("02-01-2017", (1, 0)), ("01-02-2017", (1, 0))]
)
def test_start_on_a_reference_date_belongs_to_the_interval_that_ends_there(
    folder: Folder, first_day: str, inflow: tuple[int, int]
) -> None:
    row, other = benefit(1, ingangsdatum=first_day), benefit(2)
    deliver(folder, {JAN: [row, other] if first_day == JAN else [other], FEB: [row, other], MARCH: [row, other]})
    assert tuple(folder.flow(day)[1] for day in ("2017-02-01", "2017-03-01")) == inflow
    assert {folder.flow(day)[4] for day in ("2017-02-01", "2017-03-01")} == {0}


def test_started_and_ended_between_two_dates_is_both(folder: Folder) -> None:
    short = ended(1, "20-01-2017", "13", ingangsdatum="10-01-2017")
    deliver(folder, {JAN: [benefit(2)], FEB: [short, benefit(2)]})
    assert folder.flow("2017-02-01") == (1, 1, 1, 1, 0)
    assert folder.table("caseload_flow").filter(series="pw")["outflow_to_work"].to_list() == [1]


def test_dossier_that_vanishes_without_an_end_is_left_unexplained(folder: Folder) -> None:
    deliver(folder, {JAN: [benefit(n) for n in range(5)], FEB: [benefit(n) for n in range(2, 6)]})
    assert folder.flow("2017-02-01") == (5, 0, 0, 4, -1)
    found = folder.table("relation_findings").filter(rule="RELATION-002")
    assert "GM0899/pw/2017-02-01" in found["subject"].to_list()


COUPLE = {"leefvorm": "3"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([benefit(1), benefit(2)], 2, id="two singles"),
        pytest.param([benefit(1, **COUPLE, bsn_partner=benefit(2)["bsn"])], 2, id="a couple"),
        pytest.param([benefit(1, **COUPLE), benefit(2, **COUPLE)], 4, id="partners not named"),
        pytest.param([benefit(1, **COUPLE, bsn_partner=benefit(2)["bsn"]), benefit(2)], 2, id="partner has a benefit"),
        pytest.param([benefit(1), benefit(2, leefvorm="")], None, id="household form unknown"),
        pytest.param([benefit(1, leefvorm="", bsn_partner=benefit(2)["bsn"])], 2, id="unknown with a named partner"),
        pytest.param([benefit(1), ended(2, "15-12-2016", leefvorm="")], 1, id="unknown and not in stock"),
        pytest.param([benefit(1), benefit(1, registratienummer_uitkering="Z")], 1, id="one client, two benefits"),
    ],
)
def test_persons_are_counted_once_or_not_at_all(
    folder: Folder, rows: list[dict[str, object]], expected: int | None
) -> None:
    deliver(folder, {JAN: rows})
    assert persons(folder) == expected


@dataclass(frozen=True)
class Spell:
    """One benefit of one client: scheme, first and last day (both of entitlement), and the days of a restart inside."""

    client: int
    scheme: str
    first: date
    last: date | None
    restart: date | None = None


DAYS = [date(2017, month, 1) for month in range(1, 5)]
SERIES = {"pw": ("01",), "pw_ioaw_ioaz": ("01", "02", "03"), "all": ("01", "02", "03", "14")}


def dossiers(spell: Spell, number: int) -> list[tuple[date, date | None, str]]:
    """First day, last day and number of the dossiers a spell is kept in."""
    if spell.restart is None:
        return [(spell.first, spell.last, f"S{number}")]
    before = date.fromordinal(spell.restart.toordinal() - 1)
    return [(spell.first, before, f"S{number}"), (spell.restart, spell.last, f"S{number}R")]


def months_of(spells: list[Spell]) -> dict[str, list[dict[str, object]]]:
    """The files a reporter would send: who is in stock, and what ended since the file before."""
    months: dict[str, list[dict[str, object]]] = {}
    for previous, day in zip([date(2016, 12, 1), *DAYS], DAYS, strict=False):
        rows = [benefit(999_999)]
        for number, spell in enumerate(spells):
            for first, last, dossier in dossiers(spell, number):
                if first <= day and (last is None or last >= previous):
                    end = {} if last is None else {"einddatum": last.isoformat(), "reden_einde": "11"}
                    rows.append(
                        benefit(
                            spell.client, registratienummer_uitkering=dossier, statistiekcode=spell.scheme,
                            ingangsdatum=first.isoformat(), oorspronkelijke_ingangsdatum=spell.first.isoformat(), **end,
                        )
                    )  # fmt: skip
        months[day.strftime("%d-%m-%Y")] = rows
    return months


def is_in_stock(spell: Spell, day: date) -> bool:
    return spell.first <= day and (spell.last is None or spell.last >= day)


_day = st.dates(date(2016, 11, 15), date(2017, 4, 15))


@st.composite
def histories(draw: st.DrawFn) -> list[Spell]:
    """Clients with one or two spells after each other."""
    found: list[Spell] = []
    for client in range(1, draw(st.integers(2, 7))):
        first, restart, last, again = sorted(draw(st.lists(_day, min_size=4, max_size=4, unique=True)))
        kind = draw(st.sampled_from(["open", "ended", "restarted", "twice"]))
        scheme = draw(st.sampled_from(["01", "02", "14"]))
        found.append(
            Spell(client, scheme, first, None if kind == "open" else last, restart if kind == "restarted" else None)
        )
        if kind == "twice":
            found.append(Spell(client, draw(st.sampled_from(["01", "03"])), again, None))
    return found


@examples(3, are_nights=True)
@given(spells=histories())
def test_stock_and_flow_equal_a_slow_count(tmp_path_factory: pytest.TempPathFactory, spells: list[Spell]) -> None:
    folder = Folder.at(tmp_path_factory.mktemp("history"), publishes=False)
    deliver(folder, months_of(spells))
    stock = folder.stock()
    for series, schemes in SERIES.items():
        counted = [spell for spell in spells if spell.scheme in schemes]
        for day in DAYS:
            expected = 1 + sum(is_in_stock(spell, day) for spell in counted)
            assert stock["GM0899", day.isoformat(), series] == expected
        for previous, day in itertools.pairwise(DAYS):
            opening = 1 + sum(is_in_stock(spell, previous) for spell in counted)
            closing = 1 + sum(is_in_stock(spell, day) for spell in counted)
            inflow = sum(previous < spell.first <= day for spell in counted)
            outflow = sum(spell.last is not None and previous <= spell.last < day for spell in counted)
            assert folder.flow(day.isoformat(), series) == (opening, inflow, outflow, closing, 0)
