"""Text from outside is shown as text: no picture, no link, no mark-up comes of it, in reports as in tables."""

import pytest
from markdown_it import MarkdownIt

from flows import reports
from pipeline.steward.reports import Report
from pipeline.steward.rules_page import page
from pipeline.steward.text import code, escaped, literal
from schemas.catalogue import RULES

HOSTILE = [
    "![x](http://elsewhere.example/p.png)", "[here](javascript:alert(1))", "<img src=x onerror=alert(1)>",
    "http://elsewhere.example/a", "HTTPS://elsewhere.example", "www.elsewhere.example", "a@elsewhere.example",
    "# a heading", "> quoted", "- item", "+ item", "1. item", "23) item", "*strong* _em_ ~~gone~~", "`code`", "a|b|c",
    "&lt;b&gt;", "<https://elsewhere.example>", "\\![x](http://e.example)", "\\\\[x](y)", "[x]: http://e.example",
    "![][x]", "<!-- -->", "```\ncode\n```", "ftp://elsewhere.example",
]  # fmt: skip
GFM = MarkdownIt("gfm-like", {"linkify": False, "html": True})


def shown(markdown: str) -> str:
    return str(GFM.render(markdown))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("around", ["{}", "- {}", "| a | {} |\n| --- | --- |\n| {} | b |", "**{}**"])
def test_nothing_comes_of_it(text: str, around: str) -> None:
    html = shown(around.replace("{}", escaped(text)))

    for made in ("<img", "<a ", "<h1", "<blockquote", "<em", "<s>", "<pre", "<code", "<script", "<!--"):
        assert made not in html, html
    assert html.count("<li") == around.startswith("- ")
    # What Prefect's page makes links of by itself is broken up.
    assert (escaped("http://x"), escaped("a@b"), escaped("www.x")) == ("http\\://x", "a\\@b", "www\\.x")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_in_letters_of_equal_width_stays_in_its_frame(text: str) -> None:
    html = shown(f"{code(text)}")
    assert html.count("<code>") == 1
    assert "<img" not in html
    assert "<a " not in html


def test_cells_of_tables_are_text_too(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []
    monkeypatch.setattr(reports, "create_markdown_artifact", lambda *_, **__: None)
    monkeypatch.setattr(reports, "create_table_artifact", lambda rows, **_: sent.extend(rows))

    reports._send("night", Report("", {"receipts": [{"detail": HOSTILE[0], "rows_read": 3, "rule": None}]}), "")

    assert sent == [{"bijzonderheden": literal(HOSTILE[0]), "rijen gelezen": 3, "regel": None}]
    assert "<img" not in shown(str(sent[0]["bijzonderheden"]))  # type: ignore[index]


def test_every_rule_has_a_place_on_the_page_that_links_lead_to() -> None:
    html = page()
    assert all(f'<section id="{each.lower()}">' in html for each in RULES)
    assert "<script" not in html
    assert "http" not in html.partition("</head>")[0]
