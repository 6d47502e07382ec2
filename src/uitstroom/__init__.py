"""uitstroom for notebooks and other programs: read releases, look back, ask where a figure comes from, check a file.

    import uitstroom

    work = uitstroom.open("data")                      # a data folder; needs no key, writes nothing
    work.table("caseload_stock")                       # the current release, as a polars frame
    work.table("caseload_stock", known_on="2017-02-07")  # the same as it was known on that day
    work.explain("caseload_stock", "GM0899", "2017-01-01", "pw").traces   # files and row numbers behind a row
    work.changes(since=work.releases()[0])             # what differs from an earlier release, and which delivery did it
    work.deliveries()                                  # what came in, and what became of it
    work.release().path                                # the folder of the Parquet files, for any other tool

    uitstroom.check("bestand_201701.csv").status       # what a night would report about a file, before it is sent

Every table, its grain, key, columns and units: ``docs/reference/tables.md``. Errors meant for a person are
``UitstroomError``; their text names the next step. Recording and publishing are not here: they belong to the command
``uitstroom`` and the server, which hold the key.
"""

from pipeline import __version__
from pipeline.errors import UitstroomError
from pipeline.jobs.ingest.check import CheckedFile, check
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.lineage.explain import Explanation
from pipeline.jobs.open_workspace import OpenWorkspace as Workspace
from pipeline.store.releases.releases import Release
from pipeline.versions.explanation import Trace

open = Workspace.at  # noqa: A001  the name is part of the contract

__all__ = [
    "CheckedFile",
    "Explanation",
    "Receipt",
    "Release",
    "Trace",
    "UitstroomError",
    "Workspace",
    "__version__",
    "check",
    "open",
]
