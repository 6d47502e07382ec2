"""Loaded by every Python process whose PYTHONPATH has this folder: writes down each attempt to leave the machine.

The interpreter itself reports a connection and a look-up before they happen, also those of asyncio and of libraries.
"""

import os
import sys

_FILE = os.environ.get("CALLS_OUT")
_HERE = ("127.", "::1", "localhost", "0.0.0.0")


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a socket of this machine
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        host = arguments[0] if event != "socket.sendto" else None
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if isinstance(host, str) and host and not host.startswith(_HERE):
        with open(str(_FILE), "a", encoding="utf-8") as file:
            file.write(f"{event} {host} {' '.join(sys.orig_argv)}\n")


if _FILE:
    sys.addaudithook(_note)
