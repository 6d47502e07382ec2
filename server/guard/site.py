"""The pages and tables of a release, behind the login, at ``/uitgave/``. Here: that; not: who asks (``door``).

``/uitgave/`` leads to the current release, resolved once: from there on every link stays in it. Only what a manifest
names is given, so no path leads elsewhere; tables about single clients are not given at all. Pages as such come from
``pipeline.site``.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.responses import FileResponse, RedirectResponse, Response

from pipeline.steward.wording import words
from schemas.catalogue import TABLES
from server.guard.pages import ASKED_AGAIN

SITE = "/uitgave"
_KINDS = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".json": "application/json",
    ".md": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8",
}  # fmt: skip
_DOWNLOAD = "application/octet-stream"
_ID = re.compile(r"[A-Za-z0-9-]{3,80}")
_PLACES = ("releases", "known-on")


@dataclass(frozen=True)
class ReleaseSite:
    """The releases of one folder ``curated``, as a browser may see them."""

    curated: Path

    @staticmethod
    def is_asked(path: str) -> bool:
        return path == SITE or path.startswith(f"{SITE}/")

    def answer(self, path: str) -> Response:
        """What lies under an address below ``/uitgave``."""
        release, _, name = path.removeprefix(SITE).strip("/").partition("/")
        if not release:
            return self._to_current()
        folder = self._folder(release)
        if folder is None or (name not in ("", "site") and name not in _named(folder)):
            return _sorry(404, words("Deze bladzijde is er niet (meer).", "This page is not there (any more)."))
        if name in ("", "site"):
            return RedirectResponse(f"{SITE}/{release}/site/index.html", 303)
        kind = _KINDS.get(Path(name).suffix, _DOWNLOAD)
        saved_as = Path(name).name if kind == _DOWNLOAD else None
        return FileResponse(folder / name, headers={"cache-control": ASKED_AGAIN}, media_type=kind, filename=saved_as)

    def _to_current(self) -> Response:
        link = self.curated / "current"
        if not link.is_symlink():
            return _sorry(404, words("Er is nog geen uitgave.", "There is no release yet."))
        return RedirectResponse(f"{SITE}/{link.resolve().name}/site/index.html", 303, {"cache-control": "no-store"})

    def _folder(self, release: str) -> Path | None:
        if not _ID.fullmatch(release):
            return None
        return next((path for place in _PLACES if (path := self.curated / place / release).is_dir()), None)


def _named(folder: Path) -> frozenset[str]:
    """Every file of a release that may be given: those that its two manifests name."""
    tables = [name for name in _files(folder / "manifest.json") if not _is_per_client(name)]
    pages = [f"site/{name}" for name in _files(folder / "site" / "manifest.json")]
    names = (*tables, "manifest.json", *pages)
    return frozenset(name for name in names if (folder / name).is_file())


def _is_per_client(name: str) -> bool:
    table = TABLES.get(Path(name).name.partition(".")[0])
    return table is not None and table.is_per_client


def _files(manifest: Path) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(manifest.read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found


def _sorry(code: int, sentence: str) -> Response:
    return Response(sentence, code, media_type="text/plain; charset=utf-8")
