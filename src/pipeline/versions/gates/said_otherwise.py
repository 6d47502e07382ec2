"""The gates about scopes of the usual size that say something else: another stock, dossiers with other words.

A month delivered again in which every benefit has ended has as many rows as before, and so has one in which every start
moved. Here: the judgement about one scope beside another. Not here: which scopes these are (``continuing``), scopes of
another size (``replaced``), events and figures that are told again (``retold``, ``figures_again``).
"""

from collections.abc import Iterator, Mapping

import polars as pl

from pipeline.versions.gates.closed import FIRST_ROWS, numbers
from schemas.limits.deliveries import (
    LEAST_ROWS_DIFFERENCE,
    LEAST_SAID_OTHERWISE,
    SAID_OTHERWISE_ABOVE_SHARE,
    SHRUNK_BELOW_SHARE,
    SWOLLEN_ABOVE_SHARE,
)

SAYS = {
    "line": "statistiekcode",
    "household": "leefvorm",
    "sex": "geslacht",
    "born": "geboortedatum",
    "client": "bsn, clientnummer",
    "partner": "bsn_partner",
    "started": "ingangsdatum",
    "origin": "oorspronkelijke_ingangsdatum",
}
"""What a row says of a current dossier that seldom changes, by the name that a steward knows."""

NOT_TOLD = ("household", "sex", "born", "origin")
"""Those of them that a later month may leave out as a whole: who exports fewer columns from now on says nothing else.
What is told of a month again without them loses what is known of it, and without partners a stock counts others.
"""

ENDS = {"ended": "einddatum", "end_reason": "reden_einde"}
"""What a row says of one that has ended, likewise."""


def other_stock(here: pl.DataFrame, there: pl.DataFrame) -> Iterator[str]:
    """The stock of a scope, and of each scheme in it, where it is far from that of the scope beside it."""
    if is_far(here.height, there.height):
        return  # that there are far fewer or more rows is told already
    now, before = (rows.filter("is_live") for rows in (here, there))
    if is_far(now.height, before.height):
        yield _current(before.height, now.height)
        return
    counts = now.group_by("line").len("now").join(before.group_by("line").len("before"), on="line", how="full")
    each = counts.select(pl.coalesce("line", "line_right"), pl.col("now", "before").fill_null(0)).drop_nulls()
    for line, rows, was in each.sort("line").iter_rows():
        if is_far(rows, was):
            yield f"{line}: {_current(was, rows)}"


def other_words(here: pl.DataFrame, there: pl.DataFrame, *, is_again: bool) -> Iterator[str]:
    """What too many dossiers that stand in both scopes say otherwise now; what was left open may be filled.

    ``is_again``: both are about the same date.
    """
    left_out = [] if is_again else [name for name in NOT_TOLD if here[name].null_count() == here.height]
    says = {name: header for name, header in SAYS.items() if name not in left_out}
    yield from _changed(here.filter("is_live"), there.filter("is_live"), says)
    # A dossier may have ended more than once: which of its ends is which cannot be told.
    has_ended = ~pl.col("is_live") & pl.col("dossier").is_unique()
    yield from _changed(here.filter(has_ended), there.filter(has_ended), ENDS)
    yield from _current_again(here, there, there.filter(has_ended))


def _changed(here: pl.DataFrame, there: pl.DataFrame, says: Mapping[str, str]) -> Iterator[str]:
    both = _known_again(here, there, list(says))
    for name, header in says.items():
        filled = both.filter(pl.col(f"{name}_before").is_not_null())
        changed = filled.filter(pl.col(name).ne_missing(pl.col(f"{name}_before")))["row"].sort()
        if is_too_much(len(changed), filled.height):
            first = numbers(changed.head(FIRST_ROWS), len(changed))
            yield f"{header}: {len(changed)} of {filled.height} dossiers ({first})"


def _current_again(here: pl.DataFrame, there: pl.DataFrame, ended: pl.DataFrame) -> Iterator[str]:
    """Known ends that are said no more: the dossier stands there from the same day on, and has not ended. A few were
    taken back; of those that are not there any more nothing is said.
    """
    live = here.filter(pl.col("is_live") & pl.col("dossier").is_unique())
    by_dossier, by_client = ["dossier", "started"], [*_PERSON, "started"]
    renamed = live.join(there, on="dossier", how="anti")
    told = ended.rename({"ended": "ended_before", "valid_on": "told_on"})
    says = ["ended_before", "told_on"]
    parts = [
        live.join(told.select(*by_dossier, *says), on=by_dossier),
        renamed.join(told.select(*by_client, *says).unique(by_client, keep="none"), on=by_client),
    ]
    again = pl.concat(part.select("row", "valid_on", *says) for part in parts)
    # What a later date tells of an earlier one may have been registered since.
    is_known = (pl.col("ended_before") < pl.col("valid_on")) & (pl.col("told_on") <= pl.col("valid_on"))
    lost = again.filter(is_known)["row"].sort()
    if is_too_much(len(lost), ended.height):
        first = numbers(lost.head(FIRST_ROWS), len(lost))
        yield f"{ENDS['ended']}: {len(lost)} of {ended.height} ended dossiers are current again ({first})"


def _known_again(here: pl.DataFrame, there: pl.DataFrame, says: list[str]) -> pl.DataFrame:
    """Rows that stand in both, by the number of the dossier; under another number by client and scheme. With what they
    said before under ``…_before``.
    """
    asked = list(dict.fromkeys(["row", "dossier", "client", "line", *says]))
    now, before = (rows.select(asked) for rows in (here, there))
    said = {f"{name}_before": pl.col(name) for name in says}
    by_dossier = before.unique("dossier", keep="first", maintain_order=True).select("dossier", **said)
    by_client = before.join(now, on="dossier", how="anti").unique(_PERSON, keep="none").select(*_PERSON, **said)
    numbered = now.unique("dossier", keep="first", maintain_order=True)
    renamed = now.join(before, on="dossier", how="anti").unique(_PERSON, keep="none")
    parts = [numbered.join(by_dossier, on="dossier"), renamed.join(by_client, on=_PERSON)]
    return pl.concat(part.select("row", *says, *said) for part in parts)


_PERSON = ["client", "line"]


def is_too_much(changed: int, known: int) -> bool:
    """Whether so many of those that were known before say otherwise."""
    return changed >= LEAST_SAID_OTHERWISE and changed > SAID_OTHERWISE_ABOVE_SHARE * known


def _current(before: int, now: int) -> str:
    """Words between two numbers: their digits must not be taken for those of one."""
    return f"{before} current → {now} current"


def is_far(now: int, before: int) -> bool:
    """By the bounds for rows."""
    is_out = now < SHRUNK_BELOW_SHARE * before or now > SWOLLEN_ABOVE_SHARE * before
    return is_out and abs(now - before) >= LEAST_ROWS_DIFFERENCE
