"""A person at the page of an installation, undrawn: the addresses, headers and cookie of a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from server.guard import pages, users

NAME, PASSWORD = "anna", "a-long-enough-password"


@contextmanager
def logged_in(address: str, home: Path, name: str = NAME) -> Iterator[httpx.Client]:
    """Somebody who was given a password, and has used it."""
    users.add(users.users_file(home), name, PASSWORD)
    own = {"origin": address, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
    with httpx.Client(base_url=address, headers=own, timeout=1200) as client:
        answer = client.post(pages.LOGIN, data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        yield client
