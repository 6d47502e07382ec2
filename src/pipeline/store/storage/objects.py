"""Named bytes as objects of a store: S3 and what speaks its language, Azure.

Here: reading, writing, and writing only where nothing was changed meanwhile (compare and swap). Not here: what opens a
store (``access``), what the bytes are.
"""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import Overtaken, UitstroomError
from pipeline.store.storage import access
from pipeline.store.storage.storage import PARQUET, Entry

if TYPE_CHECKING:
    import polars as pl
    from obstore.store import ObjectStore

_PART_BYTES = 8 << 20
_NONE = "-"
"""A tag that no object has."""


class StoreRefuses(UitstroomError):
    """The object store cannot be reached, or does not let this account do what is asked."""


@dataclass(frozen=True)
class Objects:
    """Everything below an address. The store says at once, to everybody, what was written last."""

    address: str
    _opened: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def at_address(cls, address: str) -> "Objects":
        return cls(address.rstrip("/"))

    def __getstate__(self) -> str:
        return self.address

    def __setstate__(self, address: str) -> None:
        object.__setattr__(self, "address", address)
        object.__setattr__(self, "_opened", {})

    @property
    def name(self) -> str:
        return self.address.rpartition("/")[2]

    @property
    def uri(self) -> str:
        return self.address

    @cached_property
    def options(self) -> dict[str, str]:
        return access.options(self.address)

    @property
    def store(self) -> "ObjectStore":
        if "store" not in self._opened:
            self._opened["store"] = _open(self.address)
        store: ObjectStore = self._opened["store"]
        return store

    def below(self, name: str) -> "Objects":
        return Objects(f"{self.address}/{name}")

    def holds_any(self, below: str) -> bool:
        return any(True for _ in self.entries(below))

    def entries(self, below: str = "") -> Iterator[Entry]:
        obstore = _library(self.address)

        with _explained(self.address):
            for found in obstore.list(self.store, prefix=below or None):
                for each in found:
                    tag = each["e_tag"] or ""
                    yield Entry(each["path"], each["size"], each["last_modified"].timestamp(), tag)

    def read(self, name: str) -> bytes | None:
        return self.read_tagged(name)[0]

    def read_tagged(self, name: str, tag: str = "") -> tuple[bytes | None, str]:
        """The bytes with their tag; only those of that tag, where one is given. Raises Overtaken."""
        obstore = _library(self.address)

        with _explained(f"{self.address}/{name}"):
            try:
                found = obstore.get(self.store, name, options={"if_match": tag} if tag else None)
                return bytes(found.bytes()), found.meta["e_tag"] or ""
            except FileNotFoundError:
                return None, _NONE

    def fetch(self, name: str, tag: str, path: Path) -> bool:
        """Write the bytes of that tag to a file, in parts; False where they are gone. Raises Overtaken."""
        obstore = _library(self.address)

        with _explained(f"{self.address}/{name}"):
            try:
                found = obstore.get(self.store, name, options={"if_match": tag} if tag else None)
            except FileNotFoundError:
                return False
            with path.open("wb") as file:
                for part in found.stream(min_chunk_size=_PART_BYTES):
                    file.write(part)
            return True

    def write(self, name: str, content: bytes | Path) -> None:
        """``content``: the bytes, or a file that holds them."""
        obstore = _library(self.address)

        with _explained(f"{self.address}/{name}"):
            obstore.put(self.store, name, content)

    def swap(self, name: str, content: bytes, tag: str) -> str:
        """Write only where the object still has this tag, as ``read_tagged`` gave it; gives the new tag.

        Raises Overtaken. The contents must differ from whatever others write: then the answer may be lost, and it is
        known all the same whose bytes they are.
        """
        obstore = _library(self.address)

        try:
            with _explained(f"{self.address}/{name}"):
                put = obstore.put(self.store, name, content, mode="create" if tag == _NONE else {"e_tag": tag})
                return put["e_tag"] or ""
        except Overtaken:
            there, now = self.read_tagged(name)
            if there != content:
                raise
            return now

    def write_rows(self, name: str, frame: "pl.DataFrame", row_group_size: int | None = None) -> int:
        content = io.BytesIO()
        frame.write_parquet(content, row_group_size=row_group_size, **PARQUET)
        self.write(name, body := content.getvalue())
        return len(body)

    def remove(self, name: str) -> None:
        obstore = _library(self.address)

        with _explained(f"{self.address}/{name}"):
            try:
                obstore.delete(self.store, name)
            except FileNotFoundError:
                return

    def touch(self, name: str) -> None:
        """Nothing: the log itself says since when a file is not needed."""

    def at(self, name: str) -> str:
        return f"{self.address}/{name}"

    def at_uri(self, uri: str) -> str:
        return uri

    def explained(self) -> AbstractContextManager[None]:
        return _explained(self.address)


def _library(address: str) -> Any:
    """What opens object stores; it is not part of what everybody installs."""
    try:
        import obstore
    except ModuleNotFoundError:
        raise StoreRefuses(
            f"{address} lies in an object store, and what opens one is not installed. "
            "Run: pip install 'uitstroom[cluster]'"
        ) from None
    return obstore


def _open(address: str) -> "ObjectStore":
    from obstore.store import from_url

    found = access.options(address)
    allow_http = found.pop("aws_allow_http", None) or found.pop("azure_allow_http", None)
    client: dict[str, Any] = {"allow_http": True} if allow_http == "true" else {}
    with _explained(address):
        opened: ObjectStore = from_url(address, config=found, client_options=client)
        return opened


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """Turn what the library raises into an error with a next step; what it quotes of an answer is left out."""
    try:
        yield
    except UitstroomError:
        raise
    except Exception as error:
        kind, library = type(error).__name__, type(error).__module__.partition(".")[0]
        if kind in ("CommitFailedError", "TableNotFoundError"):
            raise
        if kind in ("PreconditionError", "AlreadyExistsError", "NotModifiedError"):
            raise Overtaken(f"{where} was changed by somebody else meanwhile. Run again.") from None
        if kind in ("PermissionDeniedError", "UnauthenticatedError"):
            remedy = "Give the account of the pipeline access to it (the variables AWS_… or AZURE_…)"
        elif kind == "InvalidPathError":
            remedy = "Take away or rename the object there that has an empty part, '.' or '..' in its name"
        elif library in ("obstore", "deltalake", "polars") or isinstance(error, OSError):
            remedy = (
                "See that the bucket exists and can be reached from here, and what the variables AWS_… or AZURE_… say"
            )
        else:
            raise
        raise StoreRefuses(
            f"{where}: the store refuses or cannot be reached ({kind}). {remedy}, then run again. "
            "What was recorded or published before is safe."
        ) from None
