"""Opens a raw file as a table of text, whatever its format, and closes it. Not here: formats, what the text means."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from pipeline.errors import Rejected
from pipeline.store.byte_source import ByteSource
from pipeline.store.formats.csv_file import open_csv
from pipeline.store.formats.excel_file import open_excel
from pipeline.store.formats.expected_kind import require_kind, unknown_kind
from pipeline.store.formats.jsonl_file import open_jsonl
from pipeline.store.formats.parquet_file import open_parquet
from pipeline.store.formats.text_table import TextBatch, TextTable

__all__ = ["FORMATS", "TextBatch", "TextTable", "open_table"]

FORMATS: dict[str, Callable[[ByteSource], TextTable]] = {
    ".csv": open_csv,
    ".txt": open_csv,
    ".tsv": open_csv,
    ".csv.gz": open_csv,
    ".jsonl": open_jsonl,
    ".jsonl.gz": open_jsonl,
    ".parquet": open_parquet,
    ".xlsx": open_excel,
}


def open_table(path: Path, *, name: str | None = None) -> TextTable:
    """Table in ``path``, with at least one row. ``name`` decides the format when the path does not bear it."""
    lowered = (name or path.name).lower()
    suffix = next((suffix for suffix in FORMATS if lowered.endswith(suffix)), None)
    if suffix is None:
        raise unknown_kind(path, tuple(FORMATS))
    source = ByteSource(path, gzipped=suffix.endswith(".gz"))
    try:
        require_kind(source, suffix)
        table = FORMATS[suffix](source)
        batches = _filled(source, table.batches)
        first = _until_rows(batches)  # read now, so that a file without rows is refused when it is opened
    except BaseException:  # nobody else would close the file; the error goes on
        source.close()
        raise
    if not any(batch.has_rows for batch in first):
        raise Rejected(
            "FILE-009", "there is a header and no row; ask the sender whether the selection was meant to be empty"
        )
    return replace(table, batches=chain(first, batches))


def _until_rows(batches: Iterator[TextBatch]) -> list[TextBatch]:
    """The first batches, up to one with rows in it."""
    read = list[TextBatch]()
    for batch in batches:
        read.append(batch)
        if batch.has_rows:
            break
    return read


def _filled(source: ByteSource, batches: Iterator[TextBatch]) -> Iterator[TextBatch]:
    """Batches that hold something. At the end the file must be as it was when it was opened; then it is closed."""
    try:
        for batch in batches:
            if not batch.is_empty:
                yield batch
        source.check_unchanged()
    finally:
        source.close()
