"""Reference data, effective-dated, as CSV beside this module: codes of law, municipalities, CBS tables, header
aliases.

Here: loading those lists as frames. ``valid_until`` is exclusive; empty means open. Not here: data that a delivery
brings.
"""

import datetime as dt
from functools import cache
from importlib.resources import files

import polars as pl


def text(name: str) -> str:
    """The content of ``<name>.csv`` as committed."""
    return files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")


WORDS = ("name", "title", "label_nl", "label_en", "basis", "url")
"""Columns that describe something and decide nothing about a row."""


def names() -> tuple[str, ...]:
    """Every list there is."""
    found = (each.name for each in files(__name__).iterdir() if each.name.endswith(".csv"))
    return tuple(sorted(name.removesuffix(".csv") for name in found))


def as_text(name: str) -> pl.DataFrame:
    """One list as it stands, every cell as text."""
    return pl.read_csv(text(name).encode(), infer_schema=False)


_EVER, _NEVER = dt.date.min, dt.date.max


@cache
def _frame(name: str) -> pl.DataFrame:
    frame = pl.read_csv(text(name).encode(), infer_schema=False)
    dates = [column for column in ("valid_from", "valid_until", "changes_on") if column in frame.columns]
    return frame.with_columns(pl.col(dates).str.to_date("%Y-%m-%d"))


def codes(field: str) -> pl.DataFrame:
    """Codes of one field of the BUS record: code, label_nl, label_en, valid_from, valid_until, basis."""
    return _frame("codes").filter(pl.col("field") == field)


def code_fields() -> tuple[str, ...]:
    """The fields of the BUS record that have a code list."""
    return tuple(_frame("codes")["field"].unique().sort())


def code_texts(field: str) -> tuple[tuple[str, str], ...]:
    """The words of a code list in capitals, each with its code: today's, and older ones of codes that kept their meaning.

    A word of which the code has another meaning by now is left out: which of the two was meant is not known.
    """
    listed = codes(field)
    words = {code: set(of_code["label_nl"]) for (code,), of_code in listed.group_by("code", maintain_order=True)}
    found: dict[str, set[str]] = {}
    for code, dutch, english, until in listed.select("code", "label_nl", "label_en", "valid_until").iter_rows():
        for word in (dutch, english) if until is None or len(words[code]) == 1 else ():
            found.setdefault((word or "").upper(), set()).add(code)
    return tuple((word, code) for word, of in sorted(found.items()) for code in of if word and len(of) == 1)


def municipalities() -> pl.DataFrame:
    """Municipality codes with the dates between which they exist; ``is_own`` marks those that ISD BOL serves."""
    return _frame("municipalities").with_columns(is_own=pl.col("is_own") == "1")


def municipal_changes() -> pl.DataFrame:
    """What became of every municipality code that ended since 2010, one row per successor: code, changes_on (the first
    day of the successor), kind (``merged``, ``split``, ``renamed``), successor, basis (two keys of
    ``municipal_sources``).
    """
    return _frame("municipal_changes")


def municipal_sources() -> pl.DataFrame:
    """Where the changes of municipalities are written down: source, title, url."""
    return _frame("municipal_sources")


def municipality_names() -> dict[str, str]:
    """The name of every municipality code."""
    return dict(municipalities().select("code", "name").iter_rows())


def region_texts() -> tuple[tuple[str, str], ...]:
    """Names of regions as StatLine labels them, and their codes. ``Groningen`` alone is a city and a province: no name."""
    labels = dict(_frame("region_labels").select("label_nl", "code").iter_rows())
    provinces = {label.removesuffix(" (PV)") for label in labels if label.endswith(" (PV)")}
    for code, name in municipality_names().items():
        labels[f"{name} (gemeente)"] = code
        if name not in provinces:
            labels[name] = code
    return tuple(labels.items())


def advice_on_municipality() -> str:
    """What to do about a code that does not exist on its day; names the successors of the service's own ones."""
    names, own = municipality_names(), municipalities().filter("is_own")["code"]
    ended = municipal_changes().filter(pl.col("code").is_in(own.to_list()))
    went = [
        f"{code} {names[code]} ended on {on}, from then on it is {successor} {names[successor]}. "
        for code, on, successor in ended.select("code", "changes_on", "successor").iter_rows()
    ]
    return (
        f"Check the code and the date. {''.join(went)}"
        "What became of every other code: docs/reference/municipalities.md."
    )


def cbs_tables() -> pl.DataFrame:
    """CBS tables on benefits and re-integration: statistics_table and the one year each is about."""
    return _frame("cbs_tables").with_columns(pl.col("year").cast(pl.Int16))


def aliases() -> pl.DataFrame:
    """Other names under which a column has been delivered: source, header (of the contract), alias."""
    return _frame("aliases")


def valid_on(field_frame: pl.DataFrame, code: str, date: str) -> pl.Expr:
    """True where the code in column ``code`` exists on the date in column ``date``; null where there is no code or no
    date.
    """
    # Where each code begins and ends to be valid, as numbers in one order: in it with an odd number of them before.
    codes = pl.Enum(field_frame["code"].unique().sort())
    edges = [
        _on_line(pl.col("code").cast(codes), pl.col(bound).fill_null(where_none))
        for bound, where_none in (("valid_from", _EVER), ("valid_until", _NEVER))
    ]
    line = field_frame.select(pl.concat_list(edges).explode().sort()).to_series()
    place = _on_line(pl.col(code).cast(codes, strict=False), pl.col(date)).fill_null(-1)
    is_inside = pl.lit(line).search_sorted(place, side="right") % 2 == 1
    return pl.when(pl.col(code).is_not_null() & pl.col(date).is_not_null()).then(is_inside)


_DAYS = 4_000_000
"""More than there are days."""


def _on_line(code: pl.Expr, date: pl.Expr) -> pl.Expr:
    """A day of a code as one number: all days of the first code, then all of the second."""
    since_the_first = date.cast(pl.Int64) - (_EVER - dt.date(1970, 1, 1)).days
    return code.to_physical().cast(pl.Int64) * _DAYS + since_the_first


def is_known(code: str, known: pl.DataFrame) -> pl.Expr:
    """Whether a list of reference data has the code in column ``code``, which both call alike; null where there is none."""
    return pl.col(code).is_in(known[code].unique().sort().to_list())


def programmes() -> pl.DataFrame:
    """Programmes with target placements, maximum months, expected occupancy and the dates between which they run."""
    numbers = ("target_placements", "maximum_months", "expected_occupancy")
    return _frame("programmes").with_columns(pl.col(numbers).cast(pl.Int64))


def programme_words(field: str) -> pl.DataFrame:
    """Target groups or methods that a programme knows: programme_code, code, labels. A programme without any knows all."""
    return _frame("programme_words").filter(pl.col("field") == field)


def providers() -> pl.DataFrame:
    """Providers and their contracts per programme: contract_from, contract_until (exclusive, empty is open)."""
    return _frame("providers").with_columns(pl.col("contract_from", "contract_until").str.to_date("%Y-%m-%d"))
