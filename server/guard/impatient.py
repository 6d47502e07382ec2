"""A connection on which no request comes is closed. Here: that; not: what a request may ask (``door``).

Uvicorn waits for ever for the first line of a request, and for the rest of one that comes byte by byte: who opens a
thousand of such connections leaves none to anybody else.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 20.0
"""Between two looks. A connection that brought no whole head of a request in between is closed."""


class Impatient(H11Protocol):
    """Uvicorn's protocol, looked at now and then."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._last: object = self
        self._look()

    def _look(self) -> None:
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return  # gone, or a socket by now
        if self._last is self.cycle and self.conn.their_state is h11.IDLE and self.conn.our_state is h11.IDLE:
            self.transport.close()
            return
        self._last = self.cycle
        self.loop.call_later(HEAD_SECONDS, self._look)
