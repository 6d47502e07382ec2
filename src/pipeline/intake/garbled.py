"""Text that was read in another encoding than it was written in: cliënt as ``cli‰nt``, ``cliÃ«nt`` or ``cli‘nt``.

Every byte is a letter in some encoding, so nothing refuses the code pages of DOS (850) or of old Macintoshes, read as
Windows-1252, or UTF-8 that was encoded twice. Their marks stand between letters where no mark belongs. Here: seeing
that. Not here: the encoding of a file (``pipeline.store.formats.text_scan``), nor putting it right: that were guessing.
"""

import re

import polars as pl

RULE = "VALUE-023"

_OF_1252 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""What Windows-1252 makes of the bytes that are second in a letter of UTF-8."""
_SMALL = "a-zß-öø-ÿ"

_PATTERN = "|".join(
    [
        "\ufffd|[\u0080-\u009f]",  # what could not be written, and controls
        f"[ÃÅ][\u00a0-\u00bf{_OF_1252}]|Â[\u00a1-\u00bf]|â€[{_OF_1252}\u00a0-\u00bf]",  # UTF-8, encoded twice
        f"[{_SMALL}][‚‰ˆ]|‚‚",  # é, ë, ê of code page 850
        f"[{_SMALL}][ƒ„†‡‹•“”˜¡¢£¤][{_SMALL}]",  # its â ä å ç ï ô ö; ï of Macintosh; í ó ú ñ of 850
        f"[{_SMALL}][ŠŽŒŸ](?:[{_SMALL}]|\\P{{L}}|$)",  # è of 850; é, ä, î, ü of Macintosh
        f"ŽŽ|Ÿ[{_SMALL}]|[aeiou]‘[inrl][{_SMALL}]|[ei]‘n",  # é, ü, ë of Macintosh, but not zo‘n and foto‘s
    ]
)
_PYTHON = re.compile(_PATTERN.replace(r"\P{L}", r"[\W\d_]"))


def garbled_names(names: tuple[str, ...]) -> list[int]:
    """Positions, from 1, of names that hold such text."""
    return [place for place, name in enumerate(names, start=1) if _PYTHON.search(name)]


def garbled(row: pl.Series, texts: pl.Series, column: str) -> pl.DataFrame | None:
    """(row, column, rule) of texts that hold it; None where all is ASCII, which is cheap to know."""
    if texts.str.len_bytes().sum() == texts.str.len_chars().sum():
        return None
    found = row.filter(texts.str.contains(_PATTERN).fill_null(value=False))
    return pl.DataFrame({"row": found}).select("row", pl.lit(column).alias("column"), pl.lit(RULE).alias("rule"))
