"""Published figures beside the data: evidence per indicator, and a verdict.

Not here: where figures come from (``caseload``, ``trajectories``).
"""
