"""One large file of trajectory events for measuring: any number of rows, all of them good.

Every trajectory has eight events, so the last one may be cut short. A fifth is with Betere Buren, the others with the
seven providers; half of all are placed. Written in pieces, so that memory stays flat.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.simulate import persons
from pipeline.simulate.calibration import MUNICIPALITIES
from pipeline.simulate.course import METHODS
from pipeline.simulate.event_files import HEADER
from pipeline.simulate.innovation import PROVIDERS
from pipeline.simulate.trajectory import DEVELOPMENT, DEVELOPMENT_PROVIDER, INNOVATION

_PER_TRAJECTORY = 8
_PIECE = 50_000
# At most so many distinct clients; a still larger file has them more than once.
_MOST_CLIENTS = 2_000_000
_FIRST_REFERRAL, _LAST_REFERRAL = date(2017, 3, 1), date(2018, 2, 1)
# Days as text by their distance to the first referral: far cheaper than writing each date anew.
_DAYS = tuple((_FIRST_REFERRAL + timedelta(days=days)).strftime("%d-%m-%Y") for days in range(600))
_KINDS = (
    "aangemeld",
    "intake",
    "gestart",
    "activiteit_gestart",
    "talentenkaart_vastgelegd",
    "activiteit_beeindigd",
    "geplaatst",
    "beeindigd",
)
_STARTED, _BEGUN, _DONE, _PLACED, _ENDED = 2, 3, 5, 6, 7
_GROUPS = ("jongeren_arbeidsbeperking", "vijftigplus", "inburgeraars", "alleenstaande_ouders")
_CHANNELS = ("uitzendbureau", "werkgeversservicepunt", "werkgever", "rechtstreeks")
_SECTORS = ("automotive", "logistiek", "zorg", "schoonmaak", "horeca", "detailhandel", "bouw", "groen")


def simulate_events(path: Path, *, rows: int, seed: int = 1) -> None:
    """Write one UTF-8 CSV (`;`) with this many events, each with an id of its own."""
    rng = np.random.default_rng(seed)
    trajectories = -(-rows // _PER_TRAJECTORY)
    numbers = persons.citizen_numbers(min(max(trajectories, 1), _MOST_CLIENTS), seed=seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for first in range(0, max(trajectories, 1), _PIECE):
            piece = _piece(first, min(_PIECE, trajectories - first), numbers, rng)
            left = rows - first * _PER_TRAJECTORY
            # No value needs quotes, and looking for that takes most of the time.
            piece.head(left).write_csv(file, separator=";", include_header=first == 0, quote_style="never")


def _piece(first: int, count: int, numbers: npt.NDArray[np.int64], rng: np.random.Generator) -> pl.DataFrame:
    place = np.arange(first, first + count)
    low, high = (int(np.datetime64(day).astype(np.int64)) for day in (_FIRST_REFERRAL, _LAST_REFERRAL))
    # Days from one event to the next; the last three lie furthest apart. All ends before 31 August 2018.
    steps = rng.integers(1, (8, 12, 10, 20, 40, 60, 40), (count, 7))
    days = np.cumsum(np.column_stack([rng.integers(low, high, count), steps]), axis=1)
    # Without a placement there is an extension in its place: every trajectory has as many rows.
    trajectories = pl.DataFrame(
        {
            "place": place,
            "provider": rng.integers(0, 35, count),
            "number": numbers[place % len(numbers)],
            "municipality": rng.choice(3, size=count, p=(0.6, 0.1, 0.3)),
            "group": rng.integers(0, len(_GROUPS), count),
            "method": rng.integers(0, len(METHODS), count),
            "is_placed": rng.random(count) < 0.5,
            "is_part_time": rng.random(count) < 0.3,
            "hours": rng.integers(0, 9, count),
            "sector": rng.integers(0, len(_SECTORS), count),
            "channel": rng.integers(0, len(_CHANNELS), count),
            "is_subsidised": rng.random(count) < 0.25,
            "reason": rng.integers(1, 4, count),
        }
    )
    repeated = trajectories[np.repeat(np.arange(count), _PER_TRAJECTORY)]
    return repeated.with_columns(
        step=pl.Series(np.tile(np.arange(_PER_TRAJECTORY), count)),
        day=pl.Series(days.ravel() - low),
        registered=pl.Series(days.ravel() - low + rng.integers(0, 5, days.size)),
    ).select(_columns())


def _columns() -> list[pl.Expr]:
    step, is_development = pl.col("step"), pl.col("provider") % 5 == 0
    provider = pl.when(is_development).then(pl.lit(DEVELOPMENT_PROVIDER)).otherwise(_word("provider", PROVIDERS))
    is_job = (step == _PLACED) & pl.col("is_placed")
    kind = pl.when((step == _PLACED) & ~pl.col("is_placed")).then(pl.lit("verlengd")).otherwise(_word("step", _KINDS))
    hours = pl.when("is_part_time").then(12 + 2 * pl.col("hours")).otherwise(32 + pl.col("hours"))
    missing = pl.lit(None, dtype=pl.String)
    values = {
        "aanbieder": provider,
        "gebeurtenis_id": pl.format("E{}", pl.col("place") * _PER_TRAJECTORY + step + 1),
        "gebeurtenis": kind,
        "datum": _word("day", _DAYS),
        "traject_id": pl.format("T{}", pl.col("place") + 1),
        "bsn": pl.col("number"),
        "clientnummer": missing,
        "programma": pl.when(is_development).then(pl.lit(DEVELOPMENT)).otherwise(pl.lit(INNOVATION)),
        "doelgroep": pl.when((step == _STARTED) & ~is_development).then(_word("group", _GROUPS)),
        "methodiek": pl.when(step.is_in([_BEGUN, _DONE]) & ~is_development).then(_word("method", METHODS)),
        "dienstverband": pl.when(is_job & pl.col("is_part_time"))
        .then(pl.lit("deeltijd"))
        .when(is_job)
        .then(pl.lit("voltijd")),
        "uren_per_week": pl.when(is_job).then(hours),
        "branche": pl.when(is_job).then(_word("sector", _SECTORS)),
        "kanaal": pl.when(is_job).then(_word("channel", _CHANNELS)),
        "gesubsidieerd": pl.when(is_job & pl.col("is_subsidised")).then(pl.lit("ja")).when(is_job).then(pl.lit("nee")),
        "reden_einde": pl.when(step == _ENDED).then("reason"),
        "gemeentecode": _word("municipality", MUNICIPALITIES),
        "vervangt": missing,
        "trekt_in": missing,
        "geregistreerd_op": _word("registered", _DAYS),
    }
    return [values[name].alias(name) for name in HEADER]


def _word(column: str, words: tuple[str, ...]) -> pl.Expr:
    """The word at the number in the column, counted round."""
    return pl.lit(pl.Series(words)).gather(pl.col(column) % len(words))
