"""Keyed pseudonyms of persons and dossiers, a whole column at once.

Only 90,909,090 numbers pass the 11-test, so an unkeyed hash is undone in seconds. Each number is put in one AES
block and enciphered with the key; 80 bits of the block, in 16 letters and digits, are the pseudonym. Here: the
function. Not here: where the key is kept.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from schemas.source import Source

_BLOCK = 16
_LENGTH = 16
_LETTERS = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", dtype=np.uint8)
_PAIRS = np.stack([np.repeat(_LETTERS, 32), np.tile(_LETTERS, 32)], axis=1).copy().view(np.uint16).ravel()
"""The two letters of every ten bits, as one number."""
_TEN_BITS = np.uint64(1023)
_TENS = [*((0, np.uint64(54 - 10 * place)) for place in range(6)), (1, np.uint64(54)), (1, np.uint64(44))]
"""Where each pair of letters stands: in which half of a block, and how many bits follow it there."""

_FUNCTION = b"uitstroom pseudonym 1"
"""Part of the key's id: raise the number when the function changes, so that no log is continued with another one."""

Blocks = npt.NDArray[Any]


@dataclass(frozen=True)
class PseudonymKey:
    """The secret. Its ``id`` may be shown; the bytes never leave the process."""

    secret: bytes

    @property
    def id(self) -> str:
        return sha256(_FUNCTION + self.secret).hexdigest()[:8]

    def __repr__(self) -> str:
        return f"PseudonymKey(id={self.id})"


def pseudonymise(frame: pl.DataFrame, source: Source, key: PseudonymKey) -> pl.DataFrame:
    """Replace identifying columns by the keys that the source declares. A BSN gives the same key in every source."""
    keyed = []
    for part in source.keys:
        column = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
        for name in part.sources:  # the first that is filled gives the key
            rows = (column.is_null() & frame[name].is_not_null()).arg_true()
            found = pseudonyms(frame[name].gather(rows), _tag(source, name), key)
            column = found if len(found) == len(column) else column.scatter(rows, found)
        keyed.append(column.alias(part.name))
    return frame.drop(column.name for column in source.columns if column.is_replaced).with_columns(keyed)


def _tag(source: Source, name: str) -> bytes:
    """The first byte of a block: whose number it holds."""
    column = source.column(name)
    if column is None or column.identifies is None:
        raise ValueError(f"{source.name}: {name} is no column that a pseudonym replaces")
    return column.identifies.value.encode()


def pseudonyms(numbers: pl.Series, tag: bytes, key: PseudonymKey) -> pl.Series:
    """The pseudonym of each number, or text of up to 15 ASCII characters; none is missing."""
    blocks = np.zeros((len(numbers), _BLOCK), dtype=np.uint8)
    if numbers.dtype.is_integer():  # no text is ever made of a citizen service number
        blocks[:, 8:] = numbers.to_numpy().astype(">i8").view(np.uint8).reshape(-1, 8)
    else:
        padded = numbers.str.pad_end(_BLOCK - 1, "\0").cast(pl.Binary).to_arrow().cast(pa.binary(_BLOCK - 1))
        blocks[:, 1:] = np.frombuffer(padded.buffers()[1], np.uint8).reshape(-1, _BLOCK - 1)
    blocks[:, 0] = tag[0]
    # One independent block per number: a keyed function of the number, not an encrypted message.
    enciphered = Cipher(AES(key.secret), ECB()).encryptor().update(blocks.tobytes())
    halves = np.frombuffer(enciphered, dtype=">u8").reshape(-1, 2).T.astype(np.uint64, order="C")
    # 60 bits of the first and 20 of the second half of each block in 16 letters, ten bits at a time.
    pairs = np.empty((len(numbers), _LENGTH // 2), dtype=np.uint16)
    for place, (half, shift) in enumerate(_TENS):
        pairs[:, place] = _PAIRS[(halves[half] >> shift) & _TEN_BITS]
    offsets = np.arange(0, (len(numbers) + 1) * _LENGTH, _LENGTH, dtype=np.int64)
    return pl.Series(pa.LargeStringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(pairs)))
