"""Backfills: rehearse, plan, apply, gaps. Not here: what a plan is (``pipeline.backfill``)."""
