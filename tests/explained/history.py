"""Random histories of a small service: deliveries of every source, said again otherwise, corrected, taken back.

Not here: a municipality that merges (``merger``), what texts say in public (``claims``), what a steward decides
(``lived``), what is asked of them (``trial``).
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from tests.explained.claims import Claims, Sizes, written
from tests.explained.merger import SERIES_OF, Merger
from tests.jobs.all_sources import NATIONAL, REPORTS
from tests.jobs.folder import CASELOAD, CBS, TOTALS, benefit, bsn, csv, region

PLACES = ("0899", "0882")
DATES = tuple(date(2016 + month // 12, month % 12 + 1, 1) for month in range(16))
PROVIDERS = {"RE01": "INNOVATIEF2016", "RE02": "INNOVATIEF2016", "BB": "BETERE_BUREN"}
EVENTS = (
    "aanbieder", "gebeurtenis_id", "gebeurtenis", "datum", "traject_id", "bsn", "programma", "doelgroep", "methodiek",
    "dienstverband", "kanaal", "reden_einde", "vervangt", "trekt_in",
)  # fmt: skip
_REASONS = ("11", "11", "13", "04", "32")


class History:
    """What a small service and its partners deliver, at random from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.dossiers = [self._dossier(number) for number in range(self.chance.randint(8, 26))]
        self.merger = Merger(self.chance)
        self.again = random.Random(f"{seed} again")

    def _dossier(self, number: int) -> list[dict[str, object]]:
        """One client: a dossier, and another where it was restarted; perhaps a partner, perhaps an end."""
        chance = self.chance
        began = date(2015, 3, 1) + timedelta(days=chance.randint(0, 720))
        row = benefit(
            number,
            gemeentecode=chance.choice(PLACES),
            statistiekcode=chance.choice(("01", "01", "01", "02", "03", "14")),
            leefvorm=chance.choice(("1", "2", "3", "3", "")),
            bsn_partner=chance.choice(("", "", bsn(number + 500), bsn(max(number - 1, 0)) if number else "")),
            geboortedatum=chance.choice(("19800000", "19480000", "19650101")),
            ingangsdatum=written(began),
            oorspronkelijke_ingangsdatum=chance.choice(("", written(began - timedelta(days=9)))),
        )
        if chance.random() < 0.5:
            ended = began + timedelta(days=chance.randint(20, 600))
            row |= {"_ended": ended, "reden_einde": chance.choice(_REASONS)}
            if chance.random() < 0.4:
                again = ended + timedelta(days=1)
                second = benefit(number, **{**row, "ingangsdatum": written(again), "reden_einde": ""})
                second |= {"registratienummer_uitkering": f"R{number}", "_began": again, "_ended": None}
                second["oorspronkelijke_ingangsdatum"] = row["oorspronkelijke_ingangsdatum"] or row["ingangsdatum"]
                return [row | {"_began": began}, second]
        return [row | {"_began": began}]

    def files(self) -> Iterator[tuple[str, str]]:
        yield from self._caseload()
        yield from self._totals()
        yield from self._events()
        yield from self._reports()
        yield from self._statistics()
        yield from self.merger.files()
        yield from Claims(self.chance, self.sizes()).files()

    def _caseload(self) -> Iterator[tuple[str, str]]:
        for on in DATES:
            if self.chance.random() < 0.8:
                yield f"caseload/{on + timedelta(days=6)}_a.csv", self._month(on)
                if self.chance.random() < 0.3:
                    later = on + timedelta(days=self.chance.choice((20, 90)))
                    yield f"caseload/{later}_{on:%m}_again.csv", self._month(on, leaving_out=0.08)

    def _month(self, on: date, leaving_out: float = 0.0) -> str:
        rows = []
        for dossier in (each for client in self.dossiers for each in client):
            ended, began = dossier.get("_ended"), dossier["_began"]
            is_there = began <= on and (ended is None or ended >= on - timedelta(days=45))  # type: ignore[operator]
            if is_there and self.chance.random() >= leaving_out:
                end = ended if isinstance(ended, date) and ended < on + timedelta(days=200) else None
                rows.append(
                    dossier
                    | {"peildatum": written(on), "einddatum": written(end) if end else ""}
                    | ({} if end else {"reden_einde": ""})
                )
        return csv(CASELOAD, rows or [benefit(900, peildatum=written(on), statistiekcode="14")])

    def _totals(self) -> Iterator[tuple[str, str]]:
        for on in self.chance.sample(DATES[1:], 6):
            previous, size = DATES[DATES.index(on) - 1], self.chance.randint(5, 20)
            flows = {"vorige_peildatum": written(previous), "vorig_aantal": size + 1, "instroom": 1, "uitstroom": 2,
                     "uitstroom_werk": 1} if self.chance.random() < 0.6 else {}  # fmt: skip
            rows = [
                {"peildatum": written(on), "gemeentecode": place, "reeks": series, "aantal": size} | flows
                for place in PLACES
                for series in ("pw", "all")
            ]
            yield f"caseload_totals/{on + timedelta(days=self.chance.choice((8, 60)))}_{on:%y%m}.csv", csv(TOTALS, rows)

    def _events(self) -> Iterator[tuple[str, str]]:
        for provider in PROVIDERS:
            known: dict[date, list[dict[str, object]]] = {}
            for number in range(self.chance.randint(2, 7)):
                for row in self._course(provider, number):
                    day = date.fromisoformat(str(row["datum"]))
                    known.setdefault(date(day.year, day.month, 1) + timedelta(days=40), []).append(row)
            for day, rows in known.items():
                yield from self._told(day, provider, csv(EVENTS, rows))
            every = [row for rows in known.values() for row in rows]
            late = max(known) + timedelta(days=15)
            for wave in range(self.chance.randint(1, 3)):
                changes = list(self._changes(every, wave))
                day = late + timedelta(days=20 * wave)
                yield from self._told(day, f"{provider}_again{wave}", csv(EVENTS, changes))
                every += changes
            if self.chance.random() < 0.4:
                # Without a day it replaces what it tells again, and does not reach as far.
                told = [row | self._moved(row) for row in self.chance.sample(every, min(4, len(every)))]
                yield f"trajectory_events/{provider}_told_again.csv", csv(EVENTS, told)

    def _told(self, day: date, name: str, content: str) -> Iterator[tuple[str, str]]:
        """A file of events, and now and then the same once more: before or after others of that provider."""
        yield f"trajectory_events/{day}_{name}.csv", content
        for number in range(self.again.choice((0, 0, 0, 1, 2))):
            later = day + timedelta(days=self.again.choice((9, 25, 60, 200, 370)))
            yield f"trajectory_events/{later}_{name}_copy{number}.csv", content

    def _changes(self, every: list[dict[str, object]], wave: int) -> Iterator[dict[str, object]]:
        """Corrections, retractions, also of corrections and retractions before, and events that are told again."""
        for place, row in enumerate(self.chance.sample(every, min(3, len(every)))):
            if self.chance.random() < 0.25:
                yield row | self._moved(row)
            else:
                yield self._correction(row, f"C{wave}-{place}")

    def _course(self, provider: str, number: int) -> Iterator[dict[str, object]]:
        chance = self.chance
        day = date(2016, 7, 1) + timedelta(days=chance.randint(0, 90))
        own: dict[str, object] = {
            "aanbieder": provider, "traject_id": f"T{number}", "programma": PROVIDERS[provider],
            "bsn": bsn(number + chance.choice((0, 0, 3))),
            "doelgroep": chance.choice(("vijftigplus", "inburgeraars", "")),
        }  # fmt: skip
        beside = chance.choice(([], ["talentenkaart_vastgelegd"], ["vrijwilligerswerk_gestart"]))
        kinds = ["aangemeld", "gestart", "activiteit_gestart", *beside, *chance.choice(_ENDS)]
        for place, kind in enumerate(kinds):
            more = {"methodiek": "jobcoaching"} if kind == "activiteit_gestart" else {}
            more |= {"dienstverband": chance.choice(("voltijd", "deeltijd"))} if kind == "geplaatst" else {}
            more |= {"reden_einde": chance.choice(("1", "2"))} if kind == "beeindigd" else {}
            yield own | more | {"gebeurtenis_id": f"E{number}-{place}", "gebeurtenis": kind, "datum": day.isoformat()}
            day += timedelta(days=chance.randint(5, 50))

    def _correction(self, row: dict[str, object], name: str) -> dict[str, object]:
        new = row | {"gebeurtenis_id": name, "vervangt": "", "trekt_in": ""}
        if self.chance.random() < 0.5:
            return new | {"trekt_in": row["gebeurtenis_id"]}
        return new | {"vervangt": row["gebeurtenis_id"]} | self._moved(row)

    def _moved(self, row: dict[str, object]) -> dict[str, object]:
        moved = date.fromisoformat(str(row["datum"])) + timedelta(days=self.chance.choice((-40, -2, 2, 9)))
        return {"datum": moved.isoformat()}

    def _reports(self) -> Iterator[tuple[str, str]]:
        """What the providers say of themselves: of all clients, and of one target group."""
        for day in (date(2016, 12, 10), date(2017, 7, 10), date(2017, 10, 10)):
            begin = self.chance.choice(("2016-07-01", "2016-10-01"))
            row = {"programma": "INNOVATIEF2016", "periode_van": begin, "periode_tot": f"{day:%Y-%m}-01"}
            rows = [
                row | self._counts() | {"aanbieder": provider, "doelgroep": group}
                for provider in ("RE01", "RE02")
                for group in ("", "vijftigplus")
            ]
            yield f"provider_reports/{day}_r.csv", csv([*REPORTS, "doelgroep"], rows)

    def _counts(self) -> dict[str, int]:
        active, placed, ended = (self.chance.randint(0, most) for most in (4, 3, 2))
        counts = {"deelnemers": active + placed + ended, "lopend": active, "geplaatst": placed, "waarvan_deeltijd": 0}
        return counts | {"beeindigd_zonder_plaatsing": ended}

    def _statistics(self) -> Iterator[tuple[str, str]]:
        later = self.chance.choice(("440.1", "442.4")), self.chance.choice(("395.0", "399.8"))
        months = (("2015MM12", "428.2", "387.0"), ("2016MM12", *later))
        rows = [{"ID": n, **dict(zip(NATIONAL[1:], (*own, "41.2"), strict=False))} for n, own in enumerate(months)]
        yield "national_statistics/2017-02-10_37789ksz.csv", csv(NATIONAL, rows)
        for year, table, on in ((2015, "83450NED", "2016-11-30"), (2016, "83747NED", "2017-11-30")):
            counts = {"Bijstandsontvangers_2": self.chance.choice((20, 60, 1040)), "Instroom_4": 10, "Uitstroom_6": 20,
                      "UitstroomNaarWerk_8": 10, "Instroom_5": "3.0"}  # fmt: skip
            rows = [region(int(place), **counts) for place in PLACES]
            yield f"municipal_statistics/{on}_{table}_{year}.csv", csv(CBS, rows)

    def sizes(self) -> Sizes:
        """About how many benefits there are: those that run by then."""
        found: dict[tuple[str, date, str], int] = {(place, day, "pw"): 0 for place in PLACES for day in DATES}
        for dossier in (each for client in self.dossiers for each in client):
            for day in DATES:
                if dossier["_began"] <= day and (dossier.get("_ended") or day) >= day:  # type: ignore[operator]
                    for series in SERIES_OF.get(str(dossier["statistiekcode"]), SERIES_OF["02"]):
                        key = str(dossier["gemeentecode"]), day, series
                        found[key] = found.get(key, 0) + 1
        return found | self.merger.sizes


_ENDS: tuple[list[str], ...] = (
    ["geplaatst"], ["geplaatst", "plaatsing_beeindigd"], ["beeindigd"], ["onderbroken", "hervat"], [],
    ["geplaatst", "beeindigd"], ["participatieverklaring_getekend"],
)  # fmt: skip
