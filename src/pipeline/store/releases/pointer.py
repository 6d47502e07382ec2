"""The two pointers to the current release: the link, and the file for who cannot follow a link.

Here: reading them, and what can be wrong with them. Not here: moving them (``publisher``).
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path


def linked(root: Path) -> str | None:
    """Where the link leads; None where there is none."""
    link = root / "current"
    return os.readlink(link) if link.is_symlink() else None


def named(root: Path) -> str | None:
    """What the pointer file names; None where it cannot be read."""
    try:
        return str(json.loads((root / "current.json").read_bytes())["path"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def pointer_problems(root: Path, *, has_releases: bool) -> Iterator[str]:
    """What is wrong with the two, in words."""
    target, written = linked(root), named(root)
    if target is None:
        yield from ["current: no link, while there are releases"] if has_releases else []
        return
    if Path(target).parent != Path("releases") or not (root / target).is_dir():
        yield f"current: dangling, points at {target}"
    if written is None:
        yield "current.json: missing or unreadable; the next run puts it right"
    elif written != target:
        yield f"current.json: names {written}, current is {target}; the next run puts it right"
