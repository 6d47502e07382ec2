"""Backfill plans on disk, ``<data>/plans/<id>.json``, and a note beside each one that was applied.

Here: names and bytes. Not here: what a plan contains (``pipeline.backfill.plan``).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.settings import Settings
from pipeline.store.fs import atomic_write

_APPLIED = ".applied.json"


def folder(settings: Settings) -> Path:
    return settings.data_dir / "plans"


def save(settings: Settings, plan_id: str, content: Mapping[str, Any]) -> Path:
    """Keep a plan. The same id means the same content, but for the moment at which and by whom it was made last."""
    path = folder(settings) / f"{plan_id}.json"
    _write(path, content)
    return path


def load(settings: Settings, plan_id: str) -> Mapping[str, Any]:
    """The content of a plan. ValueError where it is no JSON."""
    content: Mapping[str, Any] = json.loads((folder(settings) / f"{plan_id}.json").read_text(encoding="utf-8"))
    return content


def ids(settings: Settings) -> tuple[str, ...]:
    """Plans on disk, by id."""
    paths = folder(settings).glob("*.json")
    return tuple(sorted(path.stem for path in paths if not path.name.endswith(_APPLIED)))


def mark_applied(settings: Settings, plan_id: str, content: Mapping[str, Any]) -> None:
    """Note that a plan was applied to the end."""
    _write(folder(settings) / f"{plan_id}{_APPLIED}", content)


def applied(settings: Settings, plan_id: str) -> Mapping[str, Any] | None:
    """The note that a plan was applied to the end; None when it was not, or the note cannot be read."""
    try:
        text = (folder(settings) / f"{plan_id}{_APPLIED}").read_text(encoding="utf-8")
        content: Mapping[str, Any] = json.loads(text)
    except (FileNotFoundError, ValueError):
        return None
    return content


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
        file.write("\n")
