"""The parts of a report about single figures, before and after: those that a release changed or a plan would change;
and the verdicts on published ones.

Here: columns and words. Not here: the other parts (``report_markdown``) and the rows (``report_rows``,
``changed_figures``).
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

import polars as pl

from pipeline.steward.about import place_name
from pipeline.steward.changed_figures import Changes, changed_by_table, changed_rows
from pipeline.steward.report_rows import Rows
from pipeline.steward.table_words import value_of
from pipeline.steward.text import Value, code, escaped, number, plain, rest, section, sentence, table
from pipeline.steward.wording import words
from pipeline.store.releases.releases import Release
from schemas.vocabulary import Verdict

_VERDICT = {
    "confirmed": ("klopt", "confirmed"),
    "confirmed_in_other_series": ("klopt in andere reeks", "confirmed in other series"),
    "contradicted": ("**tegengesproken**", "**contradicted**"),
    "not_checkable": ("niet te controleren", "not checkable"),
}
_KIND = {"changed": ("gewijzigd", "changed"), "removed": ("vervallen", "removed"), "added": ("nieuw", "added")}
_MOST_VERDICTS, _MOST_EXPLAINED, _MOST_OF_ONE = 50, 20, 20
_PLACE = re.compile(r"GM[0-9]{4}")


def verdicts(judged: Rows) -> str:
    """Published figures beside what the data show."""
    heading = words("Uitspraken in de pers", "Press figures")
    if not judged:
        return section(heading, words("Geen.", "None."))
    counts = Counter(str(row["verdict"]) for row in judged)
    counted = " · ".join(
        f"{plain(counts[each])} {words(*_VERDICT[each]).replace('*', '')}" for each in _VERDICT if counts[each]
    )
    rows = [
        (code(row["claim_id"]), words(*_VERDICT.get(str(row["verdict"]), ("–", "–"))), plain(row["subject_period"]),
         _printed(row),
         plain(row["value_found"]))
        for row in judged[:_MOST_VERDICTS]
    ]  # fmt: skip
    doubted = [row for row in judged if row["verdict"] != Verdict.CONFIRMED]
    lines = [
        f"- {code(row['claim_id'])}: {sentence(row[words('explanation_nl', 'explanation')])}"
        for row in doubted[:_MOST_EXPLAINED]
    ]
    headings = (
        words("uitspraak", "claim"), words("oordeel", "verdict"), words("over", "about"), words("gedrukt", "printed"),
        words("gevonden", "found"),
    )  # fmt: skip
    shown = table(headings, rows, right=(3, 4))
    more = rest(_MOST_VERDICTS, len(judged), "verdicts")
    return section(heading, counted, "\n".join(lines), shown, more)


def changes(changed: Changes | None, release: Release) -> str:
    """What was restated in the newest release that differs from the one before it."""
    heading = words("Wat veranderde er sinds de vorige uitgave", "What changed since the last release")
    if changed is None:
        return section(
            heading,
            words(
                "Niets vastgelegd: er is geen eerdere uitgave om mee te vergelijken.",
                "Nothing on record: there is no earlier release to compare with.",
            ),
        )
    about = words(
        f"Uitgave {code(changed.release)}, van {changed.published_at}, tegen {code(changed.previous)}.",
        f"Release {code(changed.release)}, of {changed.published_at}, against {code(changed.previous)}.",
    )
    if changed.release != release.id:
        about += words(
            " Dat is de laatste vergelijking die deze uitgave bewaart.",
            " That is the latest comparison that this release keeps.",
        )
    return section(
        heading,
        about,
        by_table(changed.by_table),
        by_place(changed.rows),
        _left_out(changed.rows, changed.count, "changes"),
    )


def since(differing: pl.DataFrame, day: date) -> str:
    """What is another figure now than on a day. New figures, mostly of later months, are counted only."""
    heading = words(f"Wat is sinds {day:%d-%m-%Y} veranderd", f"What changed since {day:%d-%m-%Y}")
    if differing.is_empty():
        return section(
            heading, words("Niets: alle cijfers zijn nu dezelfde.", "Nothing: all figures are the same now.")
        )
    earlier = differing.filter(pl.col("kind") != "added")
    about = words(
        "Was: zoals bekend op die dag. Is: in de huidige uitgave. Nieuwe cijfers zijn alleen geteld.",
        "Before: as known on that day. After: in the current release. New figures are counted only.",
    )
    return section(
        heading,
        about,
        by_table(changed_by_table(differing)),
        figures(changed_rows(earlier), earlier.height, "since", has_causes=False),
    )


def by_place(rows: Rows, *, has_causes: bool = True) -> str:
    """Figures before and after, municipality by municipality; what is not shown is counted."""
    places: dict[str, Rows] = {}
    for row in rows:
        places.setdefault(place_of(row), []).append(row)
    parts = []
    for place, found in sorted(places.items(), key=lambda each: (each[0] == "", each[0])):
        own = sorted(found, key=_told_first)
        name = place or words("Programma's, aanbieders en overig", "Programmes, providers and others")
        parts.append(f"**{escaped(name)}**: {plain(len(own))} {words('cijfers', 'figures')}")
        parts.append(_table(own[:_MOST_OF_ONE], has_causes=has_causes))
        parts.append(rest(_MOST_OF_ONE, len(own)))
    return "\n\n".join(part for part in parts if part)


def in_order_of_places(rows: Rows) -> Rows:
    """The same rows in the order in which ``by_place`` tells them."""
    places = {str(row["key"]): place_of(row) for row in rows}
    return sorted(rows, key=lambda row: (places[str(row["key"])] == "", places[str(row["key"])], _told_first(row)))


def _told_first(row: Mapping[str, Value]) -> bool:
    """The number of benefits is what everybody looks for."""
    return (row["table"], row["column"]) != ("caseload_stock", "benefits")


def place_of(row: Mapping[str, Value]) -> str:
    """The municipality that a figure is about, by name; empty where it is about something else."""
    code_of = str(row["key"]).partition("|")[0]
    return place_name(code_of) if _PLACE.fullmatch(code_of) else ""


def by_table(counted: Rows) -> str:
    """How many figures differ, per table."""
    rows = [(code(row["table"]), *(plain(row[kind]) for kind in _KIND)) for row in counted]
    return table((words("tabel", "table"), *(words(*each) for each in _KIND.values())), rows, right=(1, 2, 3))


def figures(rows: Rows, count: int, name: str, *, has_causes: bool = True) -> str:
    """Figures before and after. ``count`` is all there are, ``name`` the table that holds (most of) them.

    Without causes there is no column for them: what has not happened yet was done by nothing.
    """
    return "\n\n".join(line for line in (by_place(rows, has_causes=has_causes), _left_out(rows, count, name)) if line)


def _table(rows: Rows, *, has_causes: bool) -> str:
    shown = [
        (code(f"{row['table']}.{row['column']}"), plain(row["key"]), plain(row["value_before"]),
         plain(row["value_after"]), *([_cause(row)] if has_causes else []))
        for row in rows
    ]  # fmt: skip
    causes = (words("door", "cause"),) if has_causes else ()
    headings = (
        words("cijfer", "figure"), words("sleutel", "key"), words("was", "before"), words("is", "after"), *causes
    )  # fmt: skip
    return table(headings, shown, right=(2, 3))


def _left_out(rows: Rows, count: int, name: str) -> str:
    """What neither the text nor its table holds."""
    where = words(f"Alle in de tabel {code(name)}.", f"All of them in the table {code(name)}.")
    if len(rows) >= count:
        return where if rows else ""
    held, missing = plain(len(rows)), plain(count - len(rows))
    return words(
        f"De tabel {code(name)} houdt er {held}; {missing} staan er niet in.",
        f"The table {code(name)} holds {held}, {missing} are left out.",
    )


def _cause(row: dict[str, Value]) -> str:
    """The deliveries behind a change by the first characters of their hashes, or what else happened."""
    hashes = [code(each[:12]) for each in str(row.get("cause") or "").split("|") if each]
    return " ".join([*hashes[:2], *(["…"] if len(hashes) > 2 else []), plain(value_of("event", row.get("event")))])


def _printed(row: dict[str, Value]) -> str:
    value = row["value_published"]
    text = number(value) if isinstance(value, float) else plain(value)
    return f"{plain(row['operator'])} {text}"
