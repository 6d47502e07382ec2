"""A backfill as data: what is asked, which deliveries cover it, the plan, what it changes. Pure.

Not here: rehearsing and applying it (``jobs.backfill``), keeping it (``store.plans``).
"""
