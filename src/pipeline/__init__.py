"""uitstroom: what was reported about a caseload, by whom and when, and what follows from it."""

__version__ = "0.1.0"
