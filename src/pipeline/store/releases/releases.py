"""Releases of the curated tables: publish, point ``current`` at one, roll back, verify, read.

    <curated>/releases/<id>/    the files of a release, never changed
    <curated>/known-on/<id>/    releases as known on a past day, never current
    <curated>/current           relative link to one of them, moved by one rename
    <curated>/current.json      the same for who cannot follow a link: id, path and manifest
    <curated>/.lock             held by the one publisher
    <curated>/.staging-<pid>-…  work in progress, held by the lock of the process that lives

Here: the order of steps that makes a release complete or absent.
Not here: what is inside the folder of a release (``files``), and where the tables come from.
"""

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
from pipeline.store.fs import flush, is_held, lock
from pipeline.store.releases.files import (
    MANIFEST,
    Recorder,
    problems,
    write_json,
    write_release,
)
from pipeline.store.releases.pointer import linked, named, pointer_problems

_STAGING = ".staging-"
ASIDE = "known-on"


@dataclass(frozen=True)
class Release:
    """One published release. ``path`` is resolved: it stays this release when ``current`` moves on."""

    id: str
    path: Path
    manifest: Mapping[str, Any]


class Publisher:
    """The one who may publish in a folder, for as long as its lock is held (see ``publisher``)."""

    def __init__(self, root: Path, staging: Path) -> None:
        self._root = root
        self._staging = staging

    def publish(
        self,
        frames: Mapping[str, pl.DataFrame],
        *,
        facts: Mapping[str, Any],
        keep: int = 10,
        recorder: Recorder | None = None,
    ) -> tuple[Release, bool]:
        """Make these tables the current release; ``False`` where they already were.

        ``facts`` go into the manifest as they are (JSON-able, without ``id`` and ``files``) and count for the id.
        ``recorder`` reports what changed since the release before, and records this one between its being whole on
        disk and its being current: whoever is killed in between leaves a release that can be made current again.
        A table that breaks its declaration raises ``ReleaseBlocked``; whatever fails, the last release stays current.
        The youngest ``keep`` releases stay on disk.
        """
        release = self._make(frames, facts, recorder, self._root / "releases")
        if recorder is not None:
            recorder.record(release.id)
        has_moved = self.point_at(release)
        _prune(self._root, keep, self._staging)
        return release, has_moved

    def put_aside(
        self,
        frames: Mapping[str, pl.DataFrame],
        *,
        facts: Mapping[str, Any],
        keep: int = 10,
        recorder: Recorder | None = None,
    ) -> Release:
        """Make a release that is never current, such as one as known on a past day, below ``known-on``."""
        release = self._make(frames, facts, recorder, self._root / ASIDE)
        _remove_old(self._root / ASIDE, keep, {release.id}, self._staging)
        return release

    def settle(self, release: Release) -> None:
        """Let the pointer file name the current release too, where a publisher died between the two."""
        if named(self._root) != linked(self._root):
            self.point_at(release)

    def point_at(self, release: Release) -> bool:
        """Make a release that is on disk current; whether that changed anything."""
        return _point_at(self._root, release, self._staging)

    def _make(
        self, frames: Mapping[str, pl.DataFrame], facts: Mapping[str, Any], recorder: Recorder | None, folder: Path
    ) -> Release:
        folder.mkdir(parents=True, exist_ok=True)
        staged = self._staging / "release"
        staged.mkdir()
        manifest = write_release(staged, frames, facts, recorder)
        return _install(staged, folder / manifest["id"], manifest)


@contextmanager
def publisher(curated_dir: Path) -> Iterator[Publisher]:
    """Wait for the lock of a folder and be its one publisher: nobody overtakes who reads the log, then publishes."""
    (curated_dir / "releases").mkdir(parents=True, exist_ok=True)
    root = curated_dir.resolve()
    with _staging(root) as staging:
        yield Publisher(root, staging)


def publish(
    curated_dir: Path, frames: Mapping[str, pl.DataFrame], *, facts: Mapping[str, Any], keep: int = 10
) -> tuple[Release, bool]:
    """Publish once (see ``Publisher.publish``); every table is in ``frames``."""
    with publisher(curated_dir) as alone:
        return alone.publish(frames, facts=facts, keep=keep)


def aside(curated_dir: Path, facts: Mapping[str, Any]) -> Release | None:
    """The release put aside that states exactly this about itself and is whole; None when there is none."""
    for path in sorted((curated_dir.resolve() / ASIDE).glob("*")):
        with suppress(UitstroomError):  # half removed: as good as absent
            release = _load(path)
            stated = {name: value for name, value in release.manifest.items() if name not in ("id", "files")}
            if stated == dict(facts) and not any(problems(path)):
                return release
    return None


def current(curated_dir: Path) -> Release | None:
    """The current release, resolved once; ``None`` before the first."""
    link = curated_dir / "current"
    return _load(link.resolve()) if link.is_symlink() else None


