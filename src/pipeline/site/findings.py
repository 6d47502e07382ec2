"""Findings in words that may stand on a page: rule, place, numbers of rows and columns, never a value or a trajectory.

Here: findings of deliveries and across them. What a finding says in its table may name a trajectory, and is in English;
here it is worded from its rule and subject, and about trajectories only counted. Not here: the pages they stand on.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

import polars as pl

from pipeline.site.contents import Contents
from pipeline.site.language import NOTHING, Language
from pipeline.site.wording import INDICATORS, SHORT_SERIES, said
from schemas.catalogue import RULES
from schemas.rules.rule import Rule

ABOUT_TRAJECTORIES = ("TRAJECT-", "RELATION-008")
"""Rules whose subject names a trajectory: singled out persons, so only counted."""
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_MUNICIPALITY = re.compile(r"GM\d{4}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST_RANGES = 40


def title(code: str, language: Language) -> str:
    rule = RULES.get(code)
    return code if rule is None else rule.titled(in_dutch=language.is_dutch)


def why(rule: Rule, language: Language) -> tuple[str, str]:
    """The reason of a rule, and the language it is in: a rule that has no Dutch yet is told in English."""
    return _in(language, rule.why_nl, rule.why)


def fix(code: str, language: Language) -> tuple[str, str]:
    """What to do, and the language it is in."""
    rule = RULES.get(code)
    return ("", language.code) if rule is None else _in(language, rule.fix_nl, rule.fix_in_page or rule.fix)


def _in(language: Language, dutch: str, english: str) -> tuple[str, str]:
    return (dutch, "nl") if language.is_dutch and dutch else (english, "en")


def about_place(contents: Contents, place: str, language: Language) -> list[dict[str, Any]]:
    """What was found about a municipality, a programme or a provider; the latest subject first."""
    found = contents.tables["relation_findings"].filter(
        pl.col("subject").str.split("/").list.contains(place) & ~_is_about_trajectory()
    )
    return worded(contents, found, language)[::-1]


def counted(contents: Contents, provider: str, language: Language) -> list[dict[str, Any]]:
    """How many findings about trajectories of a provider there are, by rule."""
    named = pl.col("subject").str.split("+").list.eval(pl.element().str.split("/").list.first()).list.contains(provider)
    rows = contents.tables["relation_findings"].filter(_is_about_trajectory() & named)
    return [
        {"rule": rule, "title": title(rule, language), "count": count}
        for rule, count in rows.group_by("rule").len().sort("rule").iter_rows()
    ]


def _is_about_trajectory() -> pl.Expr:
    return pl.any_horizontal(pl.col("rule").str.starts_with(begin) for begin in ABOUT_TRAJECTORIES)


def worded(contents: Contents, found: pl.DataFrame, language: Language) -> list[dict[str, Any]]:
    """Findings across deliveries with what they are about; those about trajectories are left out."""
    rows = found.filter(~_is_about_trajectory()).sort("rule", "subject").rows(named=True)
    return [
        {
            "rule": row["rule"],
            "title": title(row["rule"], language),
            "about": about(contents, row["subject"], language),
            "expected": _number(row["expected"], language),
            "found": _number(row["found"], language),
            "severity": row["severity"],
            "subject": row["subject"],
        }
        for row in rows
    ]


def about(contents: Contents, subject: str, language: Language) -> str:
    """The parts of a subject in words: names, days, series, figures."""
    return ", ".join(_part(contents, part, language) for part in subject.split("/"))


def _part(contents: Contents, part: str, language: Language) -> str:
    if _MUNICIPALITY.fullmatch(part):
        return contents.name(part)
    if _DAY.fullmatch(part):
        with suppress(ValueError):  # no such day: told as it stands
            return language.day(date.fromisoformat(part))
    if part in SHORT_SERIES:
        return said(SHORT_SERIES, part, language)
    return contents.names.get(part) or said(INDICATORS, part, language)


def _number(text: str | None, language: Language) -> str:
    """A figure as it is written in this language; other texts are English sentences, which the rule says better."""
    return language.figure(float(text)) if text and _NUMBER.fullmatch(text) else NOTHING


def of_delivery(findings: pl.DataFrame, language: Language) -> list[dict[str, Any]]:
    """By rule and column: how many, and in which rows of the file."""
    by_cell = findings.group_by("rule", "column", "severity").agg(pl.col("row").sort()).sort("rule", "column")
    return [
        {
            "rule": rule, "title": title(rule, language), "severity": severity, "column": column, "count": len(rows),
            "rows": row_ranges(rows, language),
        }
        for rule, column, severity, rows in by_cell.iter_rows()
    ]  # fmt: skip


def row_ranges(rows: Iterable[int], language: Language) -> str:
    """Numbers of rows, those that follow each other as a range; the file as a whole is row 0."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        elif not spans or row != spans[-1][1]:
            spans.append([row, row])
    texts = [str(a) if a == b else f"{a}\N{EN DASH}{b}" for a, b in spans[:MOST_RANGES] if b]
    more = len(spans) - MOST_RANGES
    texts += [language(f"en {more} meer", f"and {more} more")] if more > 0 else []
    return ", ".join(texts) or language("het bestand als geheel", "the file as a whole")
