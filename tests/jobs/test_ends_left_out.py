"""Months in which the ends are not told: the columns are gone or empty, every end lies on another day, or the stock of
an earlier date stands there under a new one without what had ended.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.jobs.folder import CASELOAD, Folder, benefit, caseload

Row = dict[str, object]
SIZE, MOVES = 240, 12
"""So many are current, and so many begin and end in each month."""
WITHOUT = [name for name in CASELOAD if name not in ("einddatum", "reden_einde")]


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    return unpublished


def month(number: int, size: int = SIZE, moves: int = MOVES) -> list[Row]:
    """The stock of the first of a month of 2017, and what ended in the month before."""
    day, before = date(2017, number, 1), date(2017, number, 1) - timedelta(15)
    gone = moves * number
    rows = [benefit(n, peildatum=f"{day}", ingangsdatum=_start(n, size, moves)) for n in range(gone, gone + size)]
    ended = [
        benefit(n, peildatum=f"{day}", ingangsdatum=_start(n, size, moves), einddatum=f"{before}", reden_einde="11")
        for n in range(gone - moves, gone)
    ]
    return [*rows, *ended]


def _start(n: int, size: int, moves: int) -> str:
    """Those of the first month began long ago, so many in each month then."""
    return f"{date(2016, 12, 15) + timedelta(30 * ((n - size) // moves))}"


def current(rows: list[Row]) -> list[Row]:
    return [row for row in rows if "einddatum" not in row]


def ended_on(day: str) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [row | ({"einddatum": day} if "einddatum" in row else {}) for row in rows]


def open_ended(rows: list[Row]) -> list[Row]:
    return [row | {"einddatum": "", "reden_einde": ""} for row in rows]


def name(number: int, day: int = 7) -> str:
    return f"caseload/2017-{number:02d}-{day:02d}.csv"


def taken_in(folder: Folder, *months: list[Row]) -> None:
    for number, rows in enumerate(months, 1):
        folder.put(name(number), caseload(*rows))
    assert {receipt.status for receipt in folder.take_in()} == {"recorded"}


@pytest.mark.parametrize(
    ("told", "header"),
    [
        pytest.param(list, WITHOUT, id="without the columns"),
        pytest.param(open_ended, CASELOAD, id="with empty columns"),
        pytest.param(ended_on("2017-05-31"), CASELOAD, id="with ends that are still to come"),
        pytest.param(ended_on("2017-02-17"), CASELOAD, id="with ends before the date on which they were current"),
    ],
)
def test_a_month_that_nobody_left_waits(
    folder: Folder, told: Callable[[list[Row]], list[Row]], header: tuple[str, ...]
) -> None:
    taken_in(folder, month(1), month(2), month(3))
    folder.put(name(4), caseload(*told(month(4)), header=header))
    (receipt,) = folder.take_in()

    assert (receipt.status, receipt.rule) == ("held", "DELIVERY-023")
    assert receipt.detail.startswith(
        "next to no benefit that was current on the date before ended or left: "
        "Brunssum 2017-04: 0 of 240 current benefits of 2017-03 ended or left, where 10 are usual; nothing"
    )


@pytest.mark.parametrize(
    ("before", "told", "header"),
    [
        pytest.param(list, list, CASELOAD, id="whole"),
        pytest.param(list, current, WITHOUT, id="what ended is left out with the columns"),
        pytest.param(current, current, WITHOUT, id="no month tells of ends"),
    ],
)
def test_who_ended_may_be_left_out_whole(
    folder: Folder,
    before: Callable[[list[Row]], list[Row]],
    told: Callable[[list[Row]], list[Row]],
    header: tuple[str, ...],
) -> None:
    taken_in(folder, *(before(month(number)) for number in (1, 2, 3)))
    folder.put(name(4), caseload(*told(month(4)), header=header))
    (receipt,) = folder.take_in()

    assert (receipt.status, receipt.detail) == ("recorded", "")


def test_a_place_that_tells_of_no_ends_and_keeps_who_ended_waits(folder: Folder) -> None:
    taken_in(folder, *(current(month(number)) for number in (1, 2, 3)))
    folder.put(name(4), caseload(*month(4), header=WITHOUT))

    assert folder.take_in()[0].rule == "DELIVERY-023"


def test_one_month_before_is_enough_where_it_tells_of_ends(folder: Folder) -> None:
    taken_in(folder, month(1))
    folder.put(name(2), caseload(*month(2), header=WITHOUT))

    assert folder.take_in()[0].rule == "DELIVERY-023"


@pytest.mark.parametrize("size", [100, 180])
def test_in_a_small_place_a_month_that_nobody_left_may_be_chance(folder: Folder, size: int) -> None:
    taken_in(folder, *(month(number, size, 3) for number in (1, 2, 3)))
    folder.put(name(4), caseload(*month(4, size, 3), header=WITHOUT))

    assert folder.take_in()[0].status == "recorded"


def test_after_many_ended_at_once_a_month_that_one_left_does_not_wait(folder: Folder) -> None:
    """Of 150 three usually end in a month, whatever the month before was."""
    taken_in(folder, month(1, 150, 20), month(2, 150, 20))
    folder.put(name(3), caseload(*month(3, 150, 20), header=WITHOUT))

    assert folder.take_in()[0].status == "recorded"


def test_small_places_of_one_file_wait_together(folder: Folder) -> None:
    def of_both(number: int) -> list[Row]:
        rows = month(number, 140, 8)
        numbers = [f"L{row['registratienummer_uitkering']}" for row in rows]
        return [
            *rows,
            *(
                row | {"gemeentecode": "0882", "registratienummer_uitkering": n, "bsn": "", "clientnummer": n}
                for n, row in zip(numbers, rows, strict=True)
            ),
        ]

    header = [*CASELOAD, "clientnummer"]
    for number in (1, 2, 3):
        folder.put(name(number), caseload(*of_both(number), header=header))
    folder.put(name(4), caseload(*of_both(4), header=[*WITHOUT, "clientnummer"]))
    *whole, receipt = folder.take_in()

    assert {each.status for each in whole} == {"recorded"}
    assert receipt.detail.startswith(
        "next to no benefit that was current on the date before ended or left: "
        "all places: 0 of 280 current benefits ended or left, where"
    )


def test_a_month_that_is_told_again_without_its_ends_waits(folder: Folder) -> None:
    taken_in(folder, month(1), month(2), month(3))
    folder.put(name(3, 20), caseload(*month(3), header=WITHOUT))
    (receipt,) = folder.take_in()

    assert (receipt.status, receipt.rule) == ("held", "DELIVERY-023")
    assert "DELIVERY-024: dossiers that say something else than before: Brunssum 2017-03: einddatum: " in receipt.detail
    assert "12 of 12 ended dossiers are current again (row 242, row 243, " in receipt.detail


def test_who_ended_the_month_before_and_is_current_again_waits(folder: Folder) -> None:
    taken_in(folder, month(1), month(2), month(3))
    back = [row | {"peildatum": "2017-04-01"} for row in open_ended(month(3)[SIZE:])]
    folder.put(name(4), caseload(*month(4), *back))

    assert folder.take_in()[0].rule == "DELIVERY-024"


@pytest.mark.parametrize("ago", [1, 2, 3])
def test_the_stock_of_an_earlier_date_waits_without_what_had_ended(folder: Folder, ago: int) -> None:
    taken_in(folder, month(1), month(2), month(3), month(4))
    folder.put(name(5), caseload(*(row | {"peildatum": "2017-05-01"} for row in current(month(5 - ago)))))
    (receipt,) = folder.take_in()

    assert receipt.status == "held"
    assert "DELIVERY-021" in receipt.findings
    assert f"Brunssum 2017-05: 240 of 240 rows known from 2017-{5 - ago:02d}" in receipt.detail


@pytest.mark.parametrize("ago", [1, 2])
def test_so_it_does_where_no_month_tells_of_ends(folder: Folder, ago: int) -> None:
    taken_in(folder, *(current(month(number)) for number in (1, 2, 3, 4)))
    folder.put(name(5), caseload(*(row | {"peildatum": "2017-05-01"} for row in current(month(5 - ago)))))

    assert folder.take_in()[0].rule == "DELIVERY-021"


def test_a_quiet_month_of_a_small_place_does_not(folder: Folder) -> None:
    taken_in(folder, *(month(number, 90, 2) for number in (1, 2, 3, 4)))
    folder.put(name(5), caseload(*(row | {"peildatum": "2017-05-01"} for row in current(month(4, 90, 2)))))

    assert folder.take_in()[0].status == "recorded"
