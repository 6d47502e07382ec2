"""The parts of a report in Markdown, one function per heading, Dutch first and English second.

Here: which columns of a table a steward reads, in which words, and how many rows. Few columns, since the newer of
Prefect's interfaces shows text in a narrow column; sentences stand in lists. Not here: the tables themselves
(``report_rows``), and which part stands in which report (``reports``).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.steward.report_rows import Rows
from pipeline.steward.text import Value, code, day, document, is_followed, link, plain, rest, section, table
from pipeline.store.releases.releases import Release

_STATUS = {
    "recorded": "opgenomen / recorded",
    "held": "**wacht op besluit / held**",
    "rejected": "**afgewezen / rejected**",
    "copied": "al bekend / known copy",
    "unstable": "later opnieuw / tried again later",
}
_SEVERITY = {
    "block": "uitgave wacht / release blocked",
    "reject": "bestand afgewezen / file rejected",
    "hold": "levering wacht / delivery held",
    "quarantine": "rij apart / row quarantined",
    "warn": "let op / warning",
}
_MOST_FILES, _MOST_LISTED, _MOST_SIGNALS = 25, 20, 5

SIMULATED = (
    "**GESIMULEERD / SIMULATED** – deze cijfers berusten deels op verzonnen leveringen / "
    "these figures rest partly on made-up deliveries."
)


def origin(release: Release) -> str:
    """One paragraph below the title: which release, what was known, where it lies."""
    manifest = release.manifest
    known = f"bekend op / known on {day(manifest.get('known_on'))}"
    line = f"Uitgave / release {code(release.id)} · {known} · map / folder {code(release.path, 300)}"
    return f"{line}\n\n{SIMULATED}" if manifest.get("simulated") else line


def night_line(given: Rows, *, is_new: bool) -> str:
    """What the run did, in one paragraph."""
    counts = Counter(str(row["status"]) for row in given)
    counted = ", ".join(
        f"{plain(counts[status])} {_STATUS[status].replace('*', '')}" for status in _STATUS if counts[status]
    )
    files = (
        f"{plain(len(given))} bestanden / files: {counted}."
        if given
        else "Niets nieuws in / nothing new in `data/raw`."
    )
    new = "Nieuwe uitgave / new release." if is_new else "De uitgave is niet veranderd / the release has not changed."
    return f"{files} {new}"


def blocked(reasons: Rows, name: str) -> str:
    """Why the newest state is not published, figure by figure, and what the steward can do."""
    what = (
        "Cijfers die definitief waren zouden veranderen; de vorige uitgave blijft staan / figures that were final "
        "would change; the previous release stays. Besluit: open onder *Runs* de wachtende run van `decide-release` en "
        "kies **Resume** / decide: under *Runs* open the waiting run of `decide-release`, choose **Resume**. "
        f"Kenmerk / id: {code(name)}."
    )
    lines = "\n".join(f"- {plain(row['reason'])}" for row in reasons[:_MOST_LISTED])
    return section("De uitgave wacht / The release waits", what, lines, rest(_MOST_LISTED, len(reasons), "block"))


def stays(by: str | None, why: str | None) -> str:
    """The release is an earlier one because somebody decided so."""
    return f"Teruggezet op besluit van / gone back by decision of {plain(by)}: {plain(why)}."


def receipts(given: Rows, by_source: Rows) -> str:
    """Rows per source, what went wrong in words, then the files: those that ask for attention come first."""
    if not given:
        return section("Ontvangstbewijzen / Receipts")
    counted = ("files", "rows_read", "rows_recorded", "rows_quarantined", "rows_held")
    sources = table(
        ("bron / source", "bestanden / files", "gelezen / read", "opgenomen / recorded", "apart / quarantined",
         "wacht / held"),
        [(code(row["source"]), *(plain(row[name]) for name in counted)) for row in by_source],
        right=range(1, 6),
    )  # fmt: skip
    explained = [
        f"- {code(row['file_name'])}: {_reason(row)}" for row in given if row["rule"] and row["status"] != "held"
    ]
    files = table(
        ("bestand / file", "stand / status", "gelezen / read", "opgenomen / recorded", "apart / quarantined"),
        [
            (code(row["file_name"]), _STATUS.get(str(row["status"]), plain(row["status"])), plain(row["rows_read"]),
             plain(row["rows_recorded"]), plain(row["rows_quarantined"]))
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
    return section("Ontvangstbewijzen / Receipts", *parts)


def not_taken(lying: Rows) -> str:
    """What had its receipt in an earlier night and still lies where no delivery can be taken from."""
    lines = "\n".join(f"- {code(row['file_name'])}: {_reason(row)}" for row in lying[:_MOST_LISTED])
    heading = "Niet genomen, ligt er nog / Not taken, still there"
    return section(heading, lines, rest(_MOST_LISTED, len(lying), "not_taken"))


def findings(heading: str, found: Rows) -> str:
    """Findings by rule. Only counts: the rows are in the quarantine, their values nowhere."""
    if not found:
        return section(heading, "Geen / none.")
    rows = [
        (_rule(row), plain(row["count"]), _SEVERITY.get(str(row["severity"]), "–"),
         f"{plain(row['title_nl'])} / {plain(row['title_en'])}")
        for row in found
    ]  # fmt: skip
    headings = ("regel / rule", "aantal / count", "gevolg / effect", "betekenis / meaning")
    page = str(found[0]["page"]).partition("#")[0]
    where = "" if is_followed(page) else f"Uitleg per regel / what each rule means: {code(page, 300)}"
    return section(heading, table(headings, rows, right=(1,)), where)


def signals(found: Rows) -> str:
    """Figures that moved unusually far; nothing where none did."""
    if not found:
        return ""
    lead = (
        "Deze cijfers bewegen verder dan hun eigen verleden waarschijnlijk maakt. Niets wordt erom aangehouden; kijk "
        "of er iets gebeurd is, of dat een levering niet klopt / these figures move further than their own history "
        "makes likely. Nothing waits for it; look whether something happened, or a delivery is wrong."
    )
    lines = [
        f"- {code(row['municipality'])} {plain(row['series'])} {_day(row['reference_date'])}: {plain(row['what'])}"
        for row in found[:_MOST_SIGNALS]
    ]
    return section("Signalen / Signals", lead, "\n".join(lines), rest(_MOST_SIGNALS, len(found), "signals"))


def waiting(held: Rows) -> str:
    """Deliveries that wait for the steward, with the reasons; nothing where none waits."""
    if not held:
        return ""
    lines = [
        f"- {code(row['file_name'])}, levering / delivery {code(str(row['delivery'])[:12])}, "
        f"{_day(row['delivered_on'])}, {plain(row['rows_held'])} rijen / rows. "
        f"{plain(row['reason'])}. Regels / rules: {plain(row['rules'])}"
        for row in held[:_MOST_LISTED]
    ]
    how = (
        "Besluit: open onder *Runs* de wachtende run `decide` met de eerste tekens van de levering en kies **Resume**, "
        "of start `accept-delivery` of `reject-delivery` met die tekens / decide: under *Runs* open the waiting run "
        "`decide` with the first characters of the delivery, choose **Resume**, or start `accept-delivery` or "
        "`reject-delivery` with these characters."
    )
    more = rest(_MOST_LISTED, len(held), "held")
    return section("Wacht op een besluit / Waiting for a decision", how, "\n".join(lines), more)


def held(row: Mapping[str, object], found: Rows, according: str) -> str:
    """One delivery that waits, on its own: what a steward reads beside the form of the decision."""
    facts = [
        ("bestand / file", code(row["file_name"])),
        ("levering / delivery", code(row["delivery"])),
        ("geleverd / delivered on", plain(row["delivered_on"])),
        ("rijen gelezen / rows read", plain(row["rows_read"])),
        ("rijen die wachten / rows held", plain(row["rows_held"])),
    ]
    return document(
        "Aangehouden levering / Held delivery",
        f"{plain(row['reason'])}.",  # not in the table: there a sentence is cut off at the edge of the page
        table(("wat / what", ""), facts),
        findings("Waarom / Why", found),
        advice(found),
        according,
    )


def according_to(release: Release | None) -> str:
    """What shows that a delivery waits: a release, else the log."""
    if release is None:
        return "Volgens de log van nu / according to the log as it is now."
    return f"Volgens uitgave / according to release {code(release.id)}, map / folder {code(release.path, 300)}."


def advice(found: Rows) -> str:
    """What to do, per rule, as the catalogue states it."""
    lines = [f"- {_rule(row)}: {plain(row['what_to_do'])}" for row in found if row["what_to_do"]]
    return section("Wat te doen / What to do", "\n".join(lines)) if lines else ""


def apart(names: Sequence[str]) -> str:
    """Pictures that did not fit into the text, by name."""
    listed = ", ".join(code(name) for name in names)
    lead = "Te groot voor deze tekst, los ernaast bewaard / too large for this text, kept beside it"
    return f"{lead}: {listed}." if names else ""


def provenance(release: Release, log: Rows) -> str:
    """Where every figure of the report comes from: release, log position, rules, programme."""
    manifest = release.manifest
    facts = [
        ("uitgave / release", code(release.id)),
        ("map / folder", code(release.path, 300)),
        ("bekend op / known on", day(manifest.get("known_on"))),
        ("log tot en met / log up to", day(manifest.get("recorded_until"))),
        ("gebeurtenissen in de log / events in the log", plain(manifest.get("events"))),
        ("regels / rules version", code(manifest.get("rules_version", "–"))),
        ("programma / code version", code(manifest.get("code_version", "–"))),
    ]  # fmt: skip
    positions = [
        (code(row["source"]), plain(row["deliveries"]), plain(row["rows_recorded"]), _moment(row["last_recorded_at"]))
        for row in log
    ]
    headings = (
        "log per bron / log by source",
        "leveringen / deliveries",
        "rijen / rows",
        "laatst opgenomen / last recorded (UTC)",
    )
    return section(
        "Herkomst / Where these figures come from",
        table(("wat / what", ""), facts),
        table(headings, positions, right=(1, 2)) if positions else "",
    )


def _rule(row: dict[str, Value]) -> str:
    return link(str(row["rule"]), str(row["page"]))


def _reason(row: dict[str, Value]) -> str:
    return f"{plain(row['rule'])}: {plain(row['detail'])}" if row["rule"] else ""


def _moment(value: Value) -> str:
    return f"{datetime.fromisoformat(str(value)):%d-%m-%Y %H:%M:%S}" if value else "–"


def _day(value: Value) -> str:
    return day(str(value)) if value else "–"
