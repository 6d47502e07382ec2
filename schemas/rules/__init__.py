"""Rules that hold for every source, one family per module. Not here: rules about the rows of one source
(``schemas.sources``).
"""
