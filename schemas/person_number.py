"""When a text holds the number of a person, and how such a number is covered. One answer for cells, names and words.

Here: which eight or nine digits are taken for a citizen service number, in whatever way they are written. Not here:
digits of other scripts (``written_digits``), whole columns (``number_columns``), which columns are meant for one and what
becomes of a row that holds one elsewhere (``pipeline.intake``). Why this is one and that is not:
docs/decisions/0020-what-is-the-number-of-a-person.md.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from schemas.written_digits import readings

COVER = "•" * 9
"""What stands in place of a number: as many marks whatever it was, with no meaning to a shell, a path or Markdown."""

LEAST_NUMBER, MOST_NUMBER = 10_000_000, 999_999_999
"""Eight or nine digits. Zeros in front count only where they make the digits nine: ``00012345`` is a serial number."""

_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_M, _D = "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_CLOCK = "(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?"
_RUN = f"{_YEAR}{_MONTH}{_DAY}|{_DAY}{_MONTH}{_YEAR}|{_YEAR}{_YEAR}|{_YEAR}{_MONTH}"
"""A date, two years, or a month without marks between their parts."""

_DATES = (
    rf"(?<![0-9]){_YEAR}([-/._\s]){_M}\1{_D}(?!\1?[0-9])",
    *(rf"(?<![0-9])(?<![0-9]{mark}){_D}{mark}{_M}{mark}{_YEAR}(?![0-9])" for mark in ("-", "/", r"\.", "_")),
    rf"(?<![0-9]){_D}\s{_M}\s{_YEAR}(?![0-9])",
    rf"(?<![0-9]){_YEAR}([-/._]){_MONTH}(?!\2?[0-9])",
    rf"(?<![0-9])(?:{_YEAR}{_MONTH}{_DAY}{_CLOCK}|{_RUN})(?![0-9])",
    r"(?<![0-9])(?<![0-9]:)(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?(?!:?[0-9])",
)
_COMPANY = r"(?:kvk|kamer\svan\skoophandel)[^0-9a-z]{0,3}(?:nummer|nr|no)?[^0-9a-z]{0,3}[0-9]{8}(?![0-9])"
_HASH = (
    r"(?<![0-9a-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z])"
)

_ELSE = re.compile("|".join((*_DATES, _COMPANY, _HASH)), re.IGNORECASE)
"""What is something else by its form; digits before and after it do not belong together.

