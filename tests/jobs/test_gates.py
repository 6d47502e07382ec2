"""Deliveries that change more than they should, through the door: what the receipt says, and any order of loading."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import polars as pl
import pytest

from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.ingest.check import check
from pipeline.jobs.ingest.receipts import Receipt
from schemas.sentences import Language, Place, worded
from schemas.vocabulary import Decision
from tests.jobs.folder import Folder, benefit, bsn, caseload, csv

EVENTS = ("aanbieder", "gebeurtenis_id", "gebeurtenis", "datum", "traject_id", "bsn", "programma")


def month(number: int, size: int, code: str = "0899") -> list[dict[str, object]]:
    return [benefit(n, peildatum=f"01-{number:02d}-2017", gemeentecode=code) for n in range(size)]


def events(prefix: str) -> str:
    rows = [
        {
            "aanbieder": "RE01", "gebeurtenis_id": f"{prefix}{n}", "gebeurtenis": "gestart", "datum": "2017-03-10",
            "traject_id": f"T{n}", "bsn": bsn(n), "programma": "INNOVATIEF2016",
        }
        for n in range(5)
    ]  # fmt: skip
    return csv(EVENTS, rows)


WAITS = "nothing of it counts until a steward accepts it or it is delivered again"
BEFORE = {
    "caseload/2017-01-09_jan.csv": caseload(*month(1, 40), *month(1, 6, "0881")),
    "caseload/2017-02-09_feb.csv": caseload(*month(2, 40), *month(2, 6, "0881")),
    "trajectory_events/2017-04-08.csv": events("A"),
}
BAD = {"statistiekcode": "1"}
GOLDEN = {
    "a part in quarantine": (
        "caseload/2017-03-09.csv",
        caseload(*month(3, 114), *(row | (BAD if n < 5 else {}) for n, row in enumerate(month(3, 6, "0881")))),
        "DELIVERY-005",
        "Onderbanken 2017-03: 5 of 6 rows cannot be recorded (more than 5 %): CASELOAD-002 statistiekcode, 5 rows "
        "(row 116, row 117, row 118, row 119, row 120); DELIVERY-006: far fewer or far more rows than before: "
        f"Brunssum 2017-03 (new, beside 2017-02): 40 rows → 114 rows; {WAITS}",
    ),
    "corrections alone": (
        "caseload/2017-02-20.csv",
        caseload(*month(2, 3)),
        "DELIVERY-006",
        f"far fewer or far more rows than before: Brunssum 2017-02: 40 rows → 3 rows; {WAITS}",
    ),
    "half a month": (
        "caseload/2017-03-09.csv",
        caseload(*month(3, 12)),
        "DELIVERY-006",
        f"far fewer or far more rows than before: Brunssum 2017-03 (new, beside 2017-02): 40 rows → 12 rows; {WAITS}",
    ),
    "a mistyped date": (
        "caseload/2017-03-09.csv",
        caseload(*month(3, 39), *month(2, 1)),
        "DELIVERY-007",
        "a scope with under 5 % of the rows would replace more than it brings: Brunssum 2017-02: 40 rows → 1 row; "
        f"DELIVERY-006: far fewer or far more rows than before: Brunssum 2017-02: 40 rows → 1 row; {WAITS}",
    ),
    "a stranger": (
        "caseload/2017-02-11.csv",
        caseload(*month(2, 3, "0363")),
        "DELIVERY-008",
        f"no earlier delivery of the sender held Amsterdam: 0 rows → 3 rows; {WAITS}",
    ),
    "new numbers": (
        "trajectory_events/2017-05-08.csv",
        events("N"),
        "DELIVERY-009",
        "the same events on the same days under new numbers, of RE01: 5 of 5 clients known before; " + WAITS,
    ),
}


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    return unpublished


@pytest.mark.parametrize("kind", GOLDEN)
def test_a_golden_delivery_waits_and_its_receipt_says_why(folder: Folder, kind: str) -> None:
    name, content, rule, detail = GOLDEN[kind]
    for before, text in BEFORE.items():
        folder.put(before, text)
    folder.put(name, content)

    receipt = folder.run().receipt(name)

    assert (receipt.status, receipt.rule, receipt.detail) == ("held", rule, detail)
    assert receipt.rows_held == receipt.rows_read
    assert (0, rule) in folder.rules(name)
    row = folder.delivery(name)
    assert row["reason"] == f"{rule}: {detail}; judged on {row['recorded_at']:%Y-%m-%d} beside what was known then"
    assert folder.run().receipts == ()
    assert folder.problems() == ()


def test_where_no_row_is_left_the_file_is_rejected_with_the_reasons(folder: Folder) -> None:
    name = "caseload/2017-01-09.csv"
    folder.put(name, caseload(*(row | BAD for row in month(1, 3))))

    receipt = folder.run().receipt(name)

    assert (receipt.status, receipt.rule) == ("rejected", "DELIVERY-011")
    assert receipt.detail == "none of 3 rows can be recorded: CASELOAD-002 statistiekcode, 3 rows (row 2, row 3, row 4)"
    assert (receipt.rows_read, receipt.rows_quarantined) == (3, 3)


SHRUNK = {
    "caseload/2017-01-10_a.csv": caseload(*month(1, 40)),
    "caseload/2017-02-20_b.csv": caseload(*month(2, 3)),
    "caseload/2017-02-10_c.csv": caseload(*month(2, 40)),
}


def _orders(names: Iterable[str], every: slice) -> list[Any]:
    """Some of the orders in which files may come; but for the first in ``make test-system``."""
    first, *others = [list(each) for each in permutations(names)][every]
    return [first, *(pytest.param(each, marks=pytest.mark.system) for each in others)]


@pytest.mark.parametrize("order", _orders(SHRUNK, slice(1, None, 2)))
def test_a_late_original_is_not_buried_under_what_came_after_it(folder: Folder, order: list[str]) -> None:
    for name in order:
        folder.put(name, SHRUNK[name])
        folder.run()

    assert dict(folder.table("deliveries").select("file_name", "status").iter_rows()) == {
        "caseload/2017-01-10_a.csv": "recorded",
        "caseload/2017-02-20_b.csv": "held",
        "caseload/2017-02-10_c.csv": "recorded",
    }
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 40
    assert folder.run().receipts == ()
    assert folder.problems() == ()


def test_one_decision_settles_a_series(folder: Folder) -> None:
    for number, size in ((1, 40), (2, 100), (3, 101)):
        folder.put(f"caseload/2017-0{number}-09.csv", caseload(*month(number, size)))
    first = {each.file_name: each.status for each in folder.run().receipts}
    delivery = str(folder.delivery("caseload/2017-02-09.csv")["delivery"])

    decide(folder.writer(), Decision.ACCEPTED, delivery, by="A. Steward", why="a merger of offices")
    then = {each.file_name: each.status for each in folder.run().receipts}

    assert list(first.values()) == ["recorded", "held", "held"]
    assert then == {"caseload/2017-02-09.csv": "recorded", "caseload/2017-03-09.csv": "recorded"}


def test_two_deliveries_of_one_day_about_one_scope_have_a_finding_each(folder: Folder) -> None:
    folder.put("caseload/2017-01-10_a.csv", caseload(*month(1, 4)))
    folder.put("caseload/2017-01-10_b.csv", caseload(*month(1, 3)))
    folder.put("trajectory_events/2017-04-08_a.csv", events("A"))
    folder.put("trajectory_events/2017-04-08_b.csv", events("A").replace("gestart", "intake"))
    folder.put("trajectory_events/2017-04-09_c.csv", events("C").replace("RE01", "RE02"))
    folder.run()

    found = (
        folder.table("findings")
        .filter(pl.col("rule") == "DELIVERY-010")
        .join(folder.table("deliveries").select("delivery", "file_name"), on="delivery")
    )

    assert sorted(found["file_name"]) == [
        "caseload/2017-01-10_a.csv",
        "caseload/2017-01-10_b.csv",
        "trajectory_events/2017-04-08_a.csv",
        "trajectory_events/2017-04-08_b.csv",
    ]


def test_a_month_of_other_dossiers_waits_though_its_counts_are_as_before(folder: Folder) -> None:
    for number in (1, 2):
        folder.put(f"caseload/2017-0{number}-07.csv", months(f"01-0{number}-2017", range(20)))
    folder.put("caseload/2017-03-07.csv", months("01-03-2017", range(500, 520)))
    receipt = folder.run().receipt("caseload/2017-03-07.csv")

    assert (receipt.status, receipt.rule) == ("held", "DELIVERY-012")
    assert "Brunssum 2017-03: 0 of 20 rows known from 2017-02" in receipt.detail


def test_known_dossiers_or_known_clients_are_enough_and_far_or_small_months_are_not_compared(folder: Folder) -> None:
    folder.put("caseload/2017-01-07.csv", months("01-01-2017", range(20)))
    folder.put("caseload/2017-02-07.csv", months("01-02-2017", range(20), numbered="X"))  # another administration
    folder.put("caseload/2017-03-07.csv", months("01-03-2017", range(10, 30), new=range(20, 30)))  # half go on
    folder.put("caseload/2018-03-07.csv", months("01-03-2018", range(700, 720)))  # nothing is near
    folder.put("caseload/2018-04-07.csv", months("01-04-2018", range(800, 809)))
    assert {receipt.rule for receipt in folder.run().receipts} <= {"", "DELIVERY-006"}


def months(day: str, numbers: range, numbered: str = "D", new: range = range(0)) -> str:
    """Benefits of long ago, and new ones."""
    starts = ["15-02-2017" if number in new else "01-05-2015" for number in numbers]
    rows = [benefit(number, peildatum=day, ingangsdatum=start) for number, start in zip(numbers, starts, strict=True)]
    return caseload(
        *(
            {**row, "registratienummer_uitkering": f"{numbered}{number}"}
            for number, row in zip(numbers, rows, strict=True)
        )
    )


def steady(day: date, size: int = 8, *, until: int = 0, code: str = "0899") -> list[dict[str, object]]:
    """A stock of which so many began in each of the last 26 times 31 days, up to the one ``until`` so many ago."""
    begun = [day - timedelta(31 * ago + 5) for ago in range(until, 26)]
    return [
        benefit(
            (day - start).days * 100 + n,
            peildatum=day.isoformat(),
            gemeentecode=code,
            registratienummer_uitkering=f"{code}-{start:%y%m%d}-{n}",
            ingangsdatum=start.isoformat(),
        )
        for start in begun
        for n in range(size)
    ]


MARCH = date(2017, 3, 1)


def by_itself(folder: Folder, rows: list[dict[str, object]]) -> Receipt:
    """What becomes of a file before which there was none, and that a check before sending says the same."""
    path = folder.put("caseload/2017-03-09.csv", caseload(*rows))
    (receipt,) = folder.take_in()
    checked = check(path, "caseload")
    assert (checked.status, checked.rule, checked.detail, checked.findings) == (
        receipt.status, receipt.rule, receipt.detail, receipt.findings,
    )  # fmt: skip
    return receipt


def ended(rows: list[dict[str, object]], day: str) -> list[dict[str, object]]:
    return [row | {"einddatum": day, "reden_einde": "11"} for row in rows]


def old_export(size: int) -> list[dict[str, object]]:
    """The stock of February under the date of March, with what ended in January."""
    rows = steady(MARCH, size, until=1)
    return [*ended(rows[-3:], "2017-01-20"), *rows[:-3]]


def test_a_stock_in_which_nothing_began_or_ended_waits(folder: Folder) -> None:
    receipt = by_itself(folder, old_export(8))

    assert (receipt.status, receipt.rule) == ("held", "DELIVERY-016")
    assert receipt.detail == (
        "next to nothing began or ended of late, as in an export of an earlier date: "
        f"Brunssum 2017-03: 0 began or ended in 31 days, where 8 beginnings are usual; {WAITS}"
    )


def test_a_small_one_is_told(folder: Folder) -> None:
    receipt = by_itself(folder, old_export(2))

    assert (receipt.status, receipt.rule) == ("recorded", "DELIVERY-017")
    assert "Brunssum 2017-03: 0 began or ended in 31 days, where 2 beginnings are usual" in receipt.detail
    assert receipt.findings == {"DELIVERY-017": 1}


@pytest.mark.parametrize(("until", "status"), [(1, "recorded"), (3, "held")])
def test_without_any_end_beginnings_may_be_registered_some_weeks_later(folder: Folder, until: int, status: str) -> None:
    assert by_itself(folder, steady(MARCH, until=until)).status == status


@pytest.mark.parametrize(("size", "status"), [(4, "recorded"), (9, "held")])
def test_the_rows_of_the_date_before_wait_where_some_would_have_changed(folder: Folder, size: int, status: str) -> None:
    february = steady(date(2017, 2, 1), size, until=1)
    folder.put("caseload/2017-02-09.csv", caseload(*february))
    folder.put("caseload/2017-03-09.csv", caseload(*(row | {"peildatum": "2017-03-01"} for row in february)))
    receipt = folder.take_in()[-1]

    assert receipt.status == status
    if status == "held":
        assert receipt.rule == "DELIVERY-021"
        assert receipt.detail == (
            "the very rows of an earlier date, no beginning and no end: "
            f"Brunssum 2017-03: 225 of 225 rows known from 2017-02; {WAITS}"
        )


def test_persons_who_stand_there_twice_wait(folder: Folder) -> None:
    rows = steady(MARCH)
    again = [row | {"registratienummer_uitkering": f"NEW{n}"} for n, row in enumerate(rows[:5])]
    receipt = by_itself(folder, [*rows, *again])

    assert (receipt.status, receipt.rule) == ("held", "DELIVERY-014")
    assert receipt.detail == (
        "clients who have another one of the same scheme: Brunssum 2017-03: 5 of 213 current benefits "
        f"(row 210, row 211, row 212, row 213, row 214); {WAITS}"
    )


def test_a_few_who_stand_there_twice_are_told_and_two_schemes_are_none(folder: Folder) -> None:
    rows = steady(MARCH)
    again = [row | {"registratienummer_uitkering": f"NEW{n}"} for n, row in enumerate(rows[:4])]
    own_business = [
        row | {"registratienummer_uitkering": f"Z{n}", "statistiekcode": "14"} for n, row in enumerate(rows)
    ]
    ended = [
        row | {"einddatum": "2017-02-15", "reden_einde": "11", "registratienummer_uitkering": f"O{n}"}
        for n, row in enumerate(rows)
    ]
    receipt = by_itself(folder, [*rows, *again, *own_business, *ended])

    assert receipt.status == "recorded"
    assert receipt.findings == {"CASELOAD-007": 8, "DELIVERY-015": 4}


@pytest.mark.parametrize("column", ["bsn", "bsn_partner"])
def test_one_person_on_many_benefits_is_quarantined(folder: Folder, column: str) -> None:
    rows = steady(MARCH, 10)
    copied = [row | ({column: bsn(77_777)} if n < 5 else {}) for n, row in enumerate(rows)]
    few = [row | ({column: bsn(77_778)} if 5 <= n < 9 else {}) for n, row in enumerate(copied)]
    receipt = by_itself(folder, few)

    assert (receipt.status, receipt.rows_quarantined) == ("recorded", 5)
    assert receipt.findings["DELIVERY-013"] == 5


def accepted(folder: Folder, name: str, decision: Decision = Decision.ACCEPTED) -> dict[str, str]:
    """What a decision about a file made of files in the next run."""
    delivery = str(folder.delivery(name)["delivery"])
    decide(folder.writer(), decision, delivery, by="A. Steward", why="the sender wrote so")
    return {each.file_name: each.status for each in folder.run().receipts}


def statuses(folder: Folder) -> dict[str, str]:
    return dict(folder.table("deliveries").select("file_name", "status").iter_rows())


LATER = {f"caseload/2017-0{number}-09.csv": caseload(*month(number, 40)) for number in (1, 3, 4, 5)}
TINY = "caseload/2017-02-09.csv"


def test_what_was_recorded_stays_when_its_neighbour_is_accepted_and_says_so(folder: Folder) -> None:
    for name, content in {**LATER, TINY: caseload(*month(2, 3))}.items():
        folder.put(name, content)
    folder.run()
    assert statuses(folder) == {**dict.fromkeys(LATER, "recorded"), TINY: "held"}

    assert accepted(folder, TINY) == {TINY: "recorded"}

    assert statuses(folder) == dict.fromkeys([*LATER, TINY], "recorded")
    assert [name for name in LATER if (0, "DELIVERY-020") in folder.rules(name)] == ["caseload/2017-03-09.csv"]
    assert folder.run().receipts == ()
    assert folder.problems() == ()


@pytest.mark.system
def test_files_and_decisions_in_another_order_give_the_same_state(folder: Folder) -> None:
    first, *others = LATER
    folder.put(first, LATER[first])
    folder.put(TINY, caseload(*month(2, 3)))
    folder.run()
    accepted(folder, TINY)
    for name in reversed(others):
        folder.put(name, LATER[name])
        folder.run()

    assert statuses(folder) == dict.fromkeys([*LATER, TINY], "recorded")
    assert [name for name in LATER if (0, "DELIVERY-020") in folder.rules(name)] == ["caseload/2017-03-09.csv"]
    assert folder.problems() == ()


def test_what_is_taken_back_and_brought_back_takes_nothing_along(folder: Folder) -> None:
    sizes = {"caseload/2017-01-09.csv": 40, "caseload/2017-02-09.csv": 49, "caseload/2017-03-09.csv": 58}
    for number, (name, size) in enumerate(sizes.items(), start=1):
        folder.put(name, caseload(*month(number, size)))
    folder.run()

    assert accepted(folder, "caseload/2017-02-09.csv", Decision.RETRACTED) == {}
    assert statuses(folder)["caseload/2017-03-09.csv"] == "recorded"
    assert (0, "DELIVERY-020") in folder.rules("caseload/2017-03-09.csv")

    assert accepted(folder, "caseload/2017-02-09.csv", Decision.REINSTATED) == {}
    assert set(statuses(folder).values()) == {"recorded"}
    assert (0, "DELIVERY-020") not in folder.rules("caseload/2017-03-09.csv")


ORDERED = {
    "caseload/2017-01-07.csv": ("01-01-2017", range(20)),
    "caseload/2017-02-07.csv": ("01-02-2017", range(500, 520)),
    "caseload/2017-03-07.csv": ("01-03-2017", range(500, 520)),
    "caseload/2017-04-07.csv": ("01-04-2017", range(20)),
}


@pytest.mark.parametrize("order", _orders(ORDERED, slice(2, None, 5)))
def test_other_dossiers_wait_in_any_order_of_loading(folder: Folder, order: list[str]) -> None:
    for name in order:
        day, numbers = ORDERED[name]
        folder.put(name, months(day, numbers))
        folder.run()

    assert statuses(folder) == dict(zip(ORDERED, ("recorded", "held", "held", "recorded"), strict=True))
    assert folder.run().receipts == ()
    assert folder.problems() == ()


def test_benefits_that_are_back_from_long_ago_wait_and_new_ones_do_not(folder: Folder) -> None:
    for number in (1, 2):
        folder.put(f"caseload/2017-0{number}-07.csv", months(f"01-0{number}-2017", range(40)))
    folder.put("caseload/2017-03-07.csv", months("01-03-2017", range(10, 50), new=range(40, 50)))
    folder.put("caseload/2017-04-07.csv", months("01-04-2017", range(20, 60), new=range(40, 50)))
    ran = folder.run()
    receipt = ran.receipt("caseload/2017-04-07.csv")

    assert ran.receipt("caseload/2017-03-07.csv").status == "recorded"
    assert (receipt.status, receipt.rule) == ("held", "DELIVERY-018")
    assert receipt.detail == (
        "benefits that were not current before, and had begun long ago: Brunssum 2017-04: 10 of 40 current benefits, "
        f"beside 2017-03; {WAITS}"
    )


def two_places(number: int, moved: int = 0, code: str = "0882") -> str:
    """Forty benefits in Brunssum and a hundred in another place; the first so many change places."""
    rows = [(n, "0899" if n < 40 else code) for n in range(140)]
    turned = dict.fromkeys(range(moved), code) | {40 + n: "0899" for n in range(moved)}
    day = f"01-{number:02d}-2017"
    return caseload(*(benefit(n, peildatum=day, gemeentecode=turned.get(n, place)) for n, place in rows))


@pytest.mark.parametrize(("moved", "status"), [(2, "recorded"), (4, "recorded"), (16, "held")])
def test_dossiers_that_change_municipality_wait_where_they_are_many(folder: Folder, moved: int, status: str) -> None:
    for number in (1, 2):
        folder.put(f"caseload/2017-0{number}-07.csv", two_places(number))
    folder.put("caseload/2017-03-07.csv", two_places(3, moved))
    receipt = folder.run().receipt("caseload/2017-03-07.csv")

    assert receipt.status == status
    if status == "held":
        assert receipt.rule == "DELIVERY-019"
        assert receipt.detail == (
            "clients who stood under another municipality before: Landgraaf 2017-03: 16 of 100 came from Brunssum; "
            f"Brunssum 2017-03: 16 of 40 came from Landgraaf; {WAITS}"
        )


def test_who_accepts_is_told_which_months_change_and_what_becomes_of_the_others(folder: Folder) -> None:
    for name, content in {**LATER, TINY: caseload(*month(2, 3))}.items():
        folder.put(name, content)
    folder.put("caseload/2017-06-09.csv", caseload(*month(6, 80)))
    folder.put("caseload/2017-07-09.csv", caseload(*month(7, 81)))
    folder.run()
    deciding = [(TINY, Decision.ACCEPTED), ("caseload/2017-06-09.csv", Decision.ACCEPTED), (TINY, Decision.RETRACTED)]
    told = []
    for name, decision in deciding:
        done = decide(folder.writer(), decision, name, by="A. Steward", why="the sender wrote so")
        told.append([worded(each, Language.EN, Place.TERMINAL) for each in done.foreseen])
        folder.run()

    assert told == [
        [
            "Rows that count, before → after: Brunssum 2017-02: 0 rows → 3 rows.",
            "Goes on counting, with a warning (DELIVERY-020): caseload/2017-03-09.csv: Brunssum 2017-03 "
            "(new, beside 2017-02): 3 rows → 40 rows.",
        ],
        [
            "Rows that count, before → after: Brunssum 2017-06: 0 rows → 80 rows.",
            "Judged again by the next run, and perhaps recorded: caseload/2017-07-09.csv.",
        ],
        ["Rows that count, before → after: Brunssum 2017-02: 3 rows → 0 rows."],
    ]
    dutch = worded(done.foreseen[0], Language.NL, Place.BROWSER)
    assert dutch == "Rijen die meetellen, ervoor → erna: Brunssum 2017-02: 3 rijen → 0 rijen."


def test_a_provider_keeps_its_events_when_others_are_accepted_or_taken_back(folder: Folder) -> None:
    names = [f"trajectory_events/2017-04-{day:02d}.csv" for day in (8, 9, 10)]
    for name, prefix in zip(names, "ABA", strict=True):
        folder.put(name, events(prefix) + "\n" * (name == names[2]))
    folder.run()
    assert statuses(folder) == dict(zip(names, ("recorded", "held", "recorded"), strict=True))

    accepted(folder, names[1])
    assert set(statuses(folder).values()) == {"recorded"}

    accepted(folder, names[0], Decision.RETRACTED)
    assert statuses(folder) == dict(zip(names, ("retracted", "recorded", "recorded"), strict=True))
    assert folder.problems() == ()


@pytest.mark.parametrize(("order", "status"), [("bca", "recorded"), ("bac", "held")])
def test_of_all_gates_a_new_place_alone_depends_on_the_order_of_loading(
    folder: Folder, order: str, status: str
) -> None:
    """Decision 0022: once two deliveries report about a place, older ones without it put neither back."""
    parts = {"a": (1, 0), "b": (2, 30), "c": (3, 30)}
    for each in order:
        number, size = parts[each]
        elsewhere = [row | {"bsn": bsn(900 + n)} for n, row in enumerate(month(number, size, "0882"))]
        folder.put(f"caseload/2017-0{number}-09.csv", caseload(*month(number, 40), *elsewhere))
        folder.take_in()
    folder.run()

    assert statuses(folder) == {
        "caseload/2017-01-09.csv": "recorded", "caseload/2017-02-09.csv": status, "caseload/2017-03-09.csv": status,
    }  # fmt: skip
