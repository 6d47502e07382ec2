"""What a workbook's sheets hold besides values: where cells are, which are errors, bare formulas or merged.

The reader of values shows an error, a formula that was never calculated, and the covered part of a merged range all as
empty, and a number that is no day as one. Unreadable is not empty, so the sheet's XML is read once more, as a stream,
for these marks alone.
"""

import posixpath
import re
import zipfile
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from xml.parsers import expat

from pipeline.store.formats.excel_formats import NumberFormat, number_of, read_formats
from pipeline.store.formats.excel_pieces import Pieces
from schemas.limits.files import LEAST_FILLED_SHARE, MOST_EMPTY_CELLS

FORMULA = "#FORMULA"
"""Text of a cell whose formula has no calculated value."""

COLUMNS = 1 << 14
"""More than a sheet can have columns."""

_CHUNK = 1 << 20
_ROUNDED_AWAY = 1e-8
"""The reader of values shows nine decimals."""
_FIRST_DAY, _LAST_DAY, _NO_LEAP_DAY = 1, 2_957_003, 60
"""Days as workbooks count them: before the first there is none, 29 February 1900 never was, and the last is in 9999."""
_REF = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass
class SheetStructure:
    """Positions count from 0. ``texts`` are the cells that must be read as this text instead of as empty."""

    name: str
    is_hidden: bool = False
    has_a1: bool = False
    twice: str = ""
    """The first cell that does not stand behind the one before it: of two in one place one would be read."""
    in_pieces: str = ""
    """The first cell whose value or attributes are no plain text in the XML: the reader of values takes one piece."""
    last_row: int = -1
    last_column: int = -1
    filled: int = 0
    """How many cells hold something."""
    far: dict[str, tuple[tuple[int, int], bool]] = field(default_factory=dict)
    """The first cell of the last row that holds something, and the same of the last column; each with whether more lies
    before it without anything than with.
    """
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    hidden_rows: "array[int]" = field(default_factory=lambda: array("q"))
    """Rows with a value that are not shown, as a filter leaves them."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """First and last of columns that are not shown."""
    decimals: "array[int]" = field(default_factory=lambda: array("q"))
    """Cells with a number that has decimals, each as row * ``COLUMNS`` + column."""
    no_days: "array[int]" = field(default_factory=lambda: array("q"))
    """Cells with a number that counts no day, likewise; ``no_day_numbers`` has the numbers."""
    no_day_numbers: "array[float]" = field(default_factory=lambda: array("d"))
    codes: "array[int]" = field(default_factory=lambda: array("q"))
    """Cells with a number that the sheet shows as another text (00012), likewise; ``code_texts`` has the texts."""
    code_texts: list[str] = field(default_factory=list)
    moments: "array[int]" = field(default_factory=lambda: array("q"))
    """Cells with a number that the sheet shows as a day or a time, likewise."""
    nearly_whole: dict[tuple[int, int], float] = field(default_factory=dict)
    """Numbers that differ from a whole one in their last digits, which the reader of values rounds away."""

    @property
    def is_filled(self) -> bool:
        """Whether any cell holds something."""
        return self.last_row >= 0

    @property
    def stray(self) -> list[str]:
        """Cells so far away that next to nothing lies between them and the table; empty where there is none."""
        size = (self.last_row + 1) * (self.last_column + 1)
        if size <= MOST_EMPTY_CELLS or self.filled > size * LEAST_FILLED_SHARE:
            return []
        apart = [at for at, is_apart in self.far.values() if is_apart]
        return sorted({reference(*at) for at in apart or [at for at, _ in self.far.values()]})

    def merged_within(self, width: int, header: int = 0) -> list[str]:
        """Merged ranges that touch the table of ``width`` columns, which begins at the row of the header."""
        ends = [(ref, position(ref.split(":")[0]), position(ref.split(":")[-1])[0]) for ref in self.merged]
        return [ref for ref, (row, column), last in ends if row <= self.last_row and column < width and last >= header]


def position(ref: str) -> tuple[int, int]:
    """Row and column of a reference such as ``B12``, from 0."""
    match = _REF.fullmatch(ref)
    if match is None:
        raise ValueError("not a cell reference")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def reference(row: int, column: int) -> str:
    """The cell as a workbook names it: ``B12``."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def counts_from_1904(archive: zipfile.ZipFile) -> bool:
    """Whether the workbook counts its days from 1904, as those of old Macintoshes do."""
    properties = (e for e in ET.fromstring(archive.read(_workbook(archive))).iter() if e.tag.endswith("}workbookPr"))
    return any(_is_set(each.attrib.get("date1904")) for each in properties)


