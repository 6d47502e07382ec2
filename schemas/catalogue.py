"""All sources, tables and rules, collected from the modules that declare them. Not here: any single declaration."""

from collections.abc import Iterator, Mapping, Set
from enum import StrEnum
from types import ModuleType

import polars as pl

from schemas import reference, rules, sources, tables, vocabulary, wording
from schemas.declaration_checks import require_sound, require_typed
from schemas.discovery import placed
from schemas.limits import deliveries, figures, files
from schemas.rules.delivery import DELIVERY
from schemas.rules.file import FILE
from schemas.rules.relation import RELATION
from schemas.rules.rule import Rule, RuleFamily
from schemas.rules.trajectory import TRAJECTORY
from schemas.rules.value import VALUE
from schemas.source import Source
from schemas.table import Table

require_typed([*placed(rules, RuleFamily), *placed(sources, Source), *placed(tables, Table)])

_PLACED_SOURCES = sorted(placed(sources, Source), key=lambda each: (each.value.order, each.value.name))
_PLACED_TABLES = sorted(placed(tables, Table), key=lambda each: (each.value.order, each.value.name))

SOURCES: dict[str, Source] = {each.value.name: each.value for each in _PLACED_SOURCES}

TABLES: dict[str, Table] = {each.value.name: each.value for each in _PLACED_TABLES}

FAMILIES: tuple[RuleFamily, ...] = (
    FILE,
    VALUE,
    DELIVERY,
    *(each.value.family for each in _PLACED_SOURCES if each.value.family is not None),
    RELATION,
    TRAJECTORY,
)

RULES: dict[str, Rule] = {rule.code: rule for family in FAMILIES for rule in family.rules}

require_sound(_PLACED_SOURCES, _PLACED_TABLES, FAMILIES)


def row_declarations() -> str:
    """All that the declarations state about a row's fate, as one text. Titles and other wording are left out."""
    stated = [*_constants(files), *_constants(deliveries), *_vocabulary(), *map(_severity, RULES.values())]
    return "\n".join([*stated, *_sources(), *_lists(with_words=False)])


def table_declarations() -> str:
    """All that the declarations state about the curated tables, as one text."""
    stated = [*_constants(files), *_constants(figures), *_vocabulary(), *map(_severity, RULES.values())]
    return "\n".join([*stated, *map(_table, TABLES.values()), *_lists(with_words=True), *_words()])


def _vocabulary() -> list[str]:
    return _constants(vocabulary)


def _constants(module: ModuleType) -> list[str]:
    """Every constant by value; closed lists with their members."""
    found = sorted((name, value) for name, value in vars(module).items() if name.isupper())
    lists = sorted(
        (name, [each.value for each in value])
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    )
    return [f"{name}={_spelled(value)}" for name, value in (*found, *lists)]


def _spelled(value: object) -> str:
    """The same text in every process: a set has no order of its own, and another one in each."""
    if isinstance(value, Set):
        return f"{{{', '.join(sorted(map(_spelled, value)))}}}"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_spelled(key)}: {_spelled(each)}' for key, each in value.items())}}}"
    return repr(value)


def _severity(rule: Rule) -> str:
    return f"{rule.code}={rule.severity.value}"


def _sources() -> Iterator[str]:
    for source in SOURCES.values():
        columns = [
            (each.name, each.header, each.kind.value, each.required, each.filled, each.texts, each.identifies)
            for each in source.columns
        ]
        reading = [
            (each.marks.value, each.unit, [(unit, marks.value) for unit, marks in each.unit_marks])
            for each in source.columns
        ]
        meaning = [(each.is_prose, each.is_about, each.may_be_open) for each in source.columns]
        yield f"{source.name}|{columns}|{reading}|{meaning}|{source.scope}|{source.key}|{source.one_of}|{source.from_delivery}"
        yield f"{source.valid_on}|{source.left_out}|{[(each.name, each.sources) for each in source.keys]}|{source.gates}"
        yield from (
            f"{each.code}|{each.column}|{each.takes_as_absent}|{_expression(each.holds)}" for each in source.conditions
        )
        named = (*source.derived.items(), *source.key_when.items(), *source.identity.items())
        yield from (f"{name}|{_expression(expression)}" for name, expression in named)
        yield "" if source.live_when is None else _expression(source.live_when)


def _table(table: Table) -> str:
    fields = [
        (each.name, str(each.dtype), each.description, each.unit, each.nullable, each.values) for each in table.fields
    ]
    invariants = [(each.name, _expression(each.holds)) for each in table.invariants]
    return f"{table.name}|{table.title}|{table.grain}|{table.source}|{table.key}|{fields}|{invariants}"


def _lists(*, with_words: bool) -> Iterator[str]:
    """The reference data; ``with_words`` also names and labels, which decide no row."""
    for name in reference.names():
        frame = reference.as_text(name)
        shown = frame if with_words else frame.drop(reference.WORDS, strict=False)
        yield f"{name}\n{shown.write_csv()}"


def _words() -> Iterator[str]:
    """What the tables of names show: texts of rules and of closed lists."""
    for family in FAMILIES:
        yield f"{family.prefix}|{family.title}"
        yield from (
            f"{rule.code}|{rule.title}|{rule.title_nl}|{rule.why}|{rule.why_nl}|{rule.fix}|{rule.fix_nl}|{rule.basis}"
            for rule in family.rules
        )
    yield from (f"{name}|{words}" for name, words in wording.LISTS.items())


def _expression(expression: pl.Expr) -> str:
    return expression.meta.serialize(format="json")
