"""The how-to page "Read from a notebook": its code is run on the sample, and gives what the page says."""

import doctest
import re
from pathlib import Path

import pytest

from tests.acceptance.conftest import REPOSITORY, Sample

PAGE = REPOSITORY / "docs" / "how-to" / "notebook.md"


def test_the_page_gives_what_it_says(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample.data_dir.parent)
    text = re.sub(r"^```\w*$", "", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    page = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    said: list[str] = []
    ran = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(page, out=said.append)
    assert not ran.failed, "".join(said)
    assert ran.attempted > 15


def test_every_name_of_the_page_is_typed() -> None:
    assert (REPOSITORY / "src" / "uitstroom" / "py.typed").exists()
    assert Path(PAGE).read_text(encoding="utf-8").count("```python") > 5
