"""Deliveries of the usual size that say something else of dossiers that were known."""

from itertools import permutations
from pathlib import Path

import pytest

from tests.jobs.folder import Folder, benefit, bsn, caseload

FIRST, AGAIN, NEXT = "caseload/2017-02-07.csv", "caseload/2017-02-20.csv", "caseload/2017-03-07.csv"
ENDED = {"einddatum": "31-01-2017", "reden_einde": "01"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.at(tmp_path, publishes=False)


def month(size: int = 40, *, of: int = 0, day: str = "01-02-2017", **changed: object) -> str:
    """So many benefits, the first few of them with other cells; a quarter are of another scheme."""
    rows = [
        benefit(n, peildatum=day) | {"statistiekcode": "02" if n % 4 == 0 else "01"} | (changed if n < of else {})
        for n in range(size)
    ]
    return caseload(*rows)


@pytest.mark.parametrize(
    ("of", "changed", "rule"),
    [
        (40, ENDED, "DELIVERY-023"),
        (12, ENDED, "DELIVERY-023"),
        (7, ENDED, ""),
        (40, {"statistiekcode": "01"}, "DELIVERY-023"),
        (40, {"leefvorm": "3"}, "DELIVERY-024"),
        (40, {"geslacht": "1"}, "DELIVERY-024"),
        (40, {"geboortedatum": "19700000"}, "DELIVERY-024"),
        (40, {"ingangsdatum": "15-01-2017"}, "DELIVERY-024"),
        (8, {"leefvorm": "2"}, ""),
    ],
)
@pytest.mark.parametrize("day", ["01-02-2017", pytest.param("01-03-2017", marks=pytest.mark.system)])
def test_a_month_of_as_many_rows_that_says_something_else_waits(
    folder: Folder, of: int, changed: dict[str, object], rule: str, day: str
) -> None:
    folder.put(FIRST, month())
    name = AGAIN if day == "01-02-2017" else NEXT
    folder.put(name, month(of=of, day=day, **changed))

    folder.run()

    assert folder.outcome(FIRST) == ("recorded", "")
    assert folder.outcome(name) == ("held" if rule else "recorded", rule)
    assert folder.problems() == ()


@pytest.mark.parametrize(
    ("of", "changed", "outcome"),
    [
        (40, {"leefvorm": "", "geslacht": "", "geboortedatum": ""}, ("recorded", "")),
        (20, {"geslacht": ""}, ("held", "DELIVERY-024")),
    ],
)
def test_a_month_may_leave_out_a_column_and_not_half_of_it(
    folder: Folder, of: int, changed: dict[str, object], outcome: tuple[str, str]
) -> None:
    folder.put(FIRST, month())
    folder.put(NEXT, month(of=of, day="01-03-2017", **changed))
    folder.run()

    assert folder.outcome(NEXT) == outcome


def test_a_month_that_is_told_again_may_not_leave_out_a_column(folder: Folder) -> None:
    folder.put(FIRST, month())
    folder.put(AGAIN, month(of=40, leefvorm=""))
    folder.run()

    assert folder.outcome(AGAIN) == ("held", "DELIVERY-024")


def test_the_receipt_says_before_and_after(folder: Folder) -> None:
    folder.put(FIRST, month())
    folder.put(AGAIN, month(of=40, **ENDED))
    told = folder.run().receipt(AGAIN).detail

    assert told.startswith("far fewer or far more current benefits than before: Brunssum 2017-02: 40 current → 0 curr")


def test_what_was_left_open_before_is_no_change(folder: Folder) -> None:
    folder.put(FIRST, month(of=40, leefvorm="", geslacht=""))
    folder.put(AGAIN, month())

    folder.run()

    assert folder.outcome(AGAIN) == ("recorded", "")


@pytest.mark.parametrize("order", [*permutations((FIRST, AGAIN, NEXT))])
def test_it_waits_in_any_order_of_loading(folder: Folder, order: tuple[str, ...]) -> None:
    content = {FIRST: month(), AGAIN: month(of=40, **ENDED), NEXT: month(day="01-03-2017")}
    for name in order:
        folder.put(name, content[name])
        folder.run()

    assert [folder.outcome(name)[0] for name in (FIRST, AGAIN, NEXT)] == ["recorded", "held", "recorded"]
    assert folder.run().receipts == ()
    assert folder.problems() == ()


BOTH = "caseload/2017-02-07.csv", "caseload/2017-02-20.csv"


def turned(column: str) -> str:
    """Every row has the cell of the row seven below."""
    rows = [benefit(n) for n in range(40)]
    return caseload(*(row | {column: rows[(n + 7) % 40][column]} for n, row in enumerate(rows)))


def ending(of: int, **changed: object) -> str:
    rows = [benefit(n) | (ENDED | changed if n < of else {}) for n in range(60)]
    return caseload(*rows)


@pytest.mark.parametrize(
    ("first", "then", "word"),
    [
        (month(), turned("bsn"), "bsn, clientnummer: 40 of 40"),
        pytest.param(
            month(), turned("registratienummer_uitkering"), "bsn, clientnummer: 40 of 40", marks=pytest.mark.system
        ),
        (ending(12), ending(12, einddatum="10-01-2017"), "einddatum: 12 of 12"),
        (ending(12), ending(2), "einddatum: 10 of 12 ended dossiers are current again"),
        pytest.param(
            ending(12),
            ending(0).replace(";D", ";N"),
            "einddatum: 12 of 12 ended dossiers are current again",
            marks=pytest.mark.system,
        ),
        pytest.param(ending(12), ending(12, reden_einde="02"), "reden_einde: 12 of 12", marks=pytest.mark.system),
        pytest.param(
            caseload(*(benefit(n, bsn_partner=bsn(900 + n)) for n in range(40))),
            caseload(*(benefit(n) for n in range(40))),
            "bsn_partner: 40 of 40",
            marks=pytest.mark.system,
        ),
        pytest.param(
            caseload(*(benefit(n, oorspronkelijke_ingangsdatum="01-05-2014") for n in range(40))),
            caseload(*(benefit(n, oorspronkelijke_ingangsdatum="01-05-2013") for n in range(40))),
            "oorspronkelijke_ingangsdatum: 40 of 40",
            marks=pytest.mark.system,
        ),
        pytest.param(ending(9), ending(9, einddatum="10-01-2017"), "", marks=pytest.mark.system),
    ],
)
def test_whatever_is_said_of_the_same_dossiers_is_compared(folder: Folder, first: str, then: str, word: str) -> None:
    for name, content in zip(BOTH, (first, then), strict=True):
        folder.put(name, content)
    told = folder.run().receipt(BOTH[1])

    assert told.status == ("held" if word else "recorded")
    assert word in told.detail


def test_a_few_ends_may_be_taken_back(folder: Folder) -> None:
    folder.put(FIRST, ending(12))
    folder.put(AGAIN, ending(3))
    folder.run()

    assert folder.outcome(AGAIN) == ("recorded", "")


def test_dossiers_under_other_numbers_are_known_by_their_clients(folder: Folder) -> None:
    """A new administration gives out new numbers; what it says of the same clients is compared all the same."""
    rows = [benefit(n) for n in range(40)]
    other = {"ingangsdatum": "15-01-2017"}
    folder.put(BOTH[0], caseload(*rows))
    folder.put(
        BOTH[1], caseload(*(row | other | {"registratienummer_uitkering": f"X{n}"} for n, row in enumerate(rows)))
    )
    assert (
        "ingangsdatum: 40 of 40 dossiers (row 2, row 3, row 4, row 5, row 6, …)" in folder.run().receipt(BOTH[1]).detail
    )


PLACES = ("0899", "0881", "0882", "0917", "0928", "0951", "0962", "0965", "0971", "0981", "0986", "0994")


def small(count: int = 9, *, prefix: str = "", **changed: object) -> str:
    """Twelve municipalities of a few benefits each."""
    rows = [
        benefit(100 * place + n, gemeentecode=code, registratienummer_uitkering=f"{prefix}D{100 * place + n}")
        for place, code in enumerate(PLACES)
        for n in range(count)
    ]
    return caseload(*(row | changed for row in rows))


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (small(**ENDED), "12 small places together: 108 current → 0 current"),
        pytest.param(
            small(statistiekcode="02"), "12 small places together: 01: 108 current → 0", marks=pytest.mark.system
        ),
        pytest.param(small(leefvorm="2"), "leefvorm: 108 of 108 dossiers", marks=pytest.mark.system),
        pytest.param(small(4), "12 small places together: 108 rows → 48 rows", marks=pytest.mark.system),
        pytest.param(small(8, geslacht="2"), "", marks=pytest.mark.system),
    ],
)
def test_many_small_places_are_judged_together(folder: Folder, then: str, told: str) -> None:
    for name, content in zip(BOTH, (small(), then), strict=True):
        folder.put(name, content)
    receipt = folder.run().receipt(BOTH[1])

    assert receipt.status == ("held" if told else "recorded"), receipt.detail
    assert told in receipt.detail


def test_a_month_of_eleven_is_compared_with_that_of_nine_before_it(folder: Folder) -> None:
    """Not with the last one that had ten, of half a year ago, when others were there."""
    for number, first in enumerate((0, 1, 4, 6, 8, 9), start=1):
        numbers = range(first, first + (11 if number in (1, 6) else 9))
        rows = [
            benefit(n, peildatum=f"01-{number:02}-2017", ingangsdatum=f"01-{max(number - 1, 1):02}-2017")
            for n in numbers
        ]
        folder.put(f"caseload/2017-{number:02}-09.csv", caseload(*rows))
    receipt = folder.run().receipt("caseload/2017-06-09.csv")

    assert "DELIVERY-012" not in (receipt.rule, receipt.detail)
