"""The order of steps: ingest, release, look back, backfill, upkeep. Joins the pure rooms to ``store``.

Not here: any decision about data (``schemas`` and the pure rooms).
"""
