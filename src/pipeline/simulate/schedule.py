"""The table of files: what is delivered about which date, when, in which style, and what is wrong with it.

Everything that is planted on purpose stands in this module and nowhere else. Besides many styles:

| reference date | planted |
|---|---|
| 2015-02-01 | no end is written as `00000000`, dates `jjjjmmdd`, all fields quoted |
| 2015-06-01 | 36 extra bad rows, 3 of each of the 12 kinds in `faults` (about 1.6 %), and no later correction |
| 2015-11-01 | Windows-1252 with a column `consulent_team` that nobody knows |
| 2016-03-01 | delivered twice: 9 terminations (5 Brunssum, 1 Onderbanken, 3 Landgraaf) are missing at first |
| 2016-06-01 | schemes as texts (PW, IOAW, IOAZ, BBZ) in place of codes |
| 2016-09-01 | an extra `…_afgebroken` file: a gzip stream cut off at 60 %, after a good delivery |
| 2016-11-01 | a workbook (.xlsx), headers with blanks and a capital |
| 2017-03-01 | the same bytes a second time under another name |
| 2017-06-01 | compressed (.csv.gz); in the yearly totals, `pw` is 3 too high on this date |
| 2018-09-01 | an extra early file with 12 % bad rows, to be held; a good one follows |
| 2015-03, 2015-04, 2016-07, 2017-05 | one file per municipality |
| 2015-08, 2016-05, 2017-08, 2018-04 | delivery day in a sidecar, not in the name |
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from pipeline.simulate.calibration import LATE_AUGUST, MUNICIPALITIES, REFERENCE_DATES, SEPTEMBER
from pipeline.simulate.styles import FileStyle

Planted = Literal["", "before_corrections", "bad_rows", "mostly_bad", "truncated", "copy"]

BAD_ROWS_PER_KIND = 3
HELD_SHARE = 0.12
LATE_TERMINATIONS = {"GM0899": 5, "GM0881": 1, "GM0882": 3}
WRONG_TOTAL_ON, WRONG_TOTAL_BY = date(2017, 6, 1), 3

_REGULAR_STYLES = (
    FileStyle(),
    FileStyle(dates="jjjj-mm-dd", codes="0899", separator=",", newline="\r\n"),
    FileStyle(dates="d-m-jjjj", codes="899", encoding="utf-8-sig"),
    FileStyle(dates="jjjjmmdd", codes="0899", newline="\r\n"),
    FileStyle(dates="jjjj-mm-dd", encoding="utf-8-sig", is_quoted=True),
)
_STYLES = {
    date(2015, 2, 1): FileStyle(dates="jjjjmmdd", codes="0899", is_quoted=True, no_end="00000000"),
    date(2015, 6, 1): FileStyle(),
    date(2015, 11, 1): FileStyle(encoding="cp1252", extra_column=("consulent_team", "Zuid-Limburg é")),
    date(2016, 3, 1): FileStyle(encoding="utf-8-sig", newline="\r\n"),
    date(2016, 6, 1): FileStyle(has_scheme_texts=True),
    date(2016, 11, 1): FileStyle(dates="serial", container="xlsx", has_spaced_headers=True),
    date(2017, 6, 1): FileStyle(container="csv.gz", dates="jjjj-mm-dd", separator=","),
    SEPTEMBER: FileStyle(),
}
# Quoted in a text that was published before the usual delivery day: so it was known earlier.
_DELIVERED_ON = {date(2015, 10, 1): date(2015, 10, 13), date(2017, 10, 1): date(2017, 10, 10)}
_SPLIT = (date(2015, 3, 1), date(2015, 4, 1), date(2016, 7, 1), date(2017, 5, 1))
_SIDECAR = (date(2015, 8, 1), date(2016, 5, 1), date(2017, 8, 1), date(2018, 4, 1))


@dataclass(frozen=True)
class PlannedFile:
    """One file to write: its scope, its style, and what is planted in it."""

    reference_date: date
    previous: date
    delivered_on: date
    style: FileStyle
    stem: str
    note: str
    municipality_codes: tuple[str, ...] = MUNICIPALITIES
    has_sidecar: bool = False
    planted: Planted = ""

    @property
    def path(self) -> str:
        """Below `raw_dir`; every name says that the content is simulated."""
        prefix = "" if self.has_sidecar else f"{self.delivered_on.isoformat()}_"
        year = self.reference_date.year
        return f"caseload/{year}/{prefix}{self.stem}_simulated.{self.style.container}"


def planned_files() -> tuple[PlannedFile, ...]:
    """All caseload files, ordered by the day on which they were delivered."""
    regular = [file for place in range(len(REFERENCE_DATES)) for file in _month(place)]
    return tuple(sorted([*regular, *_extras(regular)], key=lambda file: (file.delivered_on, file.path)))


def regular_files() -> tuple[PlannedFile, ...]:
    """One plain CSV per reference date and nothing planted: for measuring."""
    return tuple(replace(_regular(place), style=FileStyle(), planted="") for place in range(len(REFERENCE_DATES)))


def _regular(place: int) -> PlannedFile:
    day = REFERENCE_DATES[place]
    # Before the first date nothing was delivered: that file is the opening stock, with no terminations.
    previous = REFERENCE_DATES[place - 1] if place else day
    style = _STYLES.get(day, _REGULAR_STYLES[place % len(_REGULAR_STYLES)])
    delivered_on = _DELIVERED_ON.get(day, day + timedelta(days=12 + place * 5 % 9))
    stem = f"bestand_{day:%Y%m%d}" if day == LATE_AUGUST else f"bestand_{day:%Y%m}"
    return PlannedFile(day, previous, delivered_on, style, stem, f"Regular delivery: {style.summary}.")


def _month(place: int) -> list[PlannedFile]:
    file = _regular(place)
    if file.reference_date in _SPLIT:
        note = f"One municipality only: {file.style.summary}."
        return [
            replace(file, municipality_codes=(code,), stem=f"{file.stem}_{code}", note=note) for code in MUNICIPALITIES
        ]
    if file.reference_date in _SIDECAR:
        return [replace(file, has_sidecar=True, note=f"Delivery day in a sidecar: {file.style.summary}.")]
    if file.reference_date == date(2015, 6, 1):
        note = "36 bad rows between the good ones, 3 of each of 12 kinds."
        return [replace(file, planted="bad_rows", note=note)]
    if file.reference_date == date(2016, 3, 1):
        return _delivered_twice(file)
    return [file]


def _delivered_twice(file: PlannedFile) -> list[PlannedFile]:
    first = replace(file, planted="before_corrections", note="First version: 9 late terminations are still missing.")
    again = replace(
        file,
        delivered_on=file.delivered_on + timedelta(days=31),
        stem=f"{file.stem}_herlevering",
        note="Redelivery of the whole month, which replaces the first version.",
    )
    return [first, again]


def _extras(regular: list[PlannedFile]) -> list[PlannedFile]:
    by_date = {file.reference_date: file for file in regular}
    broken, twice, held = by_date[date(2016, 9, 1)], by_date[date(2017, 3, 1)], by_date[SEPTEMBER]
    return [
        replace(
            broken,
            delivered_on=broken.delivered_on + timedelta(days=4),
            stem=f"{broken.stem}_afgebroken",
            style=FileStyle(container="csv.gz"),
            planted="truncated",
            note="Truncated: the gzip stream stops at 60 %; the month was already delivered well.",
        ),
        replace(
            twice,
            delivered_on=twice.delivered_on + timedelta(days=9),
            stem=f"{twice.stem}_kopie",
            planted="copy",
            note="The same bytes as the delivery before, under another name.",
        ),
        replace(
            held,
            delivered_on=SEPTEMBER + timedelta(days=6),
            stem=f"{held.stem}_vroeg",
            planted="mostly_bad",
            note="About 12 % bad rows, so it must be held; a good delivery follows.",
        ),
    ]