def releases(curated_dir: Path) -> tuple[str, ...]:
    """Ids of the releases on disk, the one that was made current longest ago first."""
    return _by_age(curated_dir / "releases")


def _by_age(folder: Path) -> tuple[str, ...]:
    aged: list[tuple[int, str]] = []
    for path in folder.glob("*"):
        # No clock is allowed in a release, so its folder's own time is the order; publishing and rolling back renew it.
        with suppress(FileNotFoundError):  # removed by a publisher while we looked
            aged.append((path.stat().st_mtime_ns, path.name))
    return tuple(name for _, name in sorted(aged))


def checked(curated_dir: Path, release_id: str) -> Release:
    """A release that is on disk and whole, or an error that lists what there is."""
    known = releases(curated_dir)
    if release_id not in known:
        raise UitstroomError(f"no release {release_id} here; choose one of: {', '.join(known) or 'none yet'}")
    path = curated_dir.resolve() / "releases" / release_id
    if damage := tuple(problems(path)):
        raise UitstroomError(f"release {release_id} is damaged, current stays: {'; '.join(damage)}")
    return _load(path)


def rollback(curated_dir: Path, release_id: str) -> Release:
    """Point ``current`` at a release that is still on disk, after checking it."""
    checked(curated_dir, release_id)
    with publisher(curated_dir) as alone:
        release = checked(curated_dir, release_id)
        os.utime(release.path)
        alone.point_at(release)
    return release


def verify(curated_dir: Path) -> tuple[str, ...]:
    """Everything wrong with the releases on disk, in words; empty when all is well. Changes nothing, takes no lock."""
    found = list(pointer_problems(curated_dir, has_releases=bool(releases(curated_dir))))
    for path in sorted([*(curated_dir / "releases").glob("*"), *(curated_dir / ASIDE).glob("*")]):
        damage = [f"{path.relative_to(curated_dir)}/{problem}" for problem in problems(path)]
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
    with lock(root / ".lock"):
        for path in _leftovers(root):
            shutil.rmtree(path, ignore_errors=True)
        staging = root / f"{_STAGING}{os.getpid()}-{secrets.token_hex(4)}"
        staging.mkdir()
        with lock(staging):
            try:
                yield staging
            finally:
                shutil.rmtree(staging, ignore_errors=True)


def _leftovers(root: Path) -> tuple[Path, ...]:
    """Staging folders that nobody holds. A lock tells the living from the dead; a process number may be reused."""
    return tuple(path for path in sorted(root.glob(f"{_STAGING}*")) if not is_held(path))


def _install(staged: Path, target: Path, manifest: Mapping[str, Any]) -> Release:
    if not target.exists():
        os.rename(staged, target)
    elif any(problems(target)) or _load(target).manifest != manifest:
        # Same id, so the same figures: put each file right by a rename; a reader sees the old bytes or the right ones.
        # What was put there by a run that ended before it was recorded may state another moment in ``restatements``.
        for path in sorted(staged.iterdir()):
            os.replace(path, target / path.name)
        flush(target)
    os.utime(target)
    flush(target.parent)
    return Release(id=target.name, path=target, manifest=manifest)


def _point_at(root: Path, release: Release, staging: Path) -> bool:
    """Swap the link, then the pointer file; whether the link moved."""
    target = f"releases/{release.id}"
    has_moved = linked(root) != target
    # Both are ready before either is moved: a full disk is met while the last release is still current.
    write_json(staging / "current.json", {"id": release.id, "path": target, "manifest": release.manifest})
    if has_moved:
        (staging / "current").symlink_to(target, target_is_directory=True)
        os.replace(staging / "current", root / "current")
    os.replace(staging / "current.json", root / "current.json")
    flush(root)
    return has_moved


def _prune(root: Path, keep: int, staging: Path) -> None:
    """Take all but the youngest ``keep`` and the current one away. Failing at it does not undo a published release."""
    _remove_old(root / "releases", keep, {Path(linked(root) or "").name}, staging)


def _remove_old(folder: Path, keep: int, needed: set[str], staging: Path) -> None:
    names = _by_age(folder)
    for name in set(names) - {*names[-max(keep, 1) :], *needed}:
        with suppress(OSError):  # moved first: what lies in the folder is whole, also when we die half-way
            os.rename(folder / name, staging / name)


def prune(curated_dir: Path, keep: int) -> tuple[tuple[str, ...], int]:
    """Take away all releases but the youngest ``keep`` and the current one, and what dead publishers left behind.

    Gives the ids that went and the number of folders left behind. Waits for a publisher that is at work.
    """
    root = curated_dir.resolve()
    left = len(_leftovers(root))
    with _staging(root) as staging:
        before = releases(root)
        _prune(root, keep, staging)
        gone = set(before) - set(releases(root))
    return tuple(name for name in before if name in gone), left
