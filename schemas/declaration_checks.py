"""Whether the declarations fit together, asked once when they are collected: a mistake ends the first command, with a
sentence, and not a night.

Here: names that stand twice, columns that do not exist, rules that nobody declares. Not here: the declarations, and
whether they say the right thing (tests).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from schemas.column import Kind
from schemas.discovery import Placed
from schemas.rules.rule import RuleFamily
from schemas.source import Source
from schemas.table import Table


class BadDeclaration(Exception):
    """Declarations that contradict each other, or name what is not there: a mistake of ours, before anything runs."""


def require_sound(
    sources: Sequence[Placed[Source]], tables: Sequence[Placed[Table]], families: Sequence[RuleFamily]
) -> None:
    """Raise ``BadDeclaration`` with every fault there is, one a line."""
    faults = [
        *_doubled((each.file, f"source {each.value.name}") for each in sources),
        *_doubled((each.file, f"table {each.value.name}") for each in tables),
        *(fault for each in sources for fault in _source_faults(each)),
        *(fault for each in tables for fault in _table_faults(each)),
        *_rule_faults(families),
        *(fault for each in sources for fault in _undeclared(each, families)),
    ]
    if faults:
        raise BadDeclaration("\n".join(faults))


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
    }
    events = set(source.event_schema())
    named = [
        ("scope", source.scope, events),
        ("key", source.key, parsed),
        ("key_when", source.key_when, set(source.key)),
        ("valid_on", [source.valid_on], events),
        ("municipality", [source.municipality] if source.municipality else [], events),
        ("one_of", [name for group in source.one_of for name in group], cells),
        ("from_delivery", source.from_delivery, cells),
        ("keys", [name for part in source.keys for name in part.sources], cells),
    ]
    named += [(f"rule {each.code}", [each.column], cells) for each in source.conditions]
    named += [(f"rule {each.code}", each.holds.meta.root_names(), parsed) for each in source.conditions]
    for where, names, known in named:
        for name in dict.fromkeys(names):
            if name not in known:
                yield (
                    f"{placed.file}: source {source.name} names {name} in {where}, where it has no such column. "
                    "Add the column, or correct the name."
                )


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
