"""What a receipt says beside what became of its file: twins, bytes that return, sidecars that disagree or change."""

import json
from dataclasses import replace
from datetime import date

import pytest

from pipeline.cli import main
from pipeline.jobs.ingest.check import check
from pipeline.jobs.release.rollback import rollback
from schemas.details import in_dutch
from tests.jobs.folder import CASELOAD, CLAIMS, Folder, benefit, caseload, claim, conserved, csv

FIRST, SECOND = "caseload/2017-02-07_a.csv", "caseload/2017-02-07_b.csv"


def month(size: int, day: str = "01-02-2017", **changed: object) -> str:
    return caseload(*(benefit(n, peildatum=day, **changed) for n in range(size)))


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    return unpublished


def test_twins_of_one_day_are_told_in_the_receipt_of_the_second(folder: Folder) -> None:
    folder.put(FIRST, month(20))
    folder.put(SECOND, month(21))
    ran = folder.run()

    (told,) = [receipt for receipt in ran.receipts if receipt.rule]
    (other,) = [receipt.file_name for receipt in ran.receipts if not receipt.rule]
    assert (told.status, told.rule) == ("recorded", "DELIVERY-010")
    assert f"{other} of the same day is about Brunssum 2017-02 too" in told.detail
    assert "this one counts" in told.detail  # the later hash is judged last
    assert folder.table("deliveries")["reason"].to_list() == [None, None]
    assert folder.table("findings").filter(rule="DELIVERY-010").height == 2


def test_bytes_that_return_after_a_correction_say_what_counts_and_what_to_do(folder: Folder) -> None:
    folder.put("caseload/2017-02-07_first.csv", month(20))
    folder.put("caseload/2017-02-14_corrected.csv", month(21))
    folder.run()
    folder.put("caseload/2017-02-21_back.csv", month(20))
    receipt = folder.run().receipt("caseload/2017-02-21_back.csv")

    corrected = str(folder.delivery("caseload/2017-02-14_corrected.csv")["delivery"])[:12]
    assert (receipt.status, receipt.rule) == ("copied", "DELIVERY-004")
    assert "known as caseload/2017-02-07_first.csv, which is recorded as of 2017-02-07" in receipt.detail
    assert "this copy is not the last word" in receipt.detail
    assert "is caseload/2017-02-14_corrected.csv of 2017-02-14, about Brunssum 2017-02: it goes on" in receipt.detail
    assert f"uitstroom retract {corrected}, or ask the sender for a new export" in receipt.detail
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 21


def test_a_copy_of_what_still_counts_has_nothing_more_to_say(folder: Folder) -> None:
    folder.put("caseload/2017-02-07_first.csv", month(20))
    folder.run()
    folder.put("caseload/2017-02-21_back.csv", month(20))
    assert "of a later day" not in folder.run().receipt("caseload/2017-02-21_back.csv").detail


def test_a_sidecar_that_disagrees_with_the_name_holds_and_is_told(folder: Folder) -> None:
    folder.put(FIRST, month(20))
    folder.put(f"{FIRST}.meta.json", json.dumps({"delivered_on": "2017-02-09"}))
    folder.put("caseload/2017-03-07_same.csv", month(20, "01-03-2017"))
    folder.put("caseload/2017-03-07_same.csv.meta.json", json.dumps({"delivered_on": "2017-03-07"}))
    ran = folder.run()

    receipt = ran.receipt(FIRST)
    assert (receipt.status, receipt.rule, str(receipt.delivered_on)) == ("recorded", "FILE-083", "2017-02-09")
    assert "the sidecar states 2017-02-09 and the file name 2017-02-07: the sidecar holds" in receipt.detail
    assert ran.receipt("caseload/2017-03-07_same.csv").rule == ""
    assert folder.table("findings")["rule"].to_list() == ["FILE-083"]


def test_a_sidecar_that_comes_a_night_later_is_told_as_that(folder: Folder) -> None:
    name = "caseload/without_a_day.csv"
    folder.put(name, month(20))
    folder.run()
    folder.put(f"{name}.meta.json", json.dumps({"delivered_on": "2017-02-07"}))

    receipt = folder.run().receipt(name)

    assert (receipt.status, receipt.rule) == ("copied", "FILE-084")
    assert "was recorded without a sidecar: what this one states does not count" in receipt.detail
    assert folder.run().receipts == ()

    dated = "caseload/2017-02-07_dated.csv"
    folder.put(dated, month(20))  # what it advises
    folder.run()

    assert (folder.delivery(dated)["status"], folder.delivery(dated)["delivered_on"]) == ("recorded", date(2017, 2, 7))


def test_a_sidecar_that_changes_after_its_file_was_recorded_is_told_once(folder: Folder) -> None:
    sidecar, day = folder.put(f"{FIRST}.meta.json", json.dumps({"delivered_on": "2017-02-07"})), "2017-02-08"
    folder.put(FIRST, month(20))
    folder.run()
    before = folder.table("deliveries")

    was = sidecar.read_text()
    sidecar.write_text(json.dumps({"delivered_on": day, "sender": "another"}))
    receipt = folder.run().receipt(FIRST)
    assert (receipt.status, receipt.rule) == ("copied", "FILE-084")
    assert "place the file again under a name with that day" in receipt.detail
    assert folder.run().receipts == ()

    assert folder.table("deliveries").drop("recorded_at").equals(before.drop("recorded_at"))
    assert folder.table("findings").select("rule", "severity").rows() == [("FILE-084", "warn")]
    sidecar.write_text(was)
    assert folder.run().receipts == ()  # as it was: nothing to say
    sidecar.unlink()
    assert folder.run().receipt(FIRST).rule == "FILE-084"
    assert folder.run().receipts == ()
    assert conserved(folder.table("deliveries"))
    assert folder.problems() == ()


