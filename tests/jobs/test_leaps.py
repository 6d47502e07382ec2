"""A figure that is a multiple of the one before it is told, however little is known, and both figures are named."""

import pytest

from pipeline.jobs.lineage.explain import explain_figure
from tests.jobs.all_sources import NATIONAL, REPORTS
from tests.jobs.folder import CBS, TOTALS, Folder, csv, region, total
from tests.ready_made import ReadyMade

RULE = "RELATION-021"


def _report(begin: str, until: str, participants: int) -> dict[str, object]:
    names = "aanbieder", "programma", "periode_van", "periode_tot", "deelnemers", "geplaatst"
    return dict(zip(names, ("RE01", "INNOVATIEF2016", begin, until, participants, 2), strict=True))


def leaping(folder: Folder) -> None:
    """A stock of nothing and back, and one of ten times as much; clients, inhabitants and a country with noughts too
    many; and beside them what moves as it does.
    """
    stock = [842, 850, 0, 846, 8460, 840]
    months = [total(peildatum=f"2017-{month:02}-01", aantal=count) for month, count in enumerate(stock, 1)]
    small = [
        total(peildatum=f"2017-{month:02}-01", gemeentecode="0882", aantal=count) for month, count in ((1, 9), (2, 18))
    ]
    folder.put("caseload_totals/2017-07-07_t.csv", csv(TOTALS, [*months, *small]))
    reports = [("2017-03-01", "2017-06-01", 20), ("2017-06-01", "2017-09-01", 60), ("2017-09-01", "2017-12-01", 20_000)]
    folder.put("provider_reports/2017-12-07_r.csv", csv(REPORTS, [_report(*each) for each in reports]))
    for year, table, count in ((2015, "83450NED", 1110), (2016, "83747NED", 11_100)):
        figures = {"Inwoners_1": 24_660, "Bijstandsontvangers_2": count}
        folder.put(f"municipal_statistics/{year + 1}-11-30_{table}_{year}.csv", csv(CBS, [region(899, **figures)]))
    country = [("2015MM11", "428.2"), ("2015MM12", "42.8"), ("2016MM01", "430.0")]
    rows = [
        dict(zip(NATIONAL, (n, period, count, "", "", "", ""), strict=True))
        for n, (period, count) in enumerate(country)
    ]
    folder.put("national_statistics/2016-03-01_n.csv", csv(NATIONAL, rows))
    folder.run()


@pytest.fixture
def leapt(ready_made: ReadyMade) -> Folder:
    return ready_made.original(leaping)


def test_a_leap_is_told_of_every_kind_of_figure(leapt: Folder) -> None:
    found = leapt.table("relation_findings").filter(rule=RULE)

    assert dict(found.select("subject", "what").iter_rows()) == {
        "GM0899/pw/2017-03-01/caseload_stock.benefits": "benefits went from 850 to 0",
        "GM0899/pw/2017-04-01/caseload_stock.benefits": "benefits went from 0 to 846",
        "GM0899/pw/2017-05-01/caseload_stock.benefits": "benefits went from 846 to 8460",
        "GM0899/pw/2017-06-01/caseload_stock.benefits": "benefits went from 8460 to 840",
        "RE01/INNOVATIEF2016/2017-09-01/2017-12-01/participants": "participants went from 60 to 20000",
        "GM0899/cbs/90100/2016/recipients": "recipients went from 1110 to 11100",
        "NL01/cbs/2015MM12/benefits": "benefits went from 428200 to 42800",
        "NL01/cbs/2016MM01/benefits": "benefits went from 42800 to 430000",
    }


def test_both_figures_of_a_leap_are_behind_it(leapt: Folder) -> None:
    found = leapt.table("relation_findings").filter(rule=RULE)

    for subject in found["subject"]:
        behind = explain_figure(leapt.writer(), "relation_findings", (RULE, subject), column="found")
        assert len(behind.cells) + sum(len(trace.rows) for trace in behind.traces) >= 2, subject
