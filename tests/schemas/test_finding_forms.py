"""Every finding across deliveries and sources has a Dutch form, found by its words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline
from schemas.finding_forms import COMPARISONS, FINDINGS, comparison_in_dutch, finding_in_dutch
from schemas.limits.figures import ALIKE_FACTOR, SMALL_BESIDE_CBS
from schemas.limits.files import CBS_COUNT_STEP

SOURCES = Path(str(pipeline.__file__)).parent
FIELD = re.compile(r"\{\w*\}")
PARTS = ("{} missing", "{} reference dates", "{} + inflow")
"""Begins of texts that are parts of another one, or another column."""


def formats(path: Path) -> Iterator[str]:
    """The sentences with places to fill that a module of a finding holds, but for those of the cells beside it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    cells = [each for each in ast.walk(tree) if isinstance(each, ast.keyword) and each.arg in ("expected", "found")]
    beside = {id(part) for cell in cells for part in ast.walk(cell.value)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in beside else None
        if isinstance(text, str) and "{}" in text and re.search(r"[a-z]{3,} ", FIELD.sub("", text)):
            yield text


MODULES = (
    "bridges",
    "cbs_percentages",
    "leaps",
    "municipal_changes",
    "nested_series",
    "unlikely_moves",
    "claims/conflicts",
)


@pytest.mark.parametrize(
    "path",
    [SOURCES / f"checks/{name}.py" for name in MODULES]
    + [SOURCES / "trajectories/event_order.py", SOURCES / "trajectories/trajectory_findings.py"],
    ids=lambda path: path.stem,
)
def test_every_sentence_of_a_finding_has_its_dutch(path: Path) -> None:
    filled = [FIELD.sub("7", text) for text in formats(path) if not text.startswith(PARTS)]
    assert filled != []
    assert [text for text in filled if finding_in_dutch(text) == text] == []


@pytest.mark.parametrize("english", [*FINDINGS, *COMPARISONS])
def test_both_have_the_same_parts(english: str) -> None:
    assert sorted(FIELD.findall(english)) == sorted(FIELD.findall({**FINDINGS, **COMPARISONS}[english]))


def test_every_reason_why_figures_cannot_be_compared_has_its_dutch() -> None:
    """All of them beside each other, as the table puts them."""
    path = SOURCES / "checks/benchmark.py"
    reasons = [
        *(FIELD.sub("7", text) for text in formats(path)),
        "CBS publishes no figure",
        "benefits beside persons: a couple is one benefit and two persons",
        f"below {SMALL_BESIDE_CBS} the rounding of CBS to {CBS_COUNT_STEP} alone is much of the figure",
        f"one is more than {ALIKE_FACTOR} times the other: the deliveries are about others",
    ]
    assert len(reasons) == len(COMPARISONS)
    dutch = comparison_in_dutch("; ".join(reasons))
    assert [each for each in reasons if each in dutch] == []
    assert comparison_in_dutch("own flows in series pw do not cover the whole of 2016; CBS publishes no figure") == (
        "de eigen in- en uitstroom in de reeks PW is niet van heel 2016 bekend; het CBS publiceert geen cijfer"
    )
    assert comparison_in_dutch("a reason of another version") == "a reason of another version"


def test_figures_and_days_are_worded_too() -> None:
    assert finding_in_dutch("benefits of GM0899/pw, 2017-06-01: 863 reported, 860 counted") == (
        "uitkeringen van GM0899/pw, 01-06-2017: 863 gemeld, 860 geteld"
    )
    assert finding_in_dutch("2 reference dates are missing between 2017-01-01 and 2017-04-01") == (
        "2 peildata ontbreken tussen 01-01-2017 en 01-04-2017"
    )
    assert finding_in_dutch("a sentence of another version") == "a sentence of another version"
