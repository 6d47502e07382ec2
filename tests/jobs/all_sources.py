"""Deliveries of every source, each said once and then otherwise: corrected, withdrawn, delivered again."""

from collections.abc import Iterator
from datetime import date

from tests.jobs.folder import CBS, CLAIMS, TOTALS, benefit, bsn, caseload, claim, csv, region, total

EVENTS = (
    "aanbieder", "gebeurtenis_id", "gebeurtenis", "datum", "traject_id", "bsn", "clientnummer", "programma",
    "dienstverband", "reden_einde", "vervangt", "trekt_in",
)  # fmt: skip
REPORTS = (
    "aanbieder", "programma", "periode_van", "periode_tot", "deelnemers", "lopend", "geplaatst", "waarvan_deeltijd",
    "beeindigd_zonder_plaatsing",
)  # fmt: skip
NATIONAL = (
    "ID", "Perioden", "TotaalBijstandsuitkeringen_11", "BijstandsuitkeringenTotDeAOWLeeftijd_12",
    "BijstandsuitkeringenVanafAOWLeeftijd_13", "IOAWUitkeringen_14", "IOAZUitkeringen_15",
)  # fmt: skip


def event(client: int, kind: str, day: str, number: str, **changed: object) -> dict[str, object]:
    row = {
        "aanbieder": "RE01", "gebeurtenis_id": number, "gebeurtenis": kind, "datum": day, "traject_id": f"T{client}",
        "bsn": bsn(client), "programma": "INNOVATIEF2016",
    }  # fmt: skip
    return row | changed


def _national(december: str) -> str:
    rows = (("2015MM12", "428.2", "387.0", "41.2"), ("2016MM12", december, "395.0", "41.5"))
    return csv(NATIONAL, [{"ID": n, **dict(zip(NATIONAL[1:], row, strict=False))} for n, row in enumerate(rows)])


def _municipal(recipients: int) -> str:
    counts = {"Bijstandsontvangers_2": recipients, "Instroom_4": 10, "Uitstroom_6": 10}
    return csv(CBS, [region(899, **counts)])


def _report(**counts: object) -> str:
    row = {"aanbieder": "RE01", "programma": "INNOVATIEF2016", "periode_van": "2017-01-01", "periode_tot": "2017-03-01"}
    return csv(REPORTS, [row | counts])


def _claims(*waarden: str) -> str:
    known = [
        claim(number, waarde=waarde, publicatiedatum="08-03-2017", peildatum=day)
        for number, (waarde, day) in enumerate(zip(waarden, ("01-02-2017", "01-03-2017"), strict=True))
    ]
    period = {"periode_van": "2016-01-01", "periode_tot": "2017-01-01", "peildatum": "", "reeks": ""}
    change = {"indicator": "national_caseload_change_pct", "gemeentecode": "NL01", "eenheid": "procent"}
    placed = {"indicator": "placed", "gemeentecode": "", "reeks": "", "peildatum": "01-03-2017", "waarde": "2"}
    country = claim(7, waarde="3,3", publicatiedatum="08-03-2017", **period, **change)
    programme = claim(8, publicatiedatum="08-03-2017", **placed, programma="INNOVATIEF2016")
    return csv([*CLAIMS, "periode_van", "periode_tot", "programma"], [*known, country, programme])


def _people(size: int, day: str) -> str:
    return caseload(
        *(benefit(n, peildatum=day) for n in range(size)),
        benefit(99, peildatum=day, oorspronkelijke_ingangsdatum="02-05-2015"),
    )


ALL_SOURCES = {
    "caseload/2017-02-07_jan.csv": _people(21, "01-01-2017"),
    "caseload/2017-02-07_feb.csv": _people(20, "01-02-2017"),
    "caseload_totals/2017-02-10_t.csv": csv(TOTALS, [total(aantal=20)]),
    "trajectory_events/2017-02-10_e.csv": csv(
        EVENTS,
        [
            event(1, "gestart", "2017-01-10", "E1"),
            event(2, "gestart", "2017-01-11", "E2"),
            event(3, "gestart", "2017-01-12", "E3"),
            event(1, "geplaatst", "2017-02-01", "E4", dienstverband="voltijd"),
            event(2, "geplaatst", "2017-02-02", "E5", dienstverband="deeltijd"),
        ],
    ),
    "municipal_statistics/2017-02-10_83747NED_2016.csv": _municipal(20),
    "national_statistics/2017-02-10_37789ksz.csv": _national("442.4"),
    "provider_reports/2017-03-08_r.csv": _report(deelnemers=3, geplaatst=2),
    "caseload/2017-03-08_march.csv": _people(29, "01-03-2017"),
    "published_figures/2017-03-08_p.csv": _claims("20", "29"),
    # And from here on otherwise.
    "caseload/2017-03-20_feb_again.csv": _people(23, "01-02-2017"),
    "caseload_totals/2017-03-22_t.csv": csv(TOTALS, [total(aantal=22)]),
    "trajectory_events/2017-03-20_e.csv": csv(
        EVENTS,
        [
            event(1, "geplaatst", "2017-03-15", "E6", dienstverband="deeltijd", vervangt="E4"),
            event(2, "geplaatst", "2017-02-02", "E7", trekt_in="E5"),
            event(3, "gestart", "2017-01-20", "E3"),
        ],
    ),
    "provider_reports/2017-03-22_r.csv": _report(deelnemers=3, geplaatst=1),
    "municipal_statistics/2017-03-24_83747NED_2016.csv": _municipal(40),
    "national_statistics/2017-03-24_37789ksz.csv": _national("462.4"),
    "published_figures/2017-03-24_p.csv": _claims("23", "17"),
    "caseload/2017-03-28_march_again.csv": _people(25, "01-03-2017"),
    "caseload/2017-03-28_held.csv": _people(9, "01-03-2017"),
}
"""Name and content."""


def by_day() -> Iterator[tuple[date, dict[str, str]]]:
    """The deliveries of each day, in the order of the days."""
    for day in sorted({name.split("/")[1][:10] for name in ALL_SOURCES}):
        yield date.fromisoformat(day), {name: text for name, text in ALL_SOURCES.items() if f"/{day}_" in name}
