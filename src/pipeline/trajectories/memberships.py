"""Since when clients stand under a target group or a method, and until when: by what had been told by each day.

Here: from settled trajectories to spans of days under a word. Not here: how clients stand in these spans
(``spans``), counting (``progress``).
"""

from datetime import date

import polars as pl

from pipeline.trajectories.horizon import KNOWN_UNTIL, with_horizon, without_what_is_to_come
from pipeline.trajectories.people import IN_ALL, MEMBER, People, with_totals
from pipeline.trajectories.spans import unbroken
from pipeline.trajectories.standing import started_only

UNKNOWN = "unknown"

_OF = ["programme_code", "provider_code", "client_key", "trajectory_id"]


def in_target_groups(everybody: People) -> pl.DataFrame:
    """(member, target_group, begin, end): clients, each once on each day."""
    return _of_clients(_groups(everybody.started, [MEMBER, IN_ALL]), "target_group")


def in_methods(everybody: People) -> pl.DataFrame:
    """(member, method, begin, end): clients, each once on each day."""
    return _of_clients(_methods(everybody.started, [MEMBER, IN_ALL]), "method")


def target_groups(settled: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Each trajectory from its start on under the group that was told last (``since``), before one was told under
    ``unknown``: programme, provider, client, trajectory, target_group, since, begin, end.
    """
    return _groups(_started(settled, horizons), _OF)


def methods(settled: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Each trajectory under each of its methods, from the first use on (``since``) for good."""
    return _methods(_started(settled, horizons), _OF)


def _groups(started: pl.DataFrame, of: list[str]) -> pl.DataFrame:
    first = _has_come(pl.col("groups_from").list.first())
    unknown = started.select(
        *of, target_group=pl.lit(UNKNOWN), since=pl.lit(None, pl.Date()), begin="started_on", end=first
    )
    listed = started.filter(pl.col("groups").list.len() > 0).select(
        *of, "started_on", KNOWN_UNTIL, target_group="groups", since="groups_from", end=_next("groups_from")
    )
    each = listed.explode("target_group", "since", "end").with_columns(_has_come(pl.col("end")))
    told = _under(each, of, "target_group")
    return _with_end(pl.concat([unknown, told]))


def _methods(started: pl.DataFrame, of: list[str]) -> pl.DataFrame:
    used = started.filter(pl.col("methods").list.len() > 0)
    listed = used.select(*of, "started_on", KNOWN_UNTIL, method="methods", since="methods_from")
    each = listed.explode("method", "since").with_columns(end=pl.lit(None, pl.Date()))
    return _with_end(_under(each, of, "method"))


def _has_come(day: pl.Expr) -> pl.Expr:
    """The day as far as the provider is known; what is told of a later one ends nothing yet."""
    return pl.when(day <= pl.col(KNOWN_UNTIL)).then(day)


def _next(days: str) -> pl.Expr:
    return pl.col(days).list.shift(-1)


def _started(settled: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    return started_only(without_what_is_to_come(with_horizon(settled, horizons)))


def _under(each: pl.DataFrame, of: list[str], word: str) -> pl.DataFrame:
    has_come = each.filter(pl.col("since") <= pl.col(KNOWN_UNTIL))
    return has_come.select(*of, word, "since", begin=pl.max_horizontal("since", "started_on"), end="end")


def _with_end(spans: pl.DataFrame) -> pl.DataFrame:
    whole = spans.with_columns(pl.col("end").fill_null(date.max))
    return whole.filter(pl.col("begin") < pl.col("end"))


def _of_clients(spans: pl.DataFrame, word: str) -> pl.DataFrame:
    """Spans of trajectories as spans of clients, with the words themselves at last."""
    words = pl.Enum(spans[word].unique().sort())
    numbered = with_totals(spans.select(MEMBER, IN_ALL, pl.col(word).cast(words), "begin", "end"))
    return unbroken(numbered, [MEMBER, word])
