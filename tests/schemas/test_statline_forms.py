"""Files of CBS in the forms in which people have them give the rows that CBS publishes, or one sentence.

All figures are made up.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from pipeline.intake.column_names import resolve
from pipeline.intake.file_name_facts import facts, other_year
from pipeline.intake.parse import parse
from pipeline.intake.statline import what_it_is
from pipeline.intake.validate import judge
from pipeline.store.formats.open_table import open_table
from schemas import reference
from schemas.catalogue import SOURCES

MUNICIPAL, NATIONAL = SOURCES["municipal_statistics"], SOURCES["national_statistics"]
CODES = ("ID", *(column.header for column in MUNICIPAL.columns[2:]))
TITLES = (
    "Leeftijd", "Regiokenmerken", "Inwoners (aantal)", "Bijstand/Personen met bijstand/Bijstandsontvangers (aantal)",
    "Bijstand/Personen met bijstand/Bijstandsdichtheid (per 1000 inwoners)",
    "Bijstand/Instroom in bijstand/Instroom (aantal)", "Bijstand/Instroom in bijstand/Instroom (%) (%)",
    "Bijstand/Uitstroom uit bijstand/Uitstroom (aantal)", "Bijstand/Uitstroom uit bijstand/Uitstroom (%) (%)",
    "Bijstand/Uitstroom naar werk uit bijstand/Uitstroom naar werk (aantal)",
    "Bijstand/Uitstroom naar werk uit bijstand/Uitstroom naar werk (%) (%)",
)  # fmt: skip
COUNT = len(TITLES)
"""Columns that a selection of the portal has: all that is required."""

Cells = tuple[str, ...]
ROWS: tuple[Cells, ...] = (
    ("0", "20150", "NL01", "14422560", "508480", "35.5", "123060", "19.5", "128560", "20.0", "60890", "10.5"),
    ("1", "90100", "PV20", "55800", "2640", "47.5", "660", "19.5", "750", "22.5", "360", "12.0"),
    ("2", "90200", "GM0899", "24520", "960", "39.0", "230", "19.0", "250", "21.0", "130", "11.5"),
    ("3", "20150", "GM0518", "55800", "2640", "47.5", "660", "19.5", "750", "22.5", "360", "12.0"),
    ("4", "20150", "GM0893", "12730", "440", "34.5", "110", "18.5", "120", "21.0", "70", "12.5"),
    ("5", "20150", "GM0744", "6800", "170", "25.0", ".", ".", "50", "22.0", "20", "9.5"),
)  # fmt: skip
LABELS = {
    "20150": "15 jaar of ouder", "90100": "15 jaar tot AOW-leeftijd", "90200": "AOW-leeftijd of ouder",
    "NL01": "Nederland", "PV20": "Groningen (PV)", "GM0899": "Brunssum", "GM0518": "'s-Gravenhage (gemeente)",
    "GM0893": "Bergen (L.)", "GM0744": "Baarle-Nassau",
}  # fmt: skip
HEAD = CODES[: COUNT + 1]


def text(rows: Sequence[Sequence[str]], separator: str = ";", quoting: int = csv.QUOTE_ALL) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=separator, quoting=quoting, lineterminator="\n").writerows(rows)
    return written.getvalue()


def labelled(row: Cells) -> Cells:
    return tuple(LABELS.get(cell, cell) for cell in row)


def dutch(row: Cells) -> Cells:
    """As the portal prints it: points for thousands, a comma for decimals."""

    def number(cell: str) -> str:
        return f"{int(cell):,}".replace(",", ".") if cell.isdigit() else cell.replace(".", ",") if cell != "." else "."

    return (*row[:2], *(number(cell) for cell in row[2:]))


PLAIN = text([HEAD, *ROWS])
PORTAL = text([TITLES, *(dutch(labelled(row)[1:]) for row in ROWS)])
TITLE = '"Sociale zekerheid; bijstand, re-integratie en WSW, gemeenten 2017"\n'
INDEXED = [("", *HEAD), *((str(at), *labelled(row)) for at, row in enumerate(ROWS))]
R = [HEAD, *(tuple(cell.replace(".", "NA") if cell == "." else cell for cell in row) for row in ROWS)]

FORMS = {
    "titles of the portal": PORTAL,
    "a title above": TITLE + PORTAL,
    "two titles and a blank line above": TITLE + '"Onderwerpen"\n\n' + PLAIN,
    "the source below": PORTAL + '"Bron: CBS"\n',
    "the source below, in a row of empty cells": PLAIN + '"Bron: CBS"' + ";" * (len(HEAD) - 1) + "\n",
    "the source below without quotes": PLAIN + "Bron: CBS\n",
    "the rights below": TITLE + PORTAL + '"© Centraal Bureau voor de Statistiek, Den Haag/Heerlen 15-9-2019"\n',
    "labels": text([HEAD, *map(labelled, ROWS)], ","),
    "pandas": text(INDEXED, ",", csv.QUOTE_MINIMAL),
    "R": text(R, ",", csv.QUOTE_NONNUMERIC),
    "R with row names": text([("", *HEAD), *((str(at + 1), *row) for at, row in enumerate(ROWS))], ","),
    "tabs": text([HEAD, *ROWS], "\t"),
    "padded": text([HEAD, *(tuple(f"  {cell} " for cell in row) for row in ROWS)]),
    "whole": text([CODES, *((*row, *["."] * (len(CODES) - len(row))) for row in ROWS)]),
}  # fmt: skip


def rows_of(path: Path) -> pl.DataFrame:
    table = open_table(path)
    resolution = resolve(table.header, MUNICIPAL, reference.aliases())
    assert (resolution.missing, resolution.unknown) == ((), ())
    constants = facts(table.title, None, reference.cbs_tables()) | facts(path.name, None, reference.cbs_tables())
    good = []
    for batch in table.batches:
        judged = judge(parse(batch.frame, MUNICIPAL, resolution.cells, constants=constants), MUNICIPAL)
        assert batch.misshapen.is_empty()
        assert judged.findings.filter(pl.col("rule").str.starts_with("VALUE")).is_empty()
        good.append(judged.good)
    return pl.concat(good).drop("row")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    path = tmp_path_factory.mktemp("published") / "84066NED_2017.csv"
    path.write_text(PLAIN, encoding="utf-8")
    return rows_of(path)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_form_gives_the_rows_that_cbs_publishes(
    tmp_path: Path, published: pl.DataFrame, form: str, encoding: str
) -> None:
    path = tmp_path / "84066NED_2017.csv"
    path.write_text(FORMS[form], encoding=encoding)

    assert rows_of(path).equals(published)
    assert published.height == len(ROWS)
    assert published["inflow"].to_list() == [123060, 660, 230, 660, 110, None]


def test_the_title_says_the_year_where_the_name_of_the_file_does_not(tmp_path: Path, published: pl.DataFrame) -> None:
    path = tmp_path / "Sociale_zekerheid__bij_150919.csv"
    path.write_text(TITLE + PORTAL, encoding="utf-8")

    assert rows_of(path).equals(published)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (PLAIN + "Bron: CBS\n", [8]),
        (TITLE + PLAIN + '\n"© Centraal Bureau voor de Statistiek, Den Haag"' + ";" * (len(HEAD) - 1) + "\n", [10]),
        (PLAIN.replace("\n", '\n"Source: CBS"\n', 2), [2, 4]),
        (PLAIN, []),
    ],
)
def test_a_line_that_names_the_source_is_told_by_its_number(tmp_path: Path, content: str, rows: list[int]) -> None:
    path = tmp_path / "84066NED_2017.csv"
    path.write_text(content, encoding="utf-8")
    assert [row for batch in open_table(path).batches for row in batch.source_lines] == rows


def test_a_header_that_lost_its_separators_is_no_title(tmp_path: Path) -> None:
    path = tmp_path / "84066NED_2017.csv"
    for glued in ("".join(HEAD), "".join(f'"{name}"' for name in HEAD)):
        path.write_text(glued + "\n" + "\n".join(PLAIN.splitlines()[1:]), encoding="utf-8")
        table = open_table(path)
        assert (len(table.header), table.remarks, sum(b.frame.height + b.misshapen.height for b in table.batches)) == (
            1,
            (),
            len(ROWS),
        )


def test_the_rows_keep_the_numbers_that_they_have_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "84066NED_2017.csv"
    path.write_text(TITLE + PLAIN, encoding="utf-8")

    (batch,) = open_table(path).batches
    assert batch.frame["row"].to_list() == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("name", ["Groningen", "Utrecht", "Brunsum", "Bergen", "Nieuwstad"])
def test_a_name_of_two_regions_or_of_none_is_not_guessed(name: str) -> None:
    assert name not in dict(reference.region_texts())


@pytest.mark.parametrize(
    ("period", "code", "day"),
    [
        ("2026 mei", "2026MM05", "2026-05-31"),
        ("2026 December*", "2026MM12", "2026-12-31"),
        ("2019 1e kwartaal", "2019KW01", "2019-03-31"),
        ("2026KW04", "2026KW04", "2026-12-31"),
        ("2016JJ00", "2016JJ00", "2016-12-31"),
        ("2026 5e kwartaal", None, None),
        ("2026KW05", None, None),
        ("mei 2026", None, None),
    ],
)
def test_a_period_is_read_by_its_label_too(period: str, code: str | None, day: str | None) -> None:
    cells = {column.name: f"c{at}" for at, column in enumerate(NATIONAL.columns)}
    row = {"row": 2} | dict.fromkeys(cells.values(), "447,2") | {cells["period"]: period}
    parsed = parse(pl.DataFrame(row), NATIONAL, cells).frame.row(0, named=True)

    assert parsed["period"] == code
    assert (str(parsed["reference_date"]) if day else day) == day
    assert parsed["benefits"] == 447_200


@pytest.mark.parametrize(
    ("source", "file_name", "header", "rule", "words"),
    [
        (MUNICIPAL, "82016NED_2019.csv", ("Persoonskenmerken", "Perioden"), "FILE-060", "CBS table 82016NED:"),
        (MUNICIPAL, "80794ned_2019.csv", ("RegioS", "Perioden", "Inwoners_1"), "FILE-060", "CBS table 80794ned:"),
        (NATIONAL, "85615NED.csv", ("Perioden", "Instromers_1"), "FILE-060", "37789ksz"),
        (MUNICIPAL, "84066NED.csv", ("Id", "Measure", "ValueAttribute", "Value"), "FILE-060", "OData 4"),
        (MUNICIPAL, "later_2019.csv", (*HEAD, "Perioden"), "FILE-060", "several years"),
        (MUNICIPAL, "84066NED_2017.csv", HEAD[:6], "FILE-061", "CBS table 84066NED without Instroom_4, Instroom_5"),
        (NATIONAL, "landelijk.csv", ("Perioden", "IOAWUitkeringen_14"), "FILE-061", "are missing"),
    ],
)
def test_what_is_not_read_is_called_what_it_is_in_one_sentence(
    source: object, file_name: str, header: Cells, rule: str, words: str
) -> None:
    declared = MUNICIPAL if source is MUNICIPAL else NATIONAL
    missing = resolve(header, declared, reference.aliases()).missing
    told = what_it_is(header, file_name, declared, missing)

    assert told is not None
    assert told[0] == rule
    assert words in told[1]
    assert "Onbewerkte dataset" in told[1]


@pytest.mark.parametrize("header", [HEAD, CODES, TITLES, ("Dossiernr", "Clientnummer")])
def test_a_whole_table_is_read_and_a_file_of_somebody_else_is_not_called_one_of_cbs(header: Cells) -> None:
    missing = resolve(header, MUNICIPAL, reference.aliases()).missing

    assert what_it_is(header, "84066NED_2017.csv", MUNICIPAL, missing) is None


@pytest.mark.parametrize(
    ("name", "year"),
    [("84066NED_2018.csv", 2017), ("84066NED_2017.csv", None), ("84066NED.csv", None), ("85123NED_2019.csv", None)],
)
def test_a_table_under_another_year_is_found(name: str, year: int | None) -> None:
    assert other_year(facts(name, None, reference.cbs_tables()), reference.cbs_tables()) == year
