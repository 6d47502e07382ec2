"""This month beside last month and last year, per municipality and series: what a steward looks at first.

Here: from the stock of a release to rows and a table. Not here: counting (``caseload``), the rest of a report.
"""

import polars as pl

from pipeline.steward.about import place_name
from pipeline.steward.report_rows import Rows
from pipeline.steward.text import day, number, plain, section, table
from pipeline.steward.wording import words

_KEY = ["municipality_code", "series"]
_SERIES = {
    "pw": ("PW", "PW"),
    "pw_ioaw_ioaz": ("PW, IOAW en IOAZ", "PW, IOAW and IOAZ"),
    "all": ("alle regelingen", "all schemes"),
}


def rows(stock: pl.DataFrame) -> Rows:
    """One row per municipality and series: the newest figure, that of the month before and that of a year before.

    A month is its first date with a stock, as in the table ``calendar``: 31 August beside 1 September is no month.
    """
    if stock.is_empty():
        return []
    month = pl.col("reference_date").dt.truncate("1mo")
    own = stock.select(*_KEY, "reference_date", "benefits", "vintage", month=month).sort(*_KEY, "reference_date")
    newest = own.group_by(_KEY, maintain_order=True).last()
    months = own.unique([*_KEY, "month"], keep="first")
    before = months.select(
        *_KEY, month=pl.col("month").dt.offset_by("1mo"), previous_date="reference_date", previous="benefits"
    )
    ago = months.select(*_KEY, month=pl.col("month").dt.offset_by("1y"), year_ago="benefits")
    compared = newest.join(before, on=[*_KEY, "month"], how="left").join(ago, on=[*_KEY, "month"], how="left")
    changes = (
        compared.sort(_KEY)
        .with_columns(
            change=pl.col("benefits") - pl.col("previous"),
            change_year=pl.col("benefits") - pl.col("year_ago"),
            change_year_pct=(100 * (pl.col("benefits") - pl.col("year_ago")) / pl.col("year_ago")).round(1),
        )
        .with_columns(pl.when(pl.col("change_year_pct").is_finite()).then("change_year_pct").alias("change_year_pct"))
    )
    dated = changes.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))
    names = ("municipality_code", "series", "reference_date", "benefits", "vintage", "previous_date", "previous",
             "change", "year_ago", "change_year", "change_year_pct")  # fmt: skip
    return dated.select(names).to_dicts()


def section_of(compared: Rows) -> str:
    """The rows as a table; nothing where there is no stock."""
    headings = (
        words("gemeente", "municipality"), words("reeks", "series"), words("peildatum", "date"), words("nu", "now"),
        words("vorige maand", "month before"), words("verschil", "change"), words("jaar eerder", "year before"),
        words("verschil", "change"), "%",
    )  # fmt: skip
    lines = [
        (
            plain(place_name(str(row["municipality_code"]))), _series(row["series"]), day(str(row["reference_date"])),
            plain(row["benefits"]), plain(row["previous"]), signed(row["change"]), plain(row["year_ago"]),
            signed(row["change_year"]), signed(row["change_year_pct"]),
        )
        for row in compared
    ]  # fmt: skip
    heading = words("Deze maand naast vorige maand en vorig jaar", "This month beside last month and last year")
    return section(heading, table(headings, lines, right=range(3, 9))) if lines else ""


def _series(code: object) -> str:
    return words(*_SERIES[str(code)]) if code in _SERIES else plain(code)


def signed(value: object) -> str:
    """A difference with its sign; nothing where there is none to compare with."""
    if not isinstance(value, int | float):
        return "–"
    text = number(float(abs(value)))
    return text if value == 0 else f"{'+' if value > 0 else '−'}{text}"
