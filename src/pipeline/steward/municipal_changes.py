"""Mergers, splits and new codes of municipalities in the figures, announced to a reader: one line each, Dutch first.

Here: the words. Not here: which changes concern the figures (``checks.municipal_changes``).
"""

from datetime import date

import polars as pl

from pipeline.steward.text import day, plain, section
from pipeline.steward.wording import words
from pipeline.store.releases import releases
from pipeline.store.releases.releases import Release
from schemas import reference

_RULE = "RELATION-020"
_KINDS = {
    "merged": ("samengevoegd", "merged"),
    "split": ("gesplitst", "split"),
    "renamed": ("andere naam en code, zelfde grenzen", "another name and code, same borders"),
}


def findings(release: Release) -> list[tuple[str, date, str]]:
    """Municipality, day and sentence of every change that the release found."""
    found = releases.read(release, "relation_findings").filter(pl.col("rule") == _RULE).sort("subject").collect()
    named = [(*subject.split("/"), what) for subject, what in found.select("subject", "what").iter_rows()]
    return [(code, date.fromisoformat(on), what) for code, on, what in named]


def announced(release: Release) -> str:
    """The changes as a section; empty where no municipality in the figures changes."""
    found = findings(release)
    if not found:
        return ""
    lines = dict.fromkeys(line for code, on, _ in found for line in _lines(code, on))
    meaning = words(
        "Cijfers van ervoor en erna worden niet met elkaar vergeleken.",
        "Figures before and after are not compared with each other.",
    )
    return section(words("Gemeenten veranderen", "Municipalities change"), "\n".join(lines), meaning)


def _lines(code: str, on: date) -> list[str]:
    """Old codes and what they went on as, for every change on that day that this municipality has part in."""
    changes = reference.municipal_changes().filter(pl.col("changes_on") == on)
    old = changes.filter((pl.col("code") == code) | (pl.col("successor") == code))["code"]
    names = reference.municipality_names()
    gone = changes.filter(pl.col("code").is_in(old.to_list())).group_by("code", "kind").agg(pl.col("successor").sort())
    return [
        f"- {day(on)}: {plain(f'{each} {names[each]}')} → "
        f"{plain(', '.join(f'{other} {names[other]}' for other in successors))} ({words(*_KINDS[kind])})"
        for each, kind, successors in gone.sort("code").iter_rows()
    ]
