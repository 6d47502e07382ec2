"""Days and months as people here write them, read from a form: ``19-04-2016``, ``april 2016``, ``2016-04``.

Here: what can be meant in one way alone. Not here: dates in deliveries (``pipeline.intake.values``), which follow a
contract of their own.
"""

import re
from datetime import date

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_DAY = r"(?P<day>0?[1-9]|[12][0-9]|3[01])"
_MARK = r"[-/. ]"
_NAMES = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "january", "jan"), ("februari", "february", "feb"), ("maart", "march", "mrt", "mar"),
            ("april", "apr"), ("mei", "may"), ("juni", "june", "jun"), ("juli", "july", "jul"),
            ("augustus", "august", "aug"), ("september", "sept", "sep"), ("oktober", "october", "okt", "oct"),
            ("november", "nov"), ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_NAME = rf"(?P<name>{'|'.join(_NAMES)})\.?"

_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DAY}{_MARK}{_MONTH}{_MARK}{_YEAR}",
        rf"{_YEAR}{_MARK}{_MONTH}{_MARK}{_DAY}",
        rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])",
        rf"{_DAY}{_MARK}{_NAME}{_MARK}{_YEAR}",
    )
)
_MONTHS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}{_MARK}{_MONTH}",
        rf"{_MONTH}{_MARK}{_YEAR}",
        rf"{_YEAR}(?P<month>0[1-9]|1[0-2])",
        rf"{_NAME}{_MARK}{_YEAR}",
        rf"{_YEAR}{_MARK}{_NAME}",
    )
)


def day_of(text: str) -> date | None:
    """The day that is meant; None where none is, or more than one could be."""
    found = _found(text, _DAYS)
    try:
        return None if found is None else date(int(found["year"]), _month(found), int(found["day"]))
    except ValueError:
        return None


def month_of(text: str) -> str | None:
    """The month that is meant, as ``2016-04``; a day stands for its month."""
    if (day := day_of(text)) is not None:
        return f"{day:%Y-%m}"
    found = _found(text, _MONTHS)
    return None if found is None else f"{found['year']}-{_month(found):02d}"


def _found(text: str, patterns: tuple[re.Pattern[str], ...]) -> dict[str, str] | None:
    folded = re.sub(r"\s+", " ", text.strip().lower())
    return next((match.groupdict() for pattern in patterns if (match := pattern.fullmatch(folded))), None)


def _month(found: dict[str, str]) -> int:
    name = found.get("name")
    return _NAMES[name] if name else int(found["month"])
