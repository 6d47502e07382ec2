"""Whether the content of a file is what its name promises, and what to tell the sender where it is not.

Here: which rule is broken by which content under which name. Not here: recognising a kind (``file_kind``).
"""

from collections.abc import Collection
from pathlib import Path

from pipeline.errors import Rejected
from pipeline.store.byte_source import ByteSource
from pipeline.store.formats import file_kind
from pipeline.store.formats.file_kind import Kind, is_plain, kind_of

_JSON = (file_kind.JSON_LIST, file_kind.JSON_LINES)
_EXCEL = {
    file_kind.ENCRYPTED: "FILE-025",
    file_kind.LOCKED_OLD_WORKBOOK: "FILE-025",
    file_kind.OLD_WORKBOOK: "FILE-054",
}
_START = 4096


def require_kind(source: ByteSource, suffix: str) -> None:
    """Refuse content that is recognised as another kind than ``suffix`` promises. Empty content is for the reader."""
    if suffix.endswith(".gz"):
        _require_packed(source, suffix)
        return
    if (kind := _other_kind(source, suffix)) is not None:
        raise Rejected(_rule(kind, suffix), f"this is {kind.name} named {suffix}; {kind.advice}")


def unknown_kind(path: Path, read: Collection[str]) -> Rejected:
    """The refusal of a file whose name promises nothing that is read, with what it seems to be."""
    source = ByteSource(path)
    try:
        kind = kind_of(source) or (file_kind.PLAIN if is_plain(source.rewind().read(_START)) else None)
    finally:
        source.close()
    seems = f"this is {kind.name}; {kind.advice}. " if kind else ""
    return Rejected("FILE-005", f"{seems}The kinds that are read are named {', '.join(sorted(read))}")


def _require_packed(source: ByteSource, suffix: str) -> None:
    try:
        kind = kind_of(source, is_packed=True)
    except Rejected as refusal:
        if refusal.rule != "FILE-015":
            raise
        if (kind := _unpacked_kind(source.path)) is None:
            raise
        raise Rejected("FILE-015", f"this is {kind.name} named {suffix}; {kind.advice}") from None
    if kind is file_kind.GZIP:
        raise Rejected("FILE-010", "it was packed twice; unpack it once")
    inside = suffix.removesuffix(".gz")
    if kind is not None and not _is_promised(kind, inside):
        raise Rejected(_rule(kind, inside), f"in the archive {suffix} is {kind.name}; {kind.advice}")


def _unpacked_kind(path: Path) -> Kind | None:
    source = ByteSource(path)
    try:
        kind = kind_of(source) or (file_kind.PLAIN if is_plain(source.rewind().read(_START)) else None)
    finally:
        source.close()
    return None if kind is file_kind.GZIP else kind


def _other_kind(source: ByteSource, suffix: str) -> Kind | None:
    """The kind where it is another one; for binary formats also plain text."""
    kind = kind_of(source)
    if kind is None and suffix in (".xlsx", ".parquet") and is_plain(source.rewind().read(_START)):
        kind = file_kind.PLAIN
    source.rewind()
    return None if kind is None or _is_promised(kind, suffix) else kind


def _is_promised(kind: Kind, suffix: str) -> bool:
    if suffix == ".jsonl":
        return kind in _JSON
    return (kind, suffix) in ((file_kind.WORKBOOK, ".xlsx"), (file_kind.PARQUET, ".parquet"))


def _rule(kind: Kind, suffix: str) -> str:
    if suffix == ".xlsx":
        return _EXCEL.get(kind, "FILE-024")
    if suffix == ".parquet":
        return "FILE-029"
    return "FILE-053" if kind.is_text else "FILE-010"
