"""Cells that cannot be read in columns without which rows say something else: many wait, a few are told."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.jobs.ingest.receipts import Receipt
from schemas.details import in_dutch
from tests.jobs.folder import CASELOAD, Folder, benefit, csv

FEB = "caseload/2017-02-09_feb.csv"
NO_REASON = [name for name in CASELOAD if name != "reden_einde"]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.at(tmp_path, publishes=False)


def _delivered(folder: Folder, changed: Mapping[int, Mapping[str, object]], of: int = 100) -> Receipt:
    """What becomes of so many benefits of which some have other cells."""
    folder.put(FEB, csv(NO_REASON, [benefit(n, **changed.get(n, {})) for n in range(of)]))
    return folder.run().receipt(FEB)


@pytest.mark.parametrize("end", ["15/01/2017", "15-JAN-17", "15-01-2017 14:30", "42750", "#VERW!", "15 januari"])
def test_ends_that_cannot_be_read_wait(folder: Folder, end: str) -> None:
    receipt = _delivered(folder, {n: {"einddatum": end} for n in range(90, 100)})

    said = (
        "cells that cannot be read, and count as empty: Brunssum 2017-02: einddatum 10 of 10 filled cells "
        "(row 92, row 93, row 94, row 95, row 96, …)"
    )
    assert (receipt.status, receipt.rule, receipt.detail.partition("; nothing")[0]) == ("held", "DELIVERY-030", said)
    assert "cellen die niet te lezen zijn en als leeg tellen" in in_dutch(receipt.detail)
    assert folder.stock() == {}


@pytest.mark.parametrize(
    ("unread", "read", "of", "status"),
    [
        (4, 0, 100, "recorded"), (5, 0, 100, "held"), (5, 19, 100, "held"), (5, 20, 100, "recorded"),
        (6, 60, 100, "held"), (1, 0, 15, "recorded"), (2, 13, 15, "held"),
    ],
)  # fmt: skip
def test_so_many_of_the_rows_or_of_what_stands_there(
    folder: Folder, unread: int, read: int, of: int, status: str
) -> None:
    starts = ["15/01/2010"] * unread + ["15-01-2010"] * read
    receipt = _delivered(folder, {n: {"oorspronkelijke_ingangsdatum": each} for n, each in enumerate(starts)}, of)

    assert (receipt.status, receipt.findings.get("DELIVERY-030", 0)) == (status, int(status == "held"))


def test_a_few_are_told_in_the_receipt(folder: Folder) -> None:
    receipt = _delivered(folder, {3: {"einddatum": "15/01/2017"}, 7: {"bsn_partner": "P12"}})

    begin = "cells that cannot be read, and count as empty: "
    cells = ["bsn_partner 1 of 1 filled cells (row 9)", "einddatum 1 of 1 filled cells (row 5)"]
    assert (receipt.status, receipt.rule) == ("recorded", "VALUE-020")
    assert sorted(receipt.detail.removeprefix(begin).split("; ")) == cells


def test_of_one_place_among_others(folder: Folder) -> None:
    """In the whole file one cell in a hundred; in the place two of ten rows."""
    changed = {n: {"gemeentecode": "0882"} for n in range(190, 200)}
    changed |= {n: {"gemeentecode": "0882", "bsn_partner": "P12"} for n in (190, 191)}

    receipt = _delivered(folder, changed, of=200)

    assert (receipt.status, receipt.rule) == ("held", "DELIVERY-030")
    assert "Landgraaf 2017-02: bsn_partner 2 of 2 filled cells (row 192, row 193)" in receipt.detail


@pytest.mark.parametrize("word", ["n.v.t.", "onbekend", "geen", "#N/B", r"\N", "NaT", "31-12-9999"])
def test_words_that_say_that_there_is_none_hold_nothing(folder: Folder, word: str) -> None:
    receipt = _delivered(folder, {n: {"einddatum": word} for n in range(100)})

    assert (receipt.status, receipt.detail) == ("recorded", "")


def test_what_an_event_takes_back(folder: Folder) -> None:
    header = (
        "aanbieder",
        "gebeurtenis_id",
        "gebeurtenis",
        "datum",
        "traject_id",
        "clientnummer",
        "programma",
        "trekt_in",
    )
    row = {"aanbieder": "RE01", "gebeurtenis": "gestart", "datum": "01-02-2016", "programma": "INNOVATIEF2016"}
    rows = [
        row | {"gebeurtenis_id": f"E{n}", "traject_id": f"T{n}", "clientnummer": f"C{n}", "trekt_in": "#REF!"}
        for n in range(10)
    ]
    folder.put("trajectory_events/2016-03-10_maart.csv", csv(header, rows))

    receipt = folder.run().receipt("trajectory_events/2016-03-10_maart.csv")

    assert (receipt.status, receipt.rule) == ("held", "DELIVERY-030")
    assert "RE01: trekt_in 10 of 10 filled cells" in receipt.detail
