"""Prefect's server behind the door, until asked to stop.

    python -m server.guard --host 127.0.0.1 --port 4200

Here: putting the two together and listening. The address by which others call it, where a proxy stands in front, is
named in ``UITSTROOM_HOSTS`` (names, separated by commas). Not here: registering what it offers (``server.deploy``).
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from flows.loading import loading
from pipeline.errors import UitstroomError
from server.guard import machine, users

HOSTS = "UITSTROOM_HOSTS"
OWN_NAMES = ("127.0.0.1", "localhost", "::1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve. The first start makes a user, and prints the password once."""
    options = _options(arguments)
    try:
        home = Path(os.environ.setdefault("PREFECT_HOME", str(Path.home() / ".prefect")))
        secret = machine.share(home)
        welcome(home)
        serve(home, secret, options.host, options.port)
    except UitstroomError as error:
        print(f"server: {error}", file=sys.stderr)
        return 1
    return 0


def welcome(home: Path) -> None:
    """Make the first user where nobody can log in yet, and print how, this once."""
    if password := users.first(users.users_file(home)):
        print(f"First user made. Name: {users.FIRST}  Password: {password}  (shown this once)", flush=True)


def hosts() -> frozenset[str]:
    """The names by which this server may be called."""
    more = os.environ.get(HOSTS, "").replace(" ", "").lower().split(",")
    return frozenset(name for name in (*OWN_NAMES, *more) if name)


def serve(home: Path, secret: str, host: str, port: int) -> None:
    """Listen until a signal asks to stop."""
    # After the secret is in the environment: Prefect reads it when it is imported.
    with loading():
        import uvicorn
        from prefect.server.api.server import create_app

        from flows import data_dir
        from server.guard.door import Door
        from server.guard.impatient import Impatient
        from server.guard.site import ReleaseSite
        from server.taking_turns import take_turns

    take_turns()
    site = ReleaseSite(data_dir.here().curated)
    door = Door(create_app(final=True), users.users_file(home), secret, hosts(), site=site)
    uvicorn.run(
        door, host=host, port=port, http=Impatient, timeout_keep_alive=5, proxy_headers=False, server_header=False
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m server.guard", description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: this machine alone)")
    parser.add_argument("--port", type=int, default=4200)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
