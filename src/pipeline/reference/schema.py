"""The page about the version of the tables: the promise, and what each step changed. Not here: the steps
(``schemas.schema_version``).
"""

from pipeline.reference.text import MADE
from schemas.schema_version import STEPS

_HEAD = """# The tables, by version

{made}
`manifest.json` and `current.json` of a release state `schema_version`; the table `releases` has it for every release.

- **Major** (1.x to 2.0): a table or column went away, has another type, or came to mean something else. The page
  says what to do about it.
- **Minor** (1.0 to 1.1): a table, column or value of a closed list is new. Reports that name their columns go on.
- **Patch** (1.0.0 to 1.0.1): only words changed.

A report that has to go on for years names its columns and checks that the major version is the one it was written for.
"""


def schema_page() -> str:
    """Every version, the youngest first."""
    chapters = [
        "\n".join([f"## {step.version} ({step.since})\n", *(f"- {change}" for change in step.changes), ""])
        for step in STEPS
    ]
    return "\n".join([_HEAD.format(made=MADE.format(module="schemas.schema_version")), *chapters])
