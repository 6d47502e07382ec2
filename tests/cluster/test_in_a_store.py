"""A data folder in an object store: the same bytes as on a disk, for every machine, and nothing lost on the way."""

import shutil
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import cli, settings
from pipeline.errors import UitstroomError, WrongSetting
from pipeline.jobs.nightly import take_in
from pipeline.jobs.upkeep.checkup import verify
from pipeline.jobs.workspace import open_workspace, open_writer
from pipeline.store.cluster import cluster
from pipeline.store.releases import releases
from pipeline.store.storage.data_folder import published, there
from pipeline.store.storage.objects import Objects
from tests.cluster.machines import FULL, Machine, bytes_of, small_deliveries
from tests.cluster.stores import Store
from tests.jobs.folder import KEY, bsn

pytestmark = pytest.mark.system


def test_a_night_gives_the_same_bytes_there_and_on_every_machine(
    store: Store, raw: Path, on_disk: dict[str, bytes], tmp_path: Path
) -> None:
    """Raw files lie there as well; what is kept there tells nobody's number, and not the key."""
    address = store.address("same")
    one = Machine.at(tmp_path / "one", address, raw if FULL else None)
    if not FULL:
        copied_there(one, raw)
    _, made = one.night()
    assert bytes_of(made.release.path) == on_disk
    other = Machine.at(tmp_path / "other", address)
    reader = open_workspace(other.settings)
    there_now = releases.current(other.settings.curated)
    assert there_now is not None
    assert bytes_of(there_now.path) == on_disk
    assert verify(reader) == ()
    assert_tells_no_secret(one)


def copied_there(machine: Machine, raw: Path) -> None:
    for path in sorted(raw.rglob("*")):
        if path.is_file():
            objects_at(machine, "raw").write(path.relative_to(raw).as_posix(), path.read_bytes())


def objects_at(machine: Machine, name: str) -> Objects:
    found = there(machine.settings, name)
    assert found is not None
    return found


def assert_tells_no_secret(machine: Machine) -> None:
    for name in ("log", "curated", "quarantine"):
        objects = objects_at(machine, name)
        for entry in objects.entries():
            content = objects.read(entry.name) or b""
            assert KEY.encode() not in content
            assert bytes.fromhex(KEY) not in content
            assert bsn(3).encode() not in content


def test_raw_files_that_change_there_are_seen_by_the_next_night(s3: Store, raw: Path, tmp_path: Path) -> None:
    machine = Machine.at(tmp_path / "one", s3.address("raw"))
    long = "caseload/" + "b" * 300 + ".csv"
    for name, content in {
        "caseload/2017-04-05_leeg.csv": b"",
        "caseload": b"",
        long: b"x",
        "a.csv": b"",
        "a.csv/b.csv": b"x",
    }.items():
        objects_at(machine, "raw").write(name, content)
    receipts = take_in(machine.writer(), lambda _: None)
    assert {receipt.file_name.partition("-")[0]: receipt.status for receipt in receipts} == {
        "caseload/2017": "rejected", "name": "rejected", "a.csv/b.csv": "rejected",
    }  # fmt: skip
    objects_at(machine, "raw").remove("caseload/2017-04-05_leeg.csv")
    objects_at(machine, "raw").write("caseload/2017-05-05_nieuw.csv", b"x")
    receipts = take_in(machine.writer(), lambda _: None)
    assert {receipt.file_name: receipt.status for receipt in receipts} == {
        "caseload/2017-05-05_nieuw.csv": "rejected", "caseload/2017-04-05_leeg.csv": "removed",
    }  # fmt: skip
    assert not (machine.settings.raw / "caseload/2017-04-05_leeg.csv").exists()
    assert oct(machine.settings.data_dir.stat().st_mode & 0o777) == "0o700"
    evil = urllib.request.Request(
        f"{s3.environment['AWS_ENDPOINT_URL']}/test/raw/raw/x/..%2F..%2Fout.csv", method="PUT"
    )
    urllib.request.urlopen(evil, b"x").close()
    with pytest.raises(UitstroomError, match=r"Take away or rename the object there that has an empty part, '\.' or"):
        machine.writer()


