"""What people read who typed something wrong: one sentence, with the option and an example."""

import pytest

from pipeline.cli import main
from schemas.person_number import COVER
from tests.jobs.folder import Folder


@pytest.fixture
def empty(folder: Folder) -> Folder:
    """A data folder with nothing in it yet; to look at it needs no key."""
    folder.data.mkdir()
    return folder


@pytest.mark.parametrize("words", [["show", "caseload_stock"], ["path"]])
@pytest.mark.parametrize("day", ["tomorrow", "31-03-2017", "2017-02-30"])
def test_a_day_that_is_none_names_the_option_and_an_example(
    words: list[str], day: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([*words, "--known-on", day])

    reported = capsys.readouterr().err.splitlines()[-1]
    assert reported == f"uitstroom {words[0]}: error: argument --known-on: {day} is not a day such as 2017-03-31"


@pytest.mark.parametrize(
    ("first", "until", "fault"),
    [
        ("2016-01", "2016-13", "--to: 2016-13 is not a month such as 2016-01"),
        ("1-2016", "2016-12", "--from: 1-2016 is not a month such as 2016-01"),
        ("2016-05", "2016-05", "--from 2016-05 is not before --to 2016-05: --to is the first month that is left out"),
    ],
)
def test_months_that_are_none_name_the_option_and_what_was_asked(
    empty: Folder, capsys: pytest.CaptureFixture[str], first: str, until: str, fault: str
) -> None:
    assert main(["backfill", "gaps", "--from", first, "--to", until, "--data-dir", str(empty.data)]) == 1

    assert capsys.readouterr().err == f"uitstroom: The gaps cannot be listed: {fault}.\n"


@pytest.mark.parametrize(
    "words",
    [["run", "123456782"], ["123456782"], ["show", "x", "--limit", "123 456 782"], ["run", "\x1b[31m123456782"]],
)
def test_what_is_no_option_is_repeated_covered_and_steers_no_terminal(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)

    reported = capsys.readouterr().err
    assert COVER in reported
    assert "782" not in reported
    assert "\x1b" not in reported
