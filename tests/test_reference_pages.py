"""The pages in ``docs/reference`` are those the code would write, and the catalogue they show is whole.

Here: freshness, and rules that are used, titled and told apart. Not here: whether a rule finds what it should (tests of
its source).
"""

import re
from pathlib import Path

import pytest

from pipeline.reference.pages import FOLDER, ROOT, main, pages, stale, write
from schemas.catalogue import FAMILIES, RULES, SOURCES, TABLES
from schemas.rules.rule import Rule

RULE_CODE = re.compile(r'"((?:FILE|VALUE|DELIVERY)-\d{3})"')


def test_pages_in_git_are_fresh() -> None:
    assert stale(ROOT / FOLDER, pages()) == (), "run: make fix"


def test_a_changed_page_is_found_stale_and_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / FOLDER, pages())
    changed = tmp_path / FOLDER / "rules.md"
    changed.write_text("someone's edit\n")

    code = main(["--check"], root=tmp_path)

    assert code == 1
    assert "rules.md" in capsys.readouterr().err
    assert changed.read_text() == "someone's edit\n"


def test_a_missing_page_is_stale(tmp_path: Path) -> None:
    assert stale(tmp_path, pages()) == tuple(pages())


def test_writing_makes_fresh_and_touches_only_what_is_stale(tmp_path: Path) -> None:
    write(tmp_path / FOLDER, pages())
    (tmp_path / FOLDER / "tables.md").unlink()

    assert main([], root=tmp_path) == 0
    assert main(["--check"], root=tmp_path) == 0
    assert write(tmp_path / FOLDER, pages()) == ()


def test_pages_are_the_same_whatever_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = pages()
    monkeypatch.setenv("COLUMNS", "20")
    assert pages() == wide


def test_a_rule_says_what_why_and_what_to_do_in_both_languages() -> None:
    def says_all(rule: Rule) -> bool:
        return all(text.strip() for text in (rule.title, rule.title_nl, rule.why, rule.fix, rule.basis))

    assert [code for code, rule in RULES.items() if not says_all(rule)] == []
    assert [code for code, rule in RULES.items() if rule.title == rule.title_nl] == []


def test_a_steward_in_the_browser_is_not_sent_to_a_shell() -> None:
    assert [code for code, rule in RULES.items() if "uitstroom " in (rule.fix_in_page or rule.fix)] == []


def test_every_rule_stands_on_the_page_once_under_its_family() -> None:
    page = pages()["rules.md"]
    headings = re.findall(r"^## ([A-Z]+): |^### ([A-Z]+-[0-9]{3}): ", page, re.MULTILINE)
    assert [prefix or code for prefix, code in headings] == [
        each for family in FAMILIES for each in (family.prefix, *(rule.code for rule in family.rules))
    ]
    assert len(RULES) == sum(len(family.rules) for family in FAMILIES)


def test_every_rule_of_a_source_has_a_condition() -> None:
    assert [rule.code for source in SOURCES.values() for rule in source.rules if not rule.holds] == []


def test_every_code_that_the_code_gives_is_in_the_catalogue() -> None:
    given = {code for path in (ROOT / "src").rglob("*.py") for code in RULE_CODE.findall(path.read_text("utf-8"))}
    assert given >= {"FILE-020", "DELIVERY-003"}
    assert given <= RULES.keys()


def test_every_link_to_a_rule_or_table_has_its_anchor() -> None:
    anchors = {name: set(re.findall(r'<a id="([^"]+)"></a>', text)) for name, text in pages().items()}
    links = [
        (target or name, anchor)
        for name, text in pages().items()
        for target, anchor in re.findall(r"\]\(([a-z]+\.md)?#([^)]+)\)", text)
    ]
    assert {code.lower() for code in RULES} <= anchors["rules.md"]
    assert anchors["tables.md"] == set(TABLES)
    assert [link for link in links if link[1] not in anchors[link[0]]] == []
