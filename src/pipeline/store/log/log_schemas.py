"""The shapes of the log's own tables: events of deliveries, findings, publications, restatements.

Not here: the tables of the sources, whose shapes follow from their declarations (``schemas.source``).
"""

import polars as pl

DELIVERY_EVENTS = pl.Schema(
    {
        "event": pl.String(),
        "delivery": pl.String(),
        "source": pl.String(),
        "processing": pl.Int16(),
        "file_name": pl.String(),
        "size": pl.Int64(),
        "delivered_on": pl.Date(),
        "sender": pl.String(),
        "simulated": pl.Boolean(),
        "sidecar_sha256": pl.String(),
        "recorded_at": pl.Datetime("us", "UTC"),
        "rows_read": pl.Int64(),
        "rows_recorded": pl.Int64(),
        "rows_quarantined": pl.Int64(),
        "rows_duplicate": pl.Int64(),
        "rows_held": pl.Int64(),
        "rules_version": pl.String(),
        "code_version": pl.String(),
        "key_id": pl.String(),
        "rule": pl.String(),
        "detail": pl.String(),
        "decided_on": pl.Date(),
        "decided_by": pl.String(),
        "why": pl.String(),
        "plan": pl.String(),
        "scopes": pl.String(),
        "is_day_assumed": pl.Boolean(),
    }
)
"""One event in the life of a delivery: recorded, held, rejected, copied (known bytes, another name), or a decision.

``plan`` names the backfill plan under which it happened; null in a nightly run. ``scopes``: what a reading brings of
each scope, as a short text (``pipeline.versions.gates.kept``); ``is_day_assumed``: nobody stated ``delivered_on``. Both
are null in events from before they were kept.
"""

LOG_FINDINGS = pl.Schema(
    {
        "delivery": pl.String(),
        "processing": pl.Int16(),
        "source": pl.String(),
        "row": pl.Int64(),
        "column": pl.String(),
        "rule": pl.String(),
        "severity": pl.String(),
    }
)

PUBLICATIONS = pl.Schema(
    {
        "number": pl.Int64(),
        "event": pl.String(),
        "release": pl.String(),
        "previous": pl.String(),
        "recorded_at": pl.Datetime("us", "UTC"),
        "events": pl.Int64(),
        "code_version": pl.String(),
        "rules_version": pl.String(),
        "decided_by": pl.String(),
        "why": pl.String(),
        "schema_version": pl.String(),
        "known_per_source": pl.String(),
        "kept_as": pl.String(),
    }
)
"""One event in the life of a release: published, rolled_back (made current again by a steward), blocked, approved; or
a decision about a backfill plan (plan_approved, plan_refused, or none: plan_waits, plan_withdrawn), where ``release``
names the plan.

``kept`` and ``let_go``: a release is kept by a name, ``kept_as``, or no longer.

Numbered from 0, without gaps. ``events`` counts the events of deliveries that were known. ``known_per_source``: of a
release the youngest delivery that counts in it, per source. It and ``schema_version`` are null in events from before
they were kept.
"""

LOG_RESTATEMENTS = pl.Schema(
    {
        "release": pl.String(),
        "table": pl.String(),
        "key": pl.String(),
        "column": pl.String(),
        "kind": pl.String(),
        "value_before": pl.Float64(),
        "value_after": pl.Float64(),
        "cause": pl.String(),
        "event": pl.String(),
        "candidates": pl.Int64(),
    }
)
"""One figure that differs between a release and the one before it. Counts when ``publications`` has the release."""
