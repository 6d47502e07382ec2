"""What a steward reads about a backfill before applying it: what was asked, what is read again, which figures change.

Here: a plan as rows and text. Not here: what a plan is (``pipeline.backfill``), how it is made, kept or applied
(``pipeline.jobs``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from pipeline.backfill.plan import Gap, Plan, PlannedMonth
from pipeline.backfill.planned_delivery import Action, PlannedDelivery
from pipeline.backfill.request import Request
from pipeline.jobs.plan_holds import Hold
from pipeline.steward import held_files
from pipeline.steward.changed_figures import changed_by_table, changed_rows
from pipeline.steward.figures_markdown import by_table, figures
from pipeline.steward.report_rows import MOST_ROWS, Rows
from pipeline.steward.text import Value, code, escaped, plain, rest, section, table
from pipeline.steward.wording import words
from schemas.spelling import shown

_FIGURES = {
    "table": pl.String, "key": pl.String, "column": pl.String, "kind": pl.String, "value_before": pl.Float64,
    "value_after": pl.Float64,
}  # fmt: skip
_MOST = 30
_LONGEST_NOTE = 2_000
_CODES = {"file_name", "source", "files"}
_SHOWN = {
    "deliveries": ("action", "file_name", "rows_add", "rows_supersede", "rows_quarantine", "note"),
    "months": ("month", "files", "rows_add", "rows_supersede", "rows_quarantine"),
    "gaps": ("source", "municipality_code", "month", "also_in"),
}
"""Columns that the text shows; the tables hold all of them."""

_HEADINGS = {
    "action": ("wat", "action"), "source": ("bron", "source"), "file_name": ("bestand", "file"),
    "files": ("bestanden", "files"), "month": ("maand", "month"), "municipality_code": ("gemeente", "municipality"),
    "rows_add": ("erbij", "added"), "rows_supersede": ("eraf", "superseded"),
    "rows_quarantine": ("apart", "quarantined"), "also_in": ("wel in", "but in"), "note": ("opmerking", "note"),
}  # fmt: skip

_ACTIONS = (
    Action.PUT_BACK, Action.FREE, Action.RECORD, Action.RECORD_AGAIN, Action.HOLD, Action.COPY, Action.PROJECT,
)  # fmt: skip
"""What is done to a delivery; those that are left alone come after."""


def plan_tables(plan: Plan) -> dict[str, Rows]:
    """Request, months, deliveries, figures and gaps as rows, each at most ``MOST_ROWS``."""
    changed = pl.DataFrame([asdict(each) for each in plan.figures], schema=_FIGURES)
    return {
        "request": [{"what": name, "value": value} for name, value in _row(plan.request).items()],
        "months": [_row(each) for each in plan.months[:MOST_ROWS]],
        "deliveries": [_row(each) for each in sorted(plan.deliveries, key=_by_action)[:MOST_ROWS]],
        "figures": changed_rows(changed),
        "figures_by_table": changed_by_table(changed),
        "gaps": [_row(each) for each in plan.gaps[:MOST_ROWS]],
    }


def sizes(plan: Plan) -> dict[str, int]:
    """How many rows the parts of a plan have in all."""
    return {name: len(getattr(plan, name)) for name in ("months", "deliveries", "gaps", "figures")}


def plan_sections(plan: Plan, *, waits: bool = False, earlier: Sequence[Hold] = ()) -> list[str]:
    """The text of a plan, in the order in which a steward decides about it."""
    tables = plan_tables(plan)
    asked = [(code(row["what"]), plain(row["value"])) for row in tables["request"]]
    return [
        words(
            f"Plan {code(plan.id)}. Er is nog niets veranderd. Uitvoeren: kies **Resume** in de run die op akkoord "
            "wacht; wacht er geen, start dan `backfill-apply` met dit plan.",
            f"Plan {code(plan.id)}. Nothing has changed yet. To apply: choose **Resume** in the run that waits for "
            "approval; where none waits, start `backfill-apply` with this plan.",
        ),
        section(
            words("Gevraagd", "Asked for"),
            table((words("wat", "what"), words("waarde", "value")), asked + _made(plan)),
        ),
        changed_section(plan),
        section(words("Let op", "Note"), *_notes(plan), held_files.of_plan(plan, waits=waits, earlier=earlier)),
        *done_sections(plan),
    ]


def changed_section(plan: Plan) -> str:
    """The figures that a plan changes, before and after."""
    tables, count = plan_tables(plan), len(plan.figures)
    changed = (by_table(tables["figures_by_table"]), figures(tables["figures"], count, "figures", has_causes=False))
    none = (words("Geen cijfer verandert.", "No figure changes."),)
    return section(words("Welke cijfers veranderen", "Which figures change"), *(changed if count else none))


def done_sections(plan: Plan) -> list[str]:
    """Deliveries, months and gaps of a plan."""
    tables, counts = plan_tables(plan), sizes(plan)
    again = words("Opnieuw te lezen leveringen", "Deliveries to read again")
    return [
        _listed(again, tables["deliveries"], "deliveries", counts),
        _listed(words("Maanden", "Months"), tables["months"], "months", counts),
        _listed(words("Wat ontbreekt", "What is missing"), tables["gaps"], "gaps", counts),
    ]


def _notes(plan: Plan) -> list[str]:
    """What has to be known before approving: final figures among those that change, files that cannot be read."""
    return [escaped(shown(note), _LONGEST_NOTE) for note in plan.notes]


def _made(plan: Plan) -> list[tuple[str, str]]:
    """When, by whom and under which rules it was made."""
    facts = ("made_at", "made_by", "rules_version", "code_version")
    return [(code(name), code(shown(getattr(plan, name)))) for name in facts if getattr(plan, name)]


def _row(part: Request | PlannedDelivery | PlannedMonth | Gap) -> dict[str, Value]:
    return {name: _value(value) for name, value in asdict(part).items()}


def _value(value: Any) -> Value:
    if value is None or isinstance(value, bool | int | float):
        return value
    return _listing([shown(each) for each in value]) if isinstance(value, tuple) else shown(str(value))


def _listing(values: list[str]) -> str:
    """All of a few, the first and the last of many."""
    return ", ".join(values) if len(values) <= 3 else f"{values[0]} … {values[-1]} ({len(values)})"


def _by_action(delivery: PlannedDelivery) -> int:
    return _ACTIONS.index(delivery.action) if delivery.action in _ACTIONS else len(_ACTIONS)


def _listed(heading: str, rows: Rows, name: str, counts: Mapping[str, int]) -> str:
    if not rows:
        return section(heading, words("Geen.", "None."))
    names = _SHOWN[name]
    listed = [tuple(_cell(key, row[key]) for key in names) for row in rows[:_MOST]]
    return section(heading, table([words(*_HEADINGS[key]) for key in names], listed), rest(_MOST, counts[name], name))


def _cell(name: str, value: Value) -> str:
    return code(value) if name in _CODES and value else plain(value)
