"""Numbers in place of texts, and one whole number in place of several: they sort, group and join many times faster.

A million events are two texts that name a trajectory each, and a key of a client; what is looked for among them is
looked for many times. So texts are looked at once, to be numbered in their order, and fetched again for the few rows in
which they are told. Here: such numbers. Not here: what is numbered (trajectories: ``steps``, clients: ``people``).
"""

from collections.abc import Callable, Sequence

import polars as pl

_MOST = 2**63


def is_one(texts: pl.Series) -> bool:
    """Whether all are the same."""
    return texts.is_empty() or bool((texts == texts[0]).all())


def places(texts: pl.Series) -> pl.Series:
    """Of each text its place among all of them, sorted. Equal ones often lie together: one of them is looked for."""
    is_other = texts.ne_missing(texts.shift())
    runs = texts.filter(is_other).alias("text").to_frame()
    numbers = runs.unique().sort("text").with_row_index("place")
    place = runs.join(numbers, on="text", how="left", maintain_order="left")["place"].cast(pl.Int64)
    return place.gather(is_other.cum_sum() - 1)


def numbered(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Of each text a number, in no order; and each text once, at the place of its number."""
    found = by_hash(texts, texts.hash())
    if found is None:
        return places(texts), texts.unique().sort()
    return found


def by_hash(texts: pl.Series, hashes: pl.Series) -> tuple[pl.Series, pl.Series] | None:
    """``numbered`` by hashes of the texts, a quarter of the work for a million; None where two texts have the same."""
    rows = pl.DataFrame({"hash": hashes}).with_row_index("at").sort("hash")
    is_other = pl.col("hash").ne_missing(pl.col("hash").shift())
    alike = rows.with_columns(before=pl.col("at").shift()).filter(~is_other)
    if not texts.gather(alike["at"]).eq_missing(texts.gather(alike["before"])).all():
        return None
    each_once = texts.gather(rows.filter(is_other)["at"])
    return rows.select("at", number=is_other.cum_sum().cast(pl.Int64) - 1).sort("at")["number"], each_once


def packed(columns: Sequence[pl.Series]) -> pl.Series:
    """Whole numbers or days of several columns, none of them null, as one number that sorts as they do in turn."""
    number, size = pl.repeat(0, len(columns[0]), dtype=pl.Int64, eager=True), 1
    for column in columns if len(number) else ():
        whole = column.to_physical().cast(pl.Int64)
        least, most = int(whole.min()), int(whole.max())  # type: ignore[arg-type]
        number, size = number * (most - least + 1) + (whole - least), size * (most - least + 1)
    if size >= _MOST:
        raise OverflowError(f"{size} is more than one number can tell apart")
    return number


def sorted_by(
    rows: pl.DataFrame, columns: Sequence[pl.Series], in_turn: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """Rows by ``packed`` columns; those that are equal in these ``in_turn``, which sorts and may add columns: few are,
    so that nothing further need be compared of all others.
    """
    keyed = rows.with_columns(packed(columns).alias("packed")).sort("packed")
    is_tied = (pl.col("packed") == pl.col("packed").shift()) | (pl.col("packed") == pl.col("packed").shift(-1))
    tied = keyed.filter(is_tied.fill_null(value=False))
    if tied.height:
        others = keyed.filter(~is_tied.fill_null(value=False))
        keyed = pl.concat([others, in_turn(tied).select(keyed.columns)]).sort("packed", maintain_order=True)
    return keyed.drop("packed")


def counted(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """How many rows (``len``) there are of each of these whole numbers or days together."""
    keyed = rows.select(*by, packed([rows[name] for name in by]).alias("packed"))
    return keyed.group_by("packed").agg(pl.col(by).first(), pl.len()).drop("packed")
