"""Whether the tables that a reader saw belong to one release. Plain Python: the readers bring the rows.

Not here: how a tool reads a file (``reader``).
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Tool:
    """How one program reads: some columns of a file as rows, and the number of rows of a file."""

    rows: Callable[[Path, Sequence[str]], Rows]
    height: Callable[[Path], int]


def signs_of_a_mix(folder: Path, tool: Tool) -> list[str]:
    """What cannot be in one release: rows that the manifest does not know, sums that do not meet across tables."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    heights = {name: entry["rows"] for name, entry in manifest["files"].items() if "rows" in entry}
    found = [name for name, rows in heights.items() if tool.height(folder / name) != rows]
    return found + _caseload(folder, tool) + _deliveries(folder, tool, manifest)


def _caseload(folder: Path, tool: Tool) -> list[str]:
    """What a month closes with is in stock on its date, what it opens with on the date before; no month is left out."""
    cell = ["municipality_code", "reference_date", "series"]
    rows = tool.rows(folder / "caseload_stock.parquet", [*cell, "benefits", "previous_reference_date", "source"])
    stock = {tuple(key): count for *key, count, _, _ in rows}
    counted = {tuple(key) for *key, _, before, source in rows if before and source == "counted"}
    flow = tool.rows(folder / "caseload_flow.parquet", [*cell, "previous_reference_date", "opening", "closing"])
    signs = {
        "closing is not the stock": all(stock.get((c, day, s)) == closing for c, day, s, _, _, closing in flow),
        "opening is not the stock before": all(stock.get((c, day, s)) == opening for c, _, s, day, opening, _ in flow),
        "stock without a flow": counted <= {tuple(key) for *key, _, _, _ in flow},
    }
    return [sign for sign, is_right in signs.items() if not is_right]


def _deliveries(folder: Path, tool: Tool, manifest: dict[str, Any]) -> list[str]:
    """Deliveries and recorded rows by source are those of the manifest; findings are about these and no others."""
    rows = tool.rows(folder / "deliveries.parquet", ["source", "delivery", "rows_recorded", "rows_quarantined"])
    # One delivery may stand there under several names.
    counted = Counter(source for source, _ in {(source, delivery) for source, delivery, *_ in rows})
    recorded = Counter[str]()
    for source, _, number, _ in rows:
        recorded[source] += number
    stated = manifest["log"]
    found = [
        f"deliveries of {source}"
        for source in stated.keys() | counted.keys()
        if (counted[source], recorded[source])
        != tuple(stated.get(source, {}).get(name) for name in ("deliveries", "rows_recorded"))
    ]
    findings = {name for (name,) in tool.rows(folder / "findings.parquet", ["delivery"])}
    expected = {name for _, name, _, quarantined in rows if quarantined}
    is_right = expected <= findings <= {name for _, name, _, _ in rows}
    return found + ([] if is_right else ["findings of other deliveries"])
