"""Somebody at a server that asks for the secret that all share. Here: giving it. Not here: what is asked."""

import json
import urllib.error
import urllib.request
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from tests.flows.steward import Refused, Steward

SECRET, WRONG = "steward:one-secret-for-all", "steward:another"


@dataclass(frozen=True)
class Guarded(Steward):
    """A steward with a secret, or without one."""

    secret: str | None = SECRET

    def ask(self, method: str, path: str, body: object | None = None) -> Any:
        given = {"authorization": f"Basic {b64encode(self.secret.encode()).decode()}"} if self.secret else {}
        request = urllib.request.Request(
            f"{self.api}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"} | given,
        )
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, error.read().decode()) from None
