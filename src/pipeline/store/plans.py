"""Backfill plans on disk, ``<data>/plans/<id>.json``, and a note beside each one that was applied.

Here: names and bytes. Not here: what a plan contains (``pipeline.backfill.plan``).
"""

import json
from collections.abc import Mapping
from typing import Any

from pipeline.settings import Settings
from pipeline.store.storage.data_folder import storage

PLANS = "plans"
_PLAN = ".json"
_APPLIED = ".applied.json"


def save(settings: Settings, plan_id: str, content: Mapping[str, Any]) -> None:
    """Keep a plan. The same id means the same content, but for the moment at which and by whom it was made last."""
    _write(settings, f"{plan_id}{_PLAN}", content)


def load(settings: Settings, plan_id: str) -> Mapping[str, Any]:
    """The content of a plan. ValueError where it is no JSON, FileNotFoundError where there is none."""
    body = storage(settings, PLANS).read(f"{plan_id}{_PLAN}")
    if body is None:
        raise FileNotFoundError(f"no plan {plan_id}")
    content: Mapping[str, Any] = json.loads(body)
    return content


def ids(settings: Settings) -> tuple[str, ...]:
    """Plans that are kept, by id."""
    names = [each.name for each in storage(settings, PLANS).entries()]
    own = [name for name in names if name.endswith(_PLAN) and not name.endswith(_APPLIED) and "/" not in name]
    return tuple(sorted(name.removesuffix(_PLAN) for name in own))


def mark_applied(settings: Settings, plan_id: str, content: Mapping[str, Any]) -> None:
    """Note that a plan was applied to the end."""
    _write(settings, f"{plan_id}{_APPLIED}", content)


def applied(settings: Settings, plan_id: str) -> Mapping[str, Any] | None:
    """The note that a plan was applied to the end; None when it was not, or the note cannot be read."""
    body = storage(settings, PLANS).read(f"{plan_id}{_APPLIED}")
    try:
        content: Mapping[str, Any] | None = None if body is None else json.loads(body)
    except ValueError:
        return None
    return content


def _write(settings: Settings, name: str, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False)
    storage(settings, PLANS).write(name, f"{text}\n".encode())
