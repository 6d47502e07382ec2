"""The small tree of a night's report: the figure that stands first in what changed, followed to its rows.

Here: which figure it is, and its tree as a part of the report. Not here: the tree itself (``explanation_text``), what
is behind a figure (``jobs.lineage``), which figures changed (``changed_figures``).
"""

import shlex

from pipeline.errors import UitstroomError, told
from pipeline.jobs.lineage.explain import explained, lineage_of
from pipeline.jobs.workspace import Workspace
from pipeline.steward import changed_figures, figures_markdown
from pipeline.steward.explanation_text import tree
from pipeline.steward.report_rows import Rows
from pipeline.steward.text import Value, code, command, section, sentence
from pipeline.steward.wording import told_error, words
from pipeline.store.releases.releases import Release
from pipeline.versions.key_text import key_text
from schemas.catalogue import TABLES
from schemas.spelling import shown

MOST_LINES = 20


def section_of(workspace: Workspace, release: Release) -> str:
    """Nothing where the release changed no figure that is still there and is not about one client.

    The release is out when this is asked: what goes wrong here is told in its place, and ends no night.
    """
    try:
        parts = _parts(workspace, release)
    except Exception as error:  # whatever it is: the rest of the report is to be read
        why = told_error(error if isinstance(error, UitstroomError) else told(error))
        parts = (
            words("Dit deel kon niet worden gemaakt: {}", "This part could not be made: {}").format(sentence(why)),
        )
    return section(words("Waar een veranderd cijfer vandaan komt", "Where a changed figure comes from"), *parts)


def _parts(workspace: Workspace, release: Release) -> tuple[str, ...]:
    changed = changed_figures.changes(release)
    there = _there(changed.rows) if changed is not None and changed.release == release.id else []
    if not there:
        return ()
    first = figures_markdown.in_order_of_places(there)[0]
    table, key, column = TABLES[str(first["table"])], str(first["key"]), str(first["column"])
    lineage = lineage_of(workspace, release, table)
    row = lineage.scan(table).filter(key_text(table) == key).collect().row(0, named=True)
    lines = tree(explained(lineage, table, row, column))
    asked = ["uitstroom", "explain", table.name, *(str(row[name]) for name in table.key), "--column", column]
    return (
        f"{code(f'{table.name}.{column}')}, {command(shown(key))}:",
        "\n".join(["```text", *map(_plain, lines[:MOST_LINES]), "```"]),
        _whole(len(lines), shlex.join(asked)),
    )


def _there(rows: Rows) -> list[dict[str, Value]]:
    return [row for row in rows if row["value_after"] is not None and not TABLES[str(row["table"])].is_per_client]


def _plain(line: str) -> str:
    return shown(line).replace("`", "'")


def _whole(lines: int, asked: str) -> str:
    more = words("Het geheel", "The whole") if lines > MOST_LINES else words("Verder vragen", "To ask further")
    return f"{more}: {command(shown(asked))}."
