"""Pure functions on frames.

No clock, path, environment, Prefect or Delta: a line that needs one belongs in ``store`` or ``jobs``.
"""
