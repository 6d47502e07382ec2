"""The curated table ``rules``. Not here: any rule (``schemas.rules``, ``schemas.sources``)."""

import polars as pl

from pipeline.names.no_delivery import no_delivery
from pipeline.versions.projection import Known, Projection
from schemas.catalogue import FAMILIES
from schemas.tables.names import RULES


def project(_known: Known) -> pl.DataFrame:
    """Every rule of every family."""
    lines = [
        (
            rule.code, rule.severity.value, family.title, rule.title_nl, rule.title,
            rule.reason(in_dutch=True), rule.why, rule.fix_nl or rule.fix, rule.fix, rule.basis,
        )
        for family in FAMILIES
        for rule in family.rules
    ]  # fmt: skip
    return RULES.shaped(pl.DataFrame(lines, schema=RULES.polars_schema, orient="row"))


PROJECTION = Projection(table=RULES, inputs=(), project=project, explain=no_delivery(RULES))
