"""The explanation of rows that the program itself brings. Not here: any such table (the modules beside this one)."""

from pipeline.versions.explanation import Explained, Lineage, Row, Stated, every_column
from schemas.table import Table


def no_delivery(table: Table) -> tuple[Explained, ...]:
    """No file that somebody sent is behind it: where the program has it from."""

    def behind(_lineage: Lineage, _row: Row) -> tuple[Stated, ...]:
        return (Stated("the program", f"{table.source}; no delivery says it"),)

    return every_column(table, behind)
