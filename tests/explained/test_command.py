"""``uitstroom explain`` as it is typed: what it says to who types something else than a key."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total

FEBRUARY = "caseload/2017-02-06_a.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    made = Folder.at(tmp_path_factory.mktemp("typed"))
    made.put(FEBRUARY, caseload(*(benefit(n) for n in range(7))))
    made.put("caseload/again/2017-03-06_a.csv", caseload(*(benefit(n) for n in range(7))))
    made.put("caseload_totals/2017-03-06_t.csv", csv(TOTALS, [total(peildatum="01-03-2017", aantal=9)]))
    made.run()
    return made


@pytest.fixture
def typed(folder: Folder, capsys: pytest.CaptureFixture[str]) -> "Typed":
    return Typed(folder, capsys)


class Typed:
    def __init__(self, folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def __call__(self, *words: str) -> tuple[int, str]:
        try:
            code = main([*words, "--data-dir", str(self.folder.data)])
        except SystemExit as ended:
            code = int(str(ended.code))
        printed = self._capsys.readouterr()
        return code, printed.out + printed.err


@pytest.mark.parametrize(
    "key", [("GM0899", "01-02-2017", "pw"), ("GM0899", "2017-02", "pw"), ("0899", "2017-02-01", "pw")], ids="-".join
)
def test_a_key_in_another_form_is_answered_with_the_form(typed: Typed, key: tuple[str, ...]) -> None:
    code, said = typed("explain", "caseload_stock", *key)
    assert (code, "Keys are written as: GM0899 2017-02-01 all." in said) == (1, True), said


def test_a_row_that_was_not_there_on_a_day_names_the_day(typed: Typed) -> None:
    code, said = typed("explain", "caseload_stock", "GM0899", "2017-02-01", "pw", "--known-on", "2017-01-31")
    assert code == 1
    assert "series=pw as known on 2017-01-31. See: uitstroom show caseload_stock --known-on 2017-01-31" in said
    assert "Keys are written as" not in said


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "nothing", "GM0899"),
        ("explain", "caseload_stock", "GM0899", "2017-02-01", "pw", "--column", "nothing"),
        ("explain", "caseload_stock", "GM0899"),
        ("explain", "caseload_stock"),
        ("explain", "caseload_stock", "GM0899", "2017-02-01", "pw", "more"),
        ("show", "nothing"),
        ("show", "caseload_stock", "--where", "nothing=1"),
    ],
    ids=" ".join,
)
def test_who_calls_it_wrongly_gets_exit_code_2(typed: Typed, words: tuple[str, ...]) -> None:
    code, said = typed(*words)
    assert (code, said.startswith("uitstroom: ")) == (2, True)


def test_the_table_alone_is_asked_for(typed: Typed) -> None:
    code, said = typed("explain")
    assert code == 2
    assert said.splitlines()[-1].endswith("required: TABLE")


@pytest.mark.parametrize("files", [("a",), ("a", "b")])
def test_a_bare_star_is_to_be_quoted(
    typed: Typed, files: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in files:
        (tmp_path / name).write_text("")

    code, said = typed("explain", "programme_progress", "INNOVATIEF2016", *files, "2017-05-01")

    assert code == (1 if len(files) == 1 else 2)
    assert "put it in quotes ('*')" in said
    for one in ("*", "k" * 3000, "", "a\0b"):  # none of which is the name of a file
        code, said = typed("explain", "programme_progress", "INNOVATIEF2016", one, "2017-05-01")
        assert code in (0, 1)
        assert "quotes" not in said
        assert "not foreseen" not in said


def test_a_day_to_come_is_said_to_be_after_all_that_is_known(typed: Typed) -> None:
    said = [
        typed(*words, "--known-on", "2099-01-01")[1]
        for words in (("show", "caseload_stock"), ("explain", "caseload_stock", "GM0899", "2017-02-01", "pw"))
    ]
    for each in said:
        assert "As known on 2099-01-01" in each
        assert f"The log tells nothing of after {_last(typed.folder)}." in each
    then = typed("explain", "caseload_stock", "GM0899", "2017-02-01", "pw", "--known-on", "2017-02-07")[1]
    assert then.endswith("As known on 2017-02-07.\n")


def _last(folder: Folder) -> date:
    day = folder.events()["delivered_on"].max()
    assert isinstance(day, date)
    return day


def test_a_delivery_is_named_as_for_a_decision(typed: Typed) -> None:
    whole = str(typed.folder.delivery(FEBRUARY)["delivery"])

    answers = [typed("explain", "deliveries", name) for name in (whole[:8], whole, FEBRUARY, "2017-02-06_a.csv")]

    assert {code for code, _ in answers} == {0}
    assert len({said for _, said in answers}) == 1
    assert f"file: raw/{FEBRUARY}" in answers[0][1]
    assert typed("explain", "deliveries", whole[:4])[0] == 2
