"""Proof by breaking: writers killed, runs at the same time, full and closed disks, clocks that jump, readers at work.

Every fault is real: the process is killed, the system refuses to write. Not here: the small share that runs with the
tests (``tests/jobs/test_faults.py``), and what came of it (``docs/reliability.md``).
"""
