"""Tables about single clients lie apart from the others, so that a folder's rights decide who reads them.

    <curated>/clients/<id>/<table>.parquet       the file
    <curated>/releases/<id>/<table>.parquet      a relative link to it, in its place among the others

Who may enter ``clients`` reads a release as if everything lay in it; who may not is refused that one file. Here: moving
and linking, and taking away what no release leads to. Not here: which tables these are (``Table.is_per_client``).
"""

import os
from contextlib import suppress
from pathlib import Path

from pipeline.store.fs import flush
from schemas.catalogue import TABLES

CLIENTS = "clients"
_OWNER = 0o700


def set_apart(staged: Path, apart: Path, release: str) -> None:
    """Move the tables about clients out of a staged release into the empty folder ``apart``, and leave links."""
    apart.mkdir()
    for table in TABLES.values():
        name = f"{table.name}.parquet"
        if table.is_per_client and (staged / name).is_file():
            os.rename(staged / name, apart / name)
            (staged / name).symlink_to(Path("..", "..", CLIENTS, release, name))
    flush(apart)
    flush(staged)


def give_place(apart: Path, root: Path, release: str) -> None:
    """Put them where the links lead. What is there is put right file by file: a reader sees the old one or the new."""
    folder = root / CLIENTS
    if not folder.exists():
        folder.mkdir(mode=_OWNER)
    place = folder / release
    if not place.exists():
        os.rename(apart, place)
    else:
        for path in sorted(apart.iterdir()):
            os.replace(path, place / path.name)
        flush(place)
    flush(folder)


def remove_unlinked(root: Path, doomed: Path, *folders: str) -> None:
    """Take away what no release in these folders leads to any more. Failing at it undoes nothing."""
    for path in sorted((root / CLIENTS).glob("*")):
        if not any((root / folder / path.name).exists() for folder in folders):
            with suppress(OSError):
                os.rename(path, doomed / f"{CLIENTS}-{path.name}")
