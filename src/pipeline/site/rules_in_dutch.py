"""Rules in Dutch: why each exists and what to do, for the pages. Their titles stand with the rules themselves.

Here: translations of ``schemas.rules``. A rule without one is told in English. Not here: what a rule is.
"""

WHY: dict[str, str] = {}
FIX: dict[str, str] = {}
