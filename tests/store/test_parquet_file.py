"""Parquet: every kind of value as text."""

import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest

from pipeline.errors import Rejected
from pipeline.store.formats.open_table import open_table
from pipeline.store.formats.parquet_file import FAR

VALUES: list[tuple[pa.Array, list[str | None]]] = [
    (pa.array(["a", "", None]), ["a", None, None]),
    (pa.array([1, -2, None]), ["1", "-2", None]),
    (pa.array([1.0, 0.1, None]), ["1", "0.1", None]),
    (pa.array([1e-7, 123456789012345.0, 1e15]), ["0.0000001", "123456789012345", "1000000000000000"]),
    (pa.array([True, False, None]), ["true", "false", None]),
    (pa.array([date(2017, 2, 7), None, date(1, 1, 1)]), ["2017-02-07", None, "0001-01-01"]),
    (pa.array([datetime(2017, 2, 7), datetime(2017, 2, 7, 12), None]), ["2017-02-07", "2017-02-07 12:00:00", None]),
    (pa.array([Decimal("1.10"), Decimal("-2.00"), None]), ["1.10", "-2.00", None]),
    (pa.array([[1, 2], [], None]), ["[1,2]", "[]", None]),
    (pa.array([{"x": "é"}, None, {"x": None}]), ['{"x":"é"}', None, '{"x":null}']),
    (pa.array(["a", "b", None]).dictionary_encode(), ["a", "b", None]),
    (pa.array([timedelta(1), None, timedelta(hours=1)]), ["1 day, 0:00:00", None, "1:00:00"]),
    (pa.array([0, 10**8, -(10**8)], pa.date32()), ["1970-01-01", FAR, FAR]),
    (pa.array([0, 10**17, None], pa.timestamp("us")), ["1970-01-01", "5138-11-16 09:46:40", None]),
    (pa.array([0, 9 * 10**18, -(10**18)], pa.timestamp("us", tz="UTC")), ["1970-01-01", FAR, FAR]),
    (pa.array([0, 9 * 10**18, None], pa.timestamp("us", tz="+05:45")), ["1970-01-01 05:45:00", FAR, None]),
    (pa.array([10**9, None, 0], pa.timestamp("s", tz="-0130")), ["2001-09-09 00:16:40", None, "1969-12-31 22:30:00"]),
    (pa.array([[0], None, []], pa.list_(pa.timestamp("s", tz="Mars/Olympus"))), [FAR, None, "[]"]),
    (pa.array([0, -(10**12), 10**13], pa.timestamp("s")), ["1970-01-01", FAR, FAR]),
    (pa.array([[0], [9 * 10**18], None], pa.list_(pa.timestamp("us"))), ['["1970-01-01 00:00:00"]', FAR, None]),
    (pa.array([Decimal(1), Decimal(10) ** 40, None], pa.decimal256(50, 0)), ["1", f"1{'0' * 40}", None]),
    (pa.nulls(3), [None, None, None]),
]


@pytest.mark.parametrize(
    ("values", "texts"), VALUES, ids=[f"{number} {values.type}" for number, (values, _) in enumerate(VALUES)]
)
def test_values_become_text(tmp_path: Path, values: pa.Array, texts: list[str | None]) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({" naam ": values, "k": ["k"] * 3}), path)

    table = open_table(path)
    batch = next(table.batches)

    assert (table.header, table.encoding, table.separator, table.is_excel) == (("naam", "k"), "", "", False)
    assert batch.frame.get_column("c0").to_list() == texts
    assert batch.frame.get_column("row").to_list() == [1, 2, 3]
    assert dict(batch.frame.schema) == {"row": pl.Int64, "c0": pl.String, "c1": pl.String}


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (pa.table({"a": pa.array([], pa.string())}), "FILE-009"),
        (pa.table({"a": [None, ""]}), "FILE-009"),
        (pa.table({"a": pa.array([0], pa.timestamp("s", tz="Mars/Olympus"))}), "FILE-029"),
        (pa.table({"a": ["Jansen"], "A": ["Jansen"]}), "FILE-018"),
        (pa.table({"a": ["Jansen"], "": ["Jansen"]}), "FILE-019"),
        (pa.table({"a": [b"Jansen"]}), "FILE-037"),
        (pa.table({"a": pa.array([b"Jansen"], pa.binary_view())}), "FILE-037"),
        (
            pa.table({"a": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"J" * 16], pa.binary(16)))}),
            "FILE-037",
        ),
    ],
)
def test_bad_tables_are_refused(tmp_path: Path, table: pa.Table, code: str) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(table, path)

    with pytest.raises(Rejected) as caught:
        open_table(path)

    assert caught.value.rule == code
    assert "Jansen" not in str(caught.value)


