"""Releases of the curated tables: publish, point ``current`` at one, roll back, verify, read.

    <curated>/releases/<id>/    the files of a release, never changed
    <curated>/current           relative link to one of them, moved by one rename
    <curated>/current.json      the same for who cannot follow a link: id, path and manifest
    <curated>/.lock             held by the one publisher
    <curated>/.staging-<pid>-…  work in progress, held by the lock of the process that lives

Here: the order of steps that makes a release complete or absent.
Not here: what is inside the folder of a release (``store.release_files``), and where the tables come from.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.store.release_files import MANIFEST, flush, gate, is_held, problems, write_json, write_release

_STAGING = ".staging-"


@dataclass(frozen=True)
class Release:
    """One published release. ``path`` is resolved: it stays this release when ``current`` moves on."""

    id: str
    path: Path
    manifest: Mapping[str, Any]


def publish(
    curated_dir: Path, frames: Mapping[str, pl.DataFrame], *, facts: Mapping[str, Any], keep: int = 10
) -> tuple[Release, bool]:
    """Make these tables the current release; ``False`` where they already were.

    ``facts`` go into the manifest as they are (JSON-able, without ``id`` and ``files``) and count for the release id.
    A table that breaks its declaration raises ``ReleaseBlocked``; whatever fails, the last release stays current.
    The youngest ``keep`` releases stay on disk.
    """
    tables = gate(frames)
    (curated_dir / "releases").mkdir(parents=True, exist_ok=True)
    root = curated_dir.resolve()
    with _staging(root) as staging:
        staged = staging / "release"
        staged.mkdir()
        manifest = write_release(staged, tables, facts)
        release = _install(staged, root / "releases" / manifest["id"], manifest)
        has_moved = _point_at(root, release, staging)
        _prune(root, keep, staging)
    return release, has_moved


def current(curated_dir: Path) -> Release | None:
    """The current release, resolved once; ``None`` before the first."""
    link = curated_dir / "current"
    return _load(link.resolve()) if link.is_symlink() else None


def releases(curated_dir: Path) -> tuple[str, ...]:
    """Ids of the releases on disk, the one that was made current longest ago first."""
    aged: list[tuple[int, str]] = []
    for path in (curated_dir / "releases").glob("*"):
        # No clock is allowed in a release, so its folder's own time is the order; publishing and rolling back renew it.
        with suppress(FileNotFoundError):  # removed by a publisher while we looked
            aged.append((path.stat().st_mtime_ns, path.name))
    return tuple(name for _, name in sorted(aged))


def rollback(curated_dir: Path, release_id: str) -> Release:
    """Point ``current`` at a release that is still on disk, after checking it."""
    known = releases(curated_dir)
    if release_id not in known:
        raise UitstroomError(f"no release {release_id} here; choose one of: {', '.join(known) or 'none yet'}")
    root = curated_dir.resolve()
    with _staging(root) as staging:
        path = root / "releases" / release_id
        if damage := tuple(problems(path)):
            raise UitstroomError(f"release {release_id} is damaged, current stays: {'; '.join(damage)}")
        release = _load(path)
        os.utime(path)
        _point_at(root, release, staging)
    return release


def verify(curated_dir: Path) -> tuple[str, ...]:
    """Everything wrong with the releases on disk, in words; empty when all is well. Changes nothing, takes no lock."""
    found = list(_pointer_problems(curated_dir))
    for release_id in releases(curated_dir):
        path = curated_dir / "releases" / release_id
        damage = [f"releases/{release_id}/{problem}" for problem in problems(path)]
        found += damage if path.is_dir() else []  # removed by a publisher while we looked
    return (*found, *(f"{path.name}: left behind by a publisher that died" for path in _leftovers(curated_dir)))


def read(release: Release, table: str) -> pl.LazyFrame:
    """One table of this release, and of no other, whatever ``current`` does meanwhile."""
    if f"{table}.parquet" not in release.manifest["files"]:
        raise UitstroomError(f"release {release.id} has no table {table}")
    return pl.scan_parquet(release.path / f"{table}.parquet", glob=False)


def _load(path: Path) -> Release:
    try:
        manifest: dict[str, Any] = json.loads((path / MANIFEST).read_bytes())
    except (OSError, ValueError):
        raise UitstroomError(f"release {path.name} has no readable manifest: verify, then roll back") from None
    return Release(id=path.name, path=path, manifest=manifest)


@contextmanager
def _staging(root: Path) -> Iterator[Path]:
    """An empty folder for the one publisher. Waits for the lock, and clears what dead publishers left behind."""
    with (root / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in _leftovers(root):
            shutil.rmtree(path, ignore_errors=True)
        staging = root / f"{_STAGING}{os.getpid()}-{secrets.token_hex(4)}"
        staging.mkdir()
        held = os.open(staging, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)
            os.close(held)


def _leftovers(root: Path) -> tuple[Path, ...]:
    """Staging folders that nobody holds. A lock tells the living from the dead; a process number may be reused."""
    return tuple(path for path in sorted(root.glob(f"{_STAGING}*")) if not is_held(path))


def _install(staged: Path, target: Path, manifest: Mapping[str, Any]) -> Release:
    if not target.exists():
        os.rename(staged, target)
    elif any(problems(target)):
        # Same id, so same content: put each file right by a rename; a reader sees the old bytes or the right ones.
        for path in sorted(staged.iterdir()):
            os.replace(path, target / path.name)
        flush(target)
    os.utime(target)
    flush(target.parent)
    return Release(id=target.name, path=target, manifest=manifest)


def _point_at(root: Path, release: Release, staging: Path) -> bool:
    """Swap the link, then the pointer file; whether the link moved."""
    target = f"releases/{release.id}"
    has_moved = _target(root) != target
    # Both are ready before either is moved: a full disk is met while the last release is still current.
    write_json(staging / "current.json", {"id": release.id, "path": target, "manifest": release.manifest})
    if has_moved:
        (staging / "current").symlink_to(target, target_is_directory=True)
        os.replace(staging / "current", root / "current")
    os.replace(staging / "current.json", root / "current.json")
    flush(root)
    return has_moved


def _target(root: Path) -> str | None:
    link = root / "current"
    return os.readlink(link) if link.is_symlink() else None


def _prune(root: Path, keep: int, staging: Path) -> None:
    """Take all but the youngest ``keep`` and the current one away. Failing at it does not undo a published release."""
    kept = {*releases(root)[-max(keep, 1) :], Path(_target(root) or "").name}
    for release_id in releases(root):
        if release_id not in kept:
            with suppress(OSError):  # moved first: what lies in releases/ is whole, also when we die half-way
                os.rename(root / "releases" / release_id, staging / release_id)


def _pointer_problems(root: Path) -> Iterator[str]:
    target, pointer = _target(root), root / "current.json"
    if target is None:
        yield from ["current: no link, while there are releases"] if releases(root) else []
        return
    if Path(target).parent != Path("releases") or not (root / target).is_dir():
        yield f"current: dangling, points at {target}"
    try:
        named = json.loads(pointer.read_bytes())["path"]
    except (OSError, ValueError, KeyError, TypeError):
        yield "current.json: missing or unreadable; the next publication puts it right"
    else:
        if named != target:
            yield f"current.json: names {named}, current is {target}; the next publication puts it right"
