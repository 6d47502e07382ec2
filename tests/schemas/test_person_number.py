"""What is the number of a person, in whatever way it is written, and what is something else."""

import json
import random
from itertools import pairwise

import polars as pl
import pytest

from schemas.number_columns import holds_numbers
from schemas.person_number import COVER, covered, holds_number, is_number
from tests.jobs.folder import bsn
from tests.written import FORMS, formed

NUMBER, EIGHT = "123456782", "10000008"

OTHERS = [
    "2017-02-07", "7-2-2017", "07.02.2017", "20170207", "07022017", "201702", "20162017", "2016-2017",
    "2017-02-07 12:30:15",
    "2017-02-07T12:30:15.123456+00:00", "20170207123015", "bestand_0899_201702.csv", "zaak 2017-118", "2017-04567",
    "12-2016-345", "06-12345679", "045-5270998", "KvK 12345672", "KvK-nummer: 12345672",
    "€ 1.234.567", "1.234.567,89",
    "123456,78", "33,3", "BB-00001", "RE06-2017-00012", "00012345", "0000012345", "GM0899", "84066NED_2017.csv",
    "842, 931",
    "07-02-2017 100", "a1" * 32, "12345672-1234-1234-1234-123456789012", "000000000", "999999999",
    "1234567820", "", "x",
]  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_number_is_found_and_covered_however_it_is_written(name: str) -> None:
    for number in (NUMBER, bsn(3), EIGHT):
        text = formed(name, number)
        cover = covered(f"zie {text}, einde")

        assert holds_number(text), text
        assert (cover[:4], cover[-7:]) == ("zie ", ", einde")
        assert COVER in cover
        assert not holds_number(cover)


def test_digits_that_cannot_be_seen_are_digits() -> None:
    """Those of tags, as flags have them: a cell with nothing else is empty, and a name or a text still says them."""
    hidden = "".join(chr(0xE0030 + int(digit)) for digit in NUMBER)

    assert covered(f"zie {hidden}, einde") == f"zie {COVER}, einde"
    assert holds_numbers(pl.Series([f"zie {hidden}", "zie"])).to_list() == [True, False]


CODED = {
    "a workbook": "_x%04X_", "a page": "&#%d;", "JSON": "\\u%04x", "a program": "\\U%08X", "a script": "\\u{%x}",
    "an old address": "%%u%04X", "an address": "%%%02X", "octal": "\\%03o", "a mail": "=%02X", "hexadecimal": "\\x%02x",
    "a page, without the end": "&#%d", "a page, with zeros": "&#%010d;", "a page, hexadecimal": "&#x%x",
    "a style": "\\%06x", "a pattern": "\\x{%x}", "a name": "\\N{U+%X}", "octal, short": "\\%o",
    "a code point": "U+%04X",
}  # fmt: skip


@pytest.mark.parametrize("way", CODED)
def test_digits_are_digits_in_whatever_code(way: str) -> None:
    coded = "".join(CODED[way] % ord(digit) for digit in NUMBER)
    half = NUMBER[:3] + "".join(CODED[way] % ord(digit) for digit in NUMBER[3:])

    assert covered(f"zie {coded}, einde") == f"zie {COVER}, einde"
    assert covered(f"zie {half}, einde") == f"zie {COVER}, einde"
    assert holds_numbers(pl.Series([f"zie {coded}", half, "zie"])).to_list() == [True, True, False]


