"""What a steward reads about a backfill before applying it: what was asked, what is read again, which figures change.

Here: a plan as rows and text, whatever its parts are made of (frames, rows, dataclasses or plain text).
Not here: how a plan is made, kept or applied (``pipeline.jobs``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any, Protocol

import polars as pl

from pipeline.steward.figures import by_table, figures
from pipeline.steward.report_rows import MOST_ROWS, Rows, changed_by_table, changed_rows
from pipeline.steward.text import Value, code, escaped, masked, plain, rest, section, table

_FIGURES = {
    "table": pl.String, "key": pl.String, "column": pl.String, "kind": pl.String, "value_before": pl.Float64,
    "value_after": pl.Float64,
}  # fmt: skip
_MOST = 30
_LONGEST_NOTE = 2_000
_CODES = {"delivery", "file_name", "source", "files", "id"}
_SHOWN = {
    "deliveries": ("action", "file_name", "rows_add", "rows_supersede", "rows_quarantine", "note"),
    "months": ("month", "files", "rows_add", "rows_supersede", "rows_quarantine"),
    "gaps": ("source", "municipality_code", "month", "also_in"),
}
"""Columns that the text shows; the tables hold all of them."""

_HEADINGS = {
    "action": "wat / action", "source": "bron / source", "file_name": "bestand / file", "files": "bestanden / files",
    "month": "maand / month", "municipality_code": "gemeente / municipality", "rows_add": "erbij / added",
    "rows_supersede": "eraf / superseded", "rows_quarantine": "apart / quarantined", "also_in": "wel in / but in",
    "note": "opmerking / note", "gap": "ontbreekt / missing",
}  # fmt: skip

_ACTIONS = ("record", "record_again", "hold", "copy", "project")
"""What is done to a delivery; those that are left alone come after."""


class Plan(Protocol):
    """The parts of a plan that are told. Lists may hold text, mappings or dataclasses; ``figures`` may be a frame."""

    @property
    def id(self) -> str: ...
    @property
    def request(self) -> Any: ...
    @property
    def deliveries(self) -> Any: ...
    @property
    def figures(self) -> Any: ...
    @property
    def gaps(self) -> Any: ...
    @property
    def months(self) -> Any: ...


def plan_tables(plan: Plan) -> dict[str, Rows]:
    """Request, months, deliveries, figures and gaps as rows, each at most ``MOST_ROWS``."""
    request = as_rows([plan.request], "request")
    asked: Rows = [{"what": name, "value": value} for row in request for name, value in row.items()]
    changed = _figures(plan.figures)
    return {
        "request": asked,
        "months": as_rows(plan.months, "month")[:MOST_ROWS],
        "deliveries": sorted(as_rows(plan.deliveries, "delivery"), key=_by_action)[:MOST_ROWS],
        "figures": changed_rows(changed),
        "figures_by_table": changed_by_table(changed),
        "gaps": as_rows(plan.gaps, "gap")[:MOST_ROWS],
    }


def sizes(plan: Plan) -> dict[str, int]:
    """How many rows the parts of a plan have in all."""
    parts = {name: len(getattr(plan, name) or ()) for name in ("months", "deliveries", "gaps")}
    return {**parts, "figures": _figures(plan.figures).height}


def plan_sections(plan: Plan) -> list[str]:
    """The text of a plan, in the order in which a steward decides about it."""
    tables = plan_tables(plan)
    asked = [(code(row["what"]), plain(row["value"])) for row in tables["request"]]
    counts = sizes(plan)
    count = counts["figures"]
    changed = (by_table(tables["figures_by_table"]), figures(tables["figures"], count, "figures", has_causes=False))
    none = "Geen cijfer verandert / no figure changes."
    return [
        f"Plan {code(plan.id)}. Er is nog niets veranderd / nothing has changed yet. "
        "Uitvoeren: kies **Resume** in de run die op akkoord wacht; wacht er geen, start dan `backfill-apply` met dit "
        "plan / to apply: choose **Resume** in the run that waits for approval; where none waits, start "
        "`backfill-apply` with this plan.",
        section("Gevraagd / Asked for", table(("wat / what", "waarde / value"), asked + _made(plan))),
        section("Welke cijfers veranderen / Which figures change", *(changed if count else (none,))),
        section("Let op / Note", *_notes(plan)),
        _listed("Opnieuw te lezen leveringen / Deliveries to read again", tables["deliveries"], "deliveries", counts),
        _listed("Maanden / Months", tables["months"], "months", counts),
        _listed("Wat ontbreekt / What is missing", tables["gaps"], "gaps", counts),
    ]


def _notes(plan: Plan) -> list[str]:
    """What has to be known before approving: final figures among those that change, files that cannot be read."""
    return [escaped(masked(str(note)), _LONGEST_NOTE) for note in getattr(plan, "notes", ())]


def _made(plan: Plan) -> list[tuple[str, str]]:
    """When, by whom and under which rules it was made, as far as the plan tells."""
    facts = {name: getattr(plan, name, None) for name in ("made_at", "made_by", "rules_version", "code_version")}
    return [(code(name), code(masked(str(value)))) for name, value in facts.items() if value]


def as_rows(parts: Any, name: str) -> Rows:
    """Anything listed, as rows of plain values; a part that is only a text becomes a row with that one column."""
    if parts is None:
        return []
    if isinstance(parts, pl.DataFrame):
        parts = parts.to_dicts()
    return [{key: _value(value) for key, value in _parts(part, name).items()} for part in parts]


def _parts(part: Any, name: str) -> Mapping[str, Any]:
    if isinstance(part, Mapping):
        return part
    if is_dataclass(part) and not isinstance(part, type):
        return asdict(part)
    dump = getattr(part, "model_dump", None)
    return dict(dump()) if callable(dump) else {name: part}


def _value(value: Any) -> Value:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return _listing([str(_value(each)) for each in value])
    return masked(str(value))


def _figures(given: Any) -> pl.DataFrame:
    frame = given if isinstance(given, pl.DataFrame) else pl.DataFrame(as_rows(given, "key"), schema_overrides=_FIGURES)
    missing = [pl.lit(None, dtype=dtype()).alias(name) for name, dtype in _FIGURES.items() if name not in frame.columns]
    return frame.with_columns(missing).select(list(_FIGURES))


def _listing(values: list[str]) -> str:
    """All of a few, the first and the last of many."""
    return ", ".join(values) if len(values) <= 3 else f"{values[0]} … {values[-1]} ({len(values)})"


def _by_action(row: Mapping[str, Value]) -> int:
    action = str(row.get("action", ""))
    return _ACTIONS.index(action) if action in _ACTIONS else len(_ACTIONS)


def _listed(heading: str, rows: Rows, name: str, counts: Mapping[str, int]) -> str:
    if not rows:
        return section(heading, "Geen / none.")
    there = dict.fromkeys(key for row in rows for key in row)
    names = [key for key in _SHOWN[name] if key in there] or list(there)
    shown = [tuple(_cell(key, row.get(key)) for key in names) for row in rows[:_MOST]]
    headings = [_HEADINGS.get(key, code(key)) for key in names]
    return section(heading, table(headings, shown), rest(_MOST, counts[name], name))


def _cell(name: str, value: Value) -> str:
    if name == "delivery" and value:
        return code(str(value)[:12])
    return code(value) if name in _CODES and value else plain(value)
