"""How many examples a property test tries: few while a person waits, many in ``make test-system``.

Here: the number. Not here: where the examples come from (``conftest``), what they are (the tests).
"""

import os

from hypothesis import HealthCheck, settings

MANY = os.environ.get("UITSTROOM_EXAMPLES") == "many"
TIMES = 2 if MANY else 1


def examples(few: int, *, are_nights: bool = False) -> settings:
    """``few`` examples in ``make test``, twice as many in ``make test-system``; no time limit for one of them.

    ``are_nights``: each example runs whole nights in folders, which Hypothesis finds slow and large.
    """
    quiet = list(HealthCheck) if are_nights else []
    return settings(max_examples=few * TIMES, deadline=None, suppress_health_check=quiet)
