"""What was reported twice, side by side: reconciliation, benchmark with CBS, press figures, findings. Pure projections.

Not here: rules about one row or file (``schemas.sources``, ``intake``).
"""
