"""The door: an ASGI application around another. Here: who a request comes from, and what becomes of it.

Two ways in. A machine shows Prefect's own secret, which Prefect checks; what a browser sends never counts as that. A
person shows a session, and what is passed on then is what ``server.guard.allowed`` makes of it. Not here: users and
sessions themselves, the pages (``server.guard.pages``).
"""

import hmac
import json
import logging
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.steward import rules_page
from pipeline.steward.wording import words
from schemas.spelling import shown
from server.guard import allowed, begin, bodies, login, pages, typed, users
from server.guard.answers import Answer
from server.guard.login import COOKIE
from server.guard.sessions import Failures, Sessions
from server.guard.site import ReleaseSite

LOG = logging.getLogger("uitstroom.door")
_API = "/api"
_FOR_ALL = {f"{_API}/health", f"{_API}/ready"}
"""Shows that the server lives and nothing else."""
_SAFE = {"GET", "HEAD"}
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


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
        path = _path(request)
        if {"content-length", "transfer-encoding"} <= set(request.headers):  # a proxy may believe the other one
            answer: Response | None = _refusal(400, "Two lengths.", close=True)
        elif not self._is_named(request.scope):
            answer = _refusal(
                400,
                words(
                    "Deze server heet niet zo (UITSTROOM_HOSTS).",
                    "This server is not called by that name (UITSTROOM_HOSTS).",
                ),
            )
        elif not path.startswith("/") or not path.isprintable() or "\\" in path:
            answer = _refusal(400, words("Dit is geen adres van een bladzijde.", "This is no address of a page."))
        elif _is_machine(request) or (path in _FOR_ALL and request.method in _SAFE):
            answer = await self._of_machine(request, send)
        elif not _from_browser(request.scope) and path.startswith(f"{_API}/"):
            answer = _refusal(401, "Unauthorized: no secret was shown.")
        elif not _is_own_page(request):
            answer = _refusal(
                403,
                words(
                    "Een andere site vroeg dit. Open deze installatie zelf.",
                    "Another page asked for this. Open this installation itself.",
                ),
            )
        elif path in _OWN:
            try:
                answer = await self._own(request)
            except allowed.NotAllowed as refusal:
                answer = _refusal(413, str(refusal))
        elif (user := self._user(request)) is None:
            answer = _to_login(request)
        elif self.site is not None and request.method in _SAFE and self.site.is_asked(path):
            answer = await run_in_threadpool(self.site.answer, path)
        else:
            answer = await self._of_person(request, user, send)
        if answer is not None:
            answer.headers.update(pages.HEADERS)
            answer.headers.setdefault("cache-control", pages.NOT_KEPT)
            await answer(request.scope, request.receive, send)

    async def _of_machine(self, request: Request, send: Send) -> Response | None:
        """Pass on what a program asks, as it came; the answer where it would have the number of a person kept."""
        receive, path = request.receive, _path(request)
        if path not in _FOR_ALL and not self._is_ours(request):
            LOG.warning("a program: a wrong secret for %s", shown(path))
            return _refusal(401, "Unauthorized: this is not the machine's secret.")
        if typed.is_kept(request.method, path):
            try:
                body = await bodies.read(request, typed.MOST_BYTES)
            except allowed.NotAllowed as refusal:
                return _refusal(413, str(refusal))
            if problem := typed.problem(body):
                LOG.warning("a program: %s %s refused", request.method, shown(path))
                return _refusal(422, problem)
            receive = _once(body)
        await Answer(send).of(self.inner, request.scope, receive)
        return None

    async def _of_person(self, request: Request, user: str, send: Send) -> Response | None:
        """Pass on what a person may ask; the answer where it is one of ours."""
        path = _path(request)
        if (
            request.method in {*_SAFE, _ASKS_SECRETS.get(path)}
            and (answer := await self._instead_of_prefect(path)) is not None
        ):
            return answer
        if path != _API and not path.startswith(f"{_API}/"):
            if request.method not in _SAFE or path in _MAKERS:
                return _refusal(403, words("Hier is niets.", "There is nothing here."))
            await Answer(send, is_page=True).of(self.inner, _readable(_trusted(request.scope, "")), request.receive)
            return None
        try:
            body = None if request.method in _SAFE else await bodies.read_object(request)
            asked = allowed.asked(request.method, path.removeprefix(_API), body, user)
        except allowed.NotAllowed as refusal:
            LOG.warning("%s: %s %s refused", user, request.method, shown(path))
            return _refusal(403, str(refusal))
        sent = None if body is None else json.dumps(body if asked.body is None else asked.body).encode()
        if sent is not None and asked.body and (problem := typed.problem(sent, is_whole=True)):
            LOG.warning("%s: %s %s refused", user, request.method, shown(path))
            return _refusal(422, problem)
        if asked.body is not None:
            LOG.warning("%s: %s %s", user, request.method, path)
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
        if path in _ASKS_SECRETS:
            return JSONResponse([])  # a page asks for them beside other things; there are none for a browser
        if path.startswith(f"{_API}/collections/views/"):
            return JSONResponse({})  # Prefect would ask its maker's list of other workers, on the internet
        return JSONResponse(pages.SETTINGS_FOR_BROWSERS) if path == f"{_API}/admin/settings" else None

    async def _own(self, request: Request) -> Response:
        path = _path(request)
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
            return await login.answer(request, next_path, self.users_file, self.sessions, self.failures)
        return HTMLResponse(pages.login(next_path))

    def _user(self, request: Request) -> str | None:
        token = request.cookies.get(COOKIE)
        return self.sessions.name(token, users.read(self.users_file)) if token else None

    def _is_named(self, scope: Scope) -> bool:
        """Whether the request calls this server by a name of its own: the name of a page elsewhere may lead here."""
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        found = _HOST.fullmatch(hosts[0].decode("latin-1")) if len(hosts) == 1 else None
        return found is not None and found[1].strip("[]").lower() in self.hosts

    def _is_ours(self, request: Request) -> bool:
        """Whether a program shows the machine's secret. Prefect asks it again."""
        given = request.headers["authorization"].encode("latin-1", "replace")
        return hmac.compare_digest(given, self._authorization.encode())

    @cached_property
    def _authorization(self) -> str:
        return f"Basic {b64encode(self.machine_secret.encode()).decode()}"


