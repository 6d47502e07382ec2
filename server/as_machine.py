"""Start a part of the installation with the machine's secret: for units and containers, which start parts apart.

    python -m server.as_machine prefect worker start --pool uitstroom --type process

Here: waiting for the secret that the server makes at its first start, then being that module. Not here: making it
(``server.guard.machine``).
"""

import os
import sys
import time
from pathlib import Path

from flows import embedded
from server.guard.machine import CLIENT

WAIT_SECONDS = 180.0


def main() -> None:
    """Become ``python -m`` of the arguments, with the secret in the environment."""
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect"))
    until = time.monotonic() + WAIT_SECONDS
    embedded.give_secret(home)
    while CLIENT not in os.environ:
        if time.monotonic() > until:
            raise SystemExit(f"No secret in {home / embedded.MACHINE_SECRET}, nor in {CLIENT}: start the server first.")
        time.sleep(0.5)
        embedded.give_secret(home)
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])


if __name__ == "__main__":
    main()
