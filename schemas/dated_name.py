"""The day of delivery at the begin of a file name, and whether a day can be one of delivery at all.

Here: which spellings are read, and where such a date ends. Not here: reading names of files (``pipeline.store.raw``), the
sidecar (``pipeline.store.sidecar``), the first day there is (``limits``).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from schemas.limits.files import FIRST_DELIVERY

_FORMS = tuple(
    re.compile(rf"(?:{form})(?![0-9])")
    for form in (
        r"(?P<year>[0-9]{4})(?P<mark>[-._ ])(?P<month>[0-9]{2})(?P=mark)(?P<day>[0-9]{2})",
        r"(?P<day>[0-9]{1,2})(?P<mark>[-._ ])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?:[0-9]{4}(?:[0-9]{2})?)?",
    )
)
"""2017-02-07, 07-02-2017 and 20170207, with any sign or letter behind it that is no digit; the last also with a time of
day right behind it.
"""

_LIKE_A_DATE = re.compile(
    r"0*(?:19|20)[0-9]{2}([-._ ])[0-9]{1,3}\1[0-9]{1,4}|[0-9]{1,3}([-._ ])[0-9]{1,3}\2(?:19|20)[0-9]{2,3}"
    r"|[0-9]{2}([-._])[0-9]{2}\3[0-9]{2}(?![0-9])|[0-9]{4}([-._])[0-9]{1,2}\4[0-9]{1,2}(?![0-9])"
    r"|[0-9]{8}(?![0-9])|(?:19|20)[0-9]{5}(?![0-9])"
)
"""What somebody meant as a date: a digit too many or too few, a year of two digits. A month (``201712``) is none."""
_OTHER_FORMS = tuple(
    re.compile(rf"{form}(?![0-9])")
    for form in (
        r"(?P<year>[0-9]{4})([-._ ])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})",
        r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>(?:19|20)[0-9]{2})",
        r"(?P<month>[0-9]{1,2})([-._ ])(?P<day>[0-9]{1,2})\2(?P<year>[0-9]{4})",
    )
)
"""2017-2-7, 07022017 and 02-27-2017: not read, since others mean another day by them, but a day that can be asked."""
_TO = re.compile(
    r"(?:(?![ T_](?:19|20)[0-9]{2}(?P<mark>[-._ ])[0-9]{1,2}(?P=mark)[0-9])"
    r"[ T_]?[0-9]{2}[.:]?[0-9]{2}(?:[.:]?[0-9]{2})?(?![-.0-9]))?"
    r"[\W_]*(?P<word>(?:t[\W_]?m|t[\W_]?e[\W_]?m|tot(?:[\W_]*en[\W_]*met)?|to|until|en)(?![^\W\d_])[\W_]*)?",
    re.IGNORECASE,
)
"""What stands between the two days of a period: the time of the first one, unless it is the year of the second; a word."""
_A_WEEK = 7


@dataclass(frozen=True)
class DatePrefix:
    """What stands at the begin of a name. ``day`` is None where it looks like a date and does not exist, or where a
    period stands there, from ``since`` to ``until``: that is what the file is about, and no day of delivery.
    """

    text: str
    day: date | None
    rest: str
    """The name behind it."""
    meant: date | None = None
    """The day that it may be, in a form that is not read."""
    since: date | None = None
    until: date | None = None

    @property
    def is_period(self) -> bool:
        return self.until is not None


def date_prefix(name: str) -> DatePrefix | None:
    """The date that a name begins with; None where it begins with nothing like it, which is no date at all."""
    plain = _plain(name)
    for form in _FORMS:
        if match := form.match(plain):
            return _found(plain, match[0], _day(match))
    match = _LIKE_A_DATE.match(plain)
    return None if match is None else _found(plain, match[0], None)


def _found(plain: str, text: str, day: date | None) -> DatePrefix:
    rest = plain[len(text) :]
    if day is None:
        others = (_day(match) for form in _OTHER_FORMS if (match := form.match(plain)))
        return DatePrefix(text, None, rest, meant=next((each for each in others if each is not None), None))
    until = _until(rest, day)
    return DatePrefix(text, day, rest) if until is None else DatePrefix(text, None, rest, since=day, until=until)


def _until(rest: str, since: date) -> date | None:
    """The day that stands right behind the first one, as the end of a period does.

    The other way round the first is the day of delivery, and behind it that of the figures; so it is where nothing
    says otherwise: no word between them, no period from the first of a month, none of weeks.
    """
    between = _TO.match(rest)
    behind = rest[between.end() :] if between else rest
    forms = (*_FORMS, *_OTHER_FORMS[:2])
    until = next((day for form in forms if (match := form.match(behind)) and (day := _day(match))), None)
    if until is None or until <= since:
        return None
    days = (until - since).days + 1
    is_of_weeks = since.weekday() == 0 and days % _A_WEEK == 0
    is_of_month = since.day == 1 and days >= _A_WEEK
    return until if is_of_weeks or is_of_month or (between and between["word"]) else None


def _plain(name: str) -> str:
    """The name as it is meant: digits and dashes of other kinds are ours, what cannot be seen and marks before it go."""
    seen = (c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return "".join("-" if unicodedata.category(c) == "Pd" or c == "\u2212" else c for c in seen).lstrip(" _-.")


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def why_not_delivered_on(day: date, today: date) -> str | None:
    """Why nothing can have been delivered on a day, ``today`` being the day on which it was taken in; None where it can."""
    if day > today:
        return f"{day} lies after {today}, the day on which it was taken in"
    if day < FIRST_DELIVERY:
        return f"{day} lies before {FIRST_DELIVERY}"
    return None
