"""The pages about rules, curated tables and sources, as Markdown rendered from the declarations in ``schemas``.

Here: text only, in the order of the declarations, the same for the same declarations. Not here: the declarations
themselves, and writing or checking the pages (``pages``).
"""

from collections.abc import Iterator

from pipeline.steward.text import anchor
from pipeline.store.releases.dictionary import cell, chapter, names
from schemas import reference
from schemas.catalogue import FAMILIES, SOURCES, TABLES
from schemas.column import Column, Kind
from schemas.limits.deliveries import HOLD_ABOVE_SHARE
from schemas.rules.rule import Rule, RuleFamily
from schemas.source import Source
from schemas.vocabulary import MISSING_TEXTS

_KINDS: dict[Kind, str] = {
    Kind.DATE: "date",
    Kind.BIRTH_DATE: "date of birth; only the year is kept",
    Kind.INTEGER: "count",
    Kind.THOUSANDS: "number in thousands, kept as units",
    Kind.DECIMAL: "number",
    Kind.PRINTED: "number as printed, with its decimals",
    Kind.CODE: "code",
    Kind.MUNICIPALITY: "municipality code",
    Kind.TEXT: "text",
    Kind.BSN: "BSN; replaced by a pseudonym",
    Kind.IDENTIFIER: "number given out by the sender; replaced by a pseudonym",
    Kind.REGION: "CBS region code",
    Kind.PERIOD: "CBS period",
    Kind.YEAR: "year",
}

MADE = "Generated from `{module}` by `make fix`; do not edit.\n"


def rules_page() -> str:
    """Every rule, grouped by family, each under its own anchor."""
    return "\n".join(
        [
            "# Rules\n",
            MADE.format(module="schemas.catalogue"),
            "Every reason the pipeline can give, under a code that never changes meaning and is never used again.\n",
            "| severity | what a failure does |",
            "|---|---|",
            "| `reject` | the file is not a delivery: a receipt, no rows |",
            "| `quarantine` | the row is kept out of the log, with all its reasons; the rest goes on |",
            f"| `hold` | the whole delivery waits for a steward: more than {HOLD_ABOVE_SHARE:.0%} of its rows in "
            "quarantine, or it changes more than it should |",
            "| `warn` | the row or figure is kept; the finding stands beside it |",
            "| `block` | nothing is published; the last release stays |",
            "",
            *(line for family in FAMILIES for line in _rule_family(family)),
        ]
    )


def _rule_family(family: RuleFamily) -> Iterator[str]:
    yield f"## {family.prefix}: {family.title}\n"
    yield "| code | severity | title |"
    yield "|---|---|---|"
    yield from (
        f"| [{rule.code}](#{anchor(rule.code)}) | {rule.severity.value} | {cell(rule.title)} |" for rule in family.rules
    )
    yield ""
    for rule in family.rules:
        yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f'<a id="{anchor(rule.code)}"></a>\n\n### {rule.code}: {rule.title}\n'
    yield f"*{rule.title_nl}* · severity `{rule.severity.value}` · basis: {rule.basis}\n"
    yield f"- **Why:** {rule.why}"
    yield f"- **What to do:** {rule.fix}"
    yield f"- **Waarom:** {rule.why_nl}\n- **Wat te doen:** {rule.fix_nl}\n" if rule.why_nl else ""


def tables_page() -> str:
    """The data dictionary of the curated tables."""
    return "\n".join(
        [
            "# Curated tables\n",
            MADE.format(module="schemas.tables"),
            "What a release holds. Every table is one Parquet file, sorted by its key; the meanings below stand in the",
            "file as well. How to read them: [Read the curated tables](../how-to/read.md).\n",
            "| table | one row is |",
            "|---|---|",
            *(f"| [`{table.name}`](#{table.name}) | {cell(table.grain)} |" for table in TABLES.values()),
            "",
            *(line for table in TABLES.values() for line in chapter(table)),
        ]
    )


def sources_page() -> str:
    """Every kind of file that is read: its columns, names, key, scope and rules."""
    missing = ", ".join("empty" if text == "" else f"`{text}`" for text in MISSING_TEXTS)
    return "\n".join(
        [
            "# Sources\n",
            MADE.format(module="schemas.sources"),
            "A file belongs to the source of its folder, `data/raw/<source>/`, at any depth. Headers are matched",
            "without regard to case, blanks, accents, `_` and `-`. A column that is not listed is kept out of the",
            f"log, with a warning ([FILE-021](rules.md#{anchor('FILE-021')})). To add a name:",
            "[Extend the aliases](../how-to/extend-aliases.md).\n",
            f"Read as “no value”: {missing}. Under “required”, *yes* means that the column has to be there and every",
            "row has to fill it; *header* that the column has to be there and a row may leave it empty. Besides the",
            "rules named per source, those of the families FILE, VALUE and DELIVERY hold for every file.\n",
            "| source | one row is |",
            "|---|---|",
            *(f"| [`{source.name}`](#{source.name}) | {cell(source.grain)} |" for source in SOURCES.values()),
            "",
            *(line for source in SOURCES.values() for line in _source(source)),
        ]
    )


def _source(source: Source) -> Iterator[str]:
    yield f'<a id="{source.name}"></a>\n\n## {source.name}\n'
    yield f"{source.title} (*{source.title_nl}*). One row is {source.grain}.\n"
    yield f"- A redelivery replaces what was reported before about the same: {names(source.scope)}"
    yield f"- Unique within a delivery: {names(source.key)}"
    if source.key_when:
        yield f"- Part of that key for some rows only (see the declaration): {names(source.key_when)}"
    yield f"- Valid time: `{source.valid_on}`\n"
    yield "| column in the file | other names | column in the log | kind | required | meaning |"
    yield "|---|---|---|---|---|---|"
    yield from (_column(source, column) for column in source.columns)
    yield ""
    yield from _besides(source)
    codes = dict.fromkeys(rule.code for rule in source.conditions)
    yield "Rules about its rows: " + ", ".join(f"[{code}](rules.md#{anchor(code)})" for code in codes) + ".\n"


def _column(source: Source, column: Column) -> str:
    known = reference.aliases().filter(source=source.name, header=column.header)
    description = column.description
    if column.texts:
        description += "; read as codes: " + ", ".join(f"{text} = {code}" for text, code in column.texts)
    cells = (
        f"`{column.header}`",
        names(known["alias"]),
        _in_log(source, column),
        _KINDS[column.kind],
        _required(source, column),
        description,
    )
    return "| " + " | ".join(cell(text) for text in cells) + " |"


def _in_log(source: Source, column: Column) -> str:
    if column.kind in (Kind.BSN, Kind.IDENTIFIER):
        return next((f"`{part.name}`" for part in source.keys if column.name in part.sources), "not recorded")
    return f"`{column.name}`, `{column.name}_decimals`" if column.kind is Kind.PRINTED else f"`{column.name}`"


def _required(source: Source, column: Column) -> str:
    if column.name in source.from_delivery:
        return "from file name or sidecar"
    if column.required:
        return "yes" if column.must_be_filled else "header"
    group = next((group for group in source.one_of if column.name in group), ())
    return "one of " + ", ".join(source.header_of(name) for name in group) if group else ""


def _besides(source: Source) -> Iterator[str]:
    added = [(part.name, part.description) for part in source.keys]
    added += [(name, source.derived_descriptions.get(name, "")) for name in source.derived]
    for name, description in added:
        yield f"- `{name}` in the log: {description}"
    if source.left_out:
        yield f"- Known and left out without a warning: {names(source.left_out)}"
    if added or source.left_out:
        yield ""
