"""Releases on disk: files, pointer, data package. Not here: what is in the tables (``jobs.release``)."""
