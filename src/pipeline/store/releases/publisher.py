"""Making releases: publish, put aside, point ``current`` at one, go back, take old ones away.

Here: the order of steps that makes a release complete or absent, under the lock of the one publisher.
Not here: what is inside the folder of a release (``files``), reading one (``releases``), where the
tables come from.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.store.fs import flush
from pipeline.store.releases import site_files
from pipeline.store.releases.apart import CLIENTS, give_place, remove_unlinked, set_apart
from pipeline.store.releases.files import Recorder, problems, write_json, write_release
from pipeline.store.releases.pointer import linked, named
from pipeline.store.releases.releases import ASIDE, Release, aged, load, releases
from pipeline.store.releases.retention import Retention
from pipeline.store.releases.staging import leftovers, staging

if TYPE_CHECKING:
    from pipeline.store.storage.published import Published

_TEN = Retention()
_A_DAY = timedelta(days=1)
"""What publishers in an object store that died left behind goes when it is that old: a younger one may live."""


class Publisher:
    """The one who may publish in a folder, for as long as its lock is held (see ``publisher``)."""

    def __init__(self, root: Path, staging: Path, there: "Published | None" = None) -> None:
        """``there``: where the releases lie in an object store, and this folder holds copies of them."""
        self._root = root
        self._staging = staging
        self._there = there

    def publish(
        self,
        frames: Mapping[str, pl.DataFrame],
        *,
        facts: Mapping[str, Any],
        keep: Retention = _TEN,
        recorder: Recorder | None = None,
        dress: Callable[[Release], None] | None = None,
    ) -> tuple[Release, bool]:
        """Make these tables the current release; ``False`` where they already were.

        ``facts`` go into the manifest as they are (JSON-able, without ``id`` and ``files``) and count for the id.
        ``recorder`` reports what changed since the release before, and records this one between its being whole on
        disk and its being current: whoever is killed in between leaves a release that can be made current again.
        ``dress`` gives it its pages before it becomes current.
        A table that breaks its declaration raises ``ReleaseBlocked``; whatever fails, the last release stays current.
        ``keep`` says which releases stay on disk beside this one.
        """
        release = self._make(frames, facts, recorder, self._root / "releases")
        if recorder is not None:
            recorder.record(release.id)
        if dress is not None:
            dress(release)
        has_moved = self.point_at(release)
        _prune(self._root, keep, self._staging, self._there)
        return release, has_moved

    def put_aside(
        self,
        frames: Mapping[str, pl.DataFrame],
        *,
        facts: Mapping[str, Any],
        keep: Retention = _TEN,
        recorder: Recorder | None = None,
        dress: Callable[[Release], None] | None = None,
    ) -> Release:
        """Make a release that is never current, such as one as known on a past day, below ``known-on``."""
        release = self._make(frames, facts, recorder, self._root / ASIDE)
        if dress is not None:
            dress(release)
        _remove_old(self._root / ASIDE, keep, {release.id}, self._staging)
        remove_unlinked(self._root, self._staging, "releases", ASIDE)
        return release

    def put_site(self, release: Release, pages: Mapping[str, bytes], made_of: Mapping[str, Any]) -> None:
        """Give a release its pages, in place of those that it may have."""
        site_files.put(release.path, pages, made_of, self._staging)
        if self._there is not None:
            self._there.copy_pages(release.id)

    def put_back(
        self, release_id: str, frames: Mapping[str, pl.DataFrame], *, facts: Mapping[str, Any], recorder: Recorder
    ) -> Release:
        """Make a release that is gone again, and no other: what comes to another id is nothing's, and goes.

        It is never made current here. It counts as young, so it stays until as many younger ones exist.
        """
        return self._make(frames, facts, recorder, self._root / "releases", wanted=release_id)

    def settle(self, release: Release) -> None:
        """Let the pointer file name the current release too, where a publisher died between the two."""
        if named(self._root) != linked(self._root):
            self.point_at(release)

    def point_at(self, release: Release) -> bool:
        """Make a release that is on disk current: swap the link, then the pointer file. Whether the link moved.

        Where the releases lie in an object store the pointer there is swapped first. Raises Overtaken where another
        release has become current there meanwhile; nothing moves then.
        """
        target = f"releases/{release.id}"
        has_moved = linked(self._root) != target
        # Both are ready before either is moved: a full disk is met while the last release is still current.
        pointer = {
            "id": release.id,
            "path": target,
            "schema_version": release.manifest.get("schema_version"),
            "manifest": release.manifest,
        }
        write_json(self._staging / "current.json", pointer)
        if has_moved and self._there is not None:
            self._there.publish(release.id, pointer)
        if has_moved:
            (self._staging / "current").symlink_to(target, target_is_directory=True)
            os.replace(self._staging / "current", self._root / "current")
        os.replace(self._staging / "current.json", self._root / "current.json")
        os.utime(release.path)  # releases are ordered by when they were made current, and the oldest go first
        flush(self._root)
        return has_moved

    def _make(
        self,
        frames: Mapping[str, pl.DataFrame],
        facts: Mapping[str, Any],
        recorder: Recorder | None,
        folder: Path,
        *,
        wanted: str | None = None,
    ) -> Release:
        """Write the files where nobody looks, then give them their place by one rename."""
        folder.mkdir(parents=True, exist_ok=True)
        staged = self._staging / "release"
        staged.mkdir()
        manifest = write_release(staged, frames, facts, recorder)
        if wanted not in (None, manifest["id"]):
            raise UitstroomError(f"the log gives release {manifest['id']} there, not {wanted}: nothing was made")
        place, apart = folder / manifest["id"], self._staging / CLIENTS
        set_apart(staged, apart, place.name)
        give_place(apart, self._root, place.name)
        if not place.exists():
            os.rename(staged, place)
        elif any(problems(place)) or load(place).manifest != manifest:
            _put_right(place, staged)
        os.utime(place)
        flush(folder)
        return Release(id=place.name, path=place, manifest=manifest)


def _put_right(place: Path, staged: Path) -> None:
    """Same id, so the same figures: each file is put right by a rename; a reader sees the old bytes or the right ones.

    What was put there by a run that ended before it was recorded may state another moment in ``restatements``.
    """
    for path in sorted(staged.iterdir()):
        os.replace(path, place / path.name)
    flush(place)


@contextmanager
def publisher(curated_dir: Path, there: "Published | None" = None) -> Iterator[Publisher]:
    """Wait for the lock of a folder and be its one publisher: nobody overtakes who reads the log, then publishes.

    Where releases lie in an object store, other machines may: who moves the pointer there finds out.
    """
    curated_dir.mkdir(parents=True, exist_ok=True)
    root = curated_dir.resolve()
    with staging(root) as folder:
        (root / "releases").mkdir(exist_ok=True)
        if there is not None:
            there.refresh()
        yield Publisher(root, folder, there)


def _prune(root: Path, keep: Retention, doomed: Path, there: "Published | None") -> None:
    """Take all away but those that stay and the current one. Failing at it does not undo a published release."""
    _remove_old(root / "releases", keep, {Path(linked(root) or "").name}, doomed)
    remove_unlinked(root, doomed, "releases", ASIDE)
    if there is not None:
        with suppress(UitstroomError):  # the next one takes them away
            there.let_go(releases(root))


def _remove_old(folder: Path, keep: Retention, needed: set[str], doomed: Path) -> None:
    there = aged(folder)
    for name in {name for _, name in there} - keep.stay(there) - needed:
        with suppress(OSError):  # moved first: what lies in the folder is whole, also when we die half-way
            os.rename(folder / name, doomed / name)


def prune(curated_dir: Path, keep: Retention, there: "Published | None" = None) -> tuple[tuple[str, ...], int]:
    """Take away all releases but those that stay and the current one, and what dead publishers left behind.

    Gives the ids that went and the number of folders left behind. Waits for a publisher that is at work.
    """
    root = curated_dir.resolve()
    left = len(leftovers(root))
    with staging(root) as folder:
        if there is not None:
            there.refresh()
            left += there.sweep(_A_DAY)
        before = releases(root)
        _prune(root, keep, folder, there)
        gone = set(before) - set(releases(root))
    return tuple(name for name in before if name in gone), left
