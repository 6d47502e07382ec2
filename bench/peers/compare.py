"""Whether two of them found the same, and where they did not. Not here: running them."""

from typing import Any

_COUNTS = ("good", "quarantined", "copies")
_TABLES = ("stock", "flow")
_SHOWN = 3


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    """Counts, then the first rows of each table that differ; empty where all is alike."""
    found = [f"{name}: {theirs[name]:,}, ours {ours[name]:,}" for name in _COUNTS if theirs[name] != ours[name]]
    for name in _TABLES:
        only_theirs = [row for row in theirs[name] if row not in ours[name]]
        only_ours = [row for row in ours[name] if row not in theirs[name]]
        if theirs[name] != ours[name]:
            found.append(f"{name}: {only_theirs[:_SHOWN]}, ours {only_ours[:_SHOWN]}")
    return "; ".join(found)
