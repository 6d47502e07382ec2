"""Whether the declarations fit together, asked once when they are collected: a mistake ends the first command, with a
sentence, and not a night.

Here: names that stand twice, columns that do not exist, rules that nobody declares. Not here: the declarations, and
whether they say the right thing (tests).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import is_dataclass
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import polars as pl

from schemas.bad_declaration import BadDeclaration
from schemas.column import Kind
from schemas.discovery import Placed
from schemas.rules.rule import RuleFamily
from schemas.source import DELIVERED_ON, ENVELOPE, Source, Subject
from schemas.table import Table

LOG_TABLES = frozenset({"findings", "deliveries", "publications", "restatements"})
"""Tables of the log that are no source's: no source may be stored in their place."""

_MOST_SHOWN = 40

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def require_typed(declarations: Iterable[Placed[Any]]) -> None:
    """Raise ``BadDeclaration`` where a declaration holds something of another type than it declares: what follows would
    stumble over it, or take a text for a word of a closed list and silently do something else.
    """
    faults = [fault for each in declarations for fault in type_faults(each.file, each.value)]
    if faults:
        raise BadDeclaration(*faults)


def type_faults(file: str, declared: Any) -> Iterator[str]:
    """Fields of other types than the declaration says, also of declarations inside it."""
    for field, (allowed, of_each) in _allowed(declared.__class__).items():
        value = getattr(declared, field)
        if not _is_one(value, allowed):
            yield f"{file}: {field} of {_called(declared)} is {_shown(value)}. Give it a {_named(allowed)}."
        elif isinstance(value, tuple):
            where = f"{file}: {field} of {_called(declared)}"
            yield from (
                f"{where} holds {_shown(each)}. Give it only {_named(of_each)}."
                for each in value
                if not _is_one(each, of_each)
            )
            yield from (fault for each in value if is_dataclass(each) for fault in type_faults(file, each))