def test_damaged_middle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": [f"Jansen {i}" for i in range(1000)]}), path, compression="none")
    content = bytearray(path.read_bytes())
    content[4:2000] = b"\xff" * 1996
    path.write_bytes(content)

    with pytest.raises(Rejected, match="FILE-029"):
        list(open_table(path).batches)


def test_several_batches_keep_counting(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": [str(i) for i in range(150_000)]}), path)

    rows = pl.concat([batch.frame for batch in open_table(path).batches])

    assert rows["row"].to_list() == list(range(1, 150_001))


def test_integers_of_128_bits_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame({"a": pl.Series([1, 10**30], dtype=pl.Int128)}).write_parquet(path)

    with pytest.raises(Rejected, match="more than 64 bits") as caught:
        open_table(path)
    assert caught.value.rule == "FILE-029"


def test_files_that_were_joined_are_refused_since_only_the_last_would_be_read(tmp_path: Path) -> None:
    parts = []
    for number in range(2):
        pq.write_table(pa.table({"a": [f"{number}"]}), part := tmp_path / f"{number}.parquet")
        parts.append(part.read_bytes())
    path = tmp_path / "x.parquet"
    path.write_bytes(b"".join(parts))

    with pytest.raises(Rejected, match="one behind the other") as refusal:
        open_table(path)

    assert refusal.value.rule == "FILE-029"


def test_a_page_whose_checksum_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    table = pa.table({"a": ["FLIP-1", "FLIP-2", "FLIP-3"]})
    pq.write_table(table, path, compression="none", use_dictionary=False, write_page_checksum=True)
    path.write_bytes(path.read_bytes().replace(b"FLIP-2", b"FXIP-2", 1))

    with pytest.raises(Rejected, match=r"FILE-029.*damaged"):
        list(open_table(path).batches)


@pytest.mark.parametrize("told", [0, 4])
def test_a_file_that_says_it_has_fewer_rows_than_its_parts_is_refused(tmp_path: Path, told: int) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a.b": ["x"] * 6}), path)
    content = bytearray(path.read_bytes())
    start = len(content) - int.from_bytes(content[-8:-4], "little") - 8
    content[start + content[start:].index(b"\x16\x0c") + 1] = 2 * told
    path.write_bytes(content)
    assert pq.ParquetFile(path).metadata.num_rows == told

    with pytest.raises(Rejected, match=r"FILE-029.*number of rows"):
        open_table(path)


_OPENS_SPOILT = """
import sys
from pathlib import Path
from pipeline.errors import Rejected
from pipeline.store.formats.open_table import open_table

path = Path(sys.argv[1])
sound = path.read_bytes()
start = len(sound) - 8 - int.from_bytes(sound[-8:-4], "little")
for at in range(start, len(sound)):
    spoilt = bytearray(sound)
    spoilt[at] ^= 1 << at % 8
    path.write_bytes(spoilt)
    try:
        for batch in open_table(path).batches:
            assert batch.frame.height <= 6
    except Rejected:
        continue
print("all")
"""


def test_no_spoilt_byte_of_the_end_of_a_file_ends_the_process(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": ["x", None] * 3, "b": [[1], []] * 3, "c": range(6)}), path, row_group_size=4)
    tried = subprocess.run([sys.executable, "-c", _OPENS_SPOILT, path], capture_output=True, text=True, check=False)

    assert (tried.returncode, tried.stdout) == (0, "all\n"), tried.stderr[-2000:]


class _NoSecret(pe.KmsClient):  # type: ignore[misc]  # pyarrow has no types here
    def __init__(self, _config: object) -> None:
        super().__init__()

    def wrap_key(self, key_bytes: bytes, _name: str) -> bytes:
        return key_bytes

    def unwrap_key(self, wrapped_key: bytes, _name: str) -> bytes:
        return wrapped_key


@pytest.mark.parametrize("is_told", [True, False])
def test_an_encrypted_column_is_refused(tmp_path: Path, is_told: bool) -> None:
    """Also one of which the end of the file tells all but what is in it: looking at that ends a process."""
    path, factory = tmp_path / "x.parquet", pe.CryptoFactory(_NoSecret)
    wanted = pe.EncryptionConfiguration(footer_key="f", column_keys={"k": ["b"]}, plaintext_footer=is_told)
    keys = factory.file_encryption_properties(pe.KmsConnectionConfig(), wanted)
    with pq.ParquetWriter(path, pa.schema({"a": pa.string(), "b": pa.int64()}), encryption_properties=keys) as writer:
        writer.write_table(pa.table({"a": ["x"], "b": [1]}))

    with pytest.raises(Rejected, match=r"FILE-029"):
        list(open_table(path).batches)
