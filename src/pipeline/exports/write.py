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
    draft = place.with_name(f".{place.name}-{os.getpid()}-{secrets.token_hex(4)}")
    with write_errors_explained("exporting", place.parent.absolute()):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            if form == CSV:
                write_csv_files(content, draft, style)
                place.mkdir(exist_ok=True)
                for path in sorted(draft.iterdir()):
                    os.replace(path, place / path.name)
            else:
                _FILES[form](content, draft)
                os.replace(draft, place)
        finally:
            _remove(draft)
    return place


def _remove(draft: Path) -> None:
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
    else:
        draft.unlink(missing_ok=True)
