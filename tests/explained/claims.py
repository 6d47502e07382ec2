"""What texts say in public about a small service: stocks, changes, records, flows, the country, programmes. Mostly
nearly true, in one of the series, which the text names, does not name, or names wrongly.

Not here: what is true of it (``history``, ``merger``).
"""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from schemas.vocabulary import Series
from tests.jobs.folder import CLAIMS, csv

HEADER = [*CLAIMS, "periode_van", "periode_tot", "programma"]
SERIES = tuple(each.value for each in Series)
TEXTS = (date(2016, 9, 20), date(2017, 5, 20), date(2018, 2, 20))
ABOUT = {"d": "0899", "e": "0899", "f": "0882"}
"""What texts are mostly about, by name: of claims of one text each shows which series the others count."""
OPERATORS = ("=", "=", "=", ">", ">=", "<=", "<", "~")
PROGRAMMES = ("INNOVATIEF2016", "INNOVATIEF2016", "BETERE_BUREN")
_COUNTED = ("participants", "placed", "placed_part_time", "active", "ended_otherwise")
_OF_PROGRAMME = ("target", "providers", "target_groups")
_SHARES = ("1/3", "1/2", "2/3", "0,25", "0,5", "1", "0")
_COUNTRY = ("3", "3,3", "2,8", "2,1", "0,0", "7")
_PERIODS = (
    (date(2016, 7, 1), date(2017, 1, 1)), (date(2016, 8, 1), date(2017, 8, 1)), (date(2016, 10, 1), date(2016, 11, 1)),
    (date(2016, 9, 15), date(2017, 2, 10)), (date(2017, 1, 1), date(2018, 1, 1)),
    (date(2016, 7, 10), date(2016, 10, 1)),
)  # fmt: skip
_LONG_AGO = (
    {"peildatum": "01-01-2010"}, {"peildatum": "01-11-2015"},
    {"periode_van": "01-01-2008", "periode_tot": "01-01-2009"},
)  # fmt: skip

Sizes = Mapping[tuple[str, date, str], int]
"""About how many benefits there are, by place, date and series."""


def written(day: date) -> str:
    return f"{day:%d-%m-%Y}"


