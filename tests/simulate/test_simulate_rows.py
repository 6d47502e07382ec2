"""Every row that is not planted as bad is one that a careful sender could have sent."""

from collections import defaultdict
from datetime import date
from typing import Any

VALID = {"123456782", "111111110", "900038937", "000000012"}
INVALID = {"123456789", "999999999", "000000000"}


def _weighted(bsn: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), bsn, strict=True))


def _all(record_of: Any) -> list[Any]:
    return [row for rows in record_of.values() for row in rows]


def test_the_eleven_test_used_here_knows_published_numbers() -> None:
    assert all(_weighted(bsn) % 11 == 0 for bsn in VALID)
    assert not any(_weighted(bsn) % 11 == 0 and bsn != "000000000" for bsn in INVALID)


def test_every_citizen_number_passes(record_of: Any) -> None:
    numbers = {row.bsn for row in _all(record_of)} | {row.partner for row in _all(record_of) if row.partner}

    assert all(len(bsn) == 9 and _weighted(bsn) % 11 == 0 and bsn not in INVALID for bsn in numbers)


def test_a_citizen_number_is_one_person(record_of: Any) -> None:
    births, clients, partners = defaultdict(set), set(), set()
    for row in record_of[date(2017, 2, 1)] + record_of[date(2018, 9, 1)] + record_of[date(2015, 7, 1)]:
        births[row.bsn].add(tuple(sorted(row.birth.replace("-", " ").split())))
        clients.add(row.bsn)
        partners.add(row.partner)

    assert all(len(found) == 1 for found in births.values())
    assert not clients & partners


def test_couples_and_only_couples_have_a_partner(record_of: Any) -> None:
    assert all((row.household == "3") == bool(row.partner) and row.partner != row.bsn for row in _all(record_of))


def test_one_client_never_has_two_live_benefits(record_of: Any) -> None:
    for rows in record_of.values():
        alive = [row.bsn for row in rows if row.is_alive]
        assert len(alive) == len(set(alive))


def test_a_registration_number_is_one_benefit(record_of: Any) -> None:
    benefits = defaultdict(set)
    for row in _all(record_of):
        benefits[row.number].add((row.municipality, row.bsn, row.scheme, row.household, row.start, row.original))
    per_file = [[row.number for row in rows] for rows in record_of.values()]

    assert all(len(number) <= 15 and number.isascii() for number in benefits)
    assert all(len(found) == 1 for found in benefits.values())
    assert all(len(numbers) == len(set(numbers)) for numbers in per_file)


def test_only_what_was_known_on_the_date_is_shown(record_of: Any) -> None:
    days = sorted(record_of)
    for previous, day in zip([days[0], *days], days, strict=False):
        for row in record_of[day]:
            assert row.original <= row.start <= day
            assert row.end is None or (previous <= row.end <= day and row.start <= row.end)
            assert bool(row.end) == bool(row.reason)


def test_nobody_is_under_eighteen_at_the_start(record_of: Any) -> None:
    for row in record_of[date(2017, 2, 1)]:  # written as dd-mm-jjjj
        day, month, year = (int(part) for part in row.birth.split("-"))
        assert (row.original.year, row.original.month, row.original.day) >= (year + 18, month, day)


def test_some_dates_of_birth_are_partly_unknown(record_of: Any) -> None:
    births = [row.birth for row in record_of[date(2017, 2, 1)]]

    assert any(birth.startswith("00-00-") for birth in births)
    assert 0.005 < sum(birth.startswith("00-") for birth in births) / len(births) < 0.05


def test_restarted_dossiers_stand_in_one_file_with_both_numbers(record_of: Any, one_day: Any) -> None:
    restarts = 0
    for rows in record_of.values():
        old = {(row.bsn, row.original, row.end + one_day): row for row in rows if row.end}
        new = [row for row in rows if row.start != row.original and (row.bsn, row.original, row.start) in old]
        assert all(old[row.bsn, row.original, row.start].household != row.household for row in new)
        restarts += len(new)

    assert 150 < restarts < 400
