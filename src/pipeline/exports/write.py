"""Writing an export where somebody wants it: whole or not at all.

Here: which formats there are, and putting the result in its place. Not here: any format (the modules beside this one).
"""

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import UitstroomError, write_errors_explained
from pipeline.exports.content import Content
from pipeline.exports.csv_files import STYLES, CsvStyle, write_csv_files
from pipeline.exports.duckdb_file import write_duckdb
from pipeline.exports.excel import write_workbook
from pipeline.exports.sqlite_file import write_sqlite

CSV = "csv"
_FILES: dict[str, Callable[[Content, Path], None]] = {
    "xlsx": write_workbook,
    "duckdb": write_duckdb,
    "sqlite": write_sqlite,
}
_OWNER, _OWNERS_FILE, _ANYBODY = 0o700, 0o600, 0o777
"""Rights: an export with single clients is for who made it; any other one for whom the umask says."""
FORMATS = ("xlsx", CSV, "duckdb", "sqlite")


class CannotExport(UitstroomError):
    """The place for the export is no place for it."""


def export(content: Content, form: str, to: Path | None = None, *, style: CsvStyle = STYLES["dutch"]) -> Path:
    """Write it, and give the file, or for CSV the folder. An earlier export there is replaced, file by file.

    Without ``to`` it is called after the release and lies in the folder of who calls.
    """
    place = to or Path(f"uitstroom-{content.name}" + ("" if form == CSV else f".{form}"))
    if place.exists() and place.is_dir() != (form == CSV):
        kind = "a folder" if form == CSV else "a file"
        raise CannotExport(f"{place} is there and is not {kind}. Give another place: --to PATH")
    drafts = place.with_name(f".{place.name}-{os.getpid()}-{secrets.token_hex(4)}")
    with write_errors_explained("exporting", place.parent.absolute()):
        place.parent.mkdir(parents=True, exist_ok=True)
        drafts.mkdir(mode=_OWNER)  # however a writer of files opens them, nobody else sees what is half written
        try:
            _write(content, form, drafts, place, style)
        finally:
            shutil.rmtree(drafts, ignore_errors=True)
    return place


def _write(content: Content, form: str, drafts: Path, place: Path, style: CsvStyle) -> None:
    if form == CSV:
        write_csv_files(content, drafts, style)
        place.mkdir(mode=_OWNER if content.has_clients else _ANYBODY, exist_ok=True)
        placed = {path: place / path.name for path in sorted(drafts.iterdir())}
    else:
        _FILES[form](content, drafts / place.name)
        placed = {drafts / place.name: place}
    for path, there in placed.items():
        if content.has_clients:
            path.chmod(_OWNERS_FILE)
        os.replace(path, there)
