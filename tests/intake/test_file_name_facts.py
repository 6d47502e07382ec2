"""What the name of a file says about its content."""

import pytest

from pipeline.intake.file_name_facts import facts
from schemas import reference


@pytest.mark.parametrize(
    ("name", "reference_year", "expected"),
    [
        ("2016-11-30_83450NED_2015.csv", None, ("83450NED", "2015")),
        ("sub/2017-11-30_83747NED.csv", None, ("83747NED", "2016")),
        ("84066NED.csv", None, ("84066NED", "2017")),
        ("84066ned.csv", None, ("84066NED", "2017")),
        ("statline_83450ned_2015.csv", None, ("83450NED", "2015")),
        ("2018-11-30_bijstand_gemeenten_2017.csv", None, ("84066NED", "2017")),
        ("2018-11-30_bijstand.csv", 2016, ("83747NED", "2016")),
        ("83450NED_2015.csv", 2016, ("83450NED", "2016")),
        ("2018-11-30_bijstand_20171231.csv", None, (None, None)),
        ("2018-11-30_bijstand.csv", None, (None, None)),
        ("2018-11-30.csv", None, (None, None)),
        ("30-11-2018_83450NED.csv", None, ("83450NED", "2015")),
        ("20181130_83450NED.csv", None, ("83450NED", "2015")),
        ("2014/bijstand.csv", None, (None, None)),
        ("bijstand_2014.csv", None, (None, "2014")),
        ("12345NED.csv", None, ("12345NED", None)),
        ("283450NED_2015.csv", None, ("83450NED", "2015")),
    ],
)
def test_table_and_year_are_told_by_sidecar_file_name_or_the_table(
    name: str, reference_year: int | None, expected: tuple[str | None, str | None]
) -> None:
    found = facts(name, reference_year, reference.cbs_tables())

    assert (found.get("statistics_table"), found.get("year")) == expected