_ASKS_SECRETS = {f"{_API}/block_documents/filter": "POST"}
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
    if any(len(request.headers.getlist(name)) > 1 for name in _SAID_ONCE):
        return False  # of two words a proxy may have believed the other one
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    if request.method not in _SAFE:
        return origin is not None and urlsplit(origin).netloc == request.headers["host"] and site in _OURS
    if site in _OURS:
        return origin is None or urlsplit(origin).netloc == request.headers["host"]
    opened = request.headers.get("sec-fetch-mode") == "navigate" and request.headers.get("sec-fetch-dest") == "document"
    return opened and not _path(request).startswith(_API) and _path(request) != pages.LOGOUT


_OURS = {"same-origin", "none"}
_SAID_ONCE = ("origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "content-type", "cookie")


def _path(request: Request) -> str:
    """The path as Prefect will see it: an address put together again could be another one."""
    return str(request.scope["path"])


def _to_login(request: Request) -> Response:
    if request.method == "GET" and not _path(request).startswith(f"{_API}/"):
        return RedirectResponse(f"{pages.LOGIN}?next={_local(_path(request))}", 303)
    sentence = words(
        "Niet (meer) ingelogd. Open de bladzijde opnieuw.", "Not logged in, or not any more. Open the page again."
    )
    return _refusal(401, sentence)


def _local(path: str) -> str:
    """A path of this server: never an address elsewhere."""
    is_local = path.startswith("/") and path.isprintable() and not any(part in path for part in ("//", "\\", "/.."))
    return path if is_local else "/"


def _refusal(code: int, sentence: str, *, close: bool = False) -> Response:
    said = {"detail": sentence, "exception_message": sentence}
    return JSONResponse(said, code, {"connection": "close"} if close else None)


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
