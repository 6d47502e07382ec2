"""What arrives: some months to begin with, then a wave of files after every fault, so that there is always work.

The same number always gives the same bytes. Every outcome occurs: recorded, superseded, held, rejected, copied.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

Files = Mapping[str, bytes]
"""Content by name below ``raw``."""

FIRST_MONTHS = 8
_BEGIN = date(2015, 1, 1)
_BAD = {"ingangsdatum": "31-02-2017"}
_CASELOAD = (
    "peildatum", "gemeentecode", "registratienummer_uitkering", "bsn", "statistiekcode", "leefvorm", "geboortedatum",
    "geslacht", "ingangsdatum", "einddatum", "reden_einde",
)  # fmt: skip
_TOTALS = ("peildatum", "gemeentecode", "reeks", "aantal")
_EVENTS = ("aanbieder", "gebeurtenis_id", "gebeurtenis", "datum", "traject_id", "clientnummer", "programma")
_CLAIMS = (
    "uitspraak_id", "document", "publicatiedatum", "indicator", "gemeentecode", "reeks", "peildatum", "operator",
    "waarde", "eenheid",
)  # fmt: skip


def first() -> Files:
    """What is there before anything is broken."""
    files: dict[str, str] = {}
    for number in range(FIRST_MONTHS):
        files |= _month(number) | _totals(number) | _events(number)
    files |= {
        "caseload/2015-12-01_held.csv": _held(0),
        "caseload/2015-12-02_copy.csv": _month(1)[_month_name(1)],
        "caseload/2015-12-03_empty.csv": "",
        "caseload/2015-12-04_folder.csv/inner.csv": "a;b\n",
        "caseload_totals/2015-12-05_other_source.csv": _month(2, size=9)[_month_name(2)],
        "published_figures/2015-12-06_press.csv": _claims(),
    }
    return _encoded(files)


def wave(number: int) -> Files:
    """The ``number``-th lot of new files, from 1: always a new month, and something of another kind."""
    month = FIRST_MONTHS + number - 1
    day = _day(month) + timedelta(days=10)
    # Only what is recent is delivered again: a figure that is final would wait for a steward, and no run could finish.
    again = _month(month - 1, size=60 + number)[_month_name(month - 1)]
    others: tuple[dict[str, str], ...] = (
        {f"caseload/{day}_again.csv": again},
        {f"caseload/{day}_held.csv": _held(number), **_totals(month)},
        {f"caseload/{day}_copy.csv": _month(month - 1)[_month_name(month - 1)], **_events(month)},
        {f"caseload/{day}_empty_{number}.csv": "", **_events(month)},
        {f"caseload/{day}_wide.csv": again.replace(";D", ";W"), f"caseload_totals/{day}_wrong.csv": again + "\n"},
    )
    return _encoded(_month(month) | others[number % len(others)])


def _encoded(files: Mapping[str, str]) -> Files:
    return {name: content.encode() for name, content in files.items()}


def _day(month: int) -> date:
    """First day of the ``month``-th month."""
    return date(_BEGIN.year + month // 12, 1 + month % 12, 1)


def _month_name(month: int) -> str:
    return f"caseload/{_day(month) + timedelta(days=6)}_month.csv"


def _month(month: int, *, size: int | None = None) -> dict[str, str]:
    """One month of benefits: some ended, one cannot be read, one is there twice."""
    day = _day(month)
    ended = {"einddatum": f"{day - timedelta(days=9):%d-%m-%Y}", "reden_einde": "11"}
    rows = [_benefit(n, day, **(ended if n % 23 == month % 23 else {})) for n in range(size or 30 + month)]
    return {_month_name(month): _csv(_CASELOAD, [*rows, rows[1], _benefit(900, day, **_BAD)])}


def _benefit(number: int, day: date, **changed: str) -> dict[str, str]:
    row = {
        "peildatum": f"{day:%d-%m-%Y}", "gemeentecode": "0899", "registratienummer_uitkering": f"D{number}",
        "bsn": _bsn(number), "statistiekcode": "01", "leefvorm": "1", "geboortedatum": "19800000", "geslacht": "2",
        "ingangsdatum": "01-05-2014",
    }  # fmt: skip
    return row | changed


def _bsn(number: int) -> str:
    """The ``number``-th made-up number that passes the 11-test."""
    first = f"{10_000_000 + 7 * number:08d}"
    check = sum(int(digit) * weight for digit, weight in zip(first, range(9, 1, -1), strict=True)) % 11
    return _bsn(number + 1_000_003) if check == 10 else first + str(check)


def _held(number: int) -> str:
    day = date(2014, 1, 1) + timedelta(days=number)
    return _csv(_CASELOAD, [_benefit(1, day, **_BAD), _benefit(2, day)])


def _totals(month: int) -> dict[str, str]:
    day = _day(month)
    rows = [
        {"peildatum": f"{day:%d-%m-%Y}", "gemeentecode": code, "reeks": "pw", "aantal": str(29 + month)}
        for code in ("0899", "0882")
    ]
    return {f"caseload_totals/{day + timedelta(days=8)}_totals.csv": _csv(_TOTALS, rows)}


def _events(month: int) -> dict[str, str]:
    rows = [
        {
            "aanbieder": "RE01", "gebeurtenis_id": f"E-{month}-{number}-{kind}", "gebeurtenis": kind,
            "datum": f"{date(2017, 3, 6) + timedelta(days=month + number + 30 * (kind == 'geplaatst')):%d-%m-%Y}",
            "traject_id": f"T-{month}-{number}", "clientnummer": f"K-{month}-{number}", "programma": "INNOVATIEF2016",
        }
        for number in range(5)
        for kind in ("gestart", "geplaatst")
    ]  # fmt: skip
    return {f"trajectory_events/{date(2019, 1, 1) + timedelta(days=month)}_events.csv": _csv(_EVENTS, rows)}


def _claims() -> str:
    rows = [
        {
            "uitspraak_id": f"P-{number}", "document": "Voortgang", "publicatiedatum": "01-03-2016",
            "indicator": "caseload_stock", "gemeentecode": "0899", "reeks": "pw", "peildatum": "01-02-2015",
            "operator": "=", "waarde": str(30 + number), "eenheid": "aantal",
        }
        for number in range(2)
    ]  # fmt: skip
    return _csv(_CLAIMS, rows)


def _csv(header: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    names = list(header)
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return "".join(";".join(line) + "\n" for line in lines)
