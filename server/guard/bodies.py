"""What a request brings along. Here: reading it, up to a size and a time. Not here: what it may hold (``allowed``)."""

import asyncio
import json
from typing import Any

from starlette.requests import Request

from pipeline.steward.wording import words
from server.guard.allowed import MOST_BYTES, NotAllowed

READ_SECONDS = 30.0
"""After which a body that does not arrive is no longer waited for."""
_NO_JSON = "The request is no JSON object."
"""No page of ours sends that, so nobody reads it but who tries."""


async def read(request: Request, most: int) -> bytes:
    """All of it, or NotAllowed."""
    got = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for part in request.stream():
                got += part
                if len(got) > most:
                    raise NotAllowed(words("Dit is te groot om aan te nemen.", "The request is too large."))
    except TimeoutError:
        raise NotAllowed(words("De aanvraag komt niet aan.", "The request does not arrive.")) from None
    return bytes(got)


async def read_object(request: Request) -> dict[str, Any]:
    """The body of a request that changes something: JSON, so that no form of another page can have sent it."""
    got = await read(request, MOST_BYTES)
    if not got:
        return {}
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise NotAllowed(_NO_JSON)
    try:
        body = json.loads(got)
    except (ValueError, RecursionError):
        raise NotAllowed(_NO_JSON) from None
    if not isinstance(body, dict):
        raise NotAllowed(_NO_JSON)
    return body
