"""The gates of a delivery: how much may be bad, what is there twice, bytes that come back under another name."""

import json

import pytest

from tests.jobs.folder import CASELOAD, CBS, TOTALS, Folder, benefit, bsn, caseload, conserved, csv, region, total

FEB = "caseload/2017-02-07_x.csv"
NO_SUCH_DAY = {"ingangsdatum": "31-02-2017"}


def with_bad(bad: int, of: int) -> str:
    return caseload(*(benefit(n, **(NO_SUCH_DAY if n < bad else {})) for n in range(of)))


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    return unpublished


@pytest.mark.parametrize(
    ("bad", "of", "status"),
    [
        (1, 20, "recorded"),
        (1, 19, "recorded"),
        (2, 19, "held"),
        (3, 60, "recorded"),
        (4, 60, "held"),
        (5, 100, "recorded"),
        (6, 100, "held"),
    ],
)
def test_five_percent_is_recorded_and_more_is_held(folder: Folder, bad: int, of: int, status: str) -> None:
    folder.put(FEB, with_bad(bad, of))
    receipt = folder.run().receipt(FEB)
    assert receipt.status == status
    kept = {"recorded": (of - bad, bad, 0), "held": (0, 0, of)}[status]
    assert (receipt.rows_recorded, receipt.rows_quarantined, receipt.rows_held) == kept
    assert receipt.rule == ("DELIVERY-003" if status == "held" else "")
    assert folder.log_rows("caseload").height == kept[0]
    assert folder.table("caseload_stock").height == (3 if status == "recorded" else 0)
    assert sum(rule == "VALUE-001" for _, rule in folder.rules(FEB)) == bad
    assert folder.problems() == ()


def test_held_delivery_says_how_many_rows_and_leaves_the_last_version_standing(folder: Folder) -> None:
    folder.put(FEB, with_bad(0, 20))
    folder.run()
    folder.put("caseload/2017-02-20_again.csv", with_bad(2, 20))
    receipt = folder.run().receipt("caseload/2017-02-20_again.csv")
    assert (receipt.status, receipt.rows_read, receipt.rows_held) == ("held", 20, 20)
    assert "2 of 20" in receipt.detail
    row = folder.delivery("caseload/2017-02-20_again.csv")
    assert (row["rows_held"], row["rows_read"], row["version_of_scope"]) == (20, 20, None)
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 20
    assert folder.delivery(FEB)["version_of_scope"] == 1


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([benefit(1), benefit(1, leefvorm="2")], "DELIVERY-002"),
        ([benefit(n, leefvorm=str(form)) for n in range(40) for form in (1, 2)], "DELIVERY-002"),
        ([benefit(n, bsn=bsn(1)) for n in range(30)], "DELIVERY-013"),
        ([benefit(n, bsn=bsn(1), leefvorm=str(form)) for n in range(30) for form in (1, 2)], "DELIVERY-002"),
    ],
    ids=["two rows", "many", "one person", "one person and conflicts"],
)
def test_a_file_of_which_no_row_stays_is_rejected_with_its_reasons(
    folder: Folder, rows: list[dict[str, object]], rule: str
) -> None:
    folder.put(FEB, caseload(*rows))
    receipt = folder.run().receipt(FEB)
    assert (receipt.status, receipt.rule) == ("rejected", "DELIVERY-011"), receipt
    assert (receipt.rows_read, receipt.rows_quarantined) == (len(rows), len(rows))
    assert {found for _, found in folder.rules(FEB)} >= {rule}
    assert folder.problems() == ()

    folder.put(FEB, with_bad(0, 20))  # the corrected file under the same name
    assert folder.run().receipt(FEB).status == "recorded"
    assert folder.problems() == ()


def test_rows_out_of_shape_count_for_the_gate(folder: Folder) -> None:
    folder.put(FEB, with_bad(0, 20) + "one;two\n" * 2)
    receipt = folder.run().receipt(FEB)
    assert (receipt.status, receipt.rows_read, receipt.rows_held) == ("held", 22, 22)


def test_identical_copies_are_counted_and_kept_once(folder: Folder) -> None:
    rows = [benefit(n) for n in range(20)]
    folder.put(FEB, caseload(*rows, rows[3], rows[3], rows[7]))
    receipt = folder.run().receipt(FEB)
    assert (receipt.rows_read, receipt.rows_recorded, receipt.rows_duplicate, receipt.rows_quarantined) == (
        23,
        20,
        3,
        0,
    )
    assert folder.rules(FEB) == {(22, "DELIVERY-001"), (23, "DELIVERY-001"), (24, "DELIVERY-001")}
    assert sorted(folder.log_rows("caseload")["row"].to_list()) == list(range(2, 22))
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 20
    assert folder.problems() == ()