class Claims:
    """Texts about places of which the sizes are known."""

    def __init__(self, chance: random.Random, sizes: Sizes) -> None:
        self.chance = chance
        self.sizes = sizes
        self.kinds: tuple[tuple[Callable[[str, date], dict[str, object]], int], ...] = (
            (self._stock, 5), (self._stock_within, 3), (self._change, 3), (self._change_pct, 3), (self._lowest, 4),
            (self._long_ago, 3), (self._balance, 4), (self._country, 1), (self._counted, 4), (self._average, 2),
            (self._share, 2), (self._of_programme, 1), (self._duration, 1), (self._of_nothing, 1),
        )  # fmt: skip

    def files(self) -> Iterator[tuple[str, str]]:
        """A file for each day on which something was published; some of it is said again later, otherwise."""
        said: list[dict[str, object]] = []
        for day in TEXTS:
            rows = [self._claim(f"{day:%y%m}-{number}", day) for number in range(self.chance.randint(9, 15))]
            rows += self._of_each_series(day) if self.chance.random() < 0.4 else []
            yield f"published_figures/{day}_p.csv", csv(HEADER, rows)
            said += rows
        again = [row | {"waarde": self.chance.choice((row["waarde"], 1, 7))} for row in self.chance.sample(said, 3)]
        yield f"published_figures/{TEXTS[-1] + timedelta(days=9)}_again.csv", csv(HEADER, again)

    def _claim(self, name: str, day: date) -> dict[str, object]:
        document = self.chance.choice(tuple(ABOUT))
        place = ABOUT[document] if self.chance.random() < 0.75 else self._any_place()
        kinds, weights = zip(*self.kinds, strict=True)
        (kind,) = self.chance.choices(kinds, weights)
        row = {
            "uitspraak_id": f"K{name}", "document": document, "publicatiedatum": written(day), "eenheid": "aantal",
            "gemeentecode": f"GM{place}", "operator": self.chance.choice(OPERATORS),
        }  # fmt: skip
        return row | kind(place, day)

    def _any_place(self) -> str:
        return self.chance.choice(sorted({place for place, _, _ in self.sizes}))

    def _known(self, place: str, before: date) -> list[date]:
        days = sorted({day for own, day, _ in self.sizes if own == place and day < before})
        return days if len(days) > 1 else [before - timedelta(days=40), before - timedelta(days=10)]

    def _size(self, place: str, day: date, series: str) -> int:
        return self.sizes.get((place, day, series), 3)

    def _told(self, series: str) -> dict[str, object]:
        """Which series a text names that counts this one: itself, none, or another."""
        return {"reeks": self.chance.choice((series, series, "", "", self.chance.choice(SERIES)))}

    def _nearly(self, value: int) -> int:
        return value + self.chance.choice((0, 0, 0, 0, 1, -1, 4))

    def _period(self, place: str, before: date) -> tuple[date, date]:
        begin, until = sorted(self.chance.sample(self._known(place, before), 2))
        return begin, until

    def _stock(self, place: str, before: date) -> dict[str, object]:
        series, day = self.chance.choice(SERIES), self.chance.choice(self._known(place, before))
        value = max(0, self._nearly(self._size(place, day, series)))
        return {"indicator": "caseload_stock", "peildatum": written(day), "waarde": value} | self._told(series)

    def _stock_within(self, place: str, before: date) -> dict[str, object]:
        (begin, until), series = self._period(place, before), self.chance.choice(SERIES)
        day = self.chance.choice((begin, until))
        period = _period(begin, until + timedelta(days=1))
        value = max(0, self._nearly(self._size(place, day, series)))
        return {"indicator": "caseload_stock", "waarde": value} | period | self._told(series)

    def _change(self, place: str, before: date) -> dict[str, object]:
        (begin, until), series = self._period(place, before), self.chance.choice(SERIES)
        change = self._size(place, until, series) - self._size(place, begin, series)
        return (
            {"indicator": "caseload_change", "waarde": self._nearly(change)}
            | _period(begin, until)
            | self._told(series)
        )

    def _change_pct(self, place: str, before: date) -> dict[str, object]:
        (begin, until), series = self._period(place, before), self.chance.choice(SERIES)
        first = self._size(place, begin, series) or 1
        change = 100 * (self._nearly(self._size(place, until, series)) - first) / first
        value = f"{change:.{self.chance.randint(0, 1)}f}".replace(".", ",")
        row = {"indicator": "caseload_change_pct", "eenheid": "procent", "waarde": value}
        return row | _period(begin, until) | self._told(series)

    def _lowest(self, place: str, before: date) -> dict[str, object]:
        """Mostly of a day that is the lowest so far, in one series at least."""
        series, days = self.chance.choice(SERIES), self._known(place, before)
        sizes = [self._size(place, day, series) for day in days]
        lowest = [day for number, day in enumerate(days) if number and sizes[number] < min(sizes[:number])]
        day = self.chance.choice(lowest if lowest and self.chance.random() < 0.8 else days[1:])
        row: dict[str, object] = {"indicator": "is_lowest_on_record", "peildatum": written(day), "operator": "="}
        return row | {"waarde": self.chance.choice((1, 1, 1, 0))} | self._told(series)

    def _long_ago(self, _place: str, _before: date) -> dict[str, object]:
        """Of a time before the record: against a claim of "lowest"."""
        when, value = self.chance.choice(_LONG_AGO), self.chance.choice((1, 2, 4, 9, 40))
        row = {"indicator": "caseload_stock", "operator": self.chance.choice(("=", "=", "<", "~")), "waarde": value}
        return row | when | self._told(self.chance.choice(SERIES))

    def _of_each_series(self, day: date) -> list[dict[str, object]]:
        """A text that knows a lower stock in every series: together they are against a record, none alone."""
        place = self._any_place()
        row = {"document": "g", "publicatiedatum": written(day), "gemeentecode": f"GM{place}", "operator": "="}
        row |= {"indicator": "caseload_stock", "eenheid": "aantal", "peildatum": "01-01-2010"}
        low = self.chance.randint(1, 3)
        return [
            row | {"uitspraak_id": f"G{day:%y%m}-{series}", "reeks": series, "waarde": low + number}
            for number, series in enumerate(SERIES)
        ]

    def _balance(self, place: str, before: date) -> dict[str, object]:
        """Over some months, or over a year of which CBS knows figures where the service has none."""
        begin, until = self._period(place, before)
        if self.chance.random() < 0.4:
            year = self.chance.choice([year for year in (2015, 2016, 2017) if year < before.year])
            begin, until = date(year, 1, 1), date(year + 1, 1, 1)
        value = self.chance.choice((0, 0, 1, -1, 2, -3, 10, 30))
        row = {"indicator": "outflow_to_work_minus_inflow", "waarde": value}
        return row | _period(begin, until) | self._told(self.chance.choice(SERIES))

    def _country(self, _place: str, before: date) -> dict[str, object]:
        row: dict[str, object] = {"indicator": "national_caseload_change_pct", "eenheid": "procent", "reeks": ""}
        row |= {"gemeentecode": "NL01", "waarde": self.chance.choice(_COUNTRY)}
        return row | (_period(date(2016, 1, 1), date(2017, 1, 1)) if before.year > 2016 else {})

    def _counted(self, _place: str, before: date) -> dict[str, object]:
        """Clients up to a day; where a text gives none, or no begin, that is stated."""
        row = self._about(self.chance.choice(_COUNTED)) | {"waarde": self.chance.randint(0, 5)}
        row |= {"toelichting": self.chance.choice(("", "", "", "begin onbekend"))}
        day = before - timedelta(days=self.chance.randint(-5, 200))
        return row | ({"peildatum": written(day)} if self.chance.random() < 0.8 else {})

    def _average(self, _place: str, before: date) -> dict[str, object]:
        value = self.chance.choice((0, 1, 2, 4, "0,5", "1,2", "2,1", "3,5"))
        return self._about("average_active") | {"waarde": value} | self._of_period(before)

    def _share(self, _place: str, before: date) -> dict[str, object]:
        value = self.chance.choice(_SHARES)
        return self._about("share_to_work") | {"waarde": value, "eenheid": "deel"} | self._of_period(before)

    def _of_period(self, before: date) -> dict[str, object]:
        """Some of it is not known yet, or the text names none."""
        periods = [each for each in _PERIODS if each[1] < before + timedelta(days=30)]
        return _period(*self.chance.choice(periods)) if periods and self.chance.random() < 0.9 else {}

    def _of_programme(self, _place: str, before: date) -> dict[str, object]:
        value = self.chance.choice((50, 2, 1, 3))
        return self._about(self.chance.choice(_OF_PROGRAMME)) | {"waarde": value, "peildatum": written(before)}

    def _duration(self, _place: str, before: date) -> dict[str, object]:
        row = self._about("maximum_duration") | {"eenheid": "maanden", "peildatum": written(before)}
        return row | {"waarde": self.chance.choice((24, 12)), "programma": "BETERE_BUREN"}

    def _about(self, indicator: str) -> dict[str, object]:
        return {"indicator": indicator, "gemeentecode": "", "programma": self.chance.choice(PROGRAMMES)}

    def _of_nothing(self, place: str, before: date) -> dict[str, object]:
        """What cannot be checked: another unit, no place, no time, no indicator that is known."""
        lack: tuple[dict[str, object], ...] = (
            {"eenheid": "procent"}, {"gemeentecode": ""}, {"peildatum": ""}, {"indicator": "iets_anders"},
        )  # fmt: skip
        return self._stock(place, before) | self.chance.choice(lack)


def _period(begin: date, until: date) -> dict[str, object]:
    return {"periode_van": written(begin), "periode_tot": written(until)}
