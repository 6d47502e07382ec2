"""What names a release: its content. Not here: what else it states about itself (``datapackage``)."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from pipeline.store.releases.datapackage import as_json

_NAMING_THE_RELEASE = ("restatements.parquet", "releases.parquet", "datapackage.json")
"""Files that hold the id of their own release, or the hash of one that does: they cannot count for it."""


def release_id(manifest: Mapping[str, Any]) -> str:
    """The day of ``recorded_until`` (``r`` where nothing was recorded), or ``known-`` and the day it is about; with
    twelve hex digits of all that the manifest states.
    """
    facts = {name: value for name, value in manifest.items() if name not in ("id", "files")}
    files = {name: entry for name, entry in manifest["files"].items() if name not in _NAMING_THE_RELEASE}
    digest = hashlib.sha256(as_json({**facts, "files": files}).encode()).hexdigest()[:12]
    if facts.get("as_known_on"):
        return f"known-{date.fromisoformat(facts['as_known_on']).isoformat()}-{digest}"
    until = facts.get("recorded_until")
    return f"{date.fromisoformat(until).isoformat() if until else 'r'}-{digest}"
