"""The next municipal changes are lines of two lists: the how-to page, carried out in a copy of the project."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import reference
from tests.house.copied_project import PROJECT, copy_to, printed

PAGE = (PROJECT / "docs" / "how-to" / "add-the-next-municipal-changes.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"<!-- (before|after|row|file|run)(?:: (\S+))? -->\n```\n(.*?)```\n", re.DOTALL)
COMMANDS = [line for kind, _, text in BLOCK.findall(PAGE) if kind == "run" for line in text.splitlines()]


def blocks(*kinds: str) -> Iterator[tuple[str, str]]:
    yield from ((path, text) for kind, path, text in BLOCK.findall(PAGE) if kind in kinds)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("changes")
    copy_to(root)
    for path, text in blocks("file"):
        (root / path).write_text(text, encoding="utf-8")
    return root


def change_the_lists(root: Path) -> None:
    for (path, old), (_, new) in zip(blocks("before"), blocks("after"), strict=True):
        text = (root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (root / path).write_text(text.replace(old, new), encoding="utf-8")
    for path, rows in blocks("row"):
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(rows)


@pytest.mark.system
def test_a_file_about_a_day_after_the_change_is_judged_by_it(project: Path) -> None:
    before = printed(project, COMMANDS)
    change_the_lists(project)
    after = printed(project, COMMANDS)

    assert re.findall(r"[A-Z]+-\d{3}", before) == []
    assert "TOTALS-001" in after
    assert "gemeentecode: row 2" in after


def test_every_column_of_the_changes_is_explained() -> None:
    assert [name for name in reference.municipal_changes().columns if f"| `{name}` |" not in PAGE] == []