@cache
def _allowed(declaration: type) -> dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Per field the types it may have, and those of each of its members where it is a tuple of any length."""
    return {
        field: (_types(hint), _types(get_args(hint)[0]) if get_args(hint)[1:] == (...,) else ())
        for field, hint in get_type_hints(declaration).items()
    }


def _types(hint: Any) -> tuple[Any, ...]:
    return tuple(get_origin(each) or each for each in (get_args(hint) if isinstance(hint, UnionType) else (hint,)))


def _is_one(value: Any, allowed: tuple[Any, ...]) -> bool:
    """Where nothing is known of the types, everything is one of them."""
    return not allowed or not all(isinstance(each, type) for each in allowed) or isinstance(value, allowed)


def _named(types: tuple[Any, ...]) -> str:
    return " or ".join(each.__name__ for each in types)


def _called(declared: Any) -> str:
    """A declaration by its own name, or by that of the table or source it is about."""
    about = [declared, getattr(declared, "table", None), getattr(declared, "source", None)]
    names = (getattr(each, name, None) for each in about if is_dataclass(each) for name in ("name", "code"))
    return f"{type(declared).__name__} {next((name for name in names if name), '')}".rstrip()


def _shown(value: Any) -> str:
    text = repr(value)
    return f"{text}, of type {type(value).__name__}" if len(text) <= _MOST_SHOWN else f"a {type(value).__name__}"


def require_sound(
    sources: Sequence[Placed[Source]], tables: Sequence[Placed[Table]], families: Sequence[RuleFamily]
) -> None:
    """Raise ``BadDeclaration`` with every fault there is, one a line."""
    faults = [
        *_doubled((each.file, f"source {each.value.name}") for each in sources),
        *_doubled((each.file, f"table {each.value.name}") for each in tables),
        *(fault for each in sources for fault in _name_faults(each)),
        *(fault for each in sources for fault in _source_faults(each)),
        *(fault for each in sources for fault in _pseudonym_faults(each)),
        *(fault for each in sources for fault in _derived_faults(each)),
        *(fault for each in tables for fault in _table_faults(each)),
        *_rule_faults(families),
        *(fault for each in sources for fault in _undeclared(each, families)),
    ]
    if faults:
        raise BadDeclaration(*faults)


def _doubled(named: Iterable[tuple[str, str]]) -> Iterator[str]:
    places: dict[str, list[str]] = defaultdict(list)
    for place, name in named:
        places[name].append(place)
    for name, found in places.items():
        if len(found) > 1:
            yield f"{' and '.join(dict.fromkeys(found))}: {name} is declared {len(found)} times. Rename all but one."


def _source_faults(placed: Placed[Source]) -> Iterator[str]:
    source = placed.value
    cells = {column.name for column in source.columns}
    parsed = {
        *cells,
        *source.derived,
        *(f"{each.name}_decimals" for each in source.columns if each.kind is Kind.PRINTED),
        DELIVERED_ON,
    }
    events = set(source.event_schema())
    named = [
        ("scope", source.scope, events),
        ("key", source.key, parsed),
        ("key_when", source.key_when, set(source.key)),
        ("valid_on", [source.valid_on], events),
        ("subjects", [name for each in source.subjects for name in _places(each)], events),
        ("municipality", [source.municipality] if source.municipality else [], events),
        ("one_of", [name for group in source.one_of for name in group], cells),
        ("from_delivery", source.from_delivery, cells),
        ("keys", [name for part in source.keys for name in part.sources], cells),
    ]
    asked = [
        (f"{rule.code} (asked of the log)", holds)
        for rule in source.rules
        if rule.is_asked_of_log
        for holds in rule.holds.values()
    ]
    named += [(f"rule {where}", holds.meta.root_names(), events) for where, holds in asked]
    named += [(f"rule {each.code}", [each.column], cells) for each in source.conditions]
    named += [(f"rule {each.code}", each.holds.meta.root_names(), parsed) for each in source.conditions]
    for where, names, known in named:
        for name in dict.fromkeys(names):
            if name not in known:
                yield (
                    f"{placed.file}: source {source.name} names {name} in {where}, where it has no such column. "
                    "Add the column, or correct the name."
                )


def _places(subject: Subject) -> list[str]:
    return [*subject.place.meta.root_names(), *subject.provider.meta.root_names()]


def _name_faults(placed: Placed[Source]) -> Iterator[str]:
    name = placed.value.name
    if not _NAME.fullmatch(name):
        yield (
            f"{placed.file}: {name} cannot name a source, which is a folder of raw and a table of the log. "
            "Use small letters, digits and _."
        )
    if name in LOG_TABLES:
        yield f"{placed.file}: the log keeps a table {name} of its own. Give the source another name."


def _pseudonym_faults(placed: Placed[Source]) -> Iterator[str]:
    """What takes the place of a number of a person has a name of its own, and stands in for it in the key."""
    source = placed.value
    replaced = {column.name for column in source.columns if column.is_replaced}
    others = {column.name for column in source.columns} | set(source.derived) | set(ENVELOPE)
    for part in source.keys:
        if part.name in others:
            yield f"{placed.file}: source {source.name} has a column {part.name} and a key of that name. Rename the key."
    keyed = {name for part in source.keys for name in part.sources}
    for name in (name for name in source.key if name in replaced - keyed):
        yield f"{placed.file}: {name} is in the key of source {source.name} and becomes no key. Name it in keys."
    for name in (name for name in source.key_when if name in replaced):
        yield f"{placed.file}: source {source.name} has a condition in key_when for {name}, which is replaced. Remove it."


def _derived_faults(placed: Placed[Source]) -> Iterator[str]:
    """Derived columns are dates, or facts that begin with ``is_``; no number of a person is carried on in one."""
    source = placed.value
    types = {column.name: column.dtype for column in source.columns}
    types |= {f"{each.name}_decimals": pl.Int16() for each in source.columns if each.kind is Kind.PRINTED}
    replaced = {column.name for column in source.columns if column.is_replaced}
    for name, expression in source.derived.items():
        where = f"{placed.file}: derived column {name} of source {source.name}"
        rests_on = expression.meta.root_names()
        wanted = pl.Boolean() if name.startswith("is_") else pl.Date()
        if unknown := sorted(set(rests_on) - types.keys()):
            yield f"{where} rests on {', '.join(unknown)}, which is no column. Correct the name."
        elif replaced & set(rests_on) and wanted != pl.Boolean():
            yield f"{where} would carry a number of a person into the log. Derive it from other columns."
        elif (found := pl.LazyFrame(schema=types).select(expression).collect_schema().dtypes()[0]) != wanted:
            yield f"{where} is {found}; it has to be {wanted} (a date, or a Boolean named is_…). Change name or expression."


def _table_faults(placed: Placed[Table]) -> Iterator[str]:
    table = placed.value
    for name in table.key:
        if name not in table.columns:
            yield f"{placed.file}: table {table.name} has {name} in its key and no such field. Add the field."
    if table.is_restated and table.figures and table.subject is None:
        yield (
            f"{placed.file}: figures of table {table.name} are compared from release to release, and nothing says what "
            "a row is about. Give it a subject, or is_restated=False."
        )


def _rule_faults(families: Sequence[RuleFamily]) -> Iterator[str]:
    yield from _doubled((f"rules “{each.title}”", f"family {each.prefix}") for each in families)
    yield from _doubled((f"rules “{each.title}”", f"rule {rule.code}") for each in families for rule in each.rules)
    for family in families:
        for rule in family.rules:
            if rule.code.rsplit("-", 1)[0] != family.prefix:
                yield f"rules “{family.title}”: {rule.code} does not begin with {family.prefix}-. Give it a code that does."


def _undeclared(placed: Placed[Source], families: Sequence[RuleFamily]) -> Iterator[str]:
    declared = {rule.code for family in families for rule in family.rules}
    for code in dict.fromkeys(each.code for each in placed.value.conditions):
        if code not in declared:
            yield (
                f"{placed.file}: source {placed.value.name} has a condition for {code}, and no family declares that "
                "rule. Add the rule to the family, or correct the code."
            )
