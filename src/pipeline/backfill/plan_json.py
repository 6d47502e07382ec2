"""A plan as JSON values and back. Not here: its parts (``plan``), its file (``pipeline.store.plans``)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pipeline.backfill.plan import Figure, Gap, Plan, Position
from pipeline.backfill.planned_delivery import Action, PlannedDelivery
from pipeline.backfill.request import Request
from schemas.vocabulary import BackfillMode


def as_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON values, with what follows from it (id, months, touched) spelled out for a reader."""
    return {
        "id": plan.id,
        **asdict(plan),
        "months": [asdict(each) for each in plan.months],
        "touched": [asdict(each) for each in plan.touched],
    }


def from_json(content: Mapping[str, Any]) -> Plan:
    """The plan that ``as_json`` gave. Raises KeyError, TypeError or ValueError where the content is no plan."""
    asked = content["request"]
    lists = ("months", "municipalities")
    return Plan(
        request=Request(**{
            **asked, "sources": tuple(asked["sources"]), "municipalities": tuple(asked["municipalities"]),
            "mode": BackfillMode(asked["mode"]),
        }),
        **{name: content[name] for name in ("made_at", "made_by", "rules_version", "code_version", "figures_after")},
        position=Position(**{**content["position"], "keys": tuple(content["position"]["keys"])}),
        deliveries=tuple(
            PlannedDelivery(**{**each, **{name: tuple(each[name]) for name in lists}, "action": Action(each["action"])})
            for each in content["deliveries"]
        ),
        figures=tuple(Figure(**each) for each in content["figures"]),
        gaps=tuple(Gap(**each) for each in content["gaps"]),
        notes=tuple(content["notes"]),
    )  # fmt: skip
