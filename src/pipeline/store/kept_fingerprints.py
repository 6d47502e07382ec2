"""Fingerprints of our own code, kept beside its bytecode: parsing it costs half a second at the start of every process.

Here: keeping them under a hash of all our sources, so that no other code is ever taken for this one. Not here: making
them (``code_fingerprint``). Like bytecode they are a convenience: where the folder takes no files, they are made anew.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source, find_spec
from pathlib import Path

from pipeline.store.fs import atomic_write

_PLACE = Path(cache_from_source(__file__)).with_name("code-fingerprints.json")


def kept(name: str, packages: tuple[str, ...], make: Callable[[], str]) -> str:
    """What ``make`` gives, or gave under this name for the same sources of these packages."""
    sources = _sources(packages)
    known = _read(sources)
    if name not in known:
        known[name] = make()
        _write(sources, known)
    return known[name]


@cache
def _sources(packages: tuple[str, ...]) -> str:
    """A hash of every module of these packages, and of the Python that parses them."""
    digest = hashlib.sha256(sys.version.encode())
    for root in (Path(place) for name in packages for place in _folders(name)):
        for path in sorted(root.rglob("*.py")):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(root.parent)}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def _folders(package: str) -> list[str]:
    spec = find_spec(package)
    return list(spec.submodule_search_locations or ()) if spec else []


def _read(sources: str) -> dict[str, str]:
    try:
        content = json.loads(_PLACE.read_bytes())
        return dict(content["fingerprints"]) if content["sources"] == sources else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write(sources: str, known: dict[str, str]) -> None:
    if sys.dont_write_bytecode:
        return
    with suppress(OSError), atomic_write(_PLACE) as draft:
        draft.write_text(json.dumps({"sources": sources, "fingerprints": known}), encoding="utf-8")
