"""Which raw files there are, what identifies them, and that a change while reading is noticed."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import Rejected, Unstable
from pipeline.store.file_fingerprint import FileFingerprint, confirm_unchanged, fingerprint_file
from pipeline.store.raw import RawFile, list_raw
from schemas.details import in_dutch

CONTENT = b"bsn;naam\n123456782;Jansen\n"


@pytest.fixture
def file(tmp_path: Path) -> RawFile:
    return placed(tmp_path, "caseload/2017/x.csv")


def placed(raw: Path, file_name: str, content: bytes = CONTENT) -> RawFile:
    path = raw / file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return RawFile(file_name.split("/", maxsplit=1)[0], path, file_name)


def test_listing_finds_deliveries_at_any_depth_in_order(tmp_path: Path) -> None:
    for name in (
        "caseload/b.csv", "caseload/2017/01/A.XLSX", "caseload/odd.doc", "provider_reports/x",
        "top.csv", "caseload/README.md", "caseload/readme", "caseload/b.csv.meta.json", "caseload/.hidden.csv",
        "caseload/.git/x.csv", "caseload/~$A.xlsx", ".cache/x.csv",
    ):  # fmt: skip
        placed(tmp_path, name)

    found = list_raw(tmp_path)

    assert [(file.source, file.file_name) for file in found] == [
        ("caseload", "caseload/2017/01/A.XLSX"),
        ("caseload", "caseload/b.csv"),
        ("caseload", "caseload/odd.doc"),
        ("caseload", "caseload/readme"),
        ("provider_reports", "provider_reports/x"),
        ("", "top.csv"),
    ]
    assert all(file.path.is_absolute() and file.path.is_file() for file in found)


def test_listing_includes_odd_things_without_opening_them(tmp_path: Path) -> None:
    folder = tmp_path / "caseload"
    (folder / "folder.csv").mkdir(parents=True)
    (folder / "folder.csv" / "inside.csv").write_bytes(CONTENT)
    (folder / "gone.csv").symlink_to("nowhere")
    (folder / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(folder / "pipe.csv")

    found = list_raw(tmp_path)

    codes = {file.path.name: refused(file).rule for file in found}
    assert codes == {"folder.csv": "FILE-001", "gone.csv": "FILE-002", "loop.csv": "FILE-002", "pipe.csv": "FILE-004"}


def refused(file: RawFile) -> Rejected:
    with pytest.raises(Rejected) as caught:
        fingerprint_file(file)
    assert "Jansen" not in str(caught.value)
    return caught.value


def test_listing_tells_links_and_does_not_follow_them(tmp_path: Path) -> None:
    placed(tmp_path, "elsewhere/x.csv")
    placed(tmp_path, "raw/caseload/x.csv")
    placed(tmp_path, "raw/caseload/deeper/y.csv")
    links = {
        "raw/caseload/again": "raw/caseload", "raw/caseload/deeper/up": "raw", "raw/caseload/deeper/out": "elsewhere",
        "raw/caseload/out.csv": "elsewhere/x.csv", "raw/caseload/same.csv": "raw/caseload/x.csv",
        "raw/provider_reports": "elsewhere",
    }  # fmt: skip
    for link, target in links.items():
        (tmp_path / link).symlink_to(tmp_path / target)
    (tmp_path / "link").symlink_to(tmp_path / "raw")

    for root in ("raw", "link"):
        found = {file.file_name: file.refusal.rule if file.refusal else "" for file in list_raw(tmp_path / root)}
        assert found == {
            "caseload/again": "FILE-074",
            "caseload/deeper/out": "FILE-074",
            "caseload/deeper/up": "FILE-074",
            "caseload/deeper/y.csv": "",
            "caseload/out.csv": "FILE-074",
            "caseload/same.csv": "",
            "caseload/x.csv": "",
            "provider_reports": "FILE-074",
        }


def test_folders_of_any_depth_are_listed(tmp_path: Path) -> None:
    folder = tmp_path / "caseload"
    for _ in range(1_500):  # each by itself: a path of so many parts at once would be too long
        folder.mkdir()
        folder = folder / "d"
    found = list_raw(tmp_path)
    while folder != tmp_path:  # what removes folders for us goes down by recursion
        folder = folder.parent
        folder.rmdir() if folder != tmp_path else None

    assert [file.path.name for file in found] in ([], ["d"])  # the last ones cannot be named by their whole path


def test_names_that_are_not_utf8_can_be_printed(tmp_path: Path) -> None:
    (tmp_path / "caseload").mkdir()
    with open(os.fsencode(tmp_path / "caseload") + b"/Jos\xe9.csv", "wb") as raw:
        raw.write(CONTENT)

    (found,) = list_raw(tmp_path)

    assert found.file_name == "caseload/Jos\\xe9.csv"
    assert fingerprint_file(found).size == len(CONTENT)


def test_landing_hashes_the_bytes(file: RawFile) -> None:
    landed = fingerprint_file(file)

    assert landed.delivery == hashlib.sha256(CONTENT).hexdigest()
    assert (landed.size, landed.mtime_ns) == (len(CONTENT), file.path.stat().st_mtime_ns)
    assert (landed.delivered_on, landed.sender, landed.reference_year) == (None, None, None)
    assert (landed.simulated, landed.sidecar_sha256) == (False, "")


def test_sidecar_says_what_the_sender_said(tmp_path: Path) -> None:
    file = placed(tmp_path, "caseload/2018-01-01_x.csv")
    stated = {"delivered_on": "2017-02-07", "sender": "ISD", "reference_year": 2016, "simulated": True, "more": [1]}
    sidecar = json.dumps(stated).encode("utf-8-sig")
    file.path.with_name("2018-01-01_x.csv.meta.json").write_bytes(sidecar)

    landed = fingerprint_file(file)

    assert (landed.delivered_on, landed.sender, landed.reference_year) == (date(2017, 2, 7), "ISD", 2016)
    assert (landed.simulated, landed.sidecar_sha256) == (True, hashlib.sha256(sidecar).hexdigest())
    assert landed.unknown_keys == ("more",)


def test_a_sidecar_may_hold_notes_for_people(file: RawFile) -> None:
    file.path.with_name("x.csv.meta.json").write_text('{"licence": "CC BY 4.0", "attribution": "CBS"}')

    assert fingerprint_file(file).unknown_keys == ()


@pytest.mark.parametrize("key", ["delivered_on", "Delivered_On", "delivered-on", "DELIVERED ON"])
def test_a_key_of_a_sidecar_is_read_as_a_header_is(file: RawFile, key: str) -> None:
    file.path.with_name("x.csv.meta.json").write_text(f'{{"{key}": "2017-02-07"}}')

    assert fingerprint_file(file).delivered_on == date(2017, 2, 7)
    assert fingerprint_file(file).unknown_keys == ()


@pytest.mark.parametrize(
    ("name", "delivered_on", "simulated"),
    [
        ("2017-02-07_x.csv", date(2017, 2, 7), False),
        ("2017-02-07.simulated.csv", date(2017, 2, 7), True),
        ("x_2017-02-07.csv", None, False),
        ("20170207_x.csv", date(2017, 2, 7), False),
        ("20170207.csv", date(2017, 2, 7), False),
        ("20170207T1230_x.csv", date(2017, 2, 7), False),
        ("07-02-2017_x.csv", date(2017, 2, 7), False),
        ("7-2-2017 x.csv", date(2017, 2, 7), False),
        ("07.02.2017-x.csv", date(2017, 2, 7), False),
        ("2017_02_07_x.csv", date(2017, 2, 7), False),
        ("2017-02-07x.csv", date(2017, 2, 7), False),
        ("201702071_x.csv", None, False),
        ("2017-02_x.csv", None, False),
        ("83450NED_2015.csv", None, False),
        ("SIMULATED.csv", None, True),
    ],
)
def test_file_name_says_the_rest(tmp_path: Path, name: str, delivered_on: date | None, simulated: bool) -> None:
    landed = fingerprint_file(placed(tmp_path, f"caseload/{name}"))

    assert (landed.delivered_on, landed.simulated) == (delivered_on, simulated)


@pytest.mark.parametrize(
    "name",
    ["2017-02-30_x.csv", "2017-2-7_x.csv", "20171301_x.csv", "31-02-2017_x.csv", "02-27-2017_x.csv", "07022017.csv"],
)
def test_date_in_a_file_name_must_exist(tmp_path: Path, name: str) -> None:
    assert refused(placed(tmp_path, f"caseload/{name}")).rule == "FILE-035"


@pytest.mark.parametrize("name", ["2017-2-7_x.csv", "07022017.csv"])
def test_a_date_that_exists_is_not_said_to_be_none(tmp_path: Path, name: str) -> None:
    detail = refused(placed(tmp_path, f"caseload/{name}")).detail
    assert detail == (
        "the file name starts with a date in a form that is not read; if 2017-02-07 is meant, begin with that"
    )
    assert in_dutch(detail).endswith("is 07-02-2017 bedoeld, begin dan daarmee")


@pytest.mark.parametrize(
    ("sidecar", "code"),
    [
        (b"", "FILE-006"),
        (b"{", "FILE-006"),
        (b"[1]", "FILE-006"),
        (b'{"sender": "Jos\xe9"}', "FILE-006"),
        (b"[" * 100_000, "FILE-006"),
        (b'{"delivered_on": "2017-02-07", "delivered_on": "2018-02-07"}', "FILE-006"),
        (b" " * (2 << 20), "FILE-006"),
        (b'{"delivered_on": "7 feb"}', "FILE-007"),
        (b'{"delivered_on": "2017-02-30"}', "FILE-007"),
        (b'{"delivered_on": ""}', "FILE-007"),
        (b'{"delivered_on": 20170207}', "FILE-007"),
        (b'{"reference_year": "Jansen"}', "FILE-007"),
        (b'{"reference_year": true}', "FILE-007"),
        (b'{"reference_year": 17}', "FILE-007"),
        (b'{"sender": 3}', "FILE-007"),
        (b'{"simulated": "yes"}', "FILE-007"),
    ],
)
def test_unreadable_sidecar_is_refused(file: RawFile, sidecar: bytes, code: str) -> None:
    file.path.with_name("x.csv.meta.json").write_bytes(sidecar)

    assert refused(file).rule == code


def test_sidecar_that_is_no_file_is_refused(file: RawFile) -> None:
    os.mkfifo(file.path.with_name("x.csv.meta.json"))

    assert refused(file).rule == "FILE-006"


def test_no_permission_is_refused(file: RawFile) -> None:
    file.path.chmod(0)
    for folder in file.path.parents[:5]:
        folder.chmod(0o755)
    script = (
        "import os, sys, pathlib\n"
        "from pipeline.store.file_fingerprint import fingerprint_file\n"
        "from pipeline.store.raw import RawFile\n"
        "from pipeline.errors import Rejected\n"
        "if os.getuid() == 0:\n    os.setgid(65534); os.setuid(65534)\n"
        "try:\n    fingerprint_file(RawFile('caseload', pathlib.Path(sys.argv[1]), 'caseload/x.csv'))\n"
        "except Rejected as error:\n    print(error.rule)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(file.path)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert done.stdout.strip() == "FILE-003"


def test_file_that_vanished_is_tried_again(file: RawFile) -> None:
    file.path.unlink()

    with pytest.raises(Unstable):
        fingerprint_file(file)


def _appended(path: Path, _: FileFingerprint) -> None:
    path.write_bytes(CONTENT + b"1;2\n")


def _same_size(path: Path, _: FileFingerprint) -> None:
    path.write_bytes(CONTENT.replace(b"Jansen", b"Pieter"))


def _same_size_and_time(path: Path, landed: FileFingerprint) -> None:
    _same_size(path, landed)
    os.utime(path, ns=(landed.mtime_ns, landed.mtime_ns))


def _replaced(path: Path, landed: FileFingerprint) -> None:
    other = path.with_name("other")
    _same_size_and_time(other, landed)
    other.rename(path)


def _removed(path: Path, _: FileFingerprint) -> None:
    path.unlink()


def _pipe(path: Path, _: FileFingerprint) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("change", [_appended, _same_size, _same_size_and_time, _replaced, _removed, _pipe])
def test_change_while_reading_is_noticed(file: RawFile, change: object) -> None:
    assert callable(change)
    landed = fingerprint_file(file)

    change(file.path, landed)

    with pytest.raises(Unstable, match=r"caseload/2017/x\.csv"):
        confirm_unchanged(file, landed)


def test_same_bytes_under_another_time_are_unchanged(file: RawFile) -> None:
    landed = fingerprint_file(file)
    confirm_unchanged(file, landed)

    os.utime(file.path, (1, 1))

    confirm_unchanged(file, landed)
