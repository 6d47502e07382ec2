"""Sound files of every source, as rows of text. Not here: how they are spoilt (``mutations``).

All persons are made up. Only notes of published figures run over lines.
"""

import random
from dataclasses import dataclass

BSN = ("123456782", "111111110", "900038937", "000000012")


@dataclass(frozen=True)
class Sample:
    """A table of text and where it belongs."""

    source: str
    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    separator: str = ";"
    quotes_all: bool = False


def _day(rng: random.Random, form: int) -> str:
    year, month, day = rng.randint(2005, 2016), rng.randint(1, 12), rng.randint(1, 28)
    return (
        f"{day:02}-{month:02}-{year}",
        f"{day}-{month}-{year}",
        f"{year}-{month:02}-{day:02}",
        f"{year}{month:02}{day:02}",
    )[form]


def _caseload(rng: random.Random, number: int) -> tuple[str, ...]:
    start, form = _day(rng, rng.randrange(4)), str(rng.randint(1, 4))
    return (
        "01-01-2017", rng.choice(("0899", "GM0899", "899")), f"D-{number}", rng.choice(BSN),
        "", rng.choice(("01", "02", "PW", "IOAW")),
        form, f"00-05-{rng.randint(1955, 1995)}", rng.choice(("1", "2", "M", "vrouw", "")), start, "", "", "", "",
    )  # fmt: skip


def _totals(rng: random.Random, number: int) -> tuple[str, ...]:
    stock, before = rng.randint(700, 990), rng.randint(700, 990)
    return (
        f"01-{number % 12 + 1:02}-{2000 + number // 12}", "0899", rng.choice(("pw", "all")), str(stock),
        "01-12-1999", str(before),
        str(stock - before), "", str(rng.randint(1, 40)), str(rng.randint(30, 60)), str(rng.randint(0, 20)),
    )  # fmt: skip


def _event(rng: random.Random, number: int) -> tuple[str, ...]:
    return (
        "RE01", f"E-{number}", rng.choice(("aangemeld", "intake", "gestart", "geplaatst")),
        f"{number % 28 + 1:02}-04-2017", f"T-{number}", "",
        f"K{number:04}", "INNOVATIEF2016", rng.choice(("vijftigplus", "inburgeraars", "")), "jobcoaching",
        rng.choice(("voltijd", "deeltijd", "")),
        rng.choice(("24", "32,5", "16.0", "")),
        rng.choice(("zorg", "bouw", "horeca \"De Bron\"", "logistiek; opslag")),
        rng.choice(("WSP", "rechtstreeks", "")),
        rng.choice(("ja", "nee", "")), "", "GM0899", "", "", "",
    )  # fmt: skip


def _report(rng: random.Random, number: int) -> tuple[str, ...]:
    active, placed, ended = rng.randint(0, 40), rng.randint(0, 20), rng.randint(0, 30)
    return (
        "RE02", "INNOVATIEF2016", f"01-{number % 12 + 1:02}-2017", "01-01-2019", str(active + placed + ended),
        str(active), str(placed),
        str(placed // 3), str(ended), "", f"groep{number}",
    )  # fmt: skip


def _claim(rng: random.Random, number: int) -> tuple[str, ...]:
    unit = rng.choice(("aantal", "procent", "deel", "maanden", ""))
    value = {"aantal": ("842", "2.420", "1.234.567"), "procent": ("33.333", "-3,125", "−0,74", "7")}.get(
        unit, ("1/3", "0,5", "24")
    )
    note = rng.choice(("", "kort", "met; teken", "over\ntwee regels", "een\r\ntwee\r\ndrie", 'zegt "ja"'))
    return (
        f"S-{number}", "Steeds minder Brunssumers", "07-02-2017", "caseload_stock", "GM0899", "", "01-01-2017",
        rng.choice(("=", ">=", "~")),
        rng.choice(value), unit, note,
    )  # fmt: skip


def _region(rng: random.Random, number: int) -> tuple[str, ...]:
    tens = [f"{10 * rng.randint(1, 99):8}" for _ in range(9)]
    halves = [f"{rng.randint(1, 180) / 2:8.1f}" for _ in range(8)]
    return (
        str(number), "90100", f"GM{800 + number:04}", tens[0], tens[1], halves[0], tens[2], halves[1], tens[3],
        halves[2], tens[4], halves[3],
        tens[5], tens[6], halves[4], tens[7], halves[5], halves[6], tens[8], "       .",
    )  # fmt: skip


HEADERS = {
    "caseload": (
        "peildatum;gemeentecode;registratienummer_uitkering;bsn;bsn_partner;statistiekcode;leefvorm;"
        "geboortedatum;geslacht;ingangsdatum;oorspronkelijke_ingangsdatum;einddatum;reden_einde;"
        "datum_invoering"
    ),
    "caseload_totals": (
        "peildatum;gemeentecode;reeks;aantal;vorige_peildatum;vorig_aantal;mutatie;mutatie_pct;instroom;"
        "uitstroom;uitstroom_werk"
    ),
    "trajectory_events": (
        "aanbieder;gebeurtenis_id;gebeurtenis;datum;traject_id;bsn;clientnummer;programma;doelgroep;"
        "methodiek;dienstverband;uren_per_week;branche;kanaal;gesubsidieerd;reden_einde;gemeentecode;"
        "vervangt;trekt_in;geregistreerd_op"
    ),
    "provider_reports": (
        "aanbieder;programma;periode_van;periode_tot;deelnemers;lopend;geplaatst;waarvan_deeltijd;"
        "beeindigd_zonder_plaatsing;plaatsing_pct;doelgroep"
    ),
    "published_figures": (
        "uitspraak_id;document;publicatiedatum;indicator;gemeentecode;reeks;peildatum;operator;waarde;"
        "eenheid;toelichting"
    ),
    "municipal_statistics": (
        "ID;Leeftijd;Regiokenmerken;Inwoners_1;Bijstandsontvangers_2;Bijstandsdichtheid_3;Instroom_4;"
        "Instroom_5;Uitstroom_6;Uitstroom_7;UitstroomNaarWerk_8;UitstroomNaarWerk_9;"
        "PersonenMetReIntegratievoorziening_10;WerkNaReIntegratie_11;WerkNaReIntegratie_12;"
        "PersonenMetBijstandEnReIntegratie_13;BijstandsontvangersMetReIntegratie_14;"
        "ReIntegratieontvangersMetBijstand_15;WSWWerknemers_16;WSWDichtheid_17"
    ),
}
_MAKERS = {
    "caseload": _caseload,
    "caseload_totals": _totals,
    "trajectory_events": _event,
    "provider_reports": _report,
    "published_figures": _claim,
    "municipal_statistics": _region,
}
SOURCES = tuple(_MAKERS)


def sample(source: str, rng: random.Random) -> Sample:
    """A sound table of some rows."""
    rows = tuple(_MAKERS[source](rng, number) for number in range(1, rng.randint(4, 24)))
    is_cbs = source == "municipal_statistics"
    name = "84066NED_2017" if is_cbs else "2017-06-01_levering"
    return Sample(
        source,
        name,
        tuple(HEADERS[source].split(";")),
        rows,
        "," if is_cbs else rng.choice(";;;,\t|"),
        is_cbs or rng.random() < 0.2,
    )
