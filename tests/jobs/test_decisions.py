"""What a steward decides about a delivery: it counts from the next run on, and stays to be read, with who and why."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.jobs.delivery_decisions import CannotDecide, Decided, decide
from schemas.sentences import Language, Place, worded
from schemas.vocabulary import DECIDABLE, Decision
from tests.jobs.folder import Folder, benefit, caseload

FEB = "caseload/2017-02-07_first.csv"
AGAIN = "caseload/2017-02-20_again.csv"
NO_SUCH_DAY = {"ingangsdatum": "31-02-2017"}
FIGURE = ("GM0899", "2017-02-01", "pw")


def with_bad(bad: int, of: int) -> str:
    return caseload(*(benefit(n, **(NO_SUCH_DAY if n < bad else {})) for n in range(of)))


def take(folder: Folder, decision: Decision, file_name: str) -> Decided:
    delivery = str(folder.delivery(file_name)["delivery"])
    return decide(folder.writer(), decision, delivery[:12], by="A. Steward", why="seen the sender's letter")


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    return unpublished


@pytest.fixture
def published(tmp_path: Path) -> Folder:
    """For who asks what a decision waits for: a release shows it."""
    return Folder.at(tmp_path)


def test_an_accepted_delivery_is_recorded_with_its_bad_rows_in_quarantine(folder: Folder) -> None:
    folder.put(FEB, with_bad(2, 20))
    folder.run()

    take(folder, Decision.ACCEPTED, FEB)
    receipt = folder.run().receipt(FEB)

    row = folder.delivery(FEB)
    assert (receipt.status, receipt.rows_recorded, receipt.rows_quarantined) == ("recorded", 18, 2)
    assert (row["status"], row["processing"], row["rows_held"]) == ("recorded", 1, 0)
    assert folder.stock()[FIGURE] == 18
    assert folder.run().receipts == ()
    assert folder.problems() == ()


def test_who_decided_and_why_stands_in_the_log_and_in_the_table(folder: Folder) -> None:
    folder.put(FEB, with_bad(2, 20))
    folder.run()

    take(folder, Decision.REFUSED, FEB)
    folder.run()

    row = folder.delivery(FEB)
    assert (row["status"], row["rows_held"]) == ("refused", 20)
    assert "refused on" in str(row["reason"])
    assert "by A. Steward: seen the sender's letter" in str(row["reason"])
    assert folder.run().receipts == ()
    assert folder.stock() == {}
    assert folder.problems() == ()


def test_a_retracted_delivery_gives_way_to_the_version_before_it_and_can_come_back(folder: Folder) -> None:
    folder.put(FEB, with_bad(0, 20))
    folder.put(AGAIN, with_bad(0, 19))
    folder.run()
    assert folder.stock()[FIGURE] == 19

    take(folder, Decision.RETRACTED, AGAIN)
    folder.run()
    assert folder.stock()[FIGURE] == 20
    assert folder.delivery(AGAIN)["status"] == "retracted"
    assert folder.log_rows("caseload").height == 39

    take(folder, Decision.REINSTATED, AGAIN)
    folder.run()
    assert folder.stock()[FIGURE] == 19
    assert folder.delivery(AGAIN)["status"] == "recorded"
    assert folder.problems() == ()


@pytest.mark.parametrize("decision", [Decision.ACCEPTED, Decision.REFUSED, Decision.REINSTATED])
def test_a_decision_has_to_fit_the_delivery(folder: Folder, decision: Decision) -> None:
    folder.put(FEB, with_bad(0, 20))
    folder.run()

    with pytest.raises(
        CannotDecide, match=r"is recorded; only what is [a-z ]+ can be .* take it back: uitstroom retract\.$"
    ):
        take(folder, decision, FEB)

    assert folder.run().receipts == ()


def test_a_decision_needs_who_why_and_a_delivery(folder: Folder) -> None:
    folder.put(FEB, with_bad(2, 20))
    folder.run()
    delivery = str(folder.delivery(FEB)["delivery"])
    writer = folder.writer()

    with pytest.raises(CannotDecide, match="says too little"):
        decide(writer, Decision.ACCEPTED, delivery, by=" ", why="a letter")
    with pytest.raises(CannotDecide, match="0 deliveries begin with"):
        decide(writer, Decision.ACCEPTED, "0" * 64, by="A. Steward", why="a letter")
    with pytest.raises(CannotDecide, match="at least 8"):
        decide(writer, Decision.ACCEPTED, delivery[:4], by="A. Steward", why="a letter")


def test_who_looks_for_a_delivery_is_sent_to_the_report_and_to_the_command(folder: Folder) -> None:
    for begin in ("0" * 64, "0"):
        with pytest.raises(CannotDecide, match=r"in the report of the night, or is printed by: uitstroom show deliv"):
            decide(folder.writer(), Decision.ACCEPTED, begin, by="A. Steward", why="a letter")


@pytest.mark.parametrize("decision", [Decision.ACCEPTED, Decision.REFUSED])
def test_the_same_decision_twice_before_a_run_is_refused(folder: Folder, decision: Decision) -> None:
    folder.put(FEB, with_bad(2, 20))
    folder.run()
    take(folder, decision, FEB)
    before, today = folder.events(), folder.writer().today

    with pytest.raises(CannotDecide) as refused:
        take(folder, decision, FEB)

    assert str(refused.value) == (
        f"{FEB} is already {decision}, by A. Steward on {today}. It shows after the next run (uitstroom run)."
    )
    assert folder.events().equals(before)


def test_after_a_run_a_decision_that_holds_no_longer_waits_for_one(published: Folder) -> None:
    in_status(published, "refused")

    with pytest.raises(CannotDecide, match=r"is already refused, by .*record it after all: uitstroom accept\.$"):
        take(published, Decision.REFUSED, FEB)


def test_who_accepted_can_still_refuse_before_the_run(folder: Folder) -> None:
    folder.put(FEB, with_bad(2, 20))
    folder.run()

    take(folder, Decision.ACCEPTED, FEB)
    take(folder, Decision.REFUSED, FEB)
    folder.run()

    assert folder.delivery(FEB)["status"] == "refused"
    assert folder.problems() == ()


def test_the_same_decision_counts_again_after_another_one(folder: Folder) -> None:
    folder.put(FEB, with_bad(0, 20))
    folder.run()
    for decision in (Decision.RETRACTED, Decision.REINSTATED, Decision.RETRACTED):
        take(folder, decision, FEB)

    with pytest.raises(CannotDecide, match="is already retracted"):
        take(folder, Decision.RETRACTED, FEB)


def test_an_accepted_delivery_is_read_from_its_file_which_must_be_there(folder: Folder) -> None:
    path = folder.put(FEB, with_bad(2, 20))
    folder.run()
    path.unlink()

    with pytest.raises(CannotDecide, match="is not there"):
        take(folder, Decision.ACCEPTED, FEB)


def test_what_was_refused_can_be_recorded_after_all(folder: Folder) -> None:
    folder.put(FEB, with_bad(2, 20))
    folder.run()
    take(folder, Decision.REFUSED, FEB)
    folder.run()

    take(folder, Decision.ACCEPTED, FEB)
    folder.run()

    assert (folder.delivery(FEB)["status"], folder.stock()[FIGURE]) == ("recorded", 18)
    assert folder.problems() == ()


NEXT = {
    "recorded": "retract-delivery", "held": "accept-delivery", "refused": "accept-delivery",
    "retracted": "reinstate-delivery",
}  # fmt: skip


def in_status(folder: Folder, status: str) -> None:
    """Of which a release tells."""
    folder.put(FEB, with_bad(0 if status in ("recorded", "retracted") else 2, 20))
    if status in ("refused", "retracted"):
        before = replace(folder, publishes=False)
        before.run()
        take(before, Decision(status), FEB)
    folder.run()


@pytest.mark.parametrize("status", NEXT)
def test_every_decision_that_does_not_fit_names_the_one_that_does(published: Folder, status: str) -> None:
    in_status(published, status)
    fitting = {each for each, needed in DECIDABLE.items() if status in needed}
    assert fitting  # nothing is decided for good

    for decision in set(Decision) - fitting:
        with pytest.raises(CannotDecide) as refused:
            take(published, decision, FEB)
        assert NEXT[status] in worded(refused.value.args[0], Language.NL, Place.BROWSER)
        assert "uitstroom " in str(refused.value)


def test_a_delivery_is_named_by_its_file_too(folder: Folder) -> None:
    folder.put(FEB, with_bad(0, 20))
    folder.run()
    name = FEB.rpartition("/")[2]

    decided = decide(folder.writer(), Decision.RETRACTED, name, by="A. Steward", why="a letter")
    assert decided.file_name == FEB
    assert decide(folder.writer(), Decision.REINSTATED, FEB, by="A. Steward", why="a letter").delivery
    with pytest.raises(CannotDecide, match="0 deliveries begin with 2017-12-31_none"):
        decide(folder.writer(), Decision.RETRACTED, "2017-12-31_none.csv", by="A. Steward", why="a letter")


def test_two_deliveries_of_one_name_are_told_apart_by_their_hashes(folder: Folder) -> None:
    folder.put(FEB, with_bad(0, 20))
    folder.run()
    folder.put(FEB, with_bad(0, 21))
    folder.run()

    with pytest.raises(CannotDecide, match="2 deliveries came as 2017-02-07"):
        decide(folder.writer(), Decision.RETRACTED, FEB.rpartition("/")[2], by="A. Steward", why="a letter")


@pytest.mark.parametrize(("word", "is_said"), [("accept", True), ("reject", False)])
def test_a_decision_that_changes_what_counts_says_before_and_after_and_what_becomes_of_others(
    folder: Folder, capsys: pytest.CaptureFixture[str], word: str, *, is_said: bool
) -> None:
    folder.put(FEB, with_bad(2, 20))
    folder.run()
    delivery = str(folder.delivery(FEB)["delivery"])

    code = main(
        [word, delivery[:12], "--by", "A. Steward", "--reason", "seen by phone", "--data-dir", str(folder.data)]
    )

    assert code == 0
    said = capsys.readouterr().out
    assert ("Rows that count, before → after: Brunssum 2017-02: 0 rows → 18 rows." in said) is is_said
    assert ("What was delivered until today and counts goes on counting" in said) is is_said
