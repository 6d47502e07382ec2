"""Releases on disk: making, reading, checking and moving them. Not here: what is in the tables (``jobs.release``)."""
