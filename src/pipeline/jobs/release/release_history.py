"""The history of releases, which is part of the log: what was published when, what it changed, what was blocked, and
what stewards decided: approvals, going back, backfill plans.

Here: reading and writing that history (the log's table ``publications``, whose column ``release`` names what an event
is about: a release, a block or a plan). Not here: comparing a release with the one before (``release_comparison``),
taking a decision (``final_figure_block``, ``rollback``, ``jobs.backfill.plan_decisions``).
"""

import os
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import polars as pl

from pipeline.errors import Overtaken, UitstroomError
from pipeline.jobs.workspace import Workspace, Writer
from pipeline.store.log.log_schemas import PUBLICATIONS
from pipeline.store.log.table import short
from pipeline.store.releases import releases
from schemas.glued import LIST_SEPARATOR
from schemas.schema_version import SCHEMA_VERSION
from schemas.sentences import said
from schemas.spelling import seen
from schemas.tables.calendar import RELEASES
from schemas.tables.deliveries import RESTATEMENTS
from schemas.text_columns import shown_texts

PUBLISHED, ROLLED_BACK, BLOCKED, APPROVED = "published", "rolled_back", "blocked", "approved"
KEPT, LET_GO = "kept", "let_go"


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
        """Each release once, by the event in which it was first published, in that order."""
        own = self.rows.filter(pl.col("event") == PUBLISHED)
        return own.unique("release", keep="first", maintain_order=True)

    @property
    def kept(self) -> dict[str, str]:
        """Releases that are kept, by the name that each is kept by."""
        own = self.rows.filter(pl.col("event").is_in([KEPT, LET_GO])).select("event", "release", "kept_as")
        kept: dict[str, str] = {}
        for event, release, name in own.iter_rows():
            if event == KEPT:
                kept[name] = release
            else:
                kept.pop(name, None)
        return kept

    def until(self, day: date) -> "ReleaseHistory":
        """What had happened by the end of a day."""
        return ReleaseHistory(self.rows.filter(pl.col("recorded_at").dt.date() <= day))

    def up_to(self, release: str) -> "ReleaseHistory":
        """What had happened when a release was first published, that included; everything, where it never was."""
        first = self.published.filter(pl.col("release") == release)["number"]
        return self if first.is_empty() else ReleaseHistory(self.rows.filter(pl.col("number") <= first[0]))

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
        known_per_source: str | None = None,
        kept_as: str | None = None,
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
            "schema_version": SCHEMA_VERSION,
            "known_per_source": known_per_source,
            "kept_as": kept_as,
        }
        table = writer.log.publications
        staged = table.stage(pl.DataFrame([row], schema=PUBLICATIONS), attempt_name(f"{event}{number}"))
        if not table.commit(staged, "publications", number):
            raise Overtaken(said("overtaken"))


def attempt_name(subject: str) -> str:
    """A name of its own for every attempt: one that comes second must not touch the files of the first."""
    return f"event-{short(sha256(subject.encode()).hexdigest())}-{os.getpid()}-{time.time_ns()}"


def naming(workspace: Workspace, history: ReleaseHistory) -> dict[str, pl.DataFrame]:
    """The curated tables about releases, as the log has them for this much of the history."""
    published = history.published.rename({"previous": "previous_release", "recorded_at": "published_at"})
    changes = workspace.log.restatements.rows().collect()
    columns = ["release", "previous_release", "published_at"]
    return {
        RESTATEMENTS.name: RESTATEMENTS.shaped(changes.join(published.select(columns), on="release", how="inner")),
        RELEASES.name: _releases(published),
    }


def _releases(published: pl.DataFrame) -> pl.DataFrame:
    days = pl.col("known_per_source").str.split(LIST_SEPARATOR)
    newest = days.list.eval(pl.element().str.split("=").list.last()).list.max()
    return RELEASES.shaped(
        published.with_columns(
            number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
            known_on=newest.str.to_date("%Y-%m-%d", strict=False),
        )
    )


def tables_of(release: releases.Release, wanted: Collection[str] | None = None) -> dict[str, pl.DataFrame]:
    """All tables of a release that is on disk, or of those that are wanted the ones that it has."""
    names = [name.removesuffix(".parquet") for name in release.manifest["files"] if name.endswith(".parquet")]
    return {name: releases.read(release, name).collect() for name in names if wanted is None or name in wanted}


def on_disk(workspace: Workspace, release: str) -> releases.Release | None:
    """A release that still lies in the folder and is whole."""
    try:
        return releases.checked(workspace.settings.curated, release)
    except UitstroomError:
        return None
