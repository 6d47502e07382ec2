"""The history of releases, which is part of the log: what was published when, what it changed, what was blocked, and
what stewards decided: approvals, going back, backfill plans.

Here: reading and writing that history (the log's table ``publications``, whose column ``release`` names what an event
is about: a release, a block or a plan). Not here: comparing a release with the one before (``release_comparison``),
taking a decision (``final_figure_block``, ``rollback``, ``jobs.backfill.plan_decisions``).
"""

import os
import time
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import polars as pl

from pipeline.errors import LogError, UitstroomError
from pipeline.jobs.workspace import Workspace, Writer
from pipeline.store.log.log_schemas import PUBLICATIONS
from pipeline.store.log.table import short
from pipeline.store.releases import releases
from schemas.spelling import seen, shown_texts
from schemas.tables.deliveries import RESTATEMENTS

PUBLISHED, ROLLED_BACK, BLOCKED, APPROVED = "published", "rolled_back", "blocked", "approved"


@dataclass(frozen=True)
class Publication:
    """A release that was made current, by a run or by a steward."""

    number: int
    event: str
    release: str
    events: int
    """Events of deliveries that the release was made from."""
    seen: int
    """Events of deliveries that were known when it was made current."""
    by: str | None
    why: str | None


@dataclass(frozen=True)
class ReleaseHistory:
    """All events in the life of releases, in order."""

    rows: pl.DataFrame

    @classmethod
    def of(cls, workspace: Workspace) -> "ReleaseHistory":
        # Covered here too: an earlier version recorded who and why as they were typed.
        words = [shown_texts(pl.col(name)) for name in ("decided_by", "why")]
        return cls(workspace.log.publications.rows().collect().with_columns(words).sort("number"))

    @property
    def last(self) -> Publication | None:
        """What should be current: the release last published or gone back to."""
        shown = self.rows.filter(pl.col("event").is_in([PUBLISHED, ROLLED_BACK]))
        if shown.is_empty():
            return None
        row = shown.row(-1, named=True)
        first = shown.filter((pl.col("release") == row["release"]) & (pl.col("event") == PUBLISHED))
        made_from = int(first["events"][0])
        return Publication(
            row["number"], row["event"], row["release"], made_from, row["events"], row["decided_by"], row["why"]
        )

    @property
    def published(self) -> pl.DataFrame:
        """Each release once: release, previous, recorded_at."""
        own = self.rows.filter(pl.col("event") == PUBLISHED)
        return own.unique("release", keep="first", maintain_order=True).select("release", "previous", "recorded_at")

    def published_until(self, release: str) -> pl.DataFrame:
        """The same, up to the moment at which a release was first published, itself included."""
        order = self.published.with_row_index("place")
        last = order.filter(release=release)["place"].max()
        return order.filter(pl.col("place") <= last).drop("place")

    def has(self, event: str, release: str) -> bool:
        return self.rows.filter((pl.col("event") == event) & (pl.col("release") == release)).height > 0

    def append(  # noqa: PLR0913  each is a column of the event
        self,
        writer: Writer,
        event: str,
        release: str,
        *,
        events: int,
        previous: str | None = None,
        by: str | None = None,
        why: str | None = None,
    ) -> None:
        """Record one event. Numbered, so that of two at the same moment one is refused."""
        number = self.rows.height
        row = {
            "number": number,
            "event": event,
            "release": release,
            "previous": previous,
            "recorded_at": writer.recorded_at,
            "events": events,
            "code_version": writer.code_version,
            "rules_version": writer.rules_version,
            "decided_by": seen(by.strip()) if by else None,
            "why": seen(why.strip()) if why else None,
        }
        table = writer.log.publications
        staged = table.stage(pl.DataFrame([row], schema=PUBLICATIONS), attempt_name(f"{event}{number}"))
        if not table.commit(staged, "publications", number):
            raise LogError("Somebody else published or decided at the same moment. Run again.")


def attempt_name(subject: str) -> str:
    """A name of its own for every attempt: one that comes second must not touch the files of the first."""
    return f"event-{short(sha256(subject.encode()).hexdigest())}-{os.getpid()}-{time.time_ns()}"


def logged(
    workspace: Workspace, history: ReleaseHistory, until: date | None = None, *, of: str | None = None
) -> pl.DataFrame:
    """The curated table ``restatements`` of all releases in the log, or those published on ``until`` and before.

    ``of`` gives it as it was in one release: those that had been published by then. A release that is made again, from
    the log or in a restored folder, has the bytes that it had, whatever has been published and rolled back since.
    """
    known = history.published if of is None else history.published_until(of)
    published = known.rename({"previous": "previous_release", "recorded_at": "published_at"})
    if until is not None:
        published = published.filter(pl.col("published_at").dt.date() <= until)
    rows = workspace.log.restatements.rows().collect()
    return RESTATEMENTS.shaped(rows.join(published, on="release", how="inner"))


def tables_of(release: releases.Release) -> dict[str, pl.DataFrame]:
    """All tables of a release that is on disk."""
    names = [name.removesuffix(".parquet") for name in release.manifest["files"] if name.endswith(".parquet")]
    return {name: releases.read(release, name).collect() for name in names}


def on_disk(workspace: Workspace, release: str) -> releases.Release | None:
    """A release that still lies in the folder and is whole."""
    try:
        return releases.checked(workspace.settings.curated, release)
    except UitstroomError:
        return None
