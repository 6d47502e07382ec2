"""Moments in the names of runs, on the clock of who reads them. Not here: those names (``flows.run_names``)."""

from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")


def at_moment(begin: str, moment: datetime) -> str:
    """``nightly 27-11-2026 02:15`` on the clock of who reads it; with seconds where somebody started it by hand."""
    local = moment.astimezone(ZONE)
    return f"{begin} {local:%d-%m-%Y %H:%M}{f':{local:%S}' if local.second else ''}"
