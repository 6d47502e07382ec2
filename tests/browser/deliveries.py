"""A year of benefits of one municipality, small enough to count by hand. Here: rows. Not here: where they are put.

Every month two benefits start; in two months out of three one ends. Reference dates are first days of months; month 0
is April 2016, so February 2017 is month 10. Nobody is real.
"""

from collections.abc import Iterable
from datetime import date

from tests.jobs.folder import Folder, benefit, bsn, caseload

AT_FIRST = 18
FEBRUARY, MARCH, APRIL, MAY = 10, 11, 12, 13
LATE = range(900, 903)
"""Clients whose benefit began in January 2017 and whom the sender forgot in February's first delivery."""
NO_SUCH_DAY = "31-02-2017"


def reference_date(month: int) -> date:
    return date(2016 + (month + 3) // 12, (month + 3) % 12 + 1, 1)


def file_name(month: int, day: int = 7, what: str = "bestand") -> str:
    on = reference_date(month)
    return f"caseload/{on.replace(day=day)}_{what}_{on:%Y%m}.csv"


def stock(month: int) -> int:
    """Benefits on the reference date of a month."""
    return AT_FIRST + 2 * (month + 1) - sum(_has_end(each) for each in range(month + 1))


def delivered(month: int, *, late: Iterable[int] = (), bad: int = 0) -> str:
    """The delivery about a month; ``bad`` of its rows have a start date that does not exist."""
    on = _written(reference_date(month))
    rows = [_row(number, on) for number in range(AT_FIRST) if not _has_end(number) or number > month]
    if _has_end(month):
        rows.append(_row(month, on, einddatum=_written(_day(month, 20)), reden_einde="01"))
    begun = [(100 + 2 * each + n, _day(each, 10)) for each in range(month + 1) for n in range(2)]
    rows += [_row(number, on, ingangsdatum=_written(start)) for number, start in begun]
    rows += [_row(number, on, ingangsdatum="25-01-2017") for number in late]
    for row in rows[:bad]:
        row["ingangsdatum"] = NO_SUCH_DAY
    return caseload(*rows)


def put_year(folder: Folder) -> None:
    """April 2016 to March 2017, as they came in."""
    for month in range(MARCH + 1):
        folder.put(file_name(month), delivered(month))


def secrets() -> list[str]:
    """What identifies a client in these deliveries: numbers and dossiers."""
    numbers = [*range(AT_FIRST), *range(100, 100 + 2 * (MAY + 1)), *LATE]
    return [text for number in numbers for text in (bsn(number), _dossier(number))]


def _row(number: int, on: str, **changed: str) -> dict[str, object]:
    return benefit(number, peildatum=on, registratienummer_uitkering=_dossier(number), **changed)


def _dossier(number: int) -> str:
    return f"DOSSIER-{number:04d}"


def _has_end(month: int) -> bool:
    return month % 3 != 0


def _day(month: int, day: int) -> date:
    """A day in the month that ends at this month's reference date."""
    return reference_date(month - 1).replace(day=day)


def _written(day: date) -> str:
    return f"{day:%d-%m-%Y}"
