"""Text from outside stays text: it breaks no table, becomes no link, and shows no number of a person."""

import pytest

from pipeline.steward import text


def test_markup_in_text_from_outside_is_harmless() -> None:
    assert text.plain("a|b <img src=x> [x](y) `z` *s*\nq") == r"a\|b \<img src=x> \[x\](y) \`z\` \*s\* q"
    assert text.code("a|b`c\nd") == r"`a\|b'c d`"


def test_a_table_keeps_its_shape_whatever_is_in_its_cells() -> None:
    shown = text.table(("naam", "n"), [(text.plain("x | y\nz"), text.plain(1200))], right=(1,))
    assert shown.splitlines() == ["| naam | n |", "| --- | ---: |", "| x \\| y z | 1\u202f200 |"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), ("", "–"), (0, "0"), (-3.4, "-3,4"), (842.0, "842"), (1 / 3, "0,3333"), (-0.00001, "0"),
     (True, "ja")],
)  # fmt: skip
def test_values_are_written_as_a_person_does(value: object, shown: str) -> None:
    assert text.plain(value) == shown


def test_only_addresses_that_a_browser_opens_become_links() -> None:
    assert text.link("FILE-001", "https://x.nl/rules.html#file-001") == "[FILE-001](https://x.nl/rules.html#file-001)"
    assert text.link("FILE-001", "docs/reference/rules.md#file-001") == "FILE-001"


@pytest.mark.parametrize(
    ("typed", "shown"), [("explain '*' a|b", "`explain '*' a|b`"), ("explain 'a `b` c'", "`` explain 'a `b` c' ``")]
)
def test_a_command_is_shown_as_it_is_typed_and_stays_in_its_frame(typed: str, shown: str) -> None:
    assert text.command(typed) == shown
