"""The secret with which worker, watchman and flows come in. Here: making and reading it.

It is Prefect's own ``PREFECT_SERVER_API_AUTH_STRING``; an operator who sets that has chosen it. Otherwise it lies in a
file of Prefect's home, readable by its owner alone. Not here: checking it (Prefect does), people (``users``).
"""

import os
import secrets
from pathlib import Path

from flows.embedded import MACHINE_SECRET
from pipeline.store.fs import atomic_write

SERVER, CLIENT = "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"


def share(home: Path) -> str:
    """Set the secret for this process and all that it starts, as server and as client; make one where there is none."""
    secret = os.environ.get(SERVER) or os.environ.get(CLIENT) or _kept(home)
    os.environ[SERVER] = secret
    os.environ.setdefault(CLIENT, secret)
    return secret


def _kept(home: Path) -> str:
    path = home / MACHINE_SECRET
    try:
        if found := path.read_text(encoding="utf-8").strip():
            return found
    except FileNotFoundError:
        pass
    made = f"uitstroom:{secrets.token_urlsafe(32)}"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with atomic_write(path) as draft:
        draft.touch(mode=0o600)
        draft.chmod(0o600)
        draft.write_text(made, encoding="utf-8")
    return made