def test_copies_alone_never_hold_a_delivery(folder: Folder) -> None:
    folder.put(FEB, caseload(*[benefit(1)] * 10))
    receipt = folder.run().receipt(FEB)
    assert (receipt.status, receipt.rows_recorded, receipt.rows_duplicate) == ("recorded", 1, 9)


def test_a_copy_written_otherwise_is_still_a_copy(folder: Folder) -> None:
    other = benefit(3, gemeentecode="GM0899", ingangsdatum="2015-05-01", statistiekcode=" pw ", einddatum="00000000")
    folder.put(FEB, caseload(*(benefit(n) for n in range(20)), other))
    receipt = folder.run().receipt(FEB)
    assert (receipt.rows_recorded, receipt.rows_duplicate) == (20, 1)


def test_conflicting_rows_are_all_quarantined(folder: Folder) -> None:
    rows = [benefit(n) for n in range(60)]
    folder.put(FEB, caseload(*rows, benefit(3, leefvorm="3"), benefit(3)))
    receipt = folder.run().receipt(FEB)
    assert (receipt.status, receipt.rows_recorded, receipt.rows_quarantined) == ("recorded", 59, 3)
    assert folder.rules(FEB) == {(5, "DELIVERY-002"), (62, "DELIVERY-002"), (63, "DELIVERY-002")}
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 59


def test_one_live_dossier_under_two_starts_is_a_conflict(folder: Folder) -> None:
    folder.put(FEB, caseload(*(benefit(n) for n in range(60)), benefit(3, ingangsdatum="01-06-2015")))
    assert folder.run().receipt(FEB).rows_quarantined == 2


def test_ended_and_live_dossier_may_share_a_number(folder: Folder) -> None:
    ended = {"ingangsdatum": "01-02-2014", "einddatum": "30-04-2014", "reden_einde": "11"}
    earlier = {"ingangsdatum": "01-02-2013", "einddatum": "30-04-2013", "reden_einde": "11"}
    folder.put(FEB, caseload(benefit(1), benefit(1, **ended), benefit(1, **earlier)))
    receipt = folder.run().receipt(FEB)
    assert (receipt.rows_recorded, dict(receipt.findings)) == (3, {"CASELOAD-022": 2})
    assert folder.stock()["GM0899", "2017-02-01", "pw"] == 1


def test_same_number_in_two_municipalities_is_no_conflict(folder: Folder) -> None:
    folder.put(FEB, caseload(benefit(1), benefit(1, gemeentecode="0882", leefvorm="2")))
    assert folder.run().receipt(FEB).rows_recorded == 2


def test_contradicting_totals_are_quarantined(folder: Folder) -> None:
    rows = [total(peildatum=f"01-{month:02d}-{year}") for year in range(2010, 2014) for month in range(1, 13)]
    name = "caseload_totals/2017-02-07_t.csv"
    folder.put(name, csv(TOTALS, [*rows, rows[0] | {"aantal": "843"}]))
    receipt = folder.run().receipt(name)
    assert (receipt.rows_recorded, receipt.rows_quarantined) == (47, 2)


@pytest.mark.parametrize("runs", [1, 2])
def test_same_bytes_under_another_name_are_recorded_once(folder: Folder, runs: int) -> None:
    names = (FEB, "caseload/2017-02-09 kopie (2) 100%.csv", f"caseload/{'é' * 90}.csv")
    for number, name in enumerate(names):
        folder.put(name, with_bad(0, 20))
        if runs == 2 and number == 0:
            folder.run()
    receipts = {receipt.file_name: receipt for receipt in folder.run().receipts}
    assert [receipts[name].status for name in names[1:]] == ["copied", "copied"]
    assert {receipts[name].rule for name in names[1:]} == {"DELIVERY-004"}
    assert folder.log_rows("caseload").height == 20
    statuses = dict(folder.table("deliveries").select("file_name", "status").iter_rows())
    assert statuses == {FEB: "recorded", names[1]: "copied", names[2]: "copied"}
    assert conserved(folder.table("deliveries"))
    row = folder.delivery(FEB)
    assert row["also_delivered_as"] == "|".join(sorted(names[1:]))
    assert str(row["delivered_on"]) == "2017-02-07"
    assert folder.run().receipts == ()
    assert folder.problems() == ()


def test_rejected_for_lack_of_a_year_and_recorded_with_a_sidecar(folder: Folder) -> None:
    name = "municipal_statistics/cbs.csv"
    path = folder.put(name, csv(CBS, [region(899)]))
    refused = folder.run().receipt(name)
    silent = folder.run()
    sidecar = {"reference_year": 2015, "delivered_on": "2016-11-30"}
    path.with_name("cbs.csv.meta.json").write_text(json.dumps(sidecar))
    accepted = folder.run().receipt(name)
    assert (refused.status, refused.rule, silent.receipts) == ("rejected", "FILE-023", ())
    assert (accepted.status, accepted.rows_recorded) == ("recorded", 1)
    row = folder.delivery(name)
    assert (row["status"], row["processing"], str(row["delivered_on"])) == ("recorded", 1, "2016-11-30")
    assert folder.rules(name) == set()
    assert folder.run().receipts == ()
    assert folder.problems() == ()


