"""A release as other programs like it: a workbook, CSV, one file of DuckDB or SQLite. Not here: what is in a release
(``store.releases``), which one is asked for (``jobs``).
"""
