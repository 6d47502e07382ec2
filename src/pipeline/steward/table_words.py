"""The tables beside a report as a steward reads them: headings, states and days in their language.

Here: words at the edge. Not here: what stands in a table (``report_rows``): it keeps the names that all other programs
read.
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.steward.text import Value, day
from pipeline.steward.wording import is_english

Row = Mapping[str, Value]

_HEADINGS = {
    "status": "status", "file_name": "bestand", "delivered_on": "geleverd op", "rows_read": "rijen gelezen",
    "rows_recorded": "opgenomen", "rows_quarantined": "apart gehouden", "rows_duplicate": "dubbel",
    "rows_held": "aangehouden", "rule": "regel", "rules": "regels", "detail": "bijzonderheden", "source": "bron",
    "simulated": "gesimuleerd", "delivery": "levering", "files": "bestanden", "municipality": "gemeente",
    "municipality_code": "gemeente", "series": "reeks", "reference_date": "peildatum", "what": "wat",
    "expected": "verwacht", "found": "gevonden", "place": "plaats", "month": "maand", "subject": "onderwerp",
    "known_on": "leveringen t/m", "severity": "gevolg", "count": "aantal", "title_nl": "regel in woorden",
    "what_to_do": "wat te doen", "page": "bladzijde", "column": "kolom", "rows": "rijen", "title": "regel in woorden",
    "claim_id": "uitspraak", "verdict": "oordeel", "verdict_now": "oordeel nu", "document": "document",
    "published_on": "gepubliceerd op", "indicator": "indicator", "region_code": "gebied", "programme_code": "programma",
    "subject_period": "waarover", "operator": "teken", "value_published": "gepubliceerd",
    "decimals_published": "decimalen", "value_found": "gevonden", "series_found": "gevonden in reeks",
    "as_known_on": "zoals bekend op", "explanation": "uitleg",
    "explanation_nl": "uitleg (Nederlands)", "table": "tabel", "key": "sleutel",
    "kind": "soort", "value_before": "was", "value_after": "is", "cause": "door levering", "block": "kenmerk",
    "reason": "reden", "plan": "plan", "event": "stand", "by": "door", "why": "waarom", "since": "sinds",
    "action": "wat", "rows_add": "erbij", "rows_supersede": "eraf", "rows_quarantine": "apart", "note": "opmerking",
    "also_in": "wel in", "benefits": "uitkeringen", "vintage": "stand", "previous": "vorige maand",
    "previous_date": "vorige peildatum",
    "change": "mutatie", "change_pct": "mutatie in %", "year_ago": "vorig jaar", "change_year": "in een jaar",
    "change_year_pct": "in een jaar in %", "release": "uitgave",
}  # fmt: skip
_VALUES = {
    "status": {
        "recorded": "opgenomen", "held": "aangehouden", "rejected": "afgewezen", "refused": "geweigerd",
        "removed": "weggehaald", "retracted": "teruggenomen", "copied": "al bekend", "unstable": "later opnieuw",
    },
    "severity": {
        "block": "uitgave wacht", "reject": "bestand afgewezen", "hold": "levering wacht",
        "quarantine": "rij apart gehouden", "warn": "let op",
    },
    "verdict": {
        "confirmed": "bevestigd", "confirmed_in_other_series": "bevestigd in een andere reeks",
        "contradicted": "tegengesproken", "not_checkable": "niet te controleren",
    },
    "kind": {"changed": "veranderd", "removed": "vervallen", "added": "nieuw"},
    "event": {
        "recorded": "opgenomen", "reprocessed": "opnieuw gelezen", "copied": "al bekend", "retracted": "teruggenomen",
        "reinstated": "teruggezet", "accepted": "aanvaard", "refused": "geweigerd",
        "code": "andere versie van het programma", "plan_waits": "plan wacht", "plan_approved": "plan goedgekeurd",
        "plan_refused": "plan geweigerd",
    },
    "vintage": {"provisional": "voorlopig", "revised": "herzien", "final": "definitief"},
}  # fmt: skip
_SAME_WORDS = {"verdict_now": "verdict"}
_OTHER_LANGUAGE = {True: "title_nl", False: "title_en"}
"""By whether an English one reads: the heading that the other one reads."""
_DAY = re.compile(r"(?:19|20|21)\d{2}-[01]\d-[0-3]\d")


def worded(rows: Sequence[Row]) -> list[dict[str, Value]]:
    """The same rows; in English with their own names."""
    left_out = _OTHER_LANGUAGE[is_english()]
    kept = [{name: value for name, value in row.items() if name != left_out} for row in rows]
    return kept if is_english() else [_in_dutch(row) for row in kept]


def _in_dutch(row: Row) -> dict[str, Value]:
    told: dict[str, Value] = {}
    for name, value in row.items():
        heading = _HEADINGS.get(name, name)
        told[name if heading in told else heading] = _dutch(_SAME_WORDS.get(name, name), value)
    return told


def value_of(name: str, value: Value) -> Value:
    """What stands in a column of this name, as it is read here."""
    return value if is_english() else _dutch(name, value)


def _dutch(name: str, value: Value) -> Value:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if not isinstance(value, str):
        return value
    return day(value) if _DAY.fullmatch(value) else _VALUES.get(name, {}).get(value, value)
