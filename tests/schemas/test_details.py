"""Every detail that the program can give has a Dutch form, found by its words."""

import ast
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

import pipeline
from pipeline.store.formats import file_kind
from pipeline.store.formats.file_kind import Kind
from schemas.details import DETAILS, in_dutch, is_known

SOURCES = Path(str(pipeline.__file__)).parent
RULE = re.compile(r"[A-Z]+-\d{3}")
SAYS = ("Unstable",)
GIVEN = "7"
"""Stands for whatever a sentence is filled with."""


def sentences() -> Iterator[tuple[str, str]]:
    """Where a detail is given, and its words: beside the code of its rule or a name for that, or in an error that says
    one.
    """
    for path in sorted(SOURCES.rglob("*.py")):
        if path.parent.name == "simulate":  # what it plants is told in words of its own
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_module = _named(tree.body)
        for scope in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
            named = of_module | _named(ast.walk(scope))
            for node in ast.walk(scope):
                given = (words for each in _details(node) for words in _words(named, each))
                yield from ((f"{path.name}:{node.lineno}", words) for words in given if re.search("[a-z]", words))


def _named(nodes: Iterable[ast.AST]) -> dict[str, ast.expr]:
    """What a name stands for."""
    given = [each for each in nodes if isinstance(each, ast.Assign)]
    return {name.id: each.value for each in given for name in each.targets if isinstance(name, ast.Name)}


def _details(node: ast.AST) -> Sequence[ast.expr]:
    given = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
    name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    stated = {each.arg: each.value for each in node.keywords} if isinstance(node, ast.Call) else {}
    if len(given) > 1 and _is_rule(given[0]):
        return given[1:2]
    return (
        given[:1] if name in SAYS else [stated["detail"]] if "detail" in stated and _is_rule(stated.get("rule")) else []
    )


def _is_rule(node: ast.expr | None) -> bool:
    """A rule's code, or a name of one."""
    if isinstance(node, ast.Name):
        return node.id in _names_of_rules()
    return isinstance(node, ast.Constant) and RULE.fullmatch(str(node.value)) is not None


@cache
def _names_of_rules() -> frozenset[str]:
    modules = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES.rglob("*.py")]
    named = [each for module in modules for each in _named(module.body).items()]
    return frozenset(name for name, value in named if isinstance(value, ast.Constant) and _is_rule(value))


def _words(named: Mapping[str, ast.expr], node: ast.expr) -> Iterator[str]:
    node = named.get(node.id, node) if isinstance(node, ast.Name) else node
    if isinstance(node, ast.Constant) and " " in str(node.value):
        yield str(node.value)
    if isinstance(node, ast.JoinedStr):
        yield _filled(named, node)


