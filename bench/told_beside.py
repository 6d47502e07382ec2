"""What others say about the months of a long log: totals, CBS, claims in the press, a provider's own report.

Here: their files, so that every kind of figure that rests on benefits is there to be explained. Not here: the benefits
themselves (``bench.long_log``).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from bench.night import first_of, reports

Rows = Sequence[Mapping[str, object]]

_MONTHS_OF_A_REPORT = 18
_CBS = (
    "ID", "Leeftijd", "Regiokenmerken", "Inwoners_1", "Bijstandsontvangers_2", "Bijstandsdichtheid_3", "Instroom_4",
    "Instroom_5", "Uitstroom_6", "Uitstroom_7", "UitstroomNaarWerk_8", "UitstroomNaarWerk_9",
    "PersonenMetReIntegratievoorziening_10", "WerkNaReIntegratie_11", "WerkNaReIntegratie_12",
    "PersonenMetBijstandEnReIntegratie_13", "BijstandsontvangersMetReIntegratie_14",
    "ReIntegratieontvangersMetBijstand_15", "WSWWerknemers_16", "WSWDichtheid_17",
)  # fmt: skip


def put_beside(raw: Path, months: int, size: int) -> None:
    """About the last January that the log knows the whole year before of."""
    january = (months - 1) // 12 * 12
    day = first_of(january)
    put: dict[str, Rows] = {
        f"caseload_totals/{day.replace(day=20)}_totals.csv": _totals(january, size),
        "municipal_statistics/2017-11-30_83747NED.csv": _cbs(size),
        f"published_figures/{day.replace(day=28)}_press.csv": _claims(january, size),
    }
    for name, rows in put.items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(rows).write_csv(path, separator=";")
    day = first_of(_MONTHS_OF_A_REPORT).replace(day=9)
    (raw / "provider_reports").mkdir(parents=True, exist_ok=True)
    reports(_MONTHS_OF_A_REPORT).write_csv(raw / "provider_reports" / f"{day}_report.csv", separator=";")


def _written(day: date) -> str:
    return f"{day:%d-%m-%Y}"


def _totals(month: int, size: int) -> Rows:
    flows = size // 60
    return [
        {
            "peildatum": _written(first_of(month)), "gemeentecode": "0899", "reeks": series, "aantal": size,
            "vorige_peildatum": _written(first_of(month - 1)), "vorig_aantal": size, "instroom": flows,
            "uitstroom": flows, "uitstroom_werk": flows,
        }
        for series in ("pw", "all")
    ]  # fmt: skip


def _cbs(size: int) -> Rows:
    """The year 2016: every column that such a table has; a point where nothing is published."""
    told = {"Bijstandsontvangers_2": size, "Instroom_4": size // 5, "Uitstroom_6": size // 5}
    return [dict.fromkeys(_CBS, ".") | {"ID": 0, "Leeftijd": "90100", "Regiokenmerken": "GM0899"} | told]


def _claims(month: int, size: int) -> Rows:
    """One of each kind that is looked up in the caseload."""
    day, begin = _written(first_of(month)), _written(first_of(month - 12))
    published = _written(first_of(month).replace(day=28))
    about = (
        ("caseload_stock", "aantal", size), ("caseload_change", "aantal", 0), ("caseload_change_pct", "procent", 0),
        ("outflow_to_work_minus_inflow", "aantal", 0), ("is_lowest_on_record", "aantal", 1),
    )  # fmt: skip
    is_over_a_year = ("caseload_change", "caseload_change_pct", "outflow_to_work_minus_inflow")
    return [
        {
            "uitspraak_id": f"K{number}", "document": "Voortgang", "publicatiedatum": published,
            "indicator": indicator, "gemeentecode": "GM0899", "reeks": "pw", "operator": "=", "waarde": value,
            "eenheid": unit, "peildatum": "" if indicator in is_over_a_year else day,
            "periode_van": begin if indicator in is_over_a_year else "",
            "periode_tot": day if indicator in is_over_a_year else "",
        }
        for number, (indicator, unit, value) in enumerate(about)
    ]  # fmt: skip