def test_which_name_of_the_same_bytes_is_recorded_does_not_depend_on_the_order_of_loading(folder: Folder) -> None:
    names = ["caseload/2017-02-09_a.csv", "caseload/2017-02-07_z.csv", "caseload/2017-02-07_b.csv"]
    for name in names:
        folder.put(name, month(20))
        folder.run()

    rows = folder.table("deliveries").sort("file_name").select("file_name", "status", "rows_recorded")
    assert rows.rows() == [
        ("caseload/2017-02-07_b.csv", "recorded", 20),
        ("caseload/2017-02-07_z.csv", "copied", 0),
        ("caseload/2017-02-09_a.csv", "copied", 0),
    ]
    assert folder.problems() == ()


def test_later_files_of_a_new_municipality_say_that_they_wait_for_the_first(folder: Folder) -> None:
    for number in (1, 2, 3):
        folder.put(f"caseload/2017-0{number}-07.csv", month(20, f"01-0{number}-2017"))
    both = [benefit(n, peildatum="01-04-2017") for n in range(20)]
    for number in (4, 5):
        new = [benefit(100 + n, peildatum=f"01-0{number}-2017", gemeentecode="0882") for n in range(12)]
        old = [{**row, "peildatum": f"01-0{number}-2017"} for row in both]
        folder.put(f"caseload/2017-0{number}-07.csv", caseload(*old, *new))
    ran = folder.run()

    first, second = (ran.receipt(f"caseload/2017-0{number}-07.csv") for number in (4, 5))
    assert (first.rule, second.rule) == ("DELIVERY-008", "DELIVERY-008")
    assert "waits for" not in first.detail
    assert f"it waits for caseload/2017-04-07.csv ({first.delivery[:12]}), the first about it" in second.detail


def test_the_number_of_a_person_in_a_name_is_told_by_the_night_and_by_a_check(folder: Folder) -> None:
    path = folder.put("caseload/2017-02-07 BSN 931063644.csv", month(20))
    folder.run()
    checked = check(path)

    assert folder.table("findings")["rule"].to_list() == ["FILE-087"]
    assert (checked.status, checked.findings) == ("recorded", {"FILE-087": 1})
    assert "931063644" not in checked.file_name


def test_text_of_another_encoding_is_told_and_kept(folder: Folder) -> None:
    told = csv(CLAIMS, [claim(1, toelichting="over cliënten"), claim(2, toelichting="in het café")])
    folder.put("published_figures/2017-03-02.csv", told.encode("cp850"))
    folder.put("published_figures/2017-03-03.csv", told.replace("P-", "Q-"))
    first, second = folder.take_in()

    assert (first.status, first.rule, second.rule) == ("recorded", "VALUE-023", "")
    assert first.detail == "text of another encoding than it was read in, in 2 cells; it is kept as it stands"
    assert folder.log_rows("published_figures").filter(claim_id="P-1")["note"].item() == "over cli‰nten"


def test_a_name_of_another_encoding_is_told(folder: Folder) -> None:
    text = caseload(benefit(1), benefit(2), header=[*CASELOAD, "reïntegratie"])
    folder.put("caseload/2017-02-07.csv", text.encode("cp850"))
    (receipt,) = folder.take_in()

    assert (receipt.status, receipt.rule) == ("recorded", "FILE-089")
    assert receipt.detail.endswith("of column 14")


def test_what_came_after_the_current_release_is_named_with_the_command(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = replace(folder, publishes=True)
    folder.put("caseload/2017-02-07.csv", caseload(*(benefit(n) for n in range(40))))
    first = folder.run().published.release
    folder.put("caseload/2017-02-08.csv", caseload(*(benefit(n) for n in range(41))))
    folder.put("caseload/2017-02-09.csv", caseload(*(benefit(n) for n in range(3))))
    folder.run()
    assert _shown(folder, capsys, "show", "deliveries").count("\n") == 5

    rollback(folder.writer(), first.id, by="A. Steward", why="looked wrong")
    last = _shown(folder, capsys, "show", "deliveries").splitlines()[-1]

    assert last.startswith(
        "The current release tells nothing yet of 2 deliveries or what became of them (of which held now: 1)."
    )
    assert "caseload/2017-02-09.csv" in _shown(folder, capsys, *last.rpartition("uitstroom ")[2].split())


def _shown(folder: Folder, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert main([*command, "--data-dir", str(folder.data)]) == 0
    return capsys.readouterr().out


def test_a_name_that_begins_with_a_period_states_no_day(folder: Folder) -> None:
    name, dated = "caseload/2017-02-01_2017-02-28_export.csv", "caseload/20170301-20170331.csv"
    folder.put(name, month(20))
    folder.put(dated, month(20, "01-03-2017"))
    folder.put(f"{dated}.meta.json", json.dumps({"delivered_on": "2017-03-07"}))
    ran = folder.run()

    receipt = ran.receipt(name)
    said = "the file name begins with a period, 2017-02-01 to 2017-02-28, and with no day of delivery"
    assert (receipt.status, receipt.rule, receipt.detail, receipt.is_day_assumed) == (
        "recorded",
        "FILE-095",
        said,
        True,
    )
    assert in_dutch(said).startswith("de bestandsnaam begint met een periode, 01-02-2017 tot en met 28-02-2017")
    assert folder.rules(name) == {(0, "FILE-082"), (0, "FILE-095")}
    assert (ran.receipt(dated).rule, str(ran.receipt(dated).delivered_on)) == ("", "2017-03-07")
    assert folder.rules(dated) == set()
