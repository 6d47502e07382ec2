"""Who may log in: a file of names and hashed passwords, readable by its owner alone.

    python -m server.guard.users add anna        prints a new password, once
    python -m server.guard.users remove anna     her sessions end at once
    python -m server.guard.users list

Here: that file. Not here: sessions (``server.guard.sessions``), what a user may do (``server.guard.allowed``).
One line is one user, ``name:hash``; the hash is Argon2id in its standard text form.
"""

import argparse
import os
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pipeline import settings
from pipeline.errors import UitstroomError
from pipeline.store.fs import atomic_write
from schemas.person_number import covered

FILE = "users"
"""The file's name, within Prefect's home of the installation."""
FIRST = "steward"
"""The user that a first start makes."""
NAME = re.compile(r"[a-z][a-z0-9._-]{1,29}")
LEAST_PASSWORD = 12

_ITERATIONS, _LANES, _KIB = 2, 1, 19 << 10
"""The least that OWASP's password storage cheat sheet recommends for Argon2id: a login costs some 30 ms."""


class BadUser(UitstroomError):
    """A name or password that cannot be used, a user that is not there or is there already."""


def users_file(home: Path) -> Path:
    return home / FILE


def read(path: Path) -> Mapping[str, str]:
    """Hashes by name; none where there is no file yet."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return dict(line.split(":", 1) for line in lines if ":" in line)


def add(path: Path, name: str, password: str | None = None) -> str:
    """A new user, or a new password for one; the password. Without one given, one is made."""
    if not NAME.fullmatch(name) or covered(name) != name:
        raise BadUser("A user's name has 2 to 30 characters: small letters, digits, '.', '_', '-', a letter first.")
    if password is not None and len(password) < LEAST_PASSWORD:
        raise BadUser(f"A password has at least {LEAST_PASSWORD} characters.")
    word = secrets.token_urlsafe(15) if password is None else password
    _write(path, {**read(path), name: _hashed(word)})
    return word


def remove(path: Path, name: str) -> None:
    users = dict(read(path))
    if users.pop(name, None) is None:
        raise BadUser(f"There is no such user; known are {', '.join(users) or 'none'}.")
    _write(path, users)


def first(path: Path) -> str | None:
    """The password of the first user, made where there is none yet; ``None`` where somebody can log in already."""
    return None if read(path) else add(path, FIRST)


def knows(users: Mapping[str, str], name: str, password: str) -> bool:
    """Whether this is the password of this user. It takes as long for a name that is not known."""
    try:
        Argon2id.verify_phc_encoded(password.encode(), users.get(name, _UNKNOWN))
    except (InvalidKey, ValueError):
        return False
    return name in users


def _hashed(password: str) -> str:
    hasher = Argon2id(salt=os.urandom(16), length=32, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_KIB)
    return hasher.derive_phc_encoded(password.encode())


_UNKNOWN = _hashed(secrets.token_urlsafe())


def _write(path: Path, users: Mapping[str, str]) -> None:
    with atomic_write(path) as draft:
        draft.touch(mode=0o600)
        draft.chmod(0o600)
        draft.write_text("".join(f"{name}:{hashed}\n" for name, hashed in sorted(users.items())), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Change or list the users of an installation. Exit code 1 when that is not possible."""
    options = _options(arguments)
    path = users_file(options.home)
    try:
        if options.command == "add":
            given = sys.stdin.readline().rstrip("\n") if options.password_stdin else None
            word = add(path, options.name, given)
            print(f"{options.name} can log in{'' if given else f' with {word} (shown this once)'}.")
        elif options.command == "remove":
            remove(path, options.name)
            print(f"{options.name} cannot log in any more.")
        else:
            print("\n".join(read(path)) or "Nobody can log in yet.")
    except (UitstroomError, OSError) as error:
        print(f"users: {error}", file=sys.stderr)
        return 1
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    home = os.environ.get("PREFECT_HOME") or str(settings.load(settings.usual_place()).data_dir / ".prefect")
    parser = argparse.ArgumentParser(prog="python -m server.guard.users", description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=Path(home), help=f"Prefect's home (default: {home})")
    commands = parser.add_subparsers(dest="command", required=True)
    adding = commands.add_parser("add", help="a new user, or a new password for one")
    adding.add_argument("name")
    adding.add_argument("--password-stdin", action="store_true", help="read the password from the first line of input")
    commands.add_parser("remove", help="end a user's access, at once").add_argument("name")
    commands.add_parser("list", help="who can log in")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
