"""The door: an ASGI application around another. Here: who a request comes from, and what becomes of it.

Two ways in. A machine shows Prefect's own secret, which Prefect checks; what a browser sends never counts as that. A
person shows a session, and what is passed on then is what ``server.guard.allowed`` makes of it. Not here: users and
sessions themselves, the pages (``server.guard.pages``).
"""

import json
import logging
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.steward import rules_page
from pipeline.steward.wording import words
from server.guard import allowed, begin, pages, typed, users
from server.guard.answers import Answer
from server.guard.sessions import SESSION_SECONDS, Failures, Sessions
from server.guard.site import ReleaseSite

COOKIE = "uitstroom-session"
LOG = logging.getLogger("uitstroom.door")
_API = "/api"
_FOR_ALL = {f"{_API}/health", f"{_API}/ready"}
"""Shows that the server lives and nothing else."""
_SAFE = {"GET", "HEAD"}
MOST_LOGIN_BYTES = 4096


@dataclass(frozen=True)
class Door:
    """Everybody comes in here. ``hosts``: the names by which this installation may be called."""

    inner: ASGIApp
    users_file: Path
    machine_secret: str
    hosts: frozenset[str]
    sessions: Sessions = field(default_factory=Sessions)
    failures: Failures = field(default_factory=Failures)
    site: ReleaseSite | None = None
    """The pages of releases; none where no data folder is known."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._asked(Request(scope, receive), send)
        elif scope["type"] == "websocket" and (_from_browser(scope) or not self._is_named(scope)):
            await send({"type": "websocket.close", "code": 1008, "reason": "not from a browser"})
        else:
            await self.inner(scope, receive, send)  # starting and stopping; a worker's socket, which Prefect asks

    async def _asked(self, request: Request, send: Send) -> None:
        if not self._is_named(request.scope):
            answer: Response | None = _refusal(400, "This server is not called by that name (UITSTROOM_HOSTS).")
        elif _is_machine(request) or (request.url.path in _FOR_ALL and request.method in _SAFE):
            answer = await self._of_machine(request, send)
        elif not _from_browser(request.scope) and request.url.path.startswith(f"{_API}/"):
            answer = _refusal(401, "Unauthorized: no secret was shown.")
        elif not _is_own_page(request):
            answer = _refusal(403, "Another page asked for this. Open this installation itself.")
        elif request.url.path in _OWN:
            answer = await self._own(request)
        elif (user := self._user(request)) is None:
            answer = _to_login(request)
        elif self.site is not None and request.method in _SAFE and self.site.is_asked(request.url.path):
            answer = await run_in_threadpool(self.site.answer, request.url.path)
        else:
            answer = await self._of_person(request, user, send)
        if answer is not None:
            answer.headers.update(pages.HEADERS)
            await answer(request.scope, request.receive, send)

    async def _of_machine(self, request: Request, send: Send) -> Response | None:
        """Pass on what a program asks, as it came; the answer where it would have the number of a person kept."""
        receive = request.receive
        if typed.is_kept(request.method, request.url.path):
            try:
                body = await _read(request, typed.MOST_BYTES)
            except allowed.NotAllowed as refusal:
                return _refusal(413, str(refusal))
            if problem := typed.problem(body):
                LOG.warning("a program: %s %s refused", request.method, request.url.path)
                return _refusal(422, problem)
            receive = _once(body)
        await Answer(send).of(self.inner, request.scope, receive)
        return None

    async def _of_person(self, request: Request, user: str, send: Send) -> Response | None:
        """Pass on what a person may ask; the answer where it is one of ours."""
        path = request.url.path
        if request.method in _SAFE and (answer := await self._instead_of_prefect(path)) is not None:
            return answer
        if path != _API and not path.startswith(f"{_API}/"):
            if request.method not in _SAFE or path in _MAKERS:
                return _refusal(403, "There is nothing here.")
            await Answer(send, is_page=True).of(self.inner, _readable(_trusted(request.scope, "")), request.receive)
            return None
        try:
            body = None if request.method in _SAFE else await _body(request)
            asked = allowed.asked(request.method, path.removeprefix(_API), body, user)
        except allowed.NotAllowed as refusal:
            LOG.warning("%s: %s %s refused", user, request.method, path)
            return _refusal(403, str(refusal))
        sent = None if body is None else json.dumps(body if asked.body is None else asked.body).encode()
        if sent is not None and asked.body and (problem := typed.problem(sent, is_whole=True)):
            LOG.warning("%s: %s %s refused", user, request.method, path)
            return _refusal(422, problem)
        scope = _trusted(request.scope, self._authorization, sent)
        await Answer(send).of(self.inner, scope, request.receive if sent is None else _once(sent))
        return None

    async def _instead_of_prefect(self, path: str) -> Response | None:
        """What is shown to who is logged in and comes from this installation itself."""
        if path == "/":
            return RedirectResponse(begin.BEGIN, 303)
        if path == begin.BEGIN:
            return await begin.answer(self.inner, self._authorization)
        if path == pages.RULES:
            return HTMLResponse(rules_page.page())
        return JSONResponse(pages.SETTINGS_FOR_BROWSERS) if path == f"{_API}/admin/settings" else None

    async def _own(self, request: Request) -> Response:
        path = request.url.path
        if path == pages.STYLE:
            return Response(pages.PAGE_STYLE, media_type="text/css")
        if path == pages.SCRIPT:
            return Response(pages.script(), media_type="text/javascript")
        next_path = _local(request.query_params.get("next", "/"))
        if path == pages.LOGOUT:
            self.sessions.end(request.cookies.get(COOKIE, ""))
            answer: Response = RedirectResponse(pages.LOGIN, 303)
            answer.delete_cookie(COOKIE)
            return answer
        if request.method == "POST":
            return await self._log_in(request, next_path)
        return HTMLResponse(pages.login(next_path))

    async def _log_in(self, request: Request, next_path: str) -> Response:
        try:
            form = parse_qs((await _read(request, MOST_LOGIN_BYTES)).decode("utf-8", "replace"))
        except allowed.NotAllowed as refusal:
            return _refusal(413, str(refusal))
        name, password = form.get("name", [""])[0].strip().lower(), form.get("password", [""])[0]
        known = users.read(self.users_file)
        if waits := self.failures.waits(name):
            LOG.warning("login of %s refused: too many wrong passwords", _known(name, known))
            problem = f"{words('Te vaak een fout wachtwoord.', 'Too many wrong passwords.')} {waits / 60:.0f} min."
            return HTMLResponse(pages.login(next_path, problem=problem), 429, {"retry-after": f"{waits:.0f}"})
        if not await run_in_threadpool(users.knows, known, name, password):
            self.failures.add(name)
            LOG.warning("login of %s failed", _known(name, known))
            problem = words("Naam of wachtwoord klopt niet.", "Name or password is wrong.")
            return HTMLResponse(pages.login(next_path, problem=problem), 401)
        self.failures.forget(name)
        LOG.warning("login of %s", name)
        answer = RedirectResponse(next_path, 303)
        is_secure = request.headers.get("origin", "").startswith("https:")
        token = self.sessions.start(name, known[name])
        answer.set_cookie(COOKIE, token, SESSION_SECONDS, httponly=True, samesite="lax", secure=is_secure)
        return answer

    def _user(self, request: Request) -> str | None:
        token = request.cookies.get(COOKIE)
        return self.sessions.name(token, users.read(self.users_file)) if token else None

    def _is_named(self, scope: Scope) -> bool:
        """Whether the request calls this server by a name of its own: the name of a page elsewhere may lead here."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        return len(hosts) == 1 and (urlsplit(f"//{hosts[0].decode('latin-1')}").hostname or "") in self.hosts

    @cached_property
    def _authorization(self) -> str:
        return f"Basic {b64encode(self.machine_secret.encode()).decode()}"


