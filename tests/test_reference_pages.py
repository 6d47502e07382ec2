"""The pages in ``docs/reference`` are those the code would write, and the catalogue they show is whole.

Here: freshness, and rules that are used, titled and told apart. Not here: whether a rule finds what it should (tests of
its source).
"""

import re
from pathlib import Path

import pytest

from pipeline.reference.pages import FOLDER, ROOT, main, pages, stale, write
from schemas.catalogue import RULES, SOURCES, TABLES
from schemas.rules.file import FILE_RULES
from schemas.rules.relation import RELATION_RULES
from schemas.rules.rule import Rule
from schemas.rules.value import VALUE_RULES
from schemas.sources import (
    caseload,
    caseload_totals,
    municipal_statistics,
    national_statistics,
    provider_reports,
    published_figures,
    trajectory_events,
)

SOURCE_MODULES = (
    caseload,
    caseload_totals,
    municipal_statistics,
    national_statistics,
    provider_reports,
    published_figures,
    trajectory_events,
)
FAMILIES: tuple[tuple[Rule, ...], ...] = (
    FILE_RULES,
    VALUE_RULES,
    *(module.RULES for module in SOURCE_MODULES),
    RELATION_RULES,
)
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


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_says_what_why_and_what_to_do_in_both_languages(rule: Rule) -> None:
    assert all(text.strip() for text in (rule.title, rule.title_nl, rule.why, rule.fix, rule.basis))
    assert rule.title != rule.title_nl


def test_no_code_stands_for_two_rules() -> None:
    assert len(RULES) == sum(len(rules) for rules in FAMILIES)


@pytest.mark.parametrize("name", list(SOURCES))
def test_the_rules_of_a_source_are_in_the_catalogue(name: str) -> None:
    assert {rule.code for rule in SOURCES[name].all_rules} <= RULES.keys()


def test_every_rule_of_a_source_is_used_by_it() -> None:
    used = {rule.code for source in SOURCES.values() for rule in source.all_rules}
    declared = {rule.code for module in SOURCE_MODULES for rule in module.RULES}
    assert declared <= used


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
