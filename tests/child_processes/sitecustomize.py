"""Loaded by every Python process that the tests start.

Such a process sees what an installation has: pandas and hypothesis are there for tests alone, and pandera loads both
where it finds them; hypothesis takes a sixth of a second of every process that publishes. With ``CALLS_OUT`` each
attempt to leave the machine is written down: the interpreter itself reports a connection and a look-up before they
happen, also those of asyncio and of libraries. With ``OPENS_OUT`` each raw file that it opens is written down.
"""

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder

_FILE = os.environ.get("CALLS_OUT")
_OPENS = os.environ.get("OPENS_OUT")
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


def _note_open(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str) and "/raw/" in arguments[0]:
        with open(str(_OPENS), "a", encoding="utf-8") as file:
            file.write(f"{arguments[0]}\n")


_OF_TESTS = ("pandas", "hypothesis")


class _AsInstalled(PathFinder):
    @classmethod
    def find_spec(cls, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return None if fullname in _OF_TESTS else super().find_spec(fullname, path, target)  # type: ignore[arg-type]


sys.meta_path[sys.meta_path.index(PathFinder)] = _AsInstalled
if _FILE:
    sys.addaudithook(_note)
if _OPENS:
    sys.addaudithook(_note_open)
