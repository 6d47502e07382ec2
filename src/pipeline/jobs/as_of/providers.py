"""What the rows of each provider come to, kept from night to night, for a source whose corrections stay within a
provider.

So what a provider reported can be digested by itself, and need not be again until that provider reports something new.
Then the rows that counted are read from what was kept, and only the new deliveries from the log; of a provider with one
delivery the log holds just these rows.

Here: counting the rows of a provider on a day, and keeping the results. Not here: which readings these rows come from
(``provider_readings``), what they come to (``versions.projection.ByProvider``), what takes more than one provider to
know (the projections).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

import polars as pl

from pipeline.jobs.as_of.provider_readings import Covered, ProviderReadings, delivery_of
from pipeline.jobs.fingerprints import step_version
from pipeline.store.kept_results import KeptResults, fingerprint
from pipeline.store.log.table import LogTable
from pipeline.versions import supersede
from pipeline.versions.projection import ByProvider, Judge
from pipeline.versions.status_by_day import StatusByDay

_VERSIONS_PART = "versions"
_VERSIONS = pl.Schema({"delivery": pl.String(), "version_of_scope": pl.Int64()})


@dataclass(frozen=True)
class _Counting:
    """The rows that no later delivery replaced, and what that makes of the deliveries."""

    readings: tuple[str, ...]
    rows: pl.DataFrame
    versions: pl.DataFrame


class _Parts(Mapping[str, pl.DataFrame]):
    """What one provider's rows come to, each part found when it is asked for."""

    def __init__(self, names: Sequence[str], find: Callable[[str], pl.DataFrame]) -> None:
        self._names = names
        self._find = find

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        return self._find(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Providers:
    """The providers of one source of one log, as one run looks at them."""

    def __init__(self, table: LogTable, declared: ByProvider, steps: KeptResults, statuses: StatusByDay) -> None:
        self.readings = ProviderReadings(table, declared, steps, statuses)
        self._declared = declared
        self._steps = steps
        schema = declared.source.event_schema()
        self._shapes = {**declared.parts, _VERSIONS_PART: _VERSIONS}
        self._unkept: dict[str, dict[str, pl.DataFrame]] = {}
        """What was made where nothing is kept, so that it is made once."""
        self._main: dict[Covered, pl.DataFrame] = {}
        """The main part as known now: several tables look at it."""
        self._row_shape = pl.Schema({**{name: schema[name] for name in declared.columns}, "version": pl.Int64()})

    def parts(self, day: date | None) -> list[Mapping[str, pl.DataFrame]]:
        """What every provider's rows come to, in the order of their codes."""
        return [self._known(each) for each in self.readings.covered([day])]

    def versions(self, day: date | None) -> pl.DataFrame:
        """(delivery, version_of_scope) of every provider's share in a delivery."""
        return pl.concat([pl.DataFrame(schema=_VERSIONS), *(each[_VERSIONS_PART] for each in self.parts(day))])

    def twins(self, day: date | None) -> pl.DataFrame:
        """Deliveries that share an event with another one of the same provider and day; few days have two at all."""
        known = self.readings.known(day)
        together = known.group_by("provider_code", "delivered_on", maintain_order=True).agg("reading")
        groups = together.filter(pl.col("reading").list.len() > 1).select(
            "provider_code", readings=pl.col("reading").list.join("|")
        )
        shape = pl.Schema({**groups.schema, "delivery": pl.String()})

        def find(missing: pl.DataFrame) -> pl.DataFrame:
            found = [
                supersede.twins(self._rows(provider, readings.split("|")).select("delivery", *scope), one_day)
                .with_columns(provider_code=pl.lit(provider), readings=pl.lit(readings))
                .select(shape.names())
                for provider, readings in missing.iter_rows()
            ]
            return pl.concat([pl.DataFrame(schema=shape), *found])

        scope = self._declared.source.scope
        one_day = known.select(delivery_of("reading"), "delivered_on").unique()
        answered = self._steps.book(f"twins-{self._declared.source.name}", groups, shape, find)
        return answered.drop_nulls("delivery").select(pl.col("delivery").unique().sort())

    def part(self, day: date | None, select: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        """``select`` of the main part of every provider, put together; for past days it is kept."""
        main = self._declared.main
        shape = select(pl.DataFrame(schema=self._declared.parts[main])).schema
        if day is None:
            return pl.concat([pl.DataFrame(schema=shape), *(select(each[main]) for each in self.parts(day))])
        covered = self.readings.covered([day])
        name = fingerprint(step_version(select), select.__qualname__, *(each.name for each in covered))

        def make() -> pl.DataFrame:
            return pl.concat([pl.DataFrame(schema=shape), *(select(frame) for _, frame in self._mains(covered))])

        return self._steps.frame("selected", name, shape, make)

    def beside(self, asked: pl.DataFrame, judge: Judge) -> pl.DataFrame:
        """``judge`` of the rows of one day and provider beside that provider's main part as known then."""
        known = {(each.day, each.provider): each for each in self.readings.covered(asked["delivered_on"].unique())}
        questions = {}
        version = step_version(judge.judge)
        for (day, provider), own in asked.partition_by("delivered_on", "provider_code", as_dict=True).items():
            none = self.readings.none(day, str(provider))
            covered, rows = known.get((day, str(provider)), none), own.drop("delivered_on")
            questions[fingerprint(version, covered.name, rows.write_csv())] = covered, rows
        shape = pl.Schema({"question": pl.String(), **judge.shape})

        def find(missing: pl.DataFrame) -> pl.DataFrame:
            waiting: dict[Covered, list[str]] = {}
            for question in missing["question"]:
                waiting.setdefault(questions[question][0], []).append(question)
            answers = [
                judge.judge(questions[question][1], main).select(pl.lit(question).alias("question"), pl.all())
                for covered, main in self._mains(list(waiting))
                for question in waiting[covered]
            ]
            return pl.concat([pl.DataFrame(schema=shape), *answers])

        keys = pl.DataFrame({"question": list(questions)}, schema={"question": pl.String()})
        answered = self._steps.book(f"beside-{self._declared.source.name}", keys, shape, find).drop("question")
        return answered.filter(~pl.all_horizontal(pl.all().is_null()))

    def _known(self, covered: Covered) -> Mapping[str, pl.DataFrame]:
        """The parts of one provider, each read when it is asked for."""
        self._steps.hold("rows", covered.name)
        for part in self._shapes:
            self._steps.hold("provider", f"{covered.name}.{part}")
        return _Parts(tuple(self._shapes), partial(self._known_part, covered))

    def _known_part(self, covered: Covered, part: str) -> pl.DataFrame:
        if covered.name in self._unkept:
            return self._unkept[covered.name][part]
        is_main = part == self._declared.main
        if is_main and covered in self._main:
            return self._main[covered]
        found = self._steps.find("provider", f"{covered.name}.{part}", self._shapes[part])
        if found is None:
            made = self._steps.frames("provider", covered.name, self._shapes, lambda: self._digest(covered))
            if not self._steps.keeps:
                self._unkept[covered.name] = made
            found = made[part]
        if is_main and covered.day is None:
            self._main[covered] = found
        return found

    def _digest(self, covered: Covered) -> dict[str, pl.DataFrame]:
        counting = self._counting(covered, self._kept_before(covered))
        if len(covered.readings) > 1:  # the rows of one reading lie in the log as they would here
            self._steps.keep("rows", covered.name, counting.rows)
        return {**self._declared.digest(counting.rows), _VERSIONS_PART: counting.versions}

    def _mains(self, wanted: Sequence[Covered]) -> Iterator[tuple[Covered, pl.DataFrame]]:
        """The main part on past days, each provider's in turn and the shortest list of readings first."""
        main, shape = self._declared.main, self._declared.parts[self._declared.main]
        ordered = sorted(set(wanted), key=lambda each: (each.provider, len(each.readings), each.readings))
        for _, of_one in groupby(ordered, key=lambda each: each.provider):
            last: _Counting | None = None
            for _, same in groupby(of_one, key=lambda each: each.name):
                alike = list(same)
                kept = self._steps.peek("provider", f"{alike[0].name}.{main}", shape)
                if kept is None:
                    last = self._counting(alike[0], last)
                    kept = self._declared.digest_main(last.rows)
                yield from ((each, kept) for each in alike)

    def _kept_before(self, covered: Covered) -> _Counting | None:
        """The longest list of readings that this one begins with and whose rows were kept."""
        for count in range(len(covered.readings) - 1, 0, -1):
            name = covered.name_of_first(count)
            rows = self._steps.peek("rows", name, self._row_shape)
            versions = self._steps.peek("provider", f"{name}.{_VERSIONS_PART}", _VERSIONS)
            if rows is not None and versions is not None:
                return _Counting(covered.readings[:count], rows, versions)
        return None

    def _counting(self, covered: Covered, before: _Counting | None) -> _Counting:
        """The rows of ``covered``, from those that counted before where it begins with the same readings."""
        if before is None or covered.readings[: len(before.readings)] != before.readings:
            before = _Counting((), pl.DataFrame(schema=self._row_shape), pl.DataFrame(schema=_VERSIONS))
        added = self._rows(covered.provider, covered.readings[len(before.readings) :])
        rows, versions = supersede.superseded(before.rows, added, self._declared.source.scope)
        return _Counting(covered.readings, rows, pl.concat([before.versions, versions]).sort("delivery"))

    def _rows(self, provider: str, readings: Sequence[str]) -> pl.DataFrame:
        return self.readings.rows(provider, readings, self._declared.columns)
