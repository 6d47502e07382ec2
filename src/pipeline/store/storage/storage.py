"""A tree of named bytes, and its implementation on a file system. Not here: objects of a store (``objects``).

Names are paths with ``/``. What is written is whole or absent, and on disk when it is reported.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

from pipeline.store.fs import atomic_write, flush

if TYPE_CHECKING:
    import polars as pl

PARQUET: dict[str, Any] = {"compression": "zstd", "compression_level": 1}


@dataclass(frozen=True)
class Entry:
    """One file or object. ``modified`` is in seconds since 1970; ``tag`` is another one for other bytes."""

    name: str
    size: int
    modified: float
    tag: str = ""


class Storage(Protocol):
    """Some place for named bytes."""

    @property
    def name(self) -> str:
        """The last part of where it is."""

    @property
    def uri(self) -> str | Path:
        """What Delta opens."""

    @property
    def options(self) -> dict[str, str] | None:
        """What Delta and polars need to open it; None where nothing is needed."""

    def below(self, name: str) -> "Storage":
        """The place of that name in it."""

    def holds_any(self, below: str) -> bool:
        """Whether something lies there, were it only an empty folder."""

    def entries(self, below: str = "") -> Iterator[Entry]:
        """Everything in it whose name begins with that of a folder."""

    def read(self, name: str) -> bytes | None:
        """The bytes of that name; None where there are none."""

    def write(self, name: str, content: bytes) -> None:
        """Give a name these bytes, in place of those that it may have."""

    def write_rows(self, name: str, frame: "pl.DataFrame", row_group_size: int | None = None) -> int:
        """Write rows as Parquet under a name that nobody else uses; gives its size."""

    def remove(self, name: str) -> None:
        """Take a name away; nothing where there is none."""

    def touch(self, name: str) -> None:
        """Let its age begin now, where ages of what is needed no longer are kept there."""

    def at(self, name: str) -> str | Path:
        """What polars opens under that name."""

    def at_uri(self, uri: str) -> str | Path:
        """The same by what Delta calls a file of its table."""

    def explained(self) -> AbstractContextManager[None]:
        """Within the block, that a store does not answer is an error of its own, and of nothing that was read."""


@dataclass(frozen=True)
class Files:
    """A folder."""

    root: Path

    @property
    def name(self) -> str:
        return self.root.name

    @property
    def uri(self) -> Path:
        return self.root

    @property
    def options(self) -> None:
        return None

    def below(self, name: str) -> "Files":
        return Files(self.root / name)

    def holds_any(self, below: str) -> bool:
        return (self.root / below).is_dir()

    def entries(self, below: str = "") -> Iterator[Entry]:
        for path in sorted((self.root / below).rglob("*")):
            with suppress(FileNotFoundError):  # gone while we looked
                if path.is_file():
                    status = path.stat()
                    yield Entry(path.relative_to(self.root).as_posix(), status.st_size, status.st_mtime)

    def read(self, name: str) -> bytes | None:
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as draft:
            draft.write_bytes(content)

    def write_rows(self, name: str, frame: "pl.DataFrame", row_group_size: int | None = None) -> int:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path, row_group_size=row_group_size, **PARQUET)
        flush(path)
        return path.stat().st_size

    def remove(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    def touch(self, name: str) -> None:
        with suppress(FileNotFoundError):
            (self.root / name).touch()

    def at(self, name: str) -> Path:
        return self.root / name

    def at_uri(self, uri: str) -> Path:
        return Path(unquote(uri))  # a blank in the path of the folder is %20 there

    def explained(self) -> AbstractContextManager[None]:
        return nullcontext()


def place(root: Path | str) -> Storage:
    """The storage at a folder, or at the address of objects (``s3://bucket/prefix``)."""
    if isinstance(root, Path):
        return Files(root)
    from pipeline.store.storage.objects import Objects  # a library that only who needs it has

    return Objects.at_address(root)
