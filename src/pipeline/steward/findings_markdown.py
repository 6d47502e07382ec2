"""What was found, in Markdown: by rule, by file and row, by place and month; what to do about it.

Here: columns and words of findings and signals. Not here: the other parts of a report (``report_markdown``), the rows
(``report_rows``, ``file_findings``).
"""

from collections.abc import Mapping

from pipeline.steward.about import place_name
from pipeline.steward.report_rows import Rows, rule_link
from pipeline.steward.text import Value, code, day, is_followed, link, plain, rest, section, sentence, table, whole
from pipeline.steward.wording import is_english, told_finding, words

_SEVERITY = {
    "block": ("uitgave wacht", "release blocked"),
    "reject": ("bestand afgewezen", "file rejected"),
    "hold": ("levering wacht", "delivery held"),
    "quarantine": ("rij apart", "row quarantined"),
    "warn": ("let op", "warning"),
}
_MOST_SIGNALS, _MOST_FOUND = 5, 40


def findings(heading: str, found: Rows) -> str:
    """Findings by rule. Only counts: the rows are in the quarantine, their values nowhere."""
    if not found:
        return section(heading, words("Geen.", "None."))
    rows = [(_rule(row), plain(row["count"]), _effect(row), whole(_title(row))) for row in found]
    headings = (
        words("regel", "rule"),
        words("aantal", "count"),
        words("gevolg", "effect"),
        words("betekenis", "meaning"),
    )
    page = str(found[0]["page"]).partition("#")[0]
    where = "" if is_followed(page) else f"{words('Uitleg per regel', 'What each rule means')}: {code(page, 300)}"
    return section(heading, table(headings, rows, right=(1,)), where)


def file_findings(found: Rows, rules_url: str) -> str:
    """Findings of single files: rule, column, how often, in which rows. Never a value."""
    if not found:
        return ""
    rows = [
        (code(row["file_name"]), link(str(row["rule"]), rule_link(str(row["rule"]), rules_url)),
         code(row["column"]) if row["column"] else "–", plain(row["count"]), plain(row["rows"]), whole(row["title"]))
        for row in found[:_MOST_FOUND]
    ]  # fmt: skip
    headings = (
        words("bestand", "file"), words("regel", "rule"), words("kolom", "column"), words("aantal", "count"),
        words("rijen in het bestand", "rows of the file"), words("betekenis", "meaning"),
    )  # fmt: skip
    heading = words("Bevindingen per bestand", "Findings per file")
    return section(heading, table(headings, rows, right=(3,)), rest(_MOST_FOUND, len(found), "file_findings"))


def relations(found: Rows, rules_url: str) -> str:
    """Findings across deliveries and sources, each with its place and month; those about the newest months first."""
    if not found:
        return ""
    rows = [
        (link(str(row["rule"]), rule_link(str(row["rule"]), rules_url)), plain(row["place"]), plain(row["month"]),
         sentence(told_finding(str(row["what"]))))
        for row in found[:_MOST_FOUND]
    ]  # fmt: skip
    headings = (words("regel", "rule"), words("plaats", "place"), words("maand", "month"), words("wat", "what"))
    shown = (table(headings, rows), rest(_MOST_FOUND, len(found), "relations"))
    return section(words("Waar en wanneer", "Where and when"), *shown)


def _effect(row: Mapping[str, Value]) -> str:
    severity = str(row["severity"])
    return words(*_SEVERITY[severity]) if severity in _SEVERITY else "–"


def _title(row: Mapping[str, Value]) -> Value:
    return row["title_en"] if is_english() else row["title_nl"]


def signals(found: Rows) -> str:
    """Figures that moved unusually far; nothing where none did."""
    if not found:
        return ""
    lead = words(
        "**Signalen.** Deze cijfers bewegen verder dan hun eigen verleden waarschijnlijk maakt. Niets wordt erom "
        "aangehouden; kijk of er iets gebeurd is, of dat een levering niet klopt.",
        "**Signals.** These figures move further than their own history makes likely. Nothing waits for it; look "
        "whether something happened, or a delivery is wrong.",
    )
    lines = [
        f"- {plain(place_name(str(row['municipality'])))} {plain(row['series'])} {_day(row['reference_date'])}: "
        f"{whole(row['what'])}"
        for row in found[:_MOST_SIGNALS]
    ]
    parts = (lead, "\n".join(lines), rest(_MOST_SIGNALS, len(found), "signals"))
    return "\n\n".join(part for part in parts if part)


def advice(found: Rows) -> str:
    """What to do, per rule, as the catalogue states it."""
    lines = [f"- {_rule(row)}: {whole(row['what_to_do'])}" for row in found if row["what_to_do"]]
    return section(words("Wat te doen", "What to do"), "\n".join(lines)) if lines else ""


def _rule(row: dict[str, Value]) -> str:
    return link(str(row["rule"]), str(row["page"]))


def _day(value: Value) -> str:
    return day(str(value)) if value else "–"
