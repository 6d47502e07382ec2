"""Ports for servers of tests, also for one that ends and comes back at the same port."""

import random
import socket
import time

_BELOW_THOSE_OF_CONNECTIONS = range(15_000, 32_000)
"""Linux gives outgoing connections ports from 32,768 on: a server that is away for a moment would lose its own."""


def free_port() -> int:
    """A port at which nobody listens now."""
    for port in random.SystemRandom().sample(_BELOW_THOSE_OF_CONNECTIONS, 50):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


def wait_until_free(port: int, patience: float = 30) -> None:
    """Until nobody listens there any more: a killed process keeps its port for a moment on a busy machine."""
    ends = time.monotonic() + patience
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                if time.monotonic() > ends:
                    raise
            else:
                return
        time.sleep(0.1)
