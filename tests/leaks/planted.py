"""Deliveries with the number of a person wherever one can stand, in every way it can be written.

Here: what is planted, and which numbers these are. Not here: looking for them (``tests.leaks.search``). Every number is
made up and passes the 11-test; each way of writing has one of its own in every format, so that a leak names its cause.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice

import openpyxl  # type: ignore[import-untyped]
import polars as pl

from pipeline.intake.column_names import resolve
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.source import Source
from tests.jobs.all_sources import EVENTS, NATIONAL, REPORTS, event
from tests.jobs.folder import CASELOAD, CBS, CLAIMS, TOTALS, benefit, claim, region, total
from tests.written import FORMS, INSIDE, formed

Cells = dict[str, object]


def _day(number: int) -> str:
    """Another day for each of thousands of rows, none of them too long ago."""
    return (date(2016, 12, 31) - timedelta(days=number)).isoformat()


_ROWS: dict[str, tuple[Sequence[str], Callable[[int], Cells]]] = {
    "caseload": (CASELOAD, lambda n: benefit(n, einddatum="", reden_einde="")),
    "caseload_totals": (TOTALS, lambda n: total(peildatum=_day(n), instroom="")),
    "trajectory_events": (EVENTS, lambda n: event(n % 500, "gestart", "2017-01-10", f"E{n}")),
    "provider_reports": (
        REPORTS,
        lambda n: {
            "aanbieder": "RE01", "programma": "INNOVATIEF2016", "periode_van": _day(n),
            "periode_tot": "2017-03-01", "deelnemers": 3, "geplaatst": 2,
        },
    ),
    "published_figures": (CLAIMS, claim),
    "municipal_statistics": (CBS, lambda n: region(899, ID=n)),
    "national_statistics": (NATIONAL, lambda n: {"ID": n, "Perioden": f"{1998 + n % 20}MM01"}),
}  # fmt: skip
"""Per source the names of its columns, and a row that is in order."""

_IN_NAME = {
    "municipal_statistics": "83747NED_2016",
    "national_statistics": "37789ksz",
}


@dataclass(frozen=True)
class Plant:
    """What is put below raw, and the numbers in it with the way each was written."""

    files: Mapping[str, bytes]
    numbers: Mapping[str, str]


def plant(every: int = 1) -> Plant:
    """All of it, or for ``every`` above 1 a share: each column then has every so-manieth form, names likewise."""
    numbers = _Numbers()
    files: dict[str, bytes] = {}
    for place, (ending, written) in enumerate(FORMATS.items()):
        for order, source in enumerate(SOURCES.values()):
            if every > 1 and (place + order) % 3:
                continue
            rows = list(_planted_cells(source, ending, numbers, every, place))
            files[f"{source.name}/2017-03-0{place + 1}_{_IN_NAME.get(source.name, 'cells')}{ending}"] = written(rows)
            files |= _typed(source, ending, numbers)
        files[f"published_figures/2017-03-11_names{ending}"] = written(_planted_names(ending, numbers))
    files |= dict(_named(numbers, every))
    files |= dict(_sidecars(numbers, every))
    return Plant(files, {number: where for where, number in numbers.given.items()})


class _Numbers:
    """Numbers that pass the 11-test, one for each way of writing and format."""

    def __init__(self) -> None:
        self.given: dict[str, str] = {}
        self._eight, self._nine = _passing(93_000_001), _passing(931_000_000)

    def of(self, form: str, what: str) -> str:
        where = f"{form}, {what}"
        if where not in self.given:
            self.given[where] = next(self._eight if len(self.given) % 7 == 3 else self._nine)
        return self.given[where]

    def written(self, form: str, what: str) -> str:
        return formed(form, self.of(form, what))


def _passing(first: int) -> Iterator[str]:
    for number in count(first, 7):
        digits = f"{number:09d}"
        total = sum(int(digit) * weight for digit, weight in zip(digits[:8], range(9, 1, -1), strict=True))
        if (total - int(digits[8])) % 11 == 0 and number % 10:
            yield str(number)


def searched_columns(source: Source) -> list[str]:
    """Columns where no number of a person belongs, and that stand in the file."""
    return [c.name for c in source.columns if not c.is_identifying and c.name not in source.from_delivery]


def _planted_cells(source: Source, ending: str, numbers: _Numbers, every: int, place: int) -> Iterator[Cells]:
    header, row = _ROWS[source.name]
    known = resolve(tuple(header), source, reference.aliases()).cells
    yield from (row(n) for n in range(3))
    rows = count(10)
    for column, name in enumerate(searched_columns(source)):
        cell = header[int(known[name][1:])] if name in known else source.header_of(name)
        for form in islice(FORMS, (column + place) % every, None, every):
            yield row(next(rows)) | {cell: numbers.written(form, f"cell{ending}")}
        yield from (row(next(rows)) | cells for cells in _own(source, cell, name, numbers, ending))


def _own(source: Source, cell: str, name: str, numbers: _Numbers, ending: str) -> Iterator[Cells]:
    """Rows with the number of their own client or partner inside a longer run of digits."""
    column = source.column(name)
    if column is None or column.kind not in ("text", "code"):
        return
    for person in (each for each in source.columns if each.kind == "bsn"):
        for form in INSIDE:
            number = numbers.of(f"inside: {form}", f"{person.header}{ending}")
            yield {person.header: number.zfill(9), cell: form.format(number)}


def _typed(source: Source, ending: str, numbers: _Numbers) -> dict[str, bytes]:
    """Whole columns of numbers where texts belong."""
    text = next(c for c in reversed(source.columns) if c.kind == "text") if source.name in TYPED else None
    if text is None or ending not in (".jsonl", ".xlsx", ".parquet"):
        return {}
    _, row = _ROWS[source.name]
    files: dict[str, bytes] = {}
    for place, kind in enumerate((int, float)):
        number = kind(numbers.of(f"typed as {kind.__name__}", f"cell{ending}"))
        good = [] if ending == ".parquet" else [row(n) for n in range(2)]  # there a column has one type
        rows = [*good, *(row(n + 5) | {text.header: number} for n in range(3))]
        files[f"{source.name}/2017-03-1{place}_typed{ending}"] = FORMATS[ending](rows)
    return files


TYPED = ("trajectory_events", "published_figures", "provider_reports")


def _planted_names(ending: str, numbers: _Numbers) -> list[Cells]:
    """Rows in order whose unknown columns have numbers for names."""
    extra = {numbers.written(form, f"name of a column{ending}"): "1" for form in FORMS}
    return [claim(n) | extra for n in range(3)]


def _named(numbers: _Numbers, every: int) -> Iterator[tuple[str, bytes]]:
    """Names of files, folders, sources and sheets; what is in the files differs, so that none is a copy."""
    for number, form in enumerate(FORMS[::every]):
        text = numbers.written(form, "file name").replace("/", "∕")
        yield f"provider_reports/{text}.csv", f"x;y\n1;{number}\n".encode()
        if number % 4 == 0:
            text = numbers.written(form, "folder")
            yield f"trajectory_events/{text}/2017-03-07.jsonl", f'{{"x": {number}}}\n'.encode()
        if number % 8 == 1:
            yield f"{numbers.written(form, 'folder of a source')}/a.csv", f"x\n{number}\n".encode()
            yield f"caseload/{numbers.written(form, 'empty file').replace('/', '-')}.csv", b""
            yield f"{numbers.written(form, 'loose file').replace('/', '-')}.txt", b"loose"
            yield f"caseload/{numbers.written(form, 'sidecar alone').replace('/', '-')}.csv.meta.json", b"{}"
        if number % 8 == 5:
            yield f"caseload_totals/{numbers.written(form, 'other kind').replace('/', '-')}.pdf", b"%PDF-1.4"
            title = numbers.written(form, "sheet").translate(dict.fromkeys(map(ord, "[]:*?/\\\t\n'"), " "))[:31]
            name = f"caseload/2017-04-{number % 27 + 1:02d}_sheets.xlsx"
            yield name, _workbook([_ROWS["caseload"][1](1)], title, "tweede")
    name = numbers.written("dash between", "name of a good file")
    good = [_ROWS["caseload"][1](n) | {"peildatum": "01-03-2017"} for n in range(30)]
    yield f"caseload/2017-03-07_{name}.csv", FORMATS[".csv"](good)
    yield f"caseload/2017-03-08_{name}.csv", FORMATS[".csv"](good)  # a copy


def _sidecars(numbers: _Numbers, every: int) -> Iterator[tuple[str, bytes]]:
    for number, form in enumerate(FORMS[::every]):
        file = f"provider_reports/sidecar_{number}.csv"
        sender, key = (numbers.written(form, what) for what in ("sender", "key"))
        yield file, f"x;y\n2;{number}\n".encode()
        yield f"{file}.meta.json", json.dumps({"delivered_on": "2017-02-07", "sender": sender, key: sender}).encode()
    for number, content in enumerate(
        ("not json {}", '{{"delivered_on": "{}"}}', '{{"reference_year": "{}"}}', '["{}"]')
    ):
        yield f"provider_reports/bad_sidecar_{number}.csv", f"x;y\n3;{number}\n".encode()
        yield (
            f"provider_reports/bad_sidecar_{number}.csv.meta.json",
            content.format(numbers.of("plain", "sidecar")).encode(),
        )


def _csv(rows: Sequence[Cells]) -> bytes:
    header = _header(rows)
    writer = csv.writer(stream := io.StringIO(), delimiter=";", lineterminator="\n")
    writer.writerows([header, *([row.get(name, "") for name in header] for row in rows)])
    return stream.getvalue().encode()


def _jsonl(rows: Sequence[Cells]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=len(row) % 2 == 0) + "\n" for row in rows).encode()


def _parquet(rows: Sequence[Cells]) -> bytes:
    header = _header(rows)
    columns = {name: [row.get(name) for row in rows] for name in header}
    typed = {name: pl.Series(values, strict=False) for name, values in columns.items() if _is_typed(values)}
    texts = {name: pl.Series([None if v is None else str(v) for v in values]) for name, values in columns.items()}
    pl.DataFrame(texts | typed).write_parquet(stream := io.BytesIO())
    return stream.getvalue()


def _is_typed(values: Iterable[object]) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _workbook(rows: Sequence[Cells], *titles: str) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    header = _header(rows)
    for title in titles or ("Blad1",):
        sheet = book.create_sheet(title)
        sheet.append(header)
        for row in rows:
            sheet.append([row.get(name) for name in header])
    book.save(stream := io.BytesIO())
    return stream.getvalue()


def _header(rows: Sequence[Cells]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


FORMATS: dict[str, Callable[[Sequence[Cells]], bytes]] = {
    ".csv": _csv,
    ".jsonl": _jsonl,
    ".xlsx": _workbook,
    ".parquet": _parquet,
    ".csv.gz": lambda rows: gzip.compress(_csv(rows), mtime=0),
    ".jsonl.gz": lambda rows: gzip.compress(_jsonl(rows), mtime=0),
}
