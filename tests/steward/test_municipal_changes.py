"""A merger in the area is announced: in the report of a night and of a release, and in the summary of the terminal."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.jobs.nightly import Night
from pipeline.jobs.release.publish import Published
from pipeline.steward.reports import night_report, release_report
from pipeline.steward.terminal_summary import summary
from pipeline.store.releases.releases import Release
from tests.steward.made import RECEIPTS, release

WHAT = "GM0881 Onderbanken ended on 2019-01-01 and went on as GM1954 Beekdaelen"
FOUND = {"rule": "RELATION-020", "subject": "GM0881/2019-01-01", "what": WHAT}
LINE = "- 01-01-2019: GM0881 Onderbanken → GM1954 Beekdaelen (samengevoegd)"


def summary_of(made: Release) -> str:
    files = {name: {"rows": 1} for name in made.manifest["files"]}
    counted = replace(made, manifest=made.manifest | {"files": files})
    return summary(Night(RECEIPTS, Published(counted, is_new=True)))


def test_the_reports_say_which_municipality_goes_on_as_which(tmp_path: Path) -> None:
    made = release(tmp_path, relation_findings=[FOUND])
    of_night = night_report(Night(RECEIPTS, Published(made, is_new=True)), with_pictures=False).markdown
    of_release = release_report(made, with_pictures=False).markdown

    for text in (of_night, of_release):
        assert "Gemeenten veranderen" in text
        assert LINE in text
        assert "niet met elkaar vergeleken" in text


def test_the_summary_of_the_terminal_says_it_too(tmp_path: Path) -> None:
    made = release(tmp_path, relation_findings=[FOUND], published_figures_check=[])

    assert WHAT in summary_of(made)


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("GM0014/2019-01-01", "- 01-01-2019: GM0009 Ten Boer → GM0014 Groningen (samengevoegd)"),
        ("GM0053/2019-01-01", "GM0053 Winsum → GM1966 Het Hogeland, GM1969 Westerkwartier (gesplitst)"),
        ("GM0241/2016-01-01", "GM0241 Groesbeek → GM1945 Berg en Dal (andere naam en code"),
    ],
)  # fmt: skip
def test_every_kind_of_change_has_its_words(tmp_path: Path, subject: str, line: str) -> None:
    made = release(tmp_path, relation_findings=[FOUND | {"subject": subject}])

    assert line in release_report(made, with_pictures=False).markdown


def test_nothing_is_said_where_no_municipality_changes(tmp_path: Path) -> None:
    made = release(tmp_path, published_figures_check=[])

    assert "Gemeenten veranderen" not in release_report(made, with_pictures=False).markdown
    assert "RELATION-020" not in summary_of(made)
