"""All sources and all rules, gathered. Here: the two lists and their version. Not here: any single declaration."""

import hashlib

from schemas import reference
from schemas.rules.file import FILE_RULES
from schemas.rules.relation import RELATION_RULES
from schemas.rules.rule import Rule
from schemas.rules.value import VALUE_RULES
from schemas.source import Source
from schemas.sources import (
    caseload,
    caseload_totals,
    municipal_statistics,
    national_statistics,
    provider_reports,
    published_figures,
    trajectory_events,
)

_MODULES = (
    caseload,
    caseload_totals,
    trajectory_events,
    provider_reports,
    published_figures,
    municipal_statistics,
    national_statistics,
)

SOURCES: dict[str, Source] = {module.SOURCE.name.value: module.SOURCE for module in _MODULES}

RULES: dict[str, Rule] = {
    rule.code: rule
    for rules in (FILE_RULES, VALUE_RULES, *(module.RULES for module in _MODULES), RELATION_RULES)
    for rule in rules
}


def _version() -> str:
    """A fingerprint of everything that decides what a row is: rules, columns, expressions, codes and aliases."""
    digest = hashlib.sha256()
    for rule in RULES.values():
        digest.update(f"{rule.code}|{rule.severity}|{rule.title}\n".encode())
    for source in SOURCES.values():
        digest.update("|".join(map(str, (source.name, source.columns, source.scope, source.key))).encode())
        for row_rule in source.rules:
            digest.update(
                f"{row_rule.code}|{row_rule.column}|{row_rule.holds.meta.serialize(format='json')}\n".encode()
            )
        for name, expression in (*source.derived.items(), *source.key_when.items(), *source.identity.items()):
            digest.update(f"{name}|{expression.meta.serialize(format='json')}\n".encode())
    for name in ("aliases", "codes", "municipalities", "cbs_tables", "programmes", "programme_words", "providers"):
        digest.update(reference.text(name).encode())
    return digest.hexdigest()[:12]


RULES_VERSION = _version()
