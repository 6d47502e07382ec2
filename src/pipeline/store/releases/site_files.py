"""The pages of a release on disk: ``site/`` in its folder, with a manifest of its own.

Pages are derived: they do not count for the id of a release, can be made again at any time, and a release without them
is whole. So they are not flushed to disk one by one; what a power cut left half is made again. Here: putting them in
their place, and whether they are there. Not here: what is on them (``pipeline.site``), when they are made
(``jobs.release.dressing``).
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.store.fs import file_sha256
from pipeline.store.releases.datapackage import as_json

SITE = "site"
SITE_MANIFEST = "manifest.json"


def put(release: Path, pages: Mapping[str, bytes], made_of: Mapping[str, Any], staging: Path) -> None:
    """Write the pages where nobody looks, then give them their place in the folder of the release by a rename."""
    draft, former = staging / SITE, staging / f"{SITE}-before"
    for name, content in pages.items():
        path = draft / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    files = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for name, content in pages.items()
    }
    (draft / SITE_MANIFEST).write_text(as_json({"made_of": dict(made_of), "files": files}), encoding="utf-8")
    with suppress(FileNotFoundError):
        os.rename(release / SITE, former)  # what lay there: in the staging folder it goes away with that
    os.rename(draft, release / SITE)


def is_there(release: Path, made_of: Mapping[str, Any]) -> bool:
    """Whether the pages lie there whole, made of exactly this. Their hashes are for ``site_problems``."""
    manifest = _manifest(release)
    return (
        manifest is not None
        and manifest.get("made_of") == json.loads(as_json(made_of))
        and all(_size(release / SITE / name) == entry["bytes"] for name, entry in manifest["files"].items())
    )


def site_problems(release: Path) -> Iterator[str]:
    """What is wrong with pages that are there; nothing where there are none."""
    if not (release / SITE).exists():
        return
    manifest = _manifest(release)
    if manifest is None:
        yield f"{SITE}/{SITE_MANIFEST}: missing or unreadable"
        return
    for name, entry in sorted(manifest["files"].items()):
        path = release / SITE / name
        if not path.is_file() or file_sha256(path) != entry["sha256"]:
            yield f"{SITE}/{name}: missing or changed; the next night makes it again"


def _manifest(release: Path) -> dict[str, Any] | None:
    try:
        manifest: dict[str, Any] = json.loads((release / SITE / SITE_MANIFEST).read_bytes())
        return manifest if isinstance(manifest["files"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1
