"""Rows whose key holds what stands between the parts of keys, or what a shell makes something of."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.jobs.lineage.explain import explain_figure
from pipeline.jobs.show import current_release
from pipeline.steward.explained_tree import section_of
from pipeline.versions.key_text import key_text, keys_of, parts_of
from schemas.catalogue import TABLES
from tests.explained.history import EVENTS
from tests.jobs.folder import CLAIMS, Folder, benefit, bsn, caseload, claim, csv

FEBRUARY = "caseload/2017-02-06_a.csv"


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("published_figures_check", ("Jaarverslag|12",)),
        ("method_progress", ("INNOVATIEF2016", "*", "duo|coaching", "2017-04-01")),
        ("method_progress", ("INNOVATIEF2016", "*", "|", "2017-04-01")),
        ("caseload_stock", ("GM0899", "2017-04-01", "pw")),
        ("benchmark", ("GM0899", "2016", "inflow")),
    ],
)
def test_a_key_survives_whatever_text_is_in_it(table: str, key: tuple[str, ...]) -> None:
    declared = TABLES[table]
    row = pl.DataFrame([key], schema=list(declared.key), orient="row")
    text = row.select(key_text(declared)).item()

    assert [tuple(map(str, each)) for each in keys_of(declared, text)].count(key) == 1
    assert pl.DataFrame({"key": [text]}).select(parts_of(pl.col("key"), declared)).row(0) == key


def test_a_key_of_thousands_of_such_signs_is_one_key_at_once() -> None:
    """It can be divided in some hundred million ways."""
    key = ("INNOVATIEF2016", "*", "|" * 5_000, "2017-04-01")

    assert [tuple(map(str, each)) for each in keys_of(TABLES["method_progress"], "|".join(key))] == [key]


def test_a_key_of_another_number_of_parts_is_none() -> None:
    assert keys_of(TABLES["caseload_stock"], "GM0899|2017-02-01") == []


@pytest.fixture
def with_a_claim(tmp_path: Path) -> Folder:
    made = Folder.at(tmp_path)
    made.put(FEBRUARY, caseload(*(benefit(n) for n in range(7))))
    made.run()
    number = claim("", uitspraak_id="Jaarverslag|blz `12` *", publicatiedatum="08-02-2017", waarde=5)  # type: ignore[arg-type]
    made.put("published_figures/2017-02-08_k.csv", csv(CLAIMS, [number]))
    made.run()
    return made


def test_a_claim_is_followed_whatever_its_number_is(with_a_claim: Folder) -> None:
    rows = with_a_claim.table("restatements").filter(table="published_figures_check").to_dicts()

    assert rows
    for row in rows:
        found = explain_figure(
            with_a_claim.writer(), "restatements", (row["release"], row["table"], row["key"], row["column"])
        )
        assert [(each.part, each.value) for each in found.cells] == [("after", row["value_after"])]


def test_the_report_prints_a_command_that_can_be_typed(with_a_claim: Folder) -> None:
    section = section_of(with_a_claim.writer(), current_release(with_a_claim.settings))

    asked = "uitstroom explain published_figures_check 'Jaarverslag|blz `12` *' --column value_found"
    assert section.endswith(f": `` {asked} ``.")


def test_a_method_with_the_sign_between_parts_of_keys_ends_no_night(tmp_path: Path) -> None:
    """Its month is read from the end of the key: the cause of the change is looked for by it."""
    made = Folder.at(tmp_path)
    own = {"aanbieder": "RE01", "traject_id": "T1", "programma": "INNOVATIEF2016", "bsn": bsn(1)}
    event = own | {"gebeurtenis_id": "a1", "gebeurtenis": "gestart", "datum": "2017-03-05"}
    method = own | {"gebeurtenis_id": "a2", "gebeurtenis": "activiteit_gestart", "methodiek": "duo|coaching"}
    made.put("trajectory_events/2017-03-25_RE01.csv", csv(EVENTS, [event, method | {"datum": "2017-03-16"}]))
    made.run()
    made.put("trajectory_events/2017-04-25_RE01.csv", csv(EVENTS, [method | {"datum": "2017-04-16"}]))
    made.run()

    rows = made.table("restatements").filter(table="method_progress").to_dicts()

    assert rows
    assert {row["event"] for row in rows} == {"recorded"}
    for row in rows:
        found = explain_figure(made.writer(), "restatements", (row["release"], row["table"], row["key"], row["column"]))
        assert [each.value for each in found.cells] == [
            each for each in (row["value_before"], row["value_after"]) if each is not None
        ]


def test_a_part_of_the_report_that_cannot_be_made_ends_no_night_and_says_so(with_a_claim: Folder) -> None:
    release = current_release(with_a_claim.settings)
    (release.path / "published_figures_check.parquet").unlink()

    section = section_of(with_a_claim.writer(), release)

    assert section.startswith("## Waar een veranderd cijfer vandaan komt\n\nDit deel kon niet worden gemaakt: ")
    assert str(with_a_claim.data) not in section