def _is_set(value: str | None) -> bool:
    return (value or "0").strip().lower() in ("1", "true", "on")


def read_structure(archive: zipfile.ZipFile) -> list[SheetStructure]:
    """Marks of every worksheet, in the order of the workbook. Chart sheets hold no cells and are left out."""
    found, formats = [], read_formats(archive, _styles(archive))
    for name, is_hidden, part in _worksheets(archive):
        reader = _SheetReader(name, formats, is_hidden=is_hidden)
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                reader.feed(chunk)
        reader.feed(b"", is_last=True)
        found.append(reader.marks)
    return found


def _worksheets(archive: zipfile.ZipFile) -> list[tuple[str, bool, str]]:
    """Name, whether it is hidden, and part of each."""
    workbook = _workbook(archive)
    parts = {key: target for key, (kind, target) in _relations(archive, workbook).items() if kind == "worksheet"}
    sheets = [e.attrib for e in ET.fromstring(archive.read(workbook)).iter() if e.tag.endswith("}sheet")]
    keyed = [(sheet, next(v for k, v in sheet.items() if k.endswith("}id"))) for sheet in sheets]
    return [
        (sheet["name"], sheet.get("state", "visible") != "visible", parts[key]) for sheet, key in keyed if key in parts
    ]


def _workbook(archive: zipfile.ZipFile) -> str:
    return next((t for kind, t in _relations(archive, "").values() if kind == "officeDocument"), "xl/workbook.xml")