def test_every_command_works_there(
    s3: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small_deliveries(tmp_path / "raw")
    address = s3.address("commands")
    machine = Machine.at(tmp_path / "one", address, tmp_path / "raw")
    _, made = machine.night()
    for name, value in {"WORK": str(tmp_path / "two"), "RAW": str(tmp_path / "raw"), "KEY": KEY}.items():
        monkeypatch.setenv(f"UITSTROOM_{name}", value)
    monkeypatch.chdir(tmp_path)

    def said(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert cli.main([*words, "--data-dir", address]) == code, capsys.readouterr().err
        return capsys.readouterr().out

    assert "GM0899" in said("show", "caseload_stock")
    assert "GM0899" in said("show", "caseload_stock", "--known-on", "2017-02-20")
    assert "2017-03-20_verbeterd.csv" in said("explain", "caseload_stock", "GM0899", "2017-02-01", "pw")
    assert made.release.id in said("releases")
    assert said("path").strip() == str(tmp_path / "two" / "curated" / "releases" / made.release.id)
    assert "whole" in said("verify")
    assert address in said("doctor")
    said("export", "--format", "csv", "--to", str(tmp_path / "out"))
    assert (tmp_path / "out" / "caseload_stock.csv").is_file()
    signed = ("--by", "S. de Vries", "--reason", "een andere reden")
    plan = said("backfill", "plan", "--from", "2017-01", "--to", "2017-04", "--mode", "revalidate", "--json")
    assert '"id"' in plan
    assert made.release.id in said("keep", made.release.id, "--name", "jaarverslag", *signed)
    said("maintain")
    assert "whole" in said("verify")


def test_answers_that_are_lost_lose_and_double_nothing(
    store: Store, raw: Path, on_disk: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, int] = {}

    def loses(method: str, path: str) -> bool:
        is_meant = method == "PUT" and ("_delta_log/" in path or "current.json" in path)
        seen[path] = seen.get(path, 0) + is_meant
        return is_meant and seen[path] == 1  # the first answer about every commit and every pointer

    for name, value in store.by_proxy.items():
        monkeypatch.setenv(name, value)
    store.proxy.loses = loses
    machine = Machine.at(tmp_path / "one", store.address("lost"), raw)
    _, made = machine.night()
    store.proxy.loses = None
    assert store.proxy.lost > 10
    assert bytes_of(made.release.path) == on_disk
    assert verify(open_workspace(machine.settings)) == ()


def test_the_key_is_never_made_there(s3: Store, raw: Path, tmp_path: Path) -> None:
    machine = Machine.at(tmp_path / "one", s3.address("key"), raw)
    with pytest.raises(UitstroomError, match=r"There is no key here.*Set UITSTROOM_KEY or UITSTROOM_KEY_FILE"):
        Machine(replace(machine.settings, key=None)).writer()
    assert list(objects_at(machine, "log").entries()) == []
    assert not machine.settings.key_file.exists()


def test_a_bucket_that_is_not_there_and_wrong_addresses_are_told_in_a_sentence(
    s3: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UitstroomError, match=r"store refuses or cannot be reached.*then run again"):
        Machine.at(tmp_path / "one", "s3://no-such-bucket/x").writer()
    for wrong in ("s3://bucket", "s3://key:secret@bucket/x", "gs://bucket/x", "s3://bucket/../x", "s3://bucket/a?b"):
        with pytest.raises(WrongSetting, match="s3://bucket/prefix or az://container/prefix") as caught:
            settings.load(wrong)
        assert "secret" not in str(caught.value)
    monkeypatch.setenv("UITSTROOM_RAW", str(tmp_path / "nothing"))
    with pytest.raises(WrongSetting, match="UITSTROOM_RAW"):
        open_writer(settings.load(tmp_path / "data"))


def test_a_release_that_is_damaged_there_is_not_taken_and_made_again(s3: Store, raw: Path, tmp_path: Path) -> None:
    machine = Machine.at(tmp_path / "one", s3.address("damaged"), raw)
    machine.night()
    there_now = published(machine.settings)
    assert there_now is not None
    there_now.refresh()
    (kept,) = there_now.pointer.kept.values()
    there_now.objects.write(f"{kept.folder}/rules.parquet", b"other bytes")
    assert any("rules.parquet" in problem for problem in there_now.problems())
    shutil.rmtree(machine.settings.data_dir)
    with pytest.raises(UitstroomError, match=r"rules\.parquet: missing, or not as the manifest states.*uitstroom run"):
        open_workspace(machine.settings)
    machine.night()
    assert verify(open_workspace(machine.settings)) == ()


@pytest.mark.parametrize(
    "pointer",
    [
        b"{",
        b"[]",
        b'{"id": "x"}',
        b'{"id": "../x", "kept": [{"id": "../x", "hash": "0", "since": 1}]}',
        b'{"id": "x", "kept": [{"id": "x", "hash": "../../y", "since": 1}]}',
    ],
)
def test_a_pointer_that_was_not_written_by_us_leads_nowhere(s3: Store, tmp_path: Path, pointer: bytes) -> None:
    machine = Machine.at(tmp_path / "one", s3.address("pointer"))
    objects_at(machine, "curated").write("current.json", pointer)
    with pytest.raises(UitstroomError, match=r"current\.json is not what the pipeline writes"):
        open_workspace(machine.settings)


def test_what_is_not_installed_is_named(s3: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(UitstroomError, match=r"pip install 'uitstroom\[cluster\]'"):
        open_workspace(Machine.at(tmp_path, s3.address("nothing")).settings)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UitstroomError, match=r"pip install 'uitstroom\[cluster\]'"), cluster("tcp://127.0.0.1:9", None):
        raise AssertionError("there is no cluster")