@pytest.mark.parametrize(
    ("before", "after", "content", "rule"),
    [
        ("municipal_statistics/cbs.csv", "municipal_statistics/83450NED_2015.csv", csv(CBS, [region(899)]), "FILE-023"),
        ("caseload/2017-02-07_x.dat", FEB, with_bad(0, 20), "FILE-005"),
        ("caseload/2017-02-07_x.xlsx", FEB, with_bad(0, 20), "FILE-024"),
        ("caseload/2017-02-30_x.csv", FEB, with_bad(0, 20), "FILE-035"),
    ],
)
def test_file_renamed_as_its_receipt_advises_is_recorded(
    folder: Folder, before: str, after: str, content: str, rule: str
) -> None:
    path = folder.put(before, content)
    refused = folder.run().receipt(before)
    if path.exists():
        path.rename(folder.settings.raw / after)
    receipt = folder.run().receipt(after)
    assert (refused.status, refused.rule) == ("rejected", rule)
    assert receipt.status == "recorded"
    assert folder.delivery(after)["status"] == "recorded"
    assert folder.run().receipts == ()
    assert folder.problems() == ()


def test_rejected_bytes_under_two_names_with_two_sidecars_come_to_rest(folder: Folder) -> None:
    content = caseload(benefit(1), header=[name for name in CASELOAD if name != "ingangsdatum"])
    folder.put("caseload/a.csv", content)
    folder.put("caseload/b.csv", content)
    folder.put("caseload/b.csv.meta.json", json.dumps({"delivered_on": "2017-02-07"}))
    first = folder.run()
    assert [receipt.status for receipt in first.receipts] == ["rejected", "rejected"]
    assert folder.run().receipts == ()
    assert folder.run().receipts == ()
    assert folder.table("deliveries").select("file_name", "status").rows() == [
        ("caseload/a.csv", "rejected"),
        ("caseload/b.csv", "rejected"),
    ]


def test_bytes_refused_in_a_wrong_folder_are_recorded_in_the_right_one(folder: Folder) -> None:
    path = folder.put("caseload/totals.csv", csv(TOTALS, [total()]))
    refused = folder.run().receipt("caseload/totals.csv")
    right = folder.settings.raw / "caseload_totals/totals.csv"
    right.parent.mkdir(exist_ok=True)
    path.rename(right)
    receipt = folder.run().receipt("caseload_totals/totals.csv")
    assert (refused.rule, receipt.status) == ("FILE-022", "recorded")
    deliveries = folder.table("deliveries")
    assert deliveries.select("source", "status", "rows_recorded").rows() == [
        ("caseload", "removed", 0),
        ("caseload_totals", "recorded", 1),
    ]
    assert folder.stock() == {("GM0899", "2017-02-01", "pw"): 842}
    assert conserved(deliveries)
    assert folder.problems() == ()


def test_bytes_refused_in_several_folders_have_a_row_each(folder: Folder) -> None:
    content = "kleur;maat\nrood;4\n"
    for source in ("caseload", "caseload_totals", "published_figures"):
        folder.put(f"{source}/x.csv", content)
    assert [receipt.rule for receipt in folder.run().receipts] == ["FILE-020"] * 3
    deliveries = folder.table("deliveries")
    assert (deliveries.height, deliveries["delivery"].n_unique()) == (3, 1)
    assert folder.run().receipts == ()


def test_sidecar_says_when_and_by_whom(folder: Folder) -> None:
    folder.put(FEB, with_bad(0, 20))
    stated = {"delivered_on": "2017-02-28", "sender": "ISD BOL", "simulated": True}
    folder.put(f"{FEB}.meta.json", json.dumps(stated))
    folder.run()
    row = folder.delivery(FEB)
    assert (str(row["delivered_on"]), row["sender"], row["simulated"]) == ("2017-02-28", "ISD BOL", True)


def test_quarantined_rows_have_all_their_reasons(folder: Folder) -> None:
    worst = benefit(0, ingangsdatum="31-02-2017", statistiekcode="1", gemeentecode="9999", reden_einde="11")
    folder.put(FEB, caseload(worst, *(benefit(n) for n in range(1, 20))))
    receipt = folder.run().receipt(FEB)
    expected = {"VALUE-001", "CASELOAD-001", "CASELOAD-002", "CASELOAD-009"}
    assert (receipt.rows_quarantined, set(receipt.findings)) == (1, expected)
    assert folder.rules(FEB) == {(2, rule) for rule in expected}
