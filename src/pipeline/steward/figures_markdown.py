"""The parts of a report about single figures, before and after: those that a release changed or a plan would change;
and the verdicts on published ones.

Here: columns and words, Dutch first. Not here: the other parts (``report_markdown``) and the rows (``report_rows``,
``changed_figures``).
"""

from collections import Counter

from pipeline.steward.changed_figures import Changes
from pipeline.steward.report_rows import Rows
from pipeline.steward.text import Value, code, number, plain, rest, section, table
from pipeline.store.releases.releases import Release
from schemas.vocabulary import Verdict

_VERDICT = {
    "confirmed": "klopt / confirmed",
    "confirmed_in_other_series": "klopt in andere reeks / confirmed in other series",
    "contradicted": "**tegengesproken / contradicted**",
    "not_checkable": "niet te controleren / not checkable",
}
_KIND = {"changed": "gewijzigd / changed", "removed": "vervallen / removed", "added": "nieuw / added"}
_MOST_VERDICTS, _MOST_EXPLAINED, _MOST_CHANGES = 50, 20, 40


def verdicts(judged: Rows) -> str:
    """Published figures beside what the data show."""
    if not judged:
        return section("Uitspraken in de pers / Press figures", "Geen / none.")
    counts = Counter(str(row["verdict"]) for row in judged)
    counted = " · ".join(
        f"{plain(counts[each])} {_VERDICT[each].replace('*', '')}" for each in _VERDICT if counts[each]
    )
    rows = [
        (code(row["claim_id"]), _VERDICT.get(str(row["verdict"]), "–"), plain(row["subject_period"]), _printed(row),
         plain(row["value_found"]))
        for row in judged[:_MOST_VERDICTS]
    ]  # fmt: skip
    doubted = [row for row in judged if row["verdict"] != Verdict.CONFIRMED]
    lines = [f"- {code(row['claim_id'])}: {plain(row['explanation'])}" for row in doubted[:_MOST_EXPLAINED]]
    headings = ("uitspraak / claim", "oordeel / verdict", "over / about", "gedrukt / printed", "gevonden / found")
    shown = table(headings, rows, right=(3, 4))
    more = rest(_MOST_VERDICTS, len(judged), "verdicts")
    return section("Uitspraken in de pers / Press figures", counted, "\n".join(lines), shown, more)


def changes(changed: Changes | None, release: Release) -> str:
    """What was restated in the newest release that differs from the one before it."""
    heading = "Wat veranderde er sinds de vorige uitgave / What changed since the last release"
    if changed is None:
        return section(
            heading,
            "Niets vastgelegd: er is geen eerdere uitgave om mee te vergelijken / "
            "nothing on record: there is no earlier release to compare with.",
        )
    about = (
        f"Uitgave / release {code(changed.release)}, van / of {changed.published_at}, "
        f"tegen / against {code(changed.previous)}."
    )
    if changed.release != release.id:
        about += (
            " Dat is de laatste vergelijking die deze uitgave bewaart / the latest comparison that this release keeps."
        )
    return section(heading, about, by_table(changed.by_table), figures(changed.rows, changed.count, "changes"))


def by_table(counted: Rows) -> str:
    """How many figures differ, per table."""
    rows = [(code(row["table"]), *(plain(row[kind]) for kind in _KIND)) for row in counted]
    return table(("tabel / table", *_KIND.values()), rows, right=(1, 2, 3))


def figures(rows: Rows, count: int, name: str, *, has_causes: bool = True) -> str:
    """Figures before and after. ``count`` is all there are, ``name`` the table that holds (most of) them.

    Without causes there is no column for them: what has not happened yet was done by nothing.
    """
    shown = [
        (code(f"{row['table']}.{row['column']}"), plain(row["key"]), plain(row["value_before"]),
         plain(row["value_after"]), *([_cause(row)] if has_causes else []))
        for row in rows[:_MOST_CHANGES]
    ]  # fmt: skip
    causes = ("door / cause",) if has_causes else ()
    headings = ("cijfer / figure", "sleutel / key", "was / before", "is / after", *causes)
    lines = [table(headings, shown, right=(2, 3)), rest(_MOST_CHANGES, count, name)]
    if len(rows) < count:
        lines.append(
            f"De tabel houdt er {plain(len(rows))}; {plain(count - len(rows))} staan er niet in / "
            f"the table holds {plain(len(rows))}, {plain(count - len(rows))} are left out."
        )
    return "\n\n".join(line for line in lines if line)


def _cause(row: dict[str, Value]) -> str:
    """The deliveries behind a change by the first characters of their hashes, or what else happened."""
    hashes = [code(each[:12]) for each in str(row.get("cause") or "").split("|") if each]
    return " ".join([*hashes[:2], *(["…"] if len(hashes) > 2 else []), plain(row.get("event"))])


def _printed(row: dict[str, Value]) -> str:
    value = row["value_published"]
    text = number(value) if isinstance(value, float) else plain(value)
    return f"{plain(row['operator'])} {text}"
