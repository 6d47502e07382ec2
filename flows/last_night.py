"""The note that a night leaves when it has done its work and is still the only writer: its name and when it began.

Here: leaving and reading it. Not here: who asks (``flows.missed_nights``).
"""

import json
from datetime import datetime
from pathlib import Path

from pipeline.store.fs import atomic_write

NOTE = ".last-night.json"


def note(data_dir: Path, name: str, began: datetime) -> None:
    """Leave the note of a night of this name."""
    with atomic_write(data_dir / NOTE) as draft:
        draft.touch(mode=0o600)  # where there are readers, others pass through the data folder
        draft.write_text(json.dumps({"name": name, "began": began.isoformat()}), encoding="utf-8")


def last(data_dir: Path) -> tuple[str, datetime] | None:
    """Name and begin of the last one; None where there is no note that can be read."""
    try:
        found = json.loads((data_dir / NOTE).read_text(encoding="utf-8"))
        return str(found["name"]), datetime.fromisoformat(found["began"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
