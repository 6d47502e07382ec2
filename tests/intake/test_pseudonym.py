"""The key of a person: one for a BSN wherever it stands, none for another, and nothing without the secret.

The expected side enciphers one number at a time, as the description in the module says.
"""

from typing import Any

import polars as pl
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.parse import parse
from pipeline.intake.pseudonym import PseudonymKey, pseudonymise, pseudonyms
from schemas.catalogue import SOURCES
from tests.examples import examples

KEY = PseudonymKey(bytes(range(32)))
OTHER_KEY = PseudonymKey(bytes(range(1, 33)))
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
CASELOAD = SOURCES["caseload"]


def one_by_one(number: int | str | None, tag: bytes, key: PseudonymKey) -> str | None:
    """The pseudonym of one number: one AES block, 60 bits of its first half, 20 of its second, five a letter."""
    if number is None:
        return None
    content = number.to_bytes(15, "big") if isinstance(number, int) else number.encode().ljust(15, b"\0")
    block = Cipher(AES(key.secret), ECB()).encryptor().update(tag + content)
    bits = f"{int.from_bytes(block[:8], 'big'):064b}"[:60] + f"{int.from_bytes(block[8:], 'big'):064b}"[:20]
    return "".join(LETTERS[int(bits[at : at + 5], 2)] for at in range(0, 80, 5))


def keyed(texts: dict[str, list[str | None]], key: PseudonymKey = KEY) -> pl.DataFrame:
    """Client, partner and dossier keys of a caseload file with these columns."""
    height = len(next(iter(texts.values())))
    cells = {name: f"c{position}" for position, name in enumerate(texts)}
    columns = {cells[name]: pl.Series(column, dtype=pl.String) for name, column in texts.items()}
    frame = pl.DataFrame({"row": pl.Series(range(2, 2 + height), dtype=pl.Int64), **columns})
    return pseudonymise(parse(frame, CASELOAD, cells).frame, CASELOAD, key)


def test_a_bsn_gives_one_key_whichever_column_and_leading_zero() -> None:
    client = keyed({"bsn": ["000000012", "00000012", " 000000012 "]})["client_key"]
    partner = keyed({"partner_bsn": ["000000012"]})["partner_key"]

    assert {*client, *partner} == {one_by_one(12, b"B", KEY)}


def test_the_key_does_not_depend_on_the_other_rows() -> None:
    alone = keyed({"bsn": ["123456782"]})["client_key"][0]
    among = keyed({"bsn": ["111111110", None, "123456782", "900038937"]})["client_key"].to_list()

    assert among[2] == alone
    assert among[1] is None
    assert len(set(among)) == 4


def test_another_secret_gives_another_key() -> None:
    texts: dict[str, list[str | None]] = {"bsn": ["123456782"], "benefit_id": ["D-1"]}
    one, other = keyed(texts), keyed(texts, OTHER_KEY)

    for name in ("client_key", "benefit_key"):
        assert one[name][0] != other[name][0]


def test_a_client_number_is_no_bsn_and_no_dossier_number() -> None:
    keys = [
        keyed({column: ["123456782"]})[name][0]
        for column, name in (("bsn", "client_key"), ("client_number", "client_key"), ("benefit_id", "benefit_key"))
    ]
    assert len(set(keys)) == 3


def test_the_client_number_is_used_where_the_bsn_is_empty() -> None:
    found = keyed({"bsn": ["123456782", None, None], "client_number": ["K-1", "K-2", None]})["client_key"].to_list()

    assert found == [one_by_one(123_456_782, b"B", KEY), one_by_one("K-2", b"C", KEY), None]


def test_no_identifying_column_is_left() -> None:
    found = keyed({"bsn": ["123456782"], "partner_bsn": ["111111110"], "client_number": ["K-1"], "benefit_id": ["D-1"]})

    assert not {"bsn", "partner_bsn", "client_number", "benefit_id"} & set(found.columns)
    assert not any(number in str(found.rows()) for number in ("123456782", "111111110", "K-1", "D-1"))


def test_two_hundred_thousand_numbers_give_as_many_keys() -> None:
    numbers = pl.int_range(100_000_000, 100_200_000, dtype=pl.Int64, eager=True)

    found = pseudonyms(numbers, b"B", KEY)

    assert found.n_unique() == 200_000
    assert found.str.contains(r"^[0-9a-hjkmnp-tv-z]{16}$").all()


_NUMBER = st.integers(0, 999_999_999)
_TEXT = st.text(alphabet=[chr(code) for code in range(33, 127)], min_size=1, max_size=15)


@examples(25)
@given(st.lists(_NUMBER, max_size=12), st.binary(min_size=32, max_size=32))
def test_a_column_of_numbers_is_keyed_as_one_by_one(numbers: list[int], secret: bytes) -> None:
    key = PseudonymKey(secret)

    found = pseudonyms(pl.Series(numbers, dtype=pl.Int64), b"B", key)

    assert found.to_list() == [one_by_one(number, b"B", key) for number in numbers]


@examples(25)
@given(st.lists(_TEXT, max_size=12), st.integers(0, 3))
def test_a_column_of_texts_is_keyed_as_one_by_one_also_when_it_is_part_of_another(texts: list[str], start: int) -> None:
    found = pseudonyms(pl.Series(texts, dtype=pl.String)[start:], b"C", KEY)

    assert found.to_list() == [one_by_one(text, b"C", KEY) for text in texts[start:]]


@examples(25)
@given(st.lists(st.tuples(st.none() | _NUMBER, st.none() | _TEXT), max_size=12), st.none() | _NUMBER)
def test_the_first_that_is_filled_gives_the_key_row_by_row(
    rows: list[tuple[int | None, str | None]], partner: int | None
) -> None:
    names = {"bsn": pl.Int64, "client_number": pl.String, "benefit_id": pl.String, "partner_bsn": pl.Int64}
    frame = pl.DataFrame([(bsn, text, text, partner) for bsn, text in rows], schema=names, orient="row")

    found = pseudonymise(frame, CASELOAD, KEY)

    clients = [one_by_one(text, b"C", KEY) if bsn is None else one_by_one(bsn, b"B", KEY) for bsn, text in rows]
    assert found["client_key"].to_list() == clients
    assert found["partner_key"].to_list() == [one_by_one(partner, b"B", KEY)] * len(rows)
    assert found["benefit_key"].is_null().to_list() == [text is None for _, text in rows]


@pytest.mark.parametrize("show", [repr, str, lambda key: f"{key}", lambda key: f"{[key]}"])
def test_the_secret_is_not_shown(show: Any) -> None:
    key = PseudonymKey(b"a secret of thirty-two characters"[:32])
    shown = show(key)

    assert key.id in shown
    assert "secret of" not in shown
    assert key.secret.hex() not in shown


def test_the_id_tells_two_secrets_apart_and_is_no_part_of_them() -> None:
    assert KEY.id == PseudonymKey(KEY.secret).id
    assert KEY.id != OTHER_KEY.id
    assert KEY.id not in KEY.secret.hex()
