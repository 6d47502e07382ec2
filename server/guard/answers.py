"""What leaves the door: Prefect's answers with our headers, and its page with our style. Here: that; not: who asked."""

import json
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.guard import pages

_DROPPED = (b"access-control-", b"server", *(name.encode() for name in pages.HEADERS))


@dataclass
class Answer:
    """One answer on its way out. ``is_page``: of Prefect's page, not of its API."""

    send: Send
    is_page: bool = False
    _is_settings: bool = False
    _start: Message | None = None
    _body: list[bytes] = field(default_factory=list)

    async def of(self, inner: ASGIApp, scope: Scope, receive: Receive) -> None:
        self._is_settings = self.is_page and scope["path"].endswith("/ui-settings")
        await inner(scope, receive, self._sent)

    async def _sent(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [pair for pair in message["headers"] if not pair[0].lower().startswith(_DROPPED)]
            headers += [(name.encode(), value.encode()) for name, value in pages.HEADERS.items()]
            if not self.is_page or dict(headers).get(b"content-type", b"").startswith(b"text/html"):
                headers = [pair for pair in headers if pair[0] != b"cache-control"]
                headers.append((b"cache-control", pages.NOT_KEPT.encode()))
            message = {**message, "headers": headers}
            if self._is_changed(headers):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._body.append(message.get("body", b""))
            if message.get("more_body"):
                return
            await self._send_changed(b"".join(self._body))
            return
        await self.send(message)

    def _is_changed(self, headers: list[tuple[bytes, bytes]]) -> bool:
        kind = dict(headers).get(b"content-type", b"")
        return self._is_settings or (self.is_page and kind.startswith(b"text/html"))

    async def _send_changed(self, body: bytes) -> None:
        assert self._start is not None
        if self._is_settings:
            with suppress(ValueError):  # not the settings but a word of refusal
                body = json.dumps({**json.loads(body), "auth": None}).encode()  # no second login page
        else:
            body = body.replace(b"</head>", pages.INTO_PAGE.encode(), 1)
        kept = [
            pair for pair in self._start["headers"] if pair[0] not in (b"content-length", b"etag", b"last-modified")
        ]
        self._start["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
        await self.send(self._start)
        await self.send({"type": "http.response.body", "body": body})
