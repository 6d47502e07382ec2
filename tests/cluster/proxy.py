"""What lies between a store and who asks it: answers can be lost here, after what was asked was done.

It also mends what azurite lacks: a list of Azure's begins where ``startFrom`` says, and azurite's begins at the start.
"""

import http.client
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_BLOB = re.compile(rb"<Blob><Name>(.*?)</Name>.*?</Blob>", re.DOTALL)


@dataclass
class Proxy:
    """Passes everything on to ``upstream``."""

    upstream: int
    mends_start_from: bool = False
    port: int = 0
    loses: Callable[[str, str], bool] | None = None
    """Asked of a method and a path: whether the answer is lost."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    lost: int = 0


@contextmanager
def proxy(upstream: int, *, mends_start_from: bool = False) -> Iterator[Proxy]:
    state = Proxy(upstream, mends_start_from)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            state.asked.append((self.command, self.path))
            upwards = http.client.HTTPConnection("127.0.0.1", state.upstream, timeout=60)
            upwards.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                upwards.putheader(name, value)
            upwards.endheaders(body or None)
            answer = upwards.getresponse()
            content = answer.read()
            upwards.close()
            if state.loses is not None and state.loses(self.command, self.path):
                state.lost += 1
                self.close_connection = True
                self.connection.close()
                return
            if state.mends_start_from and b"<EnumerationResults" in content:
                content = _from(self.path, content)
            self.send_response_only(answer.status)
            is_empty = self.command == "HEAD"
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "keep-alive") and (
                    is_empty or name.lower() != "content-length"
                ):
                    self.send_header(name, value)
            if not is_empty:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if not is_empty:
                self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass_on  # noqa: N815  names of http.server

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def _from(path: str, content: bytes) -> bytes:
    """The list without what comes before ``startFrom``."""
    start = parse_qs(urlsplit(path).query).get("startFrom")
    if not start:
        return content
    first = start[0].encode()
    return _BLOB.sub(lambda found: found[0] if found[1] >= first else b"", content)
