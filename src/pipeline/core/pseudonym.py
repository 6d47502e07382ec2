"""Keyed pseudonyms of persons and dossiers, a whole column at once.

Only 90,909,090 numbers pass the 11-test, so an unkeyed hash is undone in seconds. Each number is put in one AES block and enciphered
with the key; 80 bits of the block, in 16 letters and digits, are the pseudonym. Here: the function. Not here: where the key is kept.
"""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import polars as pl
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from schemas.source import Kind, Source

_BLOCK = 16
_LETTERS = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", dtype=np.uint8)
_LENGTH = 16

# The first byte of a block says what kind of number it holds, so that a client number is never mistaken for a BSN.
_TAGS = {"bsn": b"B", "partner_bsn": b"B", "client_number": b"C", "benefit_id": b"D"}


@dataclass(frozen=True)
class PseudonymKey:
    """The secret. Its ``id`` may be shown; the bytes never leave the process."""

    secret: bytes

    @property
    def id(self) -> str:
        return sha256(b"uitstroom key id" + self.secret).hexdigest()[:8]

    def __repr__(self) -> str:
        return f"PseudonymKey(id={self.id})"


def pseudonymise(frame: pl.DataFrame, source: Source, key: PseudonymKey) -> pl.DataFrame:
    """Replace identifying columns by the keys that the source declares. A BSN gives the same key in every source."""
    keyed = []
    for part in source.keys:
        columns = [pseudonyms(frame[name], _TAGS[name], key) for name in part.sources]
        keyed.append(pl.DataFrame(columns).select(pl.coalesce(pl.all()).alias(part.name)).to_series() if columns else None)
    names = [column.name for column in source.columns if column.kind in (Kind.BSN, Kind.IDENTIFIER)]
    return frame.drop(names).with_columns(series for series in keyed if series is not None)


def pseudonyms(numbers: pl.Series, tag: bytes, key: PseudonymKey) -> pl.Series:
    """The pseudonym of each number; null stays null."""
    present = numbers.is_not_null()
    if not present.any():
        return pl.repeat(None, len(numbers), dtype=pl.String, eager=True).alias(numbers.name)
    filled = numbers if present.all() else numbers.drop_nulls()
    text = filled.cast(pl.String).str.zfill(9) if filled.dtype.is_integer() else filled
    keyed = _letters(_encipher(text, tag, key), numbers.name)
    if present.all():
        return keyed
    position = pl.DataFrame({"present": present}).select(
        pl.when("present").then(pl.col("present").cast(pl.Int64).cum_sum() - 1)
    )
    return keyed.gather(position.to_series()).alias(numbers.name)


def _encipher(text: pl.Series, tag: bytes, key: PseudonymKey) -> np.ndarray:
    array = text.to_arrow().cast(pa.large_string())
    _, offsets_buffer, data_buffer = array.buffers()
    offsets = np.frombuffer(offsets_buffer, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    data = np.frombuffer(data_buffer, dtype=np.uint8)
    lengths = np.diff(offsets)
    blocks = np.zeros((len(array), _BLOCK), dtype=np.uint8)
    blocks[:, 0] = tag[0]
    for place in range(_BLOCK - 1):
        inside = lengths > place
        if not inside.any():
            break
        blocks[inside, place + 1] = data[offsets[:-1][inside] + place]
    encryptor = Cipher(AES(key.secret), ECB()).encryptor()  # one independent block per number: a pseudo-random function, not a message
    return np.frombuffer(encryptor.update(blocks.tobytes()), dtype=np.uint8).reshape(-1, _BLOCK)


def _letters(blocks: np.ndarray, name: str) -> pl.Series:
    low = np.ascontiguousarray(blocks[:, :5]).astype(np.uint64)
    high = np.ascontiguousarray(blocks[:, 5:10]).astype(np.uint64)
    letters = np.empty((len(blocks), _LENGTH), dtype=np.uint8)
    for start, half in ((0, low), (8, high)):
        forty = (half[:, 0] << 32) | (half[:, 1] << 24) | (half[:, 2] << 16) | (half[:, 3] << 8) | half[:, 4]
        for place in range(8):
            letters[:, start + place] = _LETTERS[(forty >> np.uint64(35 - 5 * place)) & np.uint64(31)]
    offsets = np.arange(0, (len(blocks) + 1) * _LENGTH, _LENGTH, dtype=np.int64)
    array = pa.LargeStringArray.from_buffers(len(blocks), pa.py_buffer(offsets), pa.py_buffer(letters.tobytes()))
    return pl.Series(name, array)
