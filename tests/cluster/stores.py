"""Object stores for tests, on this machine alone: an S3 server of moto, and azurite, Azure's own emulator.

Azurite is a program of the npm registry and need not be there; it is found by ``UITSTROOM_AZURITE`` (its script
``dist/src/blob/main.js``) or as ``azurite-blob`` on the path. Here: starting them, and what is between them and us.
"""

import base64
import hashlib
import hmac
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from tests.cluster.proxy import Proxy, proxy
from tests.ending import ending
from tests.ports import free_port

_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The ones that every azurite has."""
_PLACE = "test"


@dataclass(frozen=True)
class Store:
    """A store that runs: the variables that open it, and what lies between it and who asks."""

    name: str
    scheme: str
    environment: dict[str, str]
    by_proxy: dict[str, str]
    """Those that lead through what lies between, where the others do not."""
    proxy: Proxy

    def address(self, folder: str) -> str:
        return f"{self.scheme}://{_PLACE}/{folder}"


@contextmanager
def s3(folder: Path) -> Iterator[Store]:
    """moto's server, with a bucket."""
    with _started(
        [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", "{port}"], folder
    ) as port:
        urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/{_PLACE}", method="PUT")).close()
        with proxy(port) as between:
            variables = {
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_REGION": "us-east-1",
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                "AWS_ALLOW_HTTP": "true",
            }
            yield Store("s3", "s3", variables, {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{between.port}"}, between)


def azurite() -> list[str]:
    """The command that starts azurite; nothing where it is not installed."""
    if script := os.environ.get("UITSTROOM_AZURITE"):
        return ["node", script]
    found = shutil.which("azurite-blob")
    return [found] if found else []


@contextmanager
def azure(folder: Path) -> Iterator[Store]:
    """azurite, with a container."""
    options = ["--blobHost", "127.0.0.1", "--blobPort", "{port}", "--inMemoryPersistence", "--silent"]
    with _started([*azurite(), *options, "--skipApiVersionCheck", "--disableTelemetry"], folder) as port:
        _make_container(port)
        with proxy(port, mends_start_from=True) as between:
            variables = {
                "AZURE_STORAGE_ACCOUNT_NAME": _ACCOUNT,
                "AZURE_STORAGE_ACCOUNT_KEY": _KEY,
                "AZURE_STORAGE_ENDPOINT": f"http://127.0.0.1:{between.port}/{_ACCOUNT}",
                "AZURE_ALLOW_HTTP": "true",
            }
            yield Store("azure", "az", variables, {}, between)


def _make_container(port: int) -> None:
    now, version = formatdate(usegmt=True), "2021-08-06"
    signed = (
        f"PUT{chr(10) * 12}x-ms-date:{now}\nx-ms-version:{version}\n/{_ACCOUNT}/{_ACCOUNT}/{_PLACE}\nrestype:container"
    )
    signature = base64.b64encode(hmac.new(base64.b64decode(_KEY), signed.encode(), hashlib.sha256).digest()).decode()
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/{_ACCOUNT}/{_PLACE}?restype=container",
        method="PUT",
        headers={
            "x-ms-date": now,
            "x-ms-version": version,
            "Authorization": f"SharedKey {_ACCOUNT}:{signature}",
            "Content-Length": "0",
        },
    )
    urllib.request.urlopen(asked).close()


@contextmanager
def _started(command: list[str], folder: Path) -> Iterator[int]:
    port = free_port()
    with (folder / f"{port}.log").open("wb") as printed:
        process = subprocess.Popen(
            [part.format(port=port) for part in command], stdout=printed, stderr=printed, cwd=folder
        )
        with ending(process):
            try:
                wait_for(port, process)
                yield port
            finally:
                process.terminate()


def wait_for(port: int, process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")
