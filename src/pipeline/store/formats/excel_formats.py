"""What a number format makes of a number: a percentage, a code with zeros before it, one with letters around it.

A person sees what the format shows, and so does the CSV of the same sheet; the reader of values gives the number. Here:
the formats of a workbook, and the text that a number is shown as where that is another one. Not here: days and times
themselves (the reader of values shows them), where such cells stand (``excel_structure``).
"""

import operator
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from xml.etree import ElementTree as ET

from pipeline.store.formats.cell_text import plain_number, without_exponent

_MOMENTS = (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))
_BUILT_IN = {9: "0%", 10: "0.00%", 11: "0.00E+00", 48: "##0.0E+0"} | dict.fromkeys(_MOMENTS, "d")
"""Formats that a workbook names by number alone and that show another text than the number."""
_LONGEST_CODE = 255
"""Characters of a format in Excel; no longer one is looked at."""
_TOKENS = re.compile(
    r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | (?P<gap>[_*].) | (?P<bracket>\[[^\[\]]*\]) | (?P<next>;)
    | (?P<science>E[+-]) | (?P<general>General) | (?P<digit>[0\#?]) | (?P<mark>[.,/%@]) | (?P<moment>[ymdhsbg])
    | (?P<literal>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_HOLDS = {"<": operator.lt, ">": operator.gt, "=": operator.eq, "<=": operator.le, ">=": operator.ge, "<>": operator.ne}
_CURRENCY = re.compile(r"\[\$([^\]-]*)")


@dataclass(frozen=True)
class _Section:
    """What is shown of a number above, below or at zero: kinds and texts of its parts, in order."""

    parts: tuple[tuple[str, str], ...]

    @cached_property
    def condition(self) -> tuple[str, float] | None:
        """``("<", 1.0)`` of ``[<1]``: for which numbers it is, where it says so."""
        found = [each for kind, text in self.parts if kind == "bracket" and (each := _CONDITION.fullmatch(text))]
        return (found[0][1], float(found[0][2])) if found else None

    def holds(self, number: float) -> bool:
        """Whether its condition is met; not so of one without a condition."""
        return self.condition is not None and _HOLDS[self.condition[0]](number, self.condition[1])

    @cached_property
    def kinds(self) -> set[str]:
        return {kind for kind, _ in self.parts}

    @cached_property
    def marks(self) -> set[str]:
        return {text for kind, text in self.parts if kind == "mark"}


@dataclass(frozen=True)
class NumberFormat:
    """A format that may show another text than the number."""

    sections: tuple[_Section, ...]
    is_percentage: bool = False
    is_moment: bool = False
    """It shows a day or a time."""

    def percentage(self, number: float) -> str | None:
        """``3.4%`` of 0.034; None where the format shows no percentage."""
        if not self.is_percentage or "%" not in self._section(number).marks:
            return None
        return f"{without_exponent(str((Decimal(repr(number)) * 100).normalize()))}%"

    def code(self, number: float) -> str | None:
        """``00012`` or ``T-0012`` of 12, ``1.23E+05`` of 123456; None where the digits are shown as they are."""
        section = self._section(number)
        if self.is_moment:
            return None
        if "science" in section.kinds:
            return f"{number:.2E}"
        if section.marks or number < 0 or not number.is_integer():
            return None
        text = "".join(_filled(section, plain_number(number)))
        return None if text == plain_number(number) else text.strip()

    def _section(self, number: float) -> _Section:
        """The first whose condition is met, or else the first without one. Without conditions: one is for all, of two
        the second for what is below zero, a third for zero itself.
        """
        if any(each.condition for each in self.sections):
            met = [each for each in self.sections if each.holds(number)]
            return (met or [each for each in self.sections if each.condition is None] or [self.sections[-1]])[0]
        at = 1 if number < 0 else 2 if number == 0 else 0
        return self.sections[at] if at < len(self.sections) else self.sections[0]


def _filled(section: _Section, digits: str) -> Iterator[str]:
    """The digits in their places from the right, those without a place before all others."""
    places = [text for kind, text in section.parts if kind == "digit"]
    spare, given = max(len(digits) - len(places), 0), digits.rjust(len(places))
    is_first = True
    for kind, text in section.parts:
        if kind == "general":
            yield digits
        elif kind == "literal":
            yield text
        elif kind == "digit":
            size = spare + 1 if is_first else 1
            own, given, is_first = given[:size], given[size:], False
            yield own if own.strip() else {"0": "0", "?": " "}.get(text, "")


def read_formats(archive: zipfile.ZipFile, styles: str) -> tuple[NumberFormat | None, ...]:
    """By the number of a cell's style its format; None where it shows the number itself."""
    if styles not in archive.namelist():
        return ()
    root = ET.fromstring(archive.read(styles))
    codes = dict(_BUILT_IN)
    for each in _each(root, "numFmt"):
        codes[number_of(each.attrib.get("numFmtId"))] = each.attrib.get("formatCode", "")
    known = {number: parsed(code) for number, code in codes.items() if len(code) <= _LONGEST_CODE}
    cells = next((e for e in root if e.tag.endswith("}cellXfs")), ())
    return tuple(known.get(number_of(each.attrib.get("numFmtId", "0"))) for each in cells)


def number_of(text: str | None) -> int:
    """Of a style or a format; of what is no number one that none has."""
    return int(text) if text is not None and text.strip().isdecimal() else -1


def _each(root: ET.Element, name: str) -> Iterator[ET.Element]:
    return (e for group in root if group.tag.endswith("}numFmts") for e in group if e.tag.endswith(f"}}{name}"))


def parsed(code: str) -> NumberFormat | None:
    """A format by its code; None where it shows every number as it is."""
    sections, parts = list[_Section](), list[tuple[str, str]]()
    for found in _TOKENS.finditer(code):
        kind, text = found.lastgroup or "", found[0]
        if kind == "next":
            sections.append(_Section(tuple(parts)))
            parts = []
        elif kind in ("quoted", "escaped"):
            parts.append(("literal", found[kind]))
        elif kind == "bracket":
            currency = _CURRENCY.match(text)
            parts.append(("literal", currency[1]) if currency else ("bracket", text))
        elif kind != "gap":
            parts.append((kind, text))
    sections.append(_Section(tuple(parts)))
    is_moment = any("moment" in each.kinds for each in sections)
    is_percentage = any("%" in each.marks for each in sections)
    shows_more = any(_shows_more(each) for each in sections)
    if is_moment:
        return NumberFormat(tuple(sections), is_moment=True)
    return NumberFormat(tuple(sections), is_percentage) if is_percentage or shows_more else None


def _shows_more(section: _Section) -> bool:
    """Digits where the number has none, or characters beside them."""
    zeros = [text for kind, text in section.parts if kind == "digit" and text == "0"]
    return bool(section.kinds & {"literal", "science"}) or (len(zeros) > 1 and not section.marks)
