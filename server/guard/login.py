"""A name and a password at the door. Here: looking at them, slowing down who guesses, the cookie of who is known.

Not here: the file of users (``users``), sessions and failures themselves (``sessions``), the page (``pages``).
"""

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline.steward.wording import words
from server.guard import pages, users
from server.guard.bodies import read
from server.guard.sessions import SESSION_SECONDS, Failures, Sessions

COOKIE = "uitstroom-session"
LOG = logging.getLogger("uitstroom.door")
MOST_BYTES = 4096
_ONE_AT_A_TIME = ThreadPoolExecutor(1, "passwords")
"""Looks at passwords: a crowd at the door takes one processor and 19 MiB, not all there is."""


async def answer(
    request: Request, next_path: str, users_file: Path, sessions: Sessions, failures: Failures
) -> Response:
    """A session and the page that was asked for, or the login once more with what was wrong."""
    form = parse_qs((await read(request, MOST_BYTES)).decode("utf-8", "replace"))
    name, password = form.get("name", [""])[0].strip().lower(), form.get("password", [""])[0]
    known = users.read(users_file)
    if waits := failures.waits(name):
        LOG.warning("login of %s refused: too many wrong passwords", _known(name, known))
        problem = f"{words('Te vaak een fout wachtwoord.', 'Too many wrong passwords.')} {waits / 60:.0f} min."
        return HTMLResponse(pages.login(next_path, problem=problem), 429, {"retry-after": f"{waits:.0f}"})
    failures.add(name)  # before it is looked at: of a hundred tries at the same moment no more are looked at
    if not await _is_right(known, name, password):
        LOG.warning("login of %s failed", _known(name, known))
        problem = words("Naam of wachtwoord klopt niet.", "Name or password is wrong.")
        return HTMLResponse(pages.login(next_path, problem=problem), 401)
    failures.forget(name)
    LOG.warning("login of %s", name)
    sent = RedirectResponse(next_path, 303)
    is_secure = request.headers.get("origin", "").startswith("https:")
    token = sessions.start(name, known[name])
    sent.set_cookie(COOKIE, token, SESSION_SECONDS, httponly=True, samesite="lax", secure=is_secure)
    return sent


async def _is_right(known: Mapping[str, str], name: str, password: str) -> bool:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_ONE_AT_A_TIME, users.knows, known, name, password)


def _known(name: str, known: Mapping[str, str]) -> str:
    """A name as it may be logged: who is in a hurry types a password there."""
    return name if name in known else "an unknown name"
