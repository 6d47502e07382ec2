"""Who is logged in, and who tried too often. Here: both, in memory: they end with the server.

Not here: names and passwords (``server.guard.users``), cookies (``server.guard.door``).
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SESSION_SECONDS = 10 * 3600
"""A working day: who closes the browser is out sooner."""
MOST_FAILURES, FAILURE_SECONDS = 8, 300.0
"""So many wrong passwords for one name, then that name waits so long."""
MOST_REMEMBERED = 10_000
"""Sessions and names with failures that are kept at most; the oldest go first."""

Clock = Callable[[], float]


@dataclass(frozen=True)
class _Session:
    name: str
    password_hash: str
    until: float


@dataclass
class Sessions:
    """Sessions by the hash of their token: who reads our memory has no token."""

    clock: Clock = time.monotonic
    _kept: dict[str, _Session] = field(default_factory=dict)

    def start(self, name: str, password_hash: str) -> str:
        """A new session; its token, for the cookie."""
        token = secrets.token_urlsafe(32)
        _make_room(self._kept)
        self._kept[_hashed(token)] = _Session(name, password_hash, self.clock() + SESSION_SECONDS)
        return token

    def name(self, token: str, users: Mapping[str, str]) -> str | None:
        """Who holds this token. It is worth nothing once the user was removed or has another password."""
        found = self._kept.get(_hashed(token))
        if found is None:
            return None
        if found.until < self.clock() or users.get(found.name) != found.password_hash:
            self.end(token)
            return None
        return found.name

    def end(self, token: str) -> None:
        self._kept.pop(_hashed(token), None)


@dataclass
class Failures:
    """Wrong passwords by name."""

    clock: Clock = time.monotonic
    _kept: dict[str, list[float]] = field(default_factory=dict)

    def waits(self, name: str) -> float:
        """Seconds until this name may try again; 0 when it may."""
        recent = self._recent(name)
        return max(0.0, recent[0] + FAILURE_SECONDS - self.clock()) if len(recent) >= MOST_FAILURES else 0.0

    def add(self, name: str) -> None:
        recent = self._recent(name)
        _make_room(self._kept)
        self._kept[name] = [*recent, self.clock()]

    def forget(self, name: str) -> None:
        self._kept.pop(name, None)

    def _recent(self, name: str) -> list[float]:
        return [at for at in self._kept.get(name, []) if at > self.clock() - FAILURE_SECONDS]


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _make_room(kept: dict[str, _Session] | dict[str, list[float]]) -> None:
    while len(kept) >= MOST_REMEMBERED:
        del kept[next(iter(kept))]