def _styles(archive: zipfile.ZipFile) -> str:
    found = (target for kind, target in _relations(archive, _workbook(archive)).values() if kind == "styles")
    return next(found, "")


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Kind and target of each relation of ``part``."""
    folder, name = posixpath.split(part)
    root = ET.fromstring(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")))
    return {
        e.attrib["Id"]: (e.attrib["Type"].rsplit("/", 1)[-1], posixpath.join("/", folder, e.attrib["Target"])[1:])
        for e in root
    }


class _SheetReader:
    """Follows one sheet's XML. Only the cell at hand is kept."""

    def __init__(self, name: str, formats: Sequence[NumberFormat | None], *, is_hidden: bool) -> None:
        self.marks = SheetStructure(name, is_hidden)
        self._formats = dict(enumerate(formats))
        self._format: NumberFormat | None = None
        self._last = -1
        self._row, self._column = -1, -1
        self._is_hidden = False
        self._ref: str | None = None
        self._kind, self._text = "", ""
        self._is_formula, self._is_value, self._is_odd = False, False, False
        self._begun = 0
        self._values = ""
        """What holds the value of the cell at hand: ``v``, or ``i`` for a text of its own; more than one is odd."""
        self._pieces = Pieces()
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        self._pieces.feed(chunk)
        self._parser.Parse(chunk, is_last)
        self.marks.in_pieces = self.marks.in_pieces or self._pieces.cell

    def _refuse_doctype(self, *_: object) -> None:
        raise ValueError("a worksheet has no document type; entities could expand without end")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._is_odd = self._is_odd or self._is_value  # nothing has a place inside a value
        if name == "c":
            self._column += 1
            self._ref, self._kind, self._text = attributes.get("r"), attributes.get("t", "n"), ""
            self._is_formula, self._is_odd, self._values = False, False, ""
            self._format = self._formats.get(number_of(attributes.get("s", "0")))
        elif name in ("v", "t"):
            self._is_value = True
            self._begun = len(self._text)
        elif name == "is":
            self._values += "i"
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 2)) - 1
            self._column = -1
            self._is_hidden = _is_set(attributes.get("hidden"))
        elif name == "col" and _is_set(attributes.get("hidden")):
            self.marks.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
        elif name == "mergeCell":
            self.marks.merged.append(attributes["ref"])

    def _characters(self, text: str) -> None:
        if self._is_value:
            self._text += text

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in ("v", "t"):
            self._is_value = False
            self._values += "v" * (name == "v" and len(self._text) > self._begun)
        elif name == "c" and (self._text or self._is_formula):
            self._close_cell()

    def _close_cell(self) -> None:
        row, column = position(self._ref) if self._ref else (self._row, self._column)
        self._mark_place(row, column)
        if self._is_odd or len(self._values) > 1 or (self._kind, self._values) == ("inlineStr", "v"):
            self.marks.in_pieces = self.marks.in_pieces or reference(row, column)
        if self._is_hidden and (not self.marks.hidden_rows or self.marks.hidden_rows[-1] != row):
            self.marks.hidden_rows.append(row)
        # The reader of values starts at the first cell with a value: only one in A1 makes both count alike.
        self.marks.has_a1 = self.marks.has_a1 or ((row, column) == (0, 0) and bool(self._text))
        if self._kind == "e":
            self.marks.texts[row, column] = self._text
        elif self._is_formula and not self._text and self._kind != "str":
            # Kind "str" without text is a formula that was calculated and gave an empty text.
            self.marks.texts[row, column] = FORMULA
        elif self._kind == "str" and self._pieces.holds_texts and self._text:
            self.marks.texts[row, column] = self._text
        elif self._kind == "n" and self._text:
            self._mark_number(row * COLUMNS + column)
        elif self._kind == "s" and not self._text.strip().isdecimal():
            raise ValueError("a shared text has a number; another one would be read")

    def _mark_place(self, row: int, column: int) -> None:
        marks, place = self.marks, row * COLUMNS + column
        if place <= self._last:
            marks.twice = marks.twice or reference(row, column)
        self._last = place
        marks.filled += 1
        if row > marks.last_row:
            marks.far["row"] = (row, column), row > 2 * (marks.last_row + 1)
            marks.last_row = row
        if column > marks.last_column:
            marks.far["column"] = (row, column), column > 2 * (marks.last_column + 1)
            marks.last_column = column

    def _mark_number(self, at: int) -> None:
        number, digits = float(self._text), self._text.strip()
        if self._format is not None:
            self._mark_shown(at, number, self._format)
        if number.is_integer() and digits.isdecimal() and int(digits) != int(number):
            self.marks.texts[divmod(at, COLUMNS)] = digits  # more of them than the reader of values keeps
        if not number.is_integer():
            self.marks.decimals.append(at)
            if abs(number - round(number)) < _ROUNDED_AWAY:
                self.marks.nearly_whole[divmod(at, COLUMNS)] = number
        if not _FIRST_DAY <= number <= _LAST_DAY or int(number) == _NO_LEAP_DAY:
            self.marks.no_days.append(at)
            self.marks.no_day_numbers.append(number)

    def _mark_shown(self, at: int, number: float, by: NumberFormat) -> None:
        if by.is_moment:
            self.marks.moments.append(at)
        elif (percentage := by.percentage(number)) is not None:
            self.marks.texts[divmod(at, COLUMNS)] = percentage
        elif (code := by.code(number)) is not None:
            self.marks.codes.append(at)
            self.marks.code_texts.append(code)
