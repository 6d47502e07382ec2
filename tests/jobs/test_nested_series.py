"""A series that is more than one which contains it is told, at first and in a redelivery, and both stocks are named."""

from pipeline.jobs.lineage.explain import explain_figure
from pipeline.jobs.nightly import Night
from pipeline.steward.reports import night_report
from schemas.finding_forms import finding_in_dutch
from tests.jobs.folder import CASELOAD, TOTALS, Folder, benefit, caseload, csv, total

RULE = "RELATION-022"


def _totals(**counts: int) -> str:
    return csv(TOTALS, [total(reeks=series, aantal=count) for series, count in counts.items()])


def _told(folder: Folder) -> dict[str, str]:
    found = folder.table("relation_findings").filter(rule=RULE)
    return dict(found.select("subject", "what").iter_rows())


SWAPPED = {
    "GM0899/2017-02-01/pw/all/benefits": "948 benefits in series pw, which is part of series all with 876",
    "GM0899/2017-02-01/pw/pw_ioaw_ioaz/benefits": (
        "948 benefits in series pw, which is part of series pw_ioaw_ioaz with 912"
    ),
    "GM0899/2017-02-01/pw_ioaw_ioaz/all/benefits": (
        "912 benefits in series pw_ioaw_ioaz, which is part of series all with 876"
    ),
}


def test_series_that_do_not_nest_are_told_and_explained(folder: Folder) -> None:
    folder.put("caseload_totals/2017-02-07.csv", _totals(pw=948, pw_ioaw_ioaz=912, all=876))
    ran = folder.run()

    assert _told(folder) == SWAPPED
    assert RULE in night_report(Night(ran.receipts, ran.published)).markdown
    for subject in SWAPPED:
        behind = explain_figure(folder.writer(), "relation_findings", (RULE, subject), column="found")
        assert len(behind.cells) == 2, subject


def test_a_swap_in_a_redelivery_is_told(folder: Folder) -> None:
    folder.put("caseload_totals/2017-02-07.csv", _totals(pw=876, pw_ioaw_ioaz=912, all=948))
    folder.run()
    assert _told(folder) == {}

    folder.put("caseload_totals/2017-02-08.csv", _totals(pw=948, pw_ioaw_ioaz=912, all=876))
    folder.run()
    assert _told(folder) == SWAPPED


def test_a_series_between_two_may_be_missing(folder: Folder) -> None:
    folder.put("caseload_totals/2017-02-07.csv", _totals(pw=877, all=876))
    folder.run()

    assert list(_told(folder)) == ["GM0899/2017-02-01/pw/all/benefits"]


def test_series_that_are_counted_nest(folder: Folder) -> None:
    schemes = ("01", "02", "03", "14")
    rows = [benefit(n, statistiekcode=schemes[n % 4]) for n in range(20)]
    folder.put("caseload/2017-02-07.csv", caseload(*rows, header=CASELOAD))
    folder.put("caseload_totals/2017-03-07.csv", csv(TOTALS, [
        total(peildatum="01-03-2017", reeks=series, aantal=20) for series in ("pw", "pw_ioaw_ioaz", "all")
    ]))  # fmt: skip
    folder.run()

    assert folder.table("caseload_stock").height == 6
    assert _told(folder) == {}


def test_its_sentence_in_dutch() -> None:
    assert finding_in_dutch(SWAPPED["GM0899/2017-02-01/pw/all/benefits"]) == (
        "948 uitkeringen in de reeks pw, die deel is van de reeks all met 876"
    )