Not a telephone, and not an amount: behind either a number can stand, and nobody needs one in a text.
"""

_NAMED = re.compile(r"(?:bsn|sofi|burgerservice)(?:[^0-9a-z]?(?:nummer|nr|no))?[^0-9a-z]{0,4}$", re.IGNORECASE)
"""Words after which digits are the number of a person, even where they could be a date."""
_NAMED_LENGTH = 32

_BETWEEN = r"[^0-9A-Za-z]{1,6}|\s+|([^0-9A-Za-z])\1+"
_CHAIN = re.compile(rf"[0-9]+(?:(?:{_BETWEEN})[0-9]+)*")
"""Digits that may belong together: a few marks between two of them, as in ``"931", "063"``, or any number of blanks or of
one and the same mark, as in a column of fixed width.
"""
_GROUP = re.compile("[0-9]+")
_FIGURE = re.compile(
    r"(?:[0-9]\.)?[0-9]{1,3}\.[0-9]{3},[0-9]{1,2}|(?:[0-9],)?[0-9]{1,3},[0-9]{3}\.[0-9]{1,2}|[0-9]{1,7}[.,][0-9]{1,2}"
)
"""A figure of at most seven digits with one or two decimals."""
_IS_YEAR, _IS_MONTH = re.compile("(?:19[5-9]|20[0-4])[0-9]"), re.compile(_MONTH)
_OF_DOSSIER = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*")
"""What may stand between the parts of the number of a dossier: nothing that only a program writes."""
_BESIDE_DATE = re.compile(f"(?:{_RUN}|{_YEAR})([0-9]{{8,9}})"), re.compile(f"([0-9]{{8,9}})(?:{_RUN}|{_YEAR})")
_POWER = re.compile(
    r"(?<![0-9A-Za-z])([0-9][0-9.,]{5,14})(?:e|\s?[x*·]?\s?10\s?\^?)([+-]?0{0,6}[0-9]{1,2})(?![0-9A-Za-z])",
    re.IGNORECASE,
)

_AFTER_COUNTRY = re.compile(r"(?:\+|(?<![0-9])00)31([1-9][0-9]{8})(?![0-9])")
"""Nine digits written against the code of the country."""

_MOST_DIGITS = 24
"""With zeros in front of it: zeros one by one would be looked through again and again."""

Span = tuple[int, int]


def holds_number(text: str) -> bool:
    """Whether the number of a person stands in a text, among whatever else."""
    return any(True for _ in _found(text))


def covered(text: str) -> str:
    """The text with every number of a person in it covered; all else as it was."""
    while found := _apart(_found(text)):  # digits on both sides of a cover may be one, too
        for start, end in reversed(found):
            text = text[:start] + COVER + text[end:]
    return text


def is_number(digits: str) -> bool:
    """Whether digits are the number of a person: nine, or eight or nine after the zeros in front; and the 11-test."""
    if len(digits) != 9:
        digits = digits.lstrip("0")
    if not 8 <= len(digits) <= 9 or not digits.strip("0"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[-2::-1], range(2, 10), strict=False))
    return (total - int(digits[-1])) % 11 == 0


def _found(text: str) -> Iterator[Span]:
    """Parts of the text that are the number of a person."""
    for reading in readings(text):
        plain = reading.plain
        for start, end in (*_in_powers(plain), *_after_country(plain), *_in_chains(plain)):
            yield reading.place(start, end)


def _in_powers(plain: str) -> Iterator[Span]:
    """Numbers written with a power of ten, as spreadsheets do."""
    for found in _POWER.finditer(plain):
        mantissa = found[1].rstrip(".,").replace(",", ".")
        if mantissa.count(".") <= 1:
            value = Decimal(mantissa).scaleb(int(found[2]))
            if value == value.to_integral_value() and is_number(str(int(value))):
                yield found.span()


def _after_country(plain: str) -> Iterator[Span]:
    for found in _AFTER_COUNTRY.finditer(plain):
        if is_number(found[1]):
            yield found.span(1)


def _in_chains(plain: str) -> Iterator[Span]:
    """Numbers in groups of digits that belong together."""
    if not any(True for groups in _chains(plain) for _ in (*_beside_dates(groups), *_together(groups, is_named=True))):
        return  # what is something else needs no look where nothing passes: it only takes digits apart
    rest = _ELSE.sub(_blotted, plain)
    for chain in _CHAIN.finditer(rest):
        is_named = _is_named(plain, chain.start())
        if is_named or not _FIGURE.fullmatch(chain[0]):
            groups = list(_GROUP.finditer(rest, *chain.span()))
            yield from _beside_dates(groups)
            yield from _together(groups, is_named=is_named)


def _chains(plain: str) -> Iterator[list[re.Match[str]]]:
    for chain in _CHAIN.finditer(plain):
        yield list(_GROUP.finditer(plain, *chain.span()))


def _blotted(found: re.Match[str]) -> str:
    is_named = _is_named(found.string, found.start())
    return found[0] if is_named else "x" * len(found[0])


def _is_named(plain: str, start: int) -> bool:
    return _NAMED.search(plain, max(0, start - _NAMED_LENGTH), start) is not None


def _beside_dates(groups: list[re.Match[str]]) -> Iterator[Span]:
    """Numbers that a date was written against without a mark between."""
    for group in groups:
        for pattern in _BESIDE_DATE:
            found = pattern.fullmatch(group[0])
            if found and is_number(found[1]):
                yield group.start() + found.start(1), group.start() + found.end(1)


def _together(groups: list[re.Match[str]], *, is_named: bool) -> Iterator[Span]:
    """Whole groups, alone or with those that follow, whose digits are a number."""
    for first in range(len(groups)):
        digits = ""
        for last in range(first, len(groups)):
            digits += groups[last][0]
            if len(digits.lstrip("0")) > 9 or len(digits) > _MOST_DIGITS:
                break
            if is_number(digits) and (is_named or not _is_dossier(groups[first : last + 1])):
                yield groups[first].start(), groups[last].end()


def _is_dossier(groups: list[re.Match[str]]) -> bool:
    """A year beside one other number or between two, or a month after one: ``2017-04567``, ``12-2016-345``,
    ``0899_02-2017``.
    """
    between = (one.string[one.end() : next_.start()] for one, next_ in pairwise(groups))
    if not all(map(_OF_DOSSIER.fullmatch, between)):
        return False
    years = [_IS_YEAR.fullmatch(group[0]) is not None for group in groups]
    if len(years) == 3:
        return years[1] or (years[2] and _IS_MONTH.fullmatch(groups[1][0]) is not None)
    return len(years) == 2 and any(years)


def _apart(spans: Iterator[Span]) -> list[Span]:
    """The same parts, those that overlap taken as one."""
    found: list[Span] = []
    for start, end in sorted(set(spans)):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found
