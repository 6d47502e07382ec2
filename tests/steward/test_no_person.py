"""Known numbers of persons and dossiers go through every failing path; no report of that night holds one of them."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from pipeline.jobs.nightly import Night
from pipeline.steward.held_reports import held_report
from pipeline.steward.reports import Report, night_report, release_report
from tests.jobs.folder import Folder, Ran, benefit, caseload, claim, csv, tree
from tests.jobs.test_no_leak import FILES, PEOPLE, found_in

NAMED = f"caseload/2017-02-07_client_{PEOPLE[2]}.csv"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = Folder.at(tmp_path_factory.mktemp("steward"))
    for name, content in FILES.items():
        folder.put(name, content)
    folder.put(NAMED, caseload(*(benefit(number, peildatum="01-01-2019") for number in range(1, 30))))
    claims = ["uitspraak_id", "document", "publicatiedatum", "indicator", "gemeentecode", "reeks", "peildatum",
              "operator", "waarde", "eenheid"]  # fmt: skip
    folder.put("published_figures/told.csv", csv(claims, [claim(9, document=f"Brief over {PEOPLE[2]}")]))
    return folder.run()


@pytest.fixture(scope="module")
def night(ran: Ran) -> Report:
    return night_report(Night(ran.receipts, ran.published))


def test_no_report_holds_the_number_of_a_person(ran: Ran, night: Report) -> None:
    release = ran.published.release
    reported = release_report(release, with_pictures=False)
    held = held_report(release)
    assert {"held", "rejected", "recorded"} <= {str(row["status"]) for row in night.tables["receipts"]}
    assert held
    for shown in (
        night.markdown.replace(str(release.path), ""),
        json.dumps(night.tables, ensure_ascii=False),
        reported.markdown.replace(str(release.path), ""),
        json.dumps(reported.tables, ensure_ascii=False),
        json.dumps([asdict(each) for each in held], default=str, ensure_ascii=False),
    ):
        assert found_in(shown) == []


def test_a_number_in_a_file_name_is_covered(night: Report) -> None:
    names = {str(row["file_name"]) for row in night.tables["receipts"]}
    assert "caseload/2017-02-07_client_•••••••••.csv" in names
    assert NAMED not in names


def test_a_real_night_is_told_whole(ran: Ran, night: Report) -> None:
    release = ran.published.release
    assert release.id in night.markdown
    assert len(night.tables["receipts"]) == len(ran.receipts)
    assert sum(int(row["count"] or 0) for row in night.tables["findings"]) == sum(
        sum(receipt.findings.values()) for receipt in ran.receipts
    )
    assert [row["source"] for row in night.tables["log"]] == sorted(
        {receipt.source for receipt in ran.receipts if receipt.delivery}
    )
    assert "caseload-gm0899" in night.plots
    assert night == night_report(Night(ran.receipts, ran.published))


def test_reports_leave_the_release_as_it_was(ran: Ran, tmp_path: Path) -> None:
    release = ran.published.release
    before = tree(release.path)
    release_report(release)
    assert tree(release.path) == before
    assert list(tmp_path.iterdir()) == []
