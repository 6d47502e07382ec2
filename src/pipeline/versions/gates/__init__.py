"""Gates: what makes a delivery wait for a person, judged by itself and beside what preceded it. Pure.

Here: the judgement, by the delivery's own clock. Not here: the thresholds (``schemas.limits``, ``schemas.gates``), what
the log holds of earlier deliveries and what becomes of a delivery that waits (``pipeline.jobs.ingest``).
"""
