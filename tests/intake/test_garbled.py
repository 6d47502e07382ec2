"""Text that was read in another encoding than it was written in is seen; what people really write is not."""

import polars as pl
import pytest

from pipeline.intake.garbled import garbled, garbled_names

WORDS = ("cliënt", "geïndiceerd", "café", "première", "één", "enquête", "naïef", "patiënten", "reïntegratie")
FINE = (
    *WORDS, "foto‘s van zo‘n auto‘s", "“Ä” en “Ö”", "5‰ van 18”x20”", "naam†", "een—twee", "wel…niet", "Dušan Žižek",
    "€ 45,–", "l’Œuvre", "£5 en ¢20", "SÃO PAULO", "CRÈME BRÛLÉE", "„Duits“ en ‚Zitat‘", "‘s-Gravenhage", "m²/m³",
)  # fmt: skip
WAYS = {
    "code page 850": lambda text: text.encode("cp850").decode("windows-1252", "replace"),
    "Macintosh": lambda text: text.encode("mac_roman").decode("windows-1252", "replace"),
    "UTF-8 twice": lambda text: text.encode().decode("windows-1252", "replace"),
    "UTF-8 twice, with controls": lambda text: text.encode().decode("latin-1"),
}


def found(*texts: str) -> list[int]:
    odd = garbled(pl.Series(range(len(texts)), dtype=pl.Int64), pl.Series(texts), "note")
    named = garbled_names(texts)
    rows = [] if odd is None else odd["row"].to_list()
    assert [place - 1 for place in named] == rows
    return rows


@pytest.mark.parametrize("way", WAYS)
def test_letters_of_another_encoding_are_seen(way: str) -> None:
    assert found(*(WAYS[way](word) for word in WORDS)) == list(range(len(WORDS)))


def test_what_people_write_is_no_other_encoding() -> None:
    assert found(*FINE) == []


def test_ascii_is_not_searched() -> None:
    assert garbled(pl.Series([1]), pl.Series(["client"]), "note") is None
