"""The raw files as they were sent: which there are, and which of them are not taken for their place or name.

Nothing below ``data/raw`` is changed here or anywhere else, and nothing is opened here. Not here: what identifies a
file (``file_fingerprint``), what is in it (``store.formats``), what its name alone shows (``raw_names``).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from pipeline.errors import Rejected
from pipeline.store.raw_names import is_sidecar, is_silent, lonely_sidecars, printable
from schemas.catalogue import SOURCES
from schemas.spelling import shown, spelling

DATA_SUFFIXES = (".csv", ".txt", ".tsv", ".jsonl", ".parquet", ".xlsx", ".gz")


@dataclass(frozen=True)
class RawFile:
    """Something below ``raw`` that is a delivery, or that somebody has to be told about since it is none."""

    source: str
    """The first folder below raw; empty for what lies directly in it."""
    path: Path
    file_name: str
    """Its path below raw as it may be stored and shown: numbers of persons covered. Its bytes are found at ``path``."""
    refusal: Rejected | None = field(default=None, compare=False)
    """Why it is not taken, where its place or name alone shows it."""


def list_raw(raw_dir: Path) -> tuple[RawFile, ...]:
    """All that lies below ``raw_dir``, by file name, without opening any; left out is only what is silent everywhere.

    Odd things are included, and so is what is not taken for its place or name: each with its ``refusal``. Links to
    folders are not followed, and no link out of ``raw_dir``, which itself may be one.
    """
    root = str(raw_dir.absolute())
    above, inside = len(os.path.join(root, "")), os.path.join(os.path.realpath(root), "")
    found: list[RawFile] = []
    for entry in os.scandir(root):
        is_folder, name = _is_folder(entry), shown(printable(entry.name))
        if is_silent(entry.name, is_folder=is_folder):
            continue
        if not is_folder:
            loose = Rejected("FILE-050", "it lies directly in raw; move it to the folder of its source")
            found.append(RawFile("", Path(entry.path), name, loose))
            continue
        link = _of_link(entry, inside)
        below: list[tuple[str, Rejected | None]] = [(entry.path, link)] if link else [*_walk(entry.path, inside)]
        # An empty folder is told where no source has its name.
        below = below or ([] if name in SOURCES else [(entry.path, None)])
        unknown = _unknown_source(name)
        found += [RawFile(name, Path(path), shown(printable(path[above:])), why or unknown) for path, why in below]
    found.sort(key=lambda file: (file.file_name, file.path))
    return tuple(  # two that differ only in what is covered are told apart by a number
        file if place == 1 else replace(file, file_name=f"{name} ({place})")
        for name, alike in groupby(found, key=lambda file: file.file_name)
        for place, file in enumerate(alike, 1)
    )


def _unknown_source(folder: str) -> Rejected | None:
    if folder in SOURCES:
        return None
    meant = next((f"; perhaps {name} is meant" for name in SOURCES if spelling(name) == spelling(folder)), "")
    return Rejected("FILE-038", f"there is no source named {folder}{meant}; known are {', '.join(SOURCES)}")


def path_of(raw_dir: Path, file_name: str) -> Path | None:
    """Where the file lies that goes by this name; None where there is none."""
    path = raw_dir / file_name
    if path.is_file():
        return path
    # A name that had to be covered or written out is the name of no file.
    return next((file.path for file in list_raw(raw_dir) if file.file_name == file_name), None)


def _walk(folder: str, inside: str) -> Iterator[tuple[str, Rejected | None]]:
    """Files below a folder, each with why it is not taken, where its place or name shows it."""
    # Texts, not paths: with thousands of files a night would spend most of its look around on taking paths apart.
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        try:
            entries = [*os.scandir(folder)]
        except OSError:
            yield folder, None  # a folder that cannot be looked into gets a receipt, its files are not forgotten
            continue
        files: dict[str, os.DirEntry[str]] = {}
        for entry in entries:
            is_folder = _is_folder(entry)
            if is_silent(entry.name, is_folder=is_folder):
                continue
            # A folder that is named like data is taken for a file, and refused as one; so is a link to a folder.
            if is_folder and not entry.is_symlink() and not entry.name.lower().endswith(DATA_SUFFIXES):
                waiting.append(entry.path)
            else:
                files[entry.name] = entry
        lonely = lonely_sidecars(files)
        for name, entry in files.items():
            if not is_sidecar(name) or name in lonely:
                yield entry.path, lonely.get(name) or _of_link(entry, inside)


def _of_link(entry: os.DirEntry[str], inside: str) -> Rejected | None:
    """Why a link is not followed. One that leads to nothing is refused when it is opened."""
    if not entry.is_symlink() or not os.path.exists(entry.path):
        return None
    if _is_folder(entry):
        return Rejected("FILE-074", "it is a link to a folder; place the folder itself")
    if os.path.realpath(entry.path).startswith(inside):
        return None
    return Rejected("FILE-074", "it is a link that leads out of raw; place the file itself")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that points to itself
        return False
