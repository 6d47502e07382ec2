"""What runs are called, so that a list of them says what each is: what, about what, when.

Here: names. Not here: who starts a run. Names stand in every list: numbers of persons in them are covered.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from prefect.runtime import flow_run

from flows.moments import at_moment
from pipeline.steward.text import shortened
from schemas.spelling import shown

LONGEST_TYPED = 40
"""Characters of what was typed that the name of a run shows: a whole id of a release, the name of most files."""
LONGEST_FILE = 60


def named(begin: str, *fields: str) -> Callable[[], str]:
    """Name a run after fields of its form, shortened."""

    def name() -> str:
        request = flow_run.get_parameters()["request"]
        typed = (request.get(field) if isinstance(request, dict) else getattr(request, field) for field in fields)
        return f"{begin} {' – '.join(shortened(shown(str(text).strip()), LONGEST_TYPED) for text in typed)}".strip()

    return name


def dated(begin: str) -> Callable[[], str]:
    """Name a run after the moment for which it was meant."""

    def name() -> str:
        return at_moment(begin, flow_run.get_scheduled_start_time() or datetime.now(UTC))

    return name


def about_file(begin: str, file_name: str, subject: str) -> str:
    """``accept? bestand_201811.csv (Brunssum, 2018-11)``."""
    name = shortened(shown(file_name.rpartition("/")[2]), LONGEST_FILE)
    return f"{begin} {name} ({subject})" if subject else f"{begin} {name}"
