"""Which releases stay on disk: the youngest, by number and by days, and those that somebody keeps.

Not here: who keeps which (``jobs.release.keep``), taking the others away (``publisher``).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

_A_DAY = 86_400


@dataclass(frozen=True)
class Retention:
    """``number`` youngest stay, and what was current within the last ``days``; ``kept`` stays whatever its age."""

    number: int = 10
    days: int = 0
    kept: frozenset[str] = frozenset()

    def stay(self, aged: Sequence[tuple[int, str]]) -> set[str]:
        """Of (moment in nanoseconds, name), the oldest first, the names that stay."""
        since = (time.time() - self.days * _A_DAY) * 1e9
        youngest = {name for _, name in aged[-max(self.number, 1) :]}
        recent = {name for moment, name in aged if self.days and moment >= since}
        return youngest | recent | {name for _, name in aged if name in self.kept}
