"""Rows that show how far a provider is known, and change nothing else of a figure.

Everything that was delivered shows it, also what was corrected or taken back since, and what only takes back. Here: the
choice among these. Not here: the last day known itself (``horizon``), which figures need it (beside their sums).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.trajectories.corrections import InForce
from pipeline.trajectories.settle import first_of
from pipeline.trajectories.steps import TRAJECTORY
from schemas.vocabulary import ALL_PROVIDERS, EventKind

_ROW = ["delivery", "row"]

UNTIL = "known until"
"""The part of a row that only shows that its provider is known so far."""
UNTIL_ALTHOUGH = "known until, though corrected or taken back"
"""The part of such a row that is not in force, and of those by which it is not."""


_MOST_EACH = 5
"""So many rows of a kind are offered."""


@dataclass(frozen=True)
class Record:
    """What was delivered about a programme."""

    programme: str
    told: pl.DataFrame
    """All that was delivered, also what a later delivery replaced, with the day until which it shows its provider
    (``reach``)."""
    force: InForce
    events: pl.DataFrame
    """Those in force, in order."""
    trajectories: pl.DataFrame


def known_until(of: Record, chosen: pl.DataFrame, provider: str, day: date) -> Iterator[pl.DataFrame]:
    """Choices of rows by which a provider, or one of all, is known until a day, the best first; none where one of those
    chosen shows it. Which of them changes nothing of the figure is for the figure to say.

    More events of the trajectories that are chosen change little, and so do others that are no start. What is not in
    force would be, without the rows that correct it or take it back.
    """
    reaching = _reaching(of, provider, day)
    if reaching.join(chosen, on=_ROW, how="semi").height:
        yield chosen.clear().select(*_ROW, part=pl.lit(UNTIL))
        return
    there = chosen["provider_code"].unique().implode()
    quiet = _quiet(of, reaching, chosen, day)
    is_alone = (_is_of(of) & pl.col("retracts").is_null()) | pl.col("provider_code").is_in(there)
    for one in _each(quiet.filter(is_alone)):
        yield one.select(*_ROW, part=pl.lit(UNTIL))
    counting = _counting(of, reaching)
    for one in _each(counting.filter(_is_of(of))):
        yield _with_course(of, one, day).with_columns(part=pl.lit(UNTIL))
    for one in _each(reaching):
        linked = of.force.with_links(one, of.told)
        rows = pl.concat([linked, _presence(of, linked, chosen, day)]).unique(_ROW)
        yield _with_course(of, rows, day).with_columns(part=pl.lit(UNTIL_ALTHOUGH))


def _is_of(of: Record) -> pl.Expr:
    return pl.col("programme_code") == of.programme


def _each(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The first few, one by one: those that show least, ends last as a placement may come with them."""
    ordered = rows.sort(pl.col("event") == EventKind.ENDED.value, "reach", *_ROW).head(_MOST_EACH)
    yield from ordered.iter_slices(1)


def _counting(of: Record, rows: pl.DataFrame) -> pl.DataFrame:
    """Those in force in trajectories of the programme."""
    return rows.join(of.events, on=_ROW, how="semi").join(of.trajectories, on=TRAJECTORY, how="semi")


def _reaching(of: Record, provider: str, day: date) -> pl.DataFrame:
    """Rows that by themselves show a provider until a day: of one that the figure looks at."""
    mine = pl.lit(value=True) if provider == ALL_PROVIDERS else pl.col("provider_code") == provider
    taking_part = of.trajectories["provider_code"].unique().implode()
    return of.told.filter(mine, pl.col("reach") >= day, pl.col("provider_code").is_in(taking_part))


def _quiet(of: Record, reaching: pl.DataFrame, chosen: pl.DataFrame, day: date) -> pl.DataFrame:
    """Rows that beside those chosen change nothing: in force in the same trajectories, no start in another, or one
    that only takes back what is not chosen.
    """
    touched = of.events.join(chosen, on=_ROW, how="semi").select(TRAJECTORY).unique()
    is_start = _is_of(of) & (pl.col("event") == EventKind.STARTED.value) & (pl.col("occurred_on") <= day)
    same = reaching.join(of.events, on=_ROW, how="semi").join(touched, on=TRAJECTORY, how="semi")
    apart = reaching.join(touched, on=TRAJECTORY, how="anti").filter(~is_start, pl.col("retracts").is_null())
    taking_back = reaching.filter(pl.col("retracts").is_not_null())
    target = pl.coalesce("replaces", "retracts").alias("event_id")
    named = chosen.select("provider_code", target="event_id")
    every = pl.concat([same, apart, taking_back]).with_columns(target=target)
    return every.join(named, on=["provider_code", "target"], how="anti").drop("target")


def _presence(of: Record, linked: pl.DataFrame, chosen: pl.DataFrame, day: date) -> pl.DataFrame:
    """An event in force by which the provider takes part in the programme, where no other row says so."""
    there = pl.concat([each.select("provider_code") for each in (chosen, _counting(of, linked))])
    own = _counting(of, of.events).join(linked, on="provider_code", how="semi")
    missing = own.join(there, on="provider_code", how="anti")
    is_start = (pl.col("event") == EventKind.STARTED.value) & (pl.col("occurred_on") <= day)
    one = missing.sort(is_start, *_ROW).head(1)
    return of.told.join(one, on=_ROW, how="semi").select(linked.columns)


def _with_course(of: Record, rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Rows; of starts and ends among them also the placement and the end by which they count as they do, and the first
    event of the trajectory where it tells of another client or programme.
    """
    in_force = of.events.join(rows, on=_ROW, how="semi")
    first = of.events.join(in_force, on=TRAJECTORY, how="semi").unique(TRAJECTORY, keep="first", maintain_order=True)
    whose = first.join(in_force, on=[*TRAJECTORY, "client_key", "programme_code"], how="anti")
    turns = [EventKind.STARTED.value, EventKind.ENDED.value]
    turning = pl.concat([in_force, whose]).filter(pl.col("event").is_in(turns))
    own = of.trajectories.join(turning, on=TRAJECTORY, how="semi")
    jobs, past = own.filter(pl.col("placed_on") <= day), own.filter(pl.col("ended_on") <= day)
    courses = [
        first_of(of.events, kind).join(which, on=TRAJECTORY, how="semi").select(_ROW)
        for kind, which in ((EventKind.PLACED, jobs), (EventKind.ENDED, past))
    ]
    return pl.concat([rows.select(_ROW), *courses, whose.select(_ROW)]).unique(maintain_order=True)
