"""Views that a database of a release has: the joins that every report makes, in words that DuckDB and SQLite share.

Not here: the tables themselves.
"""

VIEWS: dict[str, tuple[tuple[str, ...], str]] = {
    "caseload_by_month": (
        ("caseload_stock", "calendar", "municipalities"),
        """SELECT m.name AS municipality, c.month, s.* FROM caseload_stock AS s
        JOIN calendar AS c ON c.municipality_code = s.municipality_code AND c.reference_date = s.reference_date
        JOIN municipalities AS m ON m.municipality_code = s.municipality_code
        WHERE c.is_date_of_month""",
    ),
    "outflow_by_reason": (
        ("outflow_reasons", "municipalities", "codes"),
        """SELECT m.name AS municipality, k.text_nl AS reason_nl, k.text_en AS reason_en, o.* FROM outflow_reasons AS o
        JOIN municipalities AS m ON m.municipality_code = o.municipality_code
        LEFT JOIN codes AS k ON k.list = 'end_reason' AND k.code = o.end_reason AND k.is_current""",
    ),
    "programme_total": (
        ("programme_progress", "programmes"),
        """SELECT r.name AS programme, p.* FROM programme_progress AS p
        JOIN programmes AS r ON r.programme_code = p.programme_code
        WHERE p.provider_code = '*'""",
    ),
    "provider_progress": (
        ("programme_progress", "programmes", "providers"),
        """SELECT r.name AS programme, v.name AS provider, p.* FROM programme_progress AS p
        JOIN programmes AS r ON r.programme_code = p.programme_code
        JOIN providers AS v ON v.provider_code = p.provider_code
        WHERE p.provider_code <> '*'""",
    ),
    "findings_worded": (
        ("findings", "rules"),
        "SELECT r.title_nl, r.title_en, r.fix_nl, r.fix_en, f.* FROM findings AS f "
        "LEFT JOIN rules AS r ON r.rule = f.rule",
    ),
}
"""Per view the tables it needs, and its query."""


def views_on(tables: set[str]) -> dict[str, str]:
    """Those of which all tables are there."""
    return {name: query for name, (needed, query) in VIEWS.items() if set(needed) <= tables}
