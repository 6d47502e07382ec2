"""A column with nearly the name of a known one: what it says would be taken as empty."""

from pathlib import Path

import pytest

from tests.jobs.folder import CASELOAD, Folder, benefit, caseload, csv

ENDED = {"einddatum": "15-01-2017", "reden_einde": "01"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder.at(tmp_path, publishes=False)


def _delivered(folder: Folder, **called: str) -> tuple[str, str]:
    """A caseload of which columns are called otherwise: what became of it, and why."""
    header = caseload(header=CASELOAD)
    named = header
    for name, other in called.items():
        named = named.replace(name, other)
    rows = caseload(*(benefit(n, **(ENDED if n % 2 else {})) for n in range(10)))
    folder.put("caseload/2017-02-07_a.csv", rows.replace(header, named))
    receipt = folder.run().receipt("caseload/2017-02-07_a.csv")
    return receipt.status, f"{receipt.rule}: {receipt.detail}"


@pytest.mark.parametrize(
    ("end", "reason"),
    [("eindatum", "reden_einde"), ("einddаtum", "reden_eınde"), ("einddatum1", "reden_einde"), ("Eind datun", "reden")],
)
def test_it_waits(folder: Folder, end: str, reason: str) -> None:
    status, why = _delivered(folder, einddatum=end, reden_einde=reason)

    assert status == "held"
    assert "DELIVERY-022: columns that are not read" in why
    assert folder.stock() == {}


@pytest.mark.parametrize(
    "end",
    ["einddatum uitkering", "einddatum_oud", "uitkering_einddatum", "datum_eind", "beëindigingsdatum",
     "Datum einde uitkering", "Beëindigd op", "t/m datum", "geldig_tot_datum", "end_date"],
)  # fmt: skip
def test_other_words_for_the_end_wait(folder: Folder, end: str) -> None:
    status, why = _delivered(folder, einddatum=end, reden_einde="opmerking")

    assert status == "held"
    assert f"DELIVERY-022: columns that are not read: '{end}' may be einddatum" in why


@pytest.mark.parametrize(
    "other", ["datum_besluit", "opmerking", "geslacht_partner", "reden_aanvraag", "datum", "indicatie", "startdatum"]
)
def test_other_words_for_something_else_are_told_and_left_out(folder: Folder, other: str) -> None:
    header = [name for name in CASELOAD if name not in ("einddatum", "reden_einde", "bsn_partner")]
    rows = [benefit(n) | {other: "x"} for n in range(10)]
    folder.put("caseload/2017-02-07_a.csv", csv([*header, other], rows))

    assert folder.run().receipt("caseload/2017-02-07_a.csv").status == "recorded"
    assert folder.rules("caseload/2017-02-07_a.csv") == {(0, "FILE-021")}


@pytest.mark.parametrize("other", ["opmerking", "datum_besluit", "einde_recht", "x"])
def test_another_column_is_told_and_left_out(folder: Folder, other: str) -> None:
    status, _ = _delivered(folder, bsn_partner=other)

    assert status == "recorded"
    assert any(rule == "FILE-021" for _, rule in folder.rules("caseload/2017-02-07_a.csv"))


def test_names_of_the_contract_in_any_spelling_are_read(folder: Folder) -> None:
    assert _delivered(folder, einddatum="Eind-Datum", reden_einde="REDEN EINDE") == ("recorded", ": ")
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 5
