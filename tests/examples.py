"""How many examples a property test tries: few while a person waits, many in ``make test-system``.

Here: the number. Not here: where the examples come from (``conftest``), what they are (the tests).
"""

import os

from hypothesis import HealthCheck, settings

MANY = os.environ.get("UITSTROOM_EXAMPLES") == "many"
IS_BUILD = bool(os.environ.get("CI"))
"""A build machine tries the same ones every time, and only in ``make test``."""


def examples(some: int, *, are_nights: bool = False) -> settings:
    """Half of ``some`` examples while a person waits, ``some`` on a build machine, twice as many in
    ``make test-system``; no time limit for one of them.

    ``are_nights``: each example runs whole nights in folders, which Hypothesis finds slow and large.
    """
    number = 2 * some if MANY else some if IS_BUILD else (some + 1) // 2
    quiet = list(HealthCheck) if are_nights else []
    return settings(max_examples=number, deadline=None, suppress_health_check=quiet)