_OWN = {pages.LOGIN, pages.LOGOUT, pages.STYLE, pages.SCRIPT}
_MAKERS = {"/docs", "/redoc", "/openapi.json"}
"""Pages that load what they show from elsewhere."""


def _from_browser(scope: Scope) -> bool:
    """Whether a browser sent it: every browser adds these by itself, and no page can take them away."""
    return any(name in (b"origin", b"cookie") or name.startswith(b"sec-fetch-") for name, _ in scope["headers"])


def _is_machine(request: Request) -> bool:
    return "authorization" in request.headers and not _from_browser(request.scope)


def _is_own_page(request: Request) -> bool:
    """Whether the request comes from a page of this installation, or is somebody who opens one."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    if request.method not in _SAFE:
        return origin is not None and urlsplit(origin).netloc == request.headers["host"] and site in _OURS
    if site in _OURS:
        return origin is None or urlsplit(origin).netloc == request.headers["host"]
    opened = request.headers.get("sec-fetch-mode") == "navigate" and request.headers.get("sec-fetch-dest") == "document"
    return opened and not request.url.path.startswith(_API) and request.url.path != pages.LOGOUT


_OURS = {"same-origin", "none"}


def _to_login(request: Request) -> Response:
    if request.method == "GET" and not request.url.path.startswith(f"{_API}/"):
        return RedirectResponse(f"{pages.LOGIN}?next={_local(request.url.path)}", 303)
    return _refusal(401, "Not logged in, or not any more. Open the page again.")


def _local(path: str) -> str:
    """A path of this server: never an address elsewhere."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if is_local else "/"


def _known(name: str, known: Mapping[str, str]) -> str:
    """A name as it may be logged: who is in a hurry types a password there."""
    return name if name in known else "an unknown name"


def _refusal(code: int, sentence: str) -> Response:
    return JSONResponse({"detail": sentence, "exception_message": sentence}, code)


async def _read(request: Request, most: int) -> bytes:
    read = b""
    async for part in request.stream():
        read += part
        if len(read) > most:
            raise allowed.NotAllowed("The request is too large.")
    return read


async def _body(request: Request) -> dict[str, Any]:
    """The body of a request that changes something: JSON, so that no form of another page can have sent it."""
    read = await _read(request, allowed.MOST_BYTES)
    if not read:
        return {}
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise allowed.NotAllowed("A request with a body is JSON.")
    try:
        body = json.loads(read)
    except (ValueError, RecursionError):
        raise allowed.NotAllowed("The request is no JSON.") from None
    if not isinstance(body, dict):
        raise allowed.NotAllowed("The request is no JSON object.")
    return body


def _trusted(scope: Scope, authorization: str, body: bytes | None = None) -> Scope:
    """The request as Prefect gets it: with the machine's secret instead of the session."""
    dropped = {b"authorization", b"cookie", b"origin"} | (
        {b"content-length", b"transfer-encoding"} if body is not None else set()
    )
    headers: list[tuple[bytes, bytes]] = [pair for pair in scope["headers"] if pair[0] not in dropped]
    if authorization:
        headers.append((b"authorization", authorization.encode()))
    if body is not None:
        headers.append((b"content-length", str(len(body)).encode()))
    return {**scope, "headers": headers}


def _readable(scope: Scope) -> Scope:
    """The same request, answered unpacked: the page gets our style put in."""
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}


def _once(body: bytes) -> Receive:
    parts: Iterable[Message] = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return next(iter(parts), {"type": "http.disconnect"})

    return receive