def _filled(named: Mapping[str, ast.expr], node: ast.expr) -> str:
    """The words, with what a name stands for where that is words too."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.Name):
        stands_for = named.get(node.value.id)
        return _filled(named, stands_for) if isinstance(stands_for, (ast.JoinedStr, ast.Constant)) else GIVEN
    return "".join(_filled(named, part) for part in node.values) if isinstance(node, ast.JoinedStr) else GIVEN


def _ways_to_fill(words: str) -> Iterator[str]:
    """As it stands, and with one of its parts left out."""
    yield words
    yield from (words[: at.start()] + words[at.end() :] for at in re.finditer(GIVEN, words))


KINDS = [each for each in vars(file_kind).values() if isinstance(each, Kind)]
KINDS += [mark[-1] for mark in file_kind._MARKS]


def test_every_detail_that_stands_in_the_program_has_its_dutch() -> None:
    found = list(sentences())
    assert len(found) > 60
    assert [(where, words) for where, words in found if not any(map(is_known, _ways_to_fill(words)))] == []


def test_every_kind_of_content_and_what_to_do_with_it_has_its_dutch() -> None:
    texts = {text for kind in KINDS for text in (kind.name, kind.advice)} - {"JSON"}
    assert sorted(text for text in texts if in_dutch(text) == text) == []


def test_a_form_and_its_dutch_hold_the_same() -> None:
    names = [(set(re.findall(r"\{(\w+)\}", each)) for each in pair) for pair in DETAILS.items()]
    assert all(dutch == english for english, dutch in names)


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        (
            "6 of 100 rows cannot be recorded (more than 5 %): CASELOAD-010 bsn, 6 rows (row 1, row 2, row 3, …); "
            "DELIVERY-006: far fewer or far more rows than before: Brunssum 2017-03: 900 rows → 94 rows; and 2 more; "
            "nothing of it counts until a steward accepts it or it is delivered again",
            "6 van 100 rijen kunnen niet worden opgenomen (meer dan 5 %): CASELOAD-010 bsn, 6 rijen "
            "(rij 1, rij 2, rij 3, …); DELIVERY-006: veel minder of veel meer rijen dan ervoor: "
            "Brunssum 2017-03: 900 rijen → 94 rijen; en nog 2; "
            "niets ervan telt tot een besluit haar aanvaardt of zij opnieuw wordt geleverd",
        ),
        (
            "this is an old Excel workbook (.xls) named .xlsx; open it in Excel and save it as .xlsx",
            "dit is een oud Excel-werkboek (.xls) met de naam .xlsx; open het in Excel en bewaar het als .xlsx",
        ),
        ("this is a 7-Zip archive named .csv; unpack it and send the files in it one by one",
         "dit is een 7-Zip-archief met de naam .csv; pak het uit en stuur de bestanden erin een voor een"),
        ("missing: bsn, peildatum. Unknown here: none", "ontbreekt: bsn, peildatum"),
        ("GM0899|2016-01-01|pw: 944 becomes none, by the retraction of delivery 07d52c65cd73",
         "GM0899|2016-01-01|pw: 944 verdwijnt, door het terugnemen van levering 07d52c65cd73"),
        (
            "b.csv of the same day is about Brunssum 2017-03; Landgraaf 2017-03 too, and differs: the later hash "
            "decides, and this one counts. Ask the sender which holds, and retract the other; its sidecar has unknown "
            "keys: a, b",
            "b.csv van dezelfde dag gaat ook over Brunssum 2017-03; Landgraaf 2017-03, en verschilt: de latere hash "
            "beslist, en deze telt. Vraag de afzender welke klopt, en trek de andere in; het begeleidende bestand "
            "heeft onbekende sleutels: a, b",
        ),
        ("what an older version said", "what an older version said"),
    ],
)  # fmt: skip
def test_a_detail_is_told_in_dutch_with_all_that_it_holds(english: str, dutch: str) -> None:
    assert in_dutch(english) == dutch


def test_a_day_is_written_as_people_here_write_it() -> None:
    waits = (
        "DELIVERY-007: far fewer or far more rows than before: GM0899; judged on 2018-09-07 beside what was known then"
    )
    assert in_dutch(waits).endswith("; beoordeeld op 07-09-2018 naast wat toen bekend was")


ENGLISH = re.compile(
    r"\b(?:after|all|any|before|began|beside|came|cells|clients|current|ended|events|figures|from|have|known|more|months?"
    r"|not|now|others|placed|places|rows?|small|the|together|told|usual|were|who)\b"
)
GATES = SOURCES / "versions" / "gates"
REASONS = Path(__file__).parent.parent / "golden" / "gates.csv"


def parts_of_gates() -> Iterator[str]:
    """What a gate says of one scope, a sender or a figure."""
    for path in sorted(GATES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from (
                words for words in _words({}, node) if isinstance(node, ast.JoinedStr) and ENGLISH.search(words)
            )


def test_what_a_gate_says_of_a_scope_is_dutch_too() -> None:
    with REASONS.open(encoding="utf-8", newline="") as file:
        reasons = [row["reason"] for row in csv.DictReader(file, delimiter=";")]
    said = {*parts_of_gates(), *reasons}

    assert len(said) > 50
    assert [each for each in said if all(ENGLISH.search(in_dutch(way)) for way in _ways_to_fill(each))] == []
