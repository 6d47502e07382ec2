"""Prefect and nothing else: time of day, retries, progress, a form. An ``if`` about data here is on the wrong floor."""
