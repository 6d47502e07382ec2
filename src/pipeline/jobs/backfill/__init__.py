"""Backfills: rehearse, plan, decide, apply; gaps. Not here: what a plan is (``pipeline.backfill``)."""
