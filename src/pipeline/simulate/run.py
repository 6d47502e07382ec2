"""Write the simulated deliveries below a raw folder.

Here: caseload files and totals; `programmes` writes events and reports, `written` puts bytes on disk.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.simulate import containers, faults, registry, totals
from pipeline.simulate.calibration import BRUNSSUM
from pipeline.simulate.delivery import as_text, rows_on, without_last_terminations
from pipeline.simulate.plan import calibrated_plan, scaled_plan
from pipeline.simulate.programmes import write_programmes
from pipeline.simulate.schedule import (
    BAD_ROWS_PER_KIND,
    HELD_SHARE,
    LATE_TERMINATIONS,
    WRONG_TOTAL_BY,
    WRONG_TOTAL_ON,
    PlannedFile,
    planned_files,
    regular_files,
)
from pipeline.simulate.styles import FileStyle
from pipeline.simulate.written import SimulatedFile, write

_CUT_AT = 0.6
_TOTALS_DELIVERED_ON = {
    2015: date(2016, 1, 11),
    2016: date(2017, 1, 10),
    2017: date(2018, 1, 9),
    2018: date(2018, 9, 20),
}


def simulate(raw_dir: Path, *, seed: int = 1, scale: int | None = None) -> tuple[SimulatedFile, ...]:
    """Write every simulated delivery; the same seed gives the same bytes.

    With `scale`, only plain monthly files are written, with that many benefits in stock on every reference date.
    """
    rng = np.random.default_rng(seed)
    plan = calibrated_plan(rng) if scale is None else scaled_plan(scale)
    register = registry.build(plan, rng, seed=seed)
    files = planned_files() if scale is None else regular_files()
    written = [_write_caseload(raw_dir, register, file, seed) for file in files]
    if scale is None:
        written.extend(_write_totals(raw_dir, register.benefits))
        written.extend(write_programmes(raw_dir, register.benefits, seed=seed))
    return tuple(written)


def _write_caseload(raw_dir: Path, register: registry.Registry, file: PlannedFile, seed: int) -> SimulatedFile:
    text = _text(register, file, seed)
    content = containers.to_bytes(text, file.style)
    if file.planted == "truncated":
        content = content[: int(_CUT_AT * len(content))]
    path = Path(file.path)
    write(raw_dir / path, content)
    if file.has_sidecar:
        sidecar = {"delivered_on": file.delivered_on.isoformat(), "sender": "ISD BOL", "simulated": True}
        write(raw_dir / f"{path}.meta.json", (json.dumps(sidecar) + "\n").encode())
    return SimulatedFile(path, text.height, file.note)


def _text(register: registry.Registry, file: PlannedFile, seed: int) -> pl.DataFrame:
    rows = rows_on(register.benefits, reference_date=file.reference_date, previous=file.previous)
    rows = rows.filter(pl.col("municipality_code").is_in(file.municipality_codes))
    if file.planted == "before_corrections":
        rows = without_last_terminations(rows, previous=file.previous, per_municipality=LATE_TERMINATIONS)
    text = as_text(rows, file.style)
    kinds = faults.faults_for(file.reference_date, file.style)
    if file.planted == "bad_rows":
        bad = faults.extra_bad_rows(text, register.spare_numbers[: BAD_ROWS_PER_KIND * len(kinds)], kinds)
        return faults.scattered(text, bad, np.random.default_rng(seed))
    if file.planted == "mostly_bad":
        return faults.spoil(text, faults.evenly_bad(text.height, HELD_SHARE), kinds)
    return text


def _write_totals(raw_dir: Path, benefits: pl.DataFrame) -> Iterator[SimulatedFile]:
    for year, delivered_on in _TOTALS_DELIVERED_ON.items():
        text = totals.yearly_totals(benefits, year, wrong_on=WRONG_TOTAL_ON, wrong_by=WRONG_TOTAL_BY)
        name = f"{delivered_on.isoformat()}_totalen_{BRUNSSUM}_{year}_simulated.csv"
        path = Path("caseload_totals", str(year), name)
        write(raw_dir / path, containers.to_bytes(text, FileStyle()))
        is_wrong = year == WRONG_TOTAL_ON.year
        planted = f"On {WRONG_TOTAL_ON} the series pw is {WRONG_TOTAL_BY} too high, and agrees with itself."
        yield SimulatedFile(path, text.height, planted if is_wrong else "Totals that agree with the counted benefits.")
