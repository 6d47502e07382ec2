"""What is said of a copy: as what its bytes are known, what is so of that delivery, and what can be done about it."""

import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.jobs.delivery_decisions import decide
from pipeline.versions.copies import told_of_copy
from schemas.details import in_dutch, is_known
from schemas.vocabulary import Decision, DeliveryStatus
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total

FIRST, NEXT, AGAIN = "caseload/2017-02-07_a.csv", "caseload/2017-02-17_b.csv", "caseload/2017-03-01_again.csv"


def month(size: int) -> str:
    return caseload(*(benefit(n) for n in range(size)))


def say(folder: Folder, decision: Decision, name: str = NEXT) -> None:
    decide(folder.writer(), decision, name, by="A. Steward", why="seen the sender's letter")


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    unpublished.put(FIRST, month(100))
    unpublished.run()
    return unpublished


@pytest.mark.parametrize(
    ("size", "decision", "says", "step"),
    [
        (60, None, r"which waits \(DELIVERY-006\): nothing of it counts, of this copy neither", "accept"),
        (60, Decision.REFUSED, r"which was refused on [\d-]{10}: nothing of it counts, of this copy neither", "accept"),
        (99, Decision.RETRACTED, r"which was retracted on [\d-]{10}: nothing of it counts, of this copy ", "reinstate"),
    ],
)
def test_a_copy_of_what_does_not_count_says_so_and_what_to_do(
    folder: Folder, size: int, decision: Decision | None, says: str, step: str
) -> None:
    folder.put(NEXT, month(size))
    folder.run()
    if decision:
        say(folder, decision)
        folder.run()
    folder.put(AGAIN, month(size))
    receipt = folder.run().receipt(AGAIN)

    assert (receipt.status, receipt.rule) == ("copied", "DELIVERY-004")
    assert re.search(f"known as {NEXT}, {says}", receipt.detail)
    assert f"uitstroom {step} {receipt.delivery[:12]}" in receipt.detail
    assert folder.delivery(AGAIN)["reason"] == f"DELIVERY-004: {receipt.detail}"
    assert in_dutch(receipt.detail).startswith(f"dezelfde bytes zijn bekend als {NEXT}, dat ")
    assert folder.problems() == ()


def test_the_table_tells_of_a_copy_what_is_so_now(folder: Folder) -> None:
    folder.put(NEXT, month(60))
    folder.run()
    folder.put(AGAIN, month(60))
    folder.run()
    assert "which waits" in str(folder.delivery(AGAIN)["reason"])

    say(folder, Decision.REFUSED)
    folder.run()
    assert "which was refused on" in str(folder.delivery(AGAIN)["reason"])
    say(folder, Decision.ACCEPTED)
    folder.run()
    assert "which is recorded as of 2017-02-17: nothing is recorded twice" in str(folder.delivery(AGAIN)["reason"])
    say(folder, Decision.RETRACTED)
    folder.run()
    assert "which was retracted on" in str(folder.delivery(AGAIN)["reason"])


@pytest.mark.parametrize("names", [(NEXT, AGAIN), (AGAIN, NEXT)])
def test_the_table_says_the_same_whichever_name_came_first(folder: Folder, names: tuple[str, str]) -> None:
    for name in names:
        folder.put(name, month(60))
        folder.run()
    assert f"known as {NEXT}, which waits (DELIVERY-006)" in str(folder.delivery(AGAIN)["reason"])
    assert str(folder.delivery(NEXT)["reason"]).startswith("DELIVERY-006")


def test_an_older_version_that_comes_again_undoes_no_newer_one_and_says_so(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path, publishes=False)
    for day, count in (("2017-02-07", 842), ("2017-02-17", 850), ("2017-03-01", 842)):
        folder.put(f"caseload_totals/{day}.csv", csv(TOTALS, [total(aantal=str(count))]))
        (receipt,) = folder.run().receipts

    newer = str(folder.delivery("caseload_totals/2017-02-17.csv")["delivery"])
    assert folder.stock() == {("GM0899", "2017-02-01", "pw"): 850}
    assert "recorded as of 2017-02-07: nothing is recorded twice, and this copy is not the last word" in receipt.detail
    assert (
        "of a later day is caseload_totals/2017-02-17.csv of 2017-02-17, about Brunssum 2017-02: what" in receipt.detail
    )
    assert f"uitstroom retract {newer[:12]}, or ask the sender for a new export" in receipt.detail
    assert not re.search(r"\b(the|later|nothing|counting|ask)\b", in_dutch(receipt.detail))
    assert "not the last word" in str(folder.delivery("caseload_totals/2017-03-01.csv")["reason"])


def test_a_name_in_the_sentence_is_covered(folder: Folder) -> None:
    folder.put("caseload/2017-02-17 BSN 931063644\u202e.csv", month(60))
    folder.run()
    folder.put(AGAIN, month(60))
    receipt = folder.run().receipt(AGAIN)

    assert "known as caseload/2017-02-17 BSN" in receipt.detail
    for told in (receipt.detail, str(folder.delivery(AGAIN)["reason"])):
        assert "931063644" not in told
        assert told.isprintable()


@pytest.mark.parametrize("status", list(DeliveryStatus))
@pytest.mark.parametrize("is_later", [True, False])
@pytest.mark.parametrize("name", ["caseload/2017.csv", "caseload/a; b, which waits.csv"])
def test_every_sentence_of_a_copy_has_its_dutch(status: DeliveryStatus, is_later: bool, name: str) -> None:
    days = {"known_on": date(2017, 2, 7), "out_on": date(2017, 2, 9)}
    known = {"known_as": status.value, "known_name": name, "known_rule": "DELIVERY-006", "is_later": is_later, **days}
    told = told_of_copy({"delivery": "07d52c65cd73ab", **known})
    assert is_known(told)
    assert in_dutch(f"DELIVERY-004: {told}") == f"DELIVERY-004: {in_dutch(told)}"
    assert in_dutch(told).startswith("dezelfde bytes zijn bekend")
    assert not re.search(r"\b(the|which is|was|of it|same|copy)\b", in_dutch(told))


def test_a_copy_is_shown_with_what_became_of_its_delivery(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path, with_pages=True)
    folder.put(FIRST, month(100))
    folder.put(NEXT, month(60))
    folder.put(AGAIN, month(60))
    folder.run()

    pages = [page.read_text(encoding="utf-8") for page in folder.data.rglob("*.html")]
    assert any("kopie</span> van 2017-02-17_b.csv, aangehouden" in page for page in pages)
