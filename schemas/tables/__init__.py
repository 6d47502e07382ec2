"""One module per curated table, or per family of tables: grain, columns, key, invariants, what a row is about.

Names, grains and columns follow the contract. The catalogue finds every ``Table`` here. Not here: how the rows of a table
come about (one projection module each, ``pipeline``).
"""
