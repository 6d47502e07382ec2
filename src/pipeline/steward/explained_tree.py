"""The small tree of a night's report: the figure that stands first in what changed, followed to its rows.

Here: which figure it is, and its tree as a part of the report. Not here: the tree itself (``explanation_text``), what
is behind a figure (``jobs.lineage``), which figures changed (``changed_figures``).
"""

from pipeline.jobs.lineage.explain import explained, lineage_of
from pipeline.jobs.show import one_row
from pipeline.jobs.workspace import Workspace
from pipeline.steward import changed_figures, figures_markdown
from pipeline.steward.explanation_text import tree
from pipeline.steward.report_rows import Rows
from pipeline.steward.text import Value, code, section
from pipeline.steward.wording import words
from pipeline.store.releases.releases import Release
from schemas.catalogue import TABLES
from schemas.glued import KEY_SEPARATOR
from schemas.spelling import shown

MOST_LINES = 20


def section_of(workspace: Workspace, release: Release) -> str:
    """Nothing where the release changed no figure that is still there and is not about one client."""
    changed = changed_figures.changes(release)
    there = _there(changed.rows) if changed is not None and changed.release == release.id else []
    if not there:
        return ""
    first = figures_markdown.in_order_of_places(there)[0]
    table, key, column = TABLES[str(first["table"])], str(first["key"]), str(first["column"])
    lineage = lineage_of(workspace, release, table)
    row = one_row(lineage.scan(table), table, key.split(KEY_SEPARATOR))
    lines = tree(explained(lineage, table, row, column))
    return section(
        words("Waar een veranderd cijfer vandaan komt", "Where a changed figure comes from"),
        f"{code(f'{table.name}.{column}')}, {code(key)}:",
        "\n".join(["```text", *map(_plain, lines[:MOST_LINES]), "```"]),
        _whole(len(lines), f"uitstroom explain {table.name} {' '.join(key.split(KEY_SEPARATOR))} --column {column}"),
    )


def _there(rows: Rows) -> list[dict[str, Value]]:
    return [row for row in rows if row["value_after"] is not None and not TABLES[str(row["table"])].is_per_client]


def _plain(line: str) -> str:
    return shown(line).replace("`", "'")


def _whole(lines: int, command: str) -> str:
    more = words("Het geheel", "The whole") if lines > MOST_LINES else words("Verder vragen", "To ask further")
    return f"{more}: {code(command)}."
