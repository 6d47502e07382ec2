"""Releases of the curated tables on disk: which there are, which is current, whether they are whole; reading them.

    <curated>/releases/<id>/    the files of a release, never changed
    <curated>/clients/<id>/     of each the tables about single clients, to which the release has links (``apart``)
    <curated>/known-on/<id>/    releases as known on a past day, never current
    <curated>/current           relative link to one of them, moved by one rename
    <curated>/current.json      the same for who cannot follow a link: id, path and manifest

Here: reading, without a lock. Not here: making and moving them (``publisher``), the files of one (``files``).
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.store.releases.files import MANIFEST, problems
from pipeline.store.releases.pointer import pointer_problems
from pipeline.store.releases.site_files import site_problems
from pipeline.store.releases.staging import leftovers
from schemas.sentences import said

ASIDE = "known-on"


@dataclass(frozen=True)
class Release:
    """One published release. ``path`` is resolved: it stays this release when ``current`` moves on."""

    id: str
    path: Path
    manifest: Mapping[str, Any]


def aside(curated_dir: Path, facts: Mapping[str, Any]) -> Release | None:
    """The release put aside that states exactly this about itself and is whole; None when there is none."""
    for path in sorted((curated_dir.resolve() / ASIDE).glob("*")):
        with suppress(UitstroomError):  # half removed: as good as absent
            release = load(path)
            stated = {name: value for name, value in release.manifest.items() if name not in ("id", "files")}
            if stated == dict(facts) and not any(problems(path)):
                return release
    return None


def current(curated_dir: Path) -> Release | None:
    """The current release, resolved once; ``None`` before the first."""
    link = curated_dir / "current"
    return load(link.resolve()) if link.is_symlink() else None


def releases(curated_dir: Path) -> tuple[str, ...]:
    """Ids of the releases on disk, the one that was made current longest ago first."""
    return by_age(curated_dir / "releases")


def by_age(folder: Path) -> tuple[str, ...]:
    """Names in a folder, the one that was made current longest ago first."""
    return tuple(name for _, name in aged(folder))


def aged(folder: Path) -> list[tuple[int, str]]:
    """The same with the moment, in nanoseconds."""
    aged: list[tuple[int, str]] = []
    for path in folder.glob("*"):
        # No clock is allowed in a release, so its folder's own time is the order; publishing and rolling back renew it.
        with suppress(FileNotFoundError):  # removed by a publisher while we looked
            aged.append((path.stat().st_mtime_ns, path.name))
    return sorted(aged)


def checked(curated_dir: Path, release_id: str) -> Release:
    """A release that is on disk and whole, or an error that lists what there is."""
    known = releases(curated_dir)
    if release_id not in known:
        raise UitstroomError(said("release.none", release=release_id, others=", ".join(known) or "-"))
    path = curated_dir.resolve() / "releases" / release_id
    if damage := tuple(problems(path)):
        raise UitstroomError(said("release.damaged", release=release_id, damage="; ".join(damage)))
    return load(path)


def verify(curated_dir: Path) -> tuple[str, ...]:
    """Everything wrong with the releases on disk, in words; empty when all is well. Changes nothing, takes no lock."""
    found = list(pointer_problems(curated_dir, has_releases=bool(releases(curated_dir))))
    for path in sorted([*(curated_dir / "releases").glob("*"), *(curated_dir / ASIDE).glob("*")]):
        damage = [f"{path.relative_to(curated_dir)}/{problem}" for problem in (*problems(path), *site_problems(path))]
        found += damage if path.is_dir() else []  # removed by a publisher while we looked
    return (*found, *(f"{path.name}: left behind by a publisher that died" for path in leftovers(curated_dir)))


def read(release: Release, table: str) -> pl.LazyFrame:
    """One table of this release, and of no other, whatever ``current`` does meanwhile."""
    if f"{table}.parquet" not in release.manifest["files"]:
        raise UitstroomError(f"release {release.id} has no table {table}")
    return pl.scan_parquet(release.path / f"{table}.parquet", glob=False)


def load(path: Path) -> Release:
    try:
        manifest: dict[str, Any] = json.loads((path / MANIFEST).read_bytes())
    except (OSError, ValueError):
        raise UitstroomError(f"release {path.name} has no readable manifest: verify, then roll back") from None
    return Release(id=path.name, path=path, manifest=manifest)
