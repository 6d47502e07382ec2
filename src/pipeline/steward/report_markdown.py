"""The parts of a report in Markdown, one function per heading, in the language of who reads it.

Here: which columns of a table a steward reads, in which words, and how many rows. Few columns, since the newer of
Prefect's interfaces shows text in a narrow column; sentences stand in lists. Not here: findings
(``findings_markdown``), the tables themselves (``report_rows``), and which part stands in which report (``reports``).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.steward import findings_markdown
from pipeline.steward.report_rows import Rows
from pipeline.steward.text import (
    Value,
    code,
    day,
    document,
    link,
    plain,
    rest,
    section,
    sentence,
    table,
    whole,
)
from pipeline.steward.wording import is_english, words
from pipeline.store.releases.releases import Release
from schemas.catalogue import RULES

_STATUS = {
    "recorded": ("opgenomen", "recorded"),
    "held": ("**wacht op besluit**", "**held**"),
    "rejected": ("**afgewezen**", "**rejected**"),
    "removed": ("weggehaald", "taken away"),
    "copied": ("al bekend", "known copy"),
    "unstable": ("later opnieuw", "tried again later"),
}


_MOST_FILES, _MOST_LISTED = 25, 20
_SITE = "/uitgave"
"""Where the server shows the pages of a release, where it has some."""


def origin(release: Release, known: Rows) -> str:
    """Below the title: which release, and until when something of each source was delivered."""
    manifest = release.manifest
    pages = words("bladzijden van deze uitgave", "pages of this release")
    has_pages = (release.path / "site").is_dir()
    line = f"{words('Uitgave', 'Release')} {code(release.id)}"
    line += f" · {link(pages, f'{_SITE}/{release.id}/')}" if has_pages else ""
    by_source = " · ".join(f"{code(row['source'])} {_day(row['known_on'])}" for row in known)
    until = f"{words('Leveringen t/m', 'Deliveries until')}: {by_source or day(manifest.get('known_on'))}."
    simulated = words(
        "**GESIMULEERD** – deze cijfers berusten deels op verzonnen leveringen.",
        "**SIMULATED** – these figures rest partly on made-up deliveries.",
    )
    return "\n\n".join([line, until, *([simulated] if manifest.get("simulated") else [])])


def night_line(given: Rows, *, is_new: bool) -> str:
    """What the run did, in one paragraph."""
    counts = Counter(str(row["status"]) for row in given)
    counted = ", ".join(
        f"{plain(counts[status])} {words(*_STATUS[status]).replace('*', '')}" for status in _STATUS if counts[status]
    )
    many = words("bestanden", "files") if len(given) != 1 else words("bestand", "file")
    nothing = words("Niets nieuws in `data/raw`.", "Nothing new in `data/raw`.")
    files = f"{plain(len(given))} {many}: {counted}." if given else nothing
    same = words("De uitgave is niet veranderd.", "The release has not changed.")
    return f"{files} {words('Nieuwe uitgave.', 'New release.') if is_new else same}"


def attention(*parts: str) -> str:
    """What needs a person, before all else; a sentence where nothing does."""
    filled = [part for part in parts if part]
    calm = words("Niets vraagt om een besluit.", "Nothing asks for a decision.")
    return section(words("Vraagt aandacht", "Needs attention"), *(filled or [calm]))


def rejected(given: Rows) -> str:
    """Files of this night that were rejected, with the reason and what to do, uncut."""
    lines = [
        f"- {code(row['file_name'])}: {_reason(row)} {_fix(str(row['rule']))}"
        for row in given
        if row["status"] == "rejected"
    ]
    if not lines:
        return ""
    many = (
        words("bestanden afgewezen", "files rejected")
        if len(lines) != 1
        else words("bestand afgewezen", "file rejected")
    )
    listed = "\n".join(lines[:_MOST_LISTED])
    return "\n\n".join(
        part for part in (f"**{len(lines)} {many}.**", listed, rest(_MOST_LISTED, len(lines), "receipts")) if part
    )


def _fix(code_of_rule: str) -> str:
    rule = RULES.get(code_of_rule)
    return whole(rule.advice(in_dutch=not is_english())) if rule else ""


def blocked(reasons: Rows, name: str) -> str:
    """Why the newest state is not published, figure by figure, and what the steward can do."""
    what = words(
        "**De uitgave wacht.** Cijfers die definitief waren zouden veranderen; de vorige uitgave blijft staan. "
        "Besluit: open onder *Runs* de wachtende run van `decide-release` en kies **Resume**, of start "
        "`approve-release`.",
        "**The release waits.** Figures that were final would change; the previous release stays. Decide: under *Runs* "
        "open the waiting run of `decide-release` and choose **Resume**, or start `approve-release`.",
    )
    lines = "\n".join(f"- {whole(row['reason'])}" for row in reasons[:_MOST_LISTED])
    id_line = f"{words('Kenmerk', 'Id')}: {code(name)}."
    parts = (f"{what} {id_line}", lines, rest(_MOST_LISTED, len(reasons), "block"))
    return "\n\n".join(part for part in parts if part)


def stays(by: str | None, why: str | None) -> str:
    """The release is an earlier one because somebody decided so."""
    return f"{words('Teruggezet op besluit van', 'Gone back by decision of')} {plain(by)}: {whole(why)}."


def receipts(given: Rows, by_source: Rows) -> str:
    """Rows per source, what went wrong in words, then the files: those that ask for attention come first."""
    if not given:
        return ""
    counted = ("files", "rows_read", "rows_recorded", "rows_quarantined", "rows_held")
    sources = table(
        (words("bron", "source"), words("bestanden", "files"), words("gelezen", "read"),
         words("opgenomen", "recorded"), words("apart", "quarantined"), words("wacht", "held")),
        [(code(row["source"]), *(plain(row[name]) for name in counted)) for row in by_source],
        right=range(1, 6),
    )  # fmt: skip
    explained = [
        f"- {code(row['file_name'])}: {_reason(row)}" for row in given if row["rule"] and row["status"] != "held"
    ]
    files = table(
        (words("bestand", "file"), words("stand", "status"), words("gelezen", "read"), words("opgenomen", "recorded"),
         words("apart", "quarantined")),
        [
            (code(row["file_name"]), _status(row["status"]), plain(row["rows_read"]), plain(row["rows_recorded"]),
             plain(row["rows_quarantined"]))
            for row in given[:_MOST_FILES]
        ],
        right=(2, 3, 4),
    )  # fmt: skip
    parts = (
        sources,
        "\n".join(explained[:_MOST_LISTED]),
        rest(_MOST_LISTED, len(explained), "receipts"),
        files,
        rest(_MOST_FILES, len(given), "receipts"),
    )
    return section(words("Ontvangstbewijzen", "Receipts"), *parts)


def _status(status: Value) -> str:
    return words(*_STATUS[str(status)]) if status in _STATUS else plain(status)


def not_taken(lying: Rows) -> str:
    """What had its receipt in an earlier night and still lies where no delivery can be taken from."""
    lines = "\n".join(f"- {code(row['file_name'])}: {_reason(row)}" for row in lying[:_MOST_LISTED])
    if not lines:
        return ""
    lead = words("**Niet genomen, ligt er nog.**", "**Not taken, still there.**")
    return "\n\n".join(part for part in (lead, lines, rest(_MOST_LISTED, len(lying), "not_taken")) if part)


def waiting(held: Rows) -> str:
    """Deliveries that wait for the steward, with the reasons; nothing where none waits."""
    if not held:
        return ""
    lines = [
        f"- {code(row['file_name'])}, {words('levering', 'delivery')} {code(str(row['delivery'])[:12])}, "
        f"{_day(row['delivered_on'])}, {plain(row['rows_held'])} {words('rijen', 'rows')}. "
        f"{sentence(row['reason'])}. {words('Regels', 'Rules')}: {whole(row['rules'])}"
        for row in held[:_MOST_LISTED]
    ]
    how = words(
        "**Wacht op een besluit.** Open onder *Runs* de wachtende run `accept?` met de naam van het bestand en kies "
        "**Resume**, of start `accept-delivery` of `reject-delivery`.",
        "**Waiting for a decision.** Under *Runs* open the waiting run `accept?` with the name of the file and choose "
        "**Resume**, or start `accept-delivery` or `reject-delivery`.",
    )
    more = rest(_MOST_LISTED, len(held), "held")
    return "\n\n".join(part for part in (how, "\n".join(lines), more) if part)


def held(row: Mapping[str, object], found: Rows, by_row: str, according: str) -> str:
    """One delivery that waits, on its own: what a steward reads beside the form of the decision."""
    facts = [
        (words("bestand", "file"), code(row["file_name"])),
        (words("levering", "delivery"), code(row["delivery"])),
        (words("geleverd", "delivered on"), plain(row["delivered_on"])),
        (words("rijen gelezen", "rows read"), plain(row["rows_read"])),
        (words("rijen die wachten", "rows held"), plain(row["rows_held"])),
    ]
    return document(
        words("Aangehouden levering", "Held delivery"),
        f"{whole(row['reason'])}.",  # not in the table: there a sentence is cut off at the edge of the page
        table((words("wat", "what"), ""), facts),
        findings_markdown.findings(words("Waarom", "Why"), found),
        by_row,
        findings_markdown.advice(found),
        according,
    )


def according_to(release: Release | None) -> str:
    """What shows that a delivery waits: a release, else the log."""
    if release is None:
        return words("Volgens de log van nu.", "According to the log as it is now.")
    return f"{words('Volgens uitgave', 'According to release')} {code(release.id)}."


def apart(names: Sequence[str]) -> str:
    """Pictures that did not fit into the text, by name."""
    listed = ", ".join(code(name) for name in names)
    lead = words("Te groot voor deze tekst, los ernaast bewaard", "Too large for this text, kept beside it")
    return f"{lead}: {listed}." if names else ""


def provenance(release: Release, log: Rows) -> str:
    """Where every figure of the report comes from: release, log position, rules, programme."""
    manifest = release.manifest
    facts = [
        (words("uitgave", "release"), code(release.id)),
        (words("map", "folder"), code(release.path, 300)),
        (words("log tot en met", "log up to"), day(manifest.get("recorded_until"))),
        (words("gebeurtenissen in de log", "events in the log"), plain(manifest.get("events"))),
        (words("regels", "rules version"), code(manifest.get("rules_version", "–"))),
        (words("programma", "code version"), code(manifest.get("code_version", "–"))),
    ]  # fmt: skip
    positions = [
        (code(row["source"]), plain(row["deliveries"]), plain(row["rows_recorded"]), _moment(row["last_recorded_at"]))
        for row in log
    ]
    headings = (
        words("log per bron", "log by source"),
        words("leveringen", "deliveries"),
        words("rijen", "rows"),
        words("laatst opgenomen (UTC)", "last recorded (UTC)"),
    )
    return section(
        words("Herkomst", "Where these figures come from"),
        table((words("wat", "what"), ""), facts),
        table(headings, positions, right=(1, 2)) if positions else "",
    )


def _reason(row: dict[str, Value]) -> str:
    return f"{plain(row['rule'])}: {sentence(row['detail'])}." if row["rule"] else ""


def _moment(value: Value) -> str:
    return f"{datetime.fromisoformat(str(value)):%d-%m-%Y %H:%M:%S}" if value else "–"


def _day(value: Value) -> str:
    return day(str(value)) if value else "–"
