"""A PostgreSQL for one test, on this machine only. Here: making, starting and ending it. Not here: Prefect."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg  # type: ignore[import-untyped]
import pytest

from tests.ending import ending

_PLACES = "/usr/lib/postgresql/*/bin"
_UP_SECONDS = 300.0
_NOT_ROOT = "nobody"
"""Whose process it is where the tests run as root: PostgreSQL refuses to run as that."""


def program(name: str) -> str:
    """Path of a program of PostgreSQL; skips the test where there is none."""
    places = sorted(Path("/").glob(_PLACES.lstrip("/")), reverse=True)
    found = shutil.which(name) or next((str(place / name) for place in places if (place / name).is_file()), None)
    if found is None:
        pytest.skip(f"needs PostgreSQL's {name} (on Debian: apt install postgresql)")
    return found


@contextmanager
def database(port: int, user: str, password: str, name: str) -> Iterator[None]:
    """An empty database that only this user with this password may open, until the block ends."""
    programs = {each: program(each) for each in ("initdb", "postgres")}
    owner = _NOT_ROOT if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as made:
        folder, secret = Path(made), Path(made) / "password"
        secret.write_text(password)
        if owner:
            for path in (folder, secret):
                os.chown(path, pwd.getpwnam(owner).pw_uid, pwd.getpwnam(owner).pw_gid)
        options = ("--auth=scram-sha-256", f"--username={user}", f"--pwfile={secret}", "--encoding=UTF8", "--no-sync")
        subprocess.run(
            [programs["initdb"], "--pgdata", str(folder / "data"), *options],
            check=True, capture_output=True, cwd=folder, **_as(owner),
        )  # fmt: skip
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off")
        command = [programs["postgres"], "-D", str(folder / "data"), "-p", str(port)]
        with (
            (folder / "log").open("wb") as log,
            ending(subprocess.Popen(
                command + [part for each in settings for part in ("-c", each)],
                cwd=folder, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **_as(owner),
            )) as server,
        ):  # fmt: skip
            try:
                _until_open(server, port, user, password, folder / "log")
                ask(f"CREATE DATABASE {name}", _url(user, password, port))
                yield
            finally:
                server.send_signal(signal.SIGINT)  # its own word for: end now, and in order
                server.wait(300)


def ask(statement: str, url: str) -> list[tuple[Any, ...]]:
    """Rows that a statement gives."""

    async def fetch() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(url)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return asyncio.run(fetch())


def _url(user: str, password: str, port: int) -> str:
    return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{port}/postgres"


def _until_open(server: subprocess.Popen[bytes], port: int, user: str, password: str, log: Path) -> None:
    end = time.monotonic() + _UP_SECONDS
    while True:
        try:
            ask("SELECT 1", _url(user, password, port))
        except (OSError, asyncpg.CannotConnectNowError):
            assert server.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < end, log.read_text(errors="replace")
            time.sleep(0.1)
        else:
            return


def _as(owner: str | None) -> dict[str, Any]:
    return {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": ()} if owner else {}