NEWER = {"Kawi": 0x11F50, "Nag Mundari": 0x1E4F0, "Garay": 0x10D40, "outlined": 0x1CCF0, "Tolong Siki": 0x11DE0}
SCRIPTS = {name: "".join(chr(zero + digit) for digit in range(10)) for name, zero in NEWER.items()} | {
    "Suzhou": "〇〡〢〣〤〥〦〧〨〩",
    "financial": "零壹貳參肆伍陸柒捌玖",
    "simplified": "零壹贰叁肆伍陆柒捌玖",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_digits_of_any_script_are_digits(script: str) -> None:
    written = NUMBER.translate({48 + n: digit for n, digit in enumerate(SCRIPTS[script])})

    assert covered(f"zie {written}, einde") == f"zie {COVER}, einde"
    assert holds_numbers(pl.Series([written, "zie"])).to_list() == [True, False]


@pytest.mark.parametrize("mark", ["\u202e", "\u2067", "\u202b"])
def test_a_number_that_is_shown_from_right_to_left_is_one(mark: str) -> None:
    number = next(each for each in map(bsn, range(100)) if not is_number(each[::-1]))

    assert covered(f"zie {mark}{number[::-1]}\u202c, einde") == f"zie {mark}{COVER}\u202c, einde"
    assert not holds_number(number[::-1])


@pytest.mark.parametrize(
    "between",
    [
        "</td><td>",
        "</p>\n<p>",
        " [bijlage A] ",
        " [zie de brief van de gemeente] ",
        "º ",
        "</li><li>",
        "</td><!-- --><td>",
        "Ã©",
        "ÃœÂ ",
        " â ",
        "\u00a0º ",
    ],
)
def test_what_stands_apart_is_no_number_together(between: str) -> None:
    assert not holds_number(f"12345{between}6782")


@pytest.mark.parametrize(
    "unit",
    [
        "\\n",
        "<b>0</b>",
        "0 ",
        "</td><td>0",
        "[b]0[/b]",
        "&#0",
        "<",
        "[",
        "\x1b[1m0",
        "<!--",
        "<!-- -->",
        "<!-- --><b>",
        "<?",
        "<![CDATA[",
        "<!-- -->0<",
        "Â",
        "â€“0",
        "Ã‚",
    ],
)
def test_a_long_text_that_repeats_comes_to_an_end(unit: str) -> None:
    """Some took a second for two thousand of them, and four times as long for twice as many."""
    assert not holds_number("12345678 " + unit * 20_000 + "x")


def test_a_power_may_have_zeros_in_front() -> None:
    assert covered("zie 1,23456782E+008 hier") == f"zie {COVER} hier"


def test_what_a_terminal_is_told_is_no_digit() -> None:
    assert covered(f"zie {NUMBER[:4]}\x1b[31m{NUMBER[4:]}\x1b[0m") == f"zie {COVER}\x1b[0m"


@pytest.mark.parametrize(
    "text",
    [
        "a_x0041_b",
        "=3D=3D",
        "U+0041",
        "&#x110000;",
        "\\N{U+41}",
        "<b>12</b>",
        "[b]",
        "&#;",
        "\\n",
        "\\U0010FFFF",
        "\\u{fffff}",
        "\\777",
        "_xD800_",
        "100%",
    ],
)
def test_what_is_coded_and_no_digit_stays(text: str) -> None:
    assert covered(text) == text


def test_a_character_in_two_halves_is_one() -> None:
    bold = "".join(chr(0x1D7CE + int(digit)) for digit in NUMBER)

    assert covered(f"zie {json.dumps(bold)}, einde") == f'zie "{COVER}", einde'


def test_what_only_a_program_writes_holds_no_dossier_together() -> None:
    number = next(f"2017{each}" for each in range(10_000, 99_999) if is_number(f"2017{each}"))
    year, rest = number[:4], number[4:]

    assert holds_number(f"{year}\a{rest}")
    for between in (" - ", "  -  ", ", € ", "\t", "\r\n", " <b>", "\x96", "-"):
        assert not holds_number(f"in {year}{between}{rest}")


@pytest.mark.parametrize("text", ["C:\\map\\200312345008.csv", "\\\\srv\\map\\101312345008"])
def test_the_path_of_a_file_is_no_code(text: str) -> None:
    assert covered(text) == text


def test_what_is_something_else_by_its_form_is_left_alone() -> None:
    assert [text for text in OTHERS if holds_number(text)] == []
    assert [covered(text) for text in OTHERS] == OTHERS


def test_a_telephone_or_an_amount_whose_digits_pass_is_taken_for_one() -> None:
    numbers = ["612345671", "455270995", "123456782"]
    assert all(is_number(number) for number in numbers)
    told = ["06-12345671", "+31 6 12345671", "0031612345671", "(045) 527 09 95", "€ 123.456.782", "EUR 123456782,00"]
    assert [text for text in told if not holds_number(text)] == []


def test_a_word_before_it_makes_a_date_a_number() -> None:
    day = next(f"198001{number:02d}" for number in range(1, 32) if is_number(f"198001{number:02d}"))

    assert not holds_number(day)
    assert not holds_number(f"bestand {day}")
    assert covered(f"bsn {day}") == f"bsn {COVER}"
    assert covered(f"burgerservicenummer: {day}") == f"burgerservicenummer: {COVER}"


def test_all_else_stays_as_it_was() -> None:
    assert covered("caseload/2017-02-07_BSN 900038937 (x).csv") == f"caseload/2017-02-07_BSN {COVER} (x).csv"
    assert covered("900038937 en 123456782") == f"{COVER} en {COVER}"
    assert covered("20170207900038937") == f"20170207{COVER}"


def test_a_column_is_judged_as_its_texts_are() -> None:
    dice = random.Random(7)
    texts: list[str | None] = [None, *OTHERS, *(formed(name, NUMBER) for name in FORMS)]
    texts += ["".join(dice.choices("0123456789 .-x", k=dice.randint(7, 16))) for _ in range(2_000)]
    texts += [f"T{dice.randrange(10**6, 10**9)}" for _ in range(2_000)]

    assert holds_numbers(pl.Series(texts, dtype=pl.String)).to_list() == [
        text is not None and holds_number(text) for text in texts
    ]


def test_one_serial_number_in_eleven_is_taken_for_one() -> None:
    found = holds_numbers(pl.Series([f"T{number}" for number in range(31_234_560, 31_245_560)])).mean()

    assert found == pytest.approx(1 / 11, abs=0.002)


def test_of_random_ways_to_write_one_nearly_all_are_found() -> None:
    dice, tried = random.Random(3), 10_000
    written = [_at_random(dice) for _ in range(tried)]
    missed = [text for text in written if not holds_number(text)]

    # What is left looks like something else by its form: a dossier of a year, a figure with two decimals, a date.
    assert len(missed) < tried * 0.004, missed[:20]


def _at_random(dice: random.Random) -> str:
    """A number in groups of any length, between any marks, in any script, among other text."""
    number, zero = bsn(dice.randrange(10**6)), dice.choice("00000٠۰०০๐０𝟎𝟘𝟬🯰")
    digits = "".join(chr(ord(zero) + int(digit)) for digit in number)
    cuts = [0, *sorted(dice.sample(range(1, 9), dice.randrange(0, 6))), 9]
    groups = [digits[start:end] for start, end in pairwise(cuts)]
    marks = [dice.choice(_MARKS) for _ in groups]
    if dice.random() < 0.5:
        marks = marks[:1] * len(groups)
    between = "".join(f"{group}{mark}" for group, mark in zip(groups, marks, strict=True))
    return dice.choice(_AROUND).format(between[: -len(marks[-1])])


_MARKS = (
    *" \t\n.·-–—−/_,;'’\"|+*#~()[]=<>^`°…•‐⁄∕＿．，\u00a0\u2009\u200b\u3000\u2028\u0300\u00ad\u2060",
    "\r\n",
    " - ",
    ", ",
    "--",
    "  ",
)  # fmt: skip
_AROUND = (
    "{}", "x{}", "{}x", "BSN{}", "({})", "zie {} en 12", "a_{}_b", "12-{}", "{}-2017", "é{}é", "client{}.csv",
    "/a/{}/b.csv", "2017-02-07 {}", "01-02-2017_{}", "{} 06-12345678", "GM0899_{}", "0899 {}", "201702_{}",
    "{}; tel. 045-5270999",
    "€ 1.234,50 {}", "kvk 12345678 {}", "842 {} 931", "10:30 {}",
)  # fmt: skip


def test_numbers_are_what_the_test_of_published_ones_says() -> None:
    assert [
        number for number in ("123456782", "111222333", "900038937", EIGHT, f"0{EIGHT}") if not is_number(number)
    ] == []
    assert [number for number in ("123456789", "12345678", "1234567", "0000012345678") if is_number(number)] == []


@pytest.mark.parametrize(
    "between",
    [
        "     ",
        " " * 60,
        ".....",
        " - - ",
        "\t\t\t\t\t\t",
        "<br>",
        " <br/> ",
        "</b>",
        "------------",
        '<span style="color:#ff0011;font-weight:bold;text-decoration:none">',
        "</i>, <b>",
        "[b]",
        "[/b][i]",
        "\\n",
        "\\r\\n",
        "<!-- -->",
        "<!-- zie > de <b>brief</b> van mei -->",
        "</b><!----><!-- x --><i>",
        "<?mso-application a?>",
        "]]><![CDATA[",
        "\u00c2\u00a0",
        "\u00c2 ",
        "â€“",
        "â€¯",
        "\u00e2\u0080\u0093",
        "Ã‚\u00a0",
        "Ã¢â‚¬â€œ",
        "ã€€",
        "ï»¿",
        "┬á",
        "ÔÇô",
        "ΓÇô",
        "¬†",
        "‚Äì",
    ],
)
def test_however_far_apart_blanks_one_mark_or_a_tag_hold_the_groups_together(between: str) -> None:
    text = f"naam 123{between}456{between}782 einde"

    assert holds_number(text)
    assert covered(text) == f"naam {COVER} einde"
    assert not holds_number(f"naam 123{between}456{between}783 einde")
