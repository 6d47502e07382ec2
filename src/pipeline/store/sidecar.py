"""The sidecar ``<file>.meta.json``: what the sender states about a delivery. One that is there must be readable."""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.errors import Rejected, Unstable
from pipeline.store.byte_source import ByteSource
from schemas.limits.files import MAX_SIDECAR_BYTES, YEAR_PATTERN
from schemas.spelling import shown, shown_name, spelling

SIDECAR_SUFFIX = ".meta.json"
READ_KEYS = ("delivered_on", "sender", "reference_year", "simulated")
NOTE_KEYS = ("attribution", "licence")
_MEANT = {spelling(key): key for key in (*READ_KEYS, *NOTE_KEYS)}
"""Keys as headers of columns are read: case, blanks and marks make no difference."""
"""What may stand there for people: where data come from, and what may be done with them. Not read."""
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Sidecar:
    """What was stated; the defaults are those of a delivery without a sidecar."""

    delivered_on: date | None = None
    sender: str | None = None
    reference_year: int | None = None
    simulated: bool = False
    sha256: str = ""
    unknown_keys: tuple[str, ...] = ()
    """Keys under which nothing is read, in their order, as they may be shown."""


def read_sidecar(path: Path) -> Sidecar:
    """Sidecar of the delivery at ``path``."""
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    if not os.path.lexists(sidecar):
        return Sidecar()
    content = _content(sidecar)
    fields = _fields(content)
    return Sidecar(
        delivered_on=_date(fields.get("delivered_on")),
        sender=_sender(fields.get("sender")),
        reference_year=_year(fields.get("reference_year")),
        simulated=_flag(fields.get("simulated")),
        sha256=hashlib.sha256(content).hexdigest(),
        unknown_keys=_unknown_keys(fields),
    )


def _content(sidecar: Path) -> bytes:
    if sidecar.is_symlink():
        raise Rejected("FILE-006", f"{SIDECAR_SUFFIX} is a link, which is not followed; place the file itself")
    try:
        source = ByteSource(sidecar)
    except (Rejected, Unstable):
        raise Rejected("FILE-006", f"{SIDECAR_SUFFIX} is not a readable file; make it one or remove it") from None
    content = source.read(MAX_SIDECAR_BYTES + 1)
    source.close()
    if len(content) > MAX_SIDECAR_BYTES:
        raise Rejected("FILE-006", f"{SIDECAR_SUFFIX} is larger than {MAX_SIDECAR_BYTES >> 20} MiB")
    return content


def _fields(content: bytes) -> dict[str, object]:
    try:
        found = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError):  # also a number of more digits than Python turns into one
        raise Rejected("FILE-006", f"{SIDECAR_SUFFIX} is not JSON in UTF-8; correct or remove it") from None
    if not isinstance(found, dict):
        raise Rejected("FILE-006", f"{SIDECAR_SUFFIX} is not one JSON object; correct or remove it")
    return found


def _unknown_keys(fields: Iterable[str]) -> tuple[str, ...]:
    unknown = [key for key in fields if key not in (*READ_KEYS, *NOTE_KEYS)]
    return tuple(shown_name(key, place, "key") for place, key in enumerate(unknown, 1))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = {_MEANT.get(spelling(key), key): value for key, value in pairs}
    if len(fields) < len(pairs):
        raise Rejected("FILE-006", f"a key stands twice in {SIDECAR_SUFFIX}; which of the two holds cannot be known")
    return fields


def _date(value: object) -> date | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and _ISO_DATE.fullmatch(value.strip()):
            return date.fromisoformat(value.strip())
    except ValueError:
        pass
    raise Rejected("FILE-007", "delivered_on in the sidecar is not an existing date written as yyyy-mm-dd")


def _sender(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return shown(value)
    raise Rejected("FILE-007", "sender in the sidecar is not text")


def _year(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch(YEAR_PATTERN, value.strip()):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch(YEAR_PATTERN, str(value)):
        return value
    raise Rejected("FILE-007", "reference_year in the sidecar is not a year such as 2017")


def _flag(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    raise Rejected("FILE-007", "simulated in the sidecar is not true or false")
