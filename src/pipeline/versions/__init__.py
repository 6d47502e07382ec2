"""Which delivery counts: status, replacement, differences between releases and what caused them. Pure.

Here: everything about time and order, for every source and table alike. Not here: what is counted (``caseload``,
``trajectories``, ``checks``), reading the log (``store.log``, ``jobs.as_of``).
"""
