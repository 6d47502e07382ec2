"""A file as a table of text, whatever its format: csv, Excel, JSON Lines, Parquet.

Here: bytes to cells and row numbers, refusals in words. Not here: what a cell means (``intake``), which files there are
(``store.raw``).
"""
