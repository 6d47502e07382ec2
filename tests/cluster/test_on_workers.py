"""Files read on the workers of a Dask cluster: the same bytes, whatever becomes of a worker or the scheduler."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import NoCell, UitstroomError
from pipeline.jobs.ingest.errand import errands
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.upkeep.checkup import verify
from pipeline.jobs.workspace import open_workspace
from pipeline.store import cell_process
from pipeline.store.cell_task import Broke, Cause, Limits
from pipeline.store.cluster import cluster as pool_of
from pipeline.store.raw import RawFile
from tests.cluster.breaking import does_what_it_says
from tests.cluster.machines import Machine, bytes_of
from tests.cluster.stores import Store
from tests.cluster.workers import Cluster, cluster
from tests.jobs.folder import KEY

pytestmark = pytest.mark.system


@pytest.fixture
def workers(s3: Store, raw: Path, tmp_path: Path) -> Iterator[Cluster]:
    environment = {**s3.environment, "UITSTROOM_KEY": KEY, "UITSTROOM_RAW": str(raw)}
    with cluster(tmp_path, environment) as found:
        yield found


@pytest.fixture
def _none_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process starts no cell of its own: what is read is read elsewhere."""

    def refuse(*_: object) -> None:
        raise AssertionError("a cell was started here")

    monkeypatch.setattr(cell_process.CellProcess, "__init__", refuse)


@pytest.mark.usefixtures("_none_here")
def test_a_night_on_workers_survives_a_killed_worker_and_a_new_scheduler(
    s3: Store, raw: Path, on_disk: dict[str, bytes], workers: Cluster, tmp_path: Path
) -> None:
    address = s3.address("workers")
    machine = Machine.at(tmp_path / "one", address, raw, cluster=workers.address)
    seen: list[Receipt] = []

    def breaks(receipt: Receipt) -> None:
        seen.append(receipt)
        if len(seen) == 1:
            workers.kill_worker(0)
            workers.start_worker()
        if len(seen) == 3:
            workers.kill_scheduler()
            workers.start(1)

    writer = machine.writer()
    receipts = take_in(writer, breaks)
    assert {"recorded", "rejected"} <= {receipt.status for receipt in receipts}
    waits = any(receipt.status == "unstable" for receipt in receipts)
    if waits:  # of a slow machine: a file whose worker was lost twice is read by the next run
        take_in(machine.writer(), lambda _: None)
    made = bytes_of(release(machine.writer() if waits else writer, lambda _: None).release.path)
    if waits:
        assert rows_of(made) == rows_of(on_disk)
    else:
        assert made == on_disk
    assert verify(open_workspace(machine.settings)) == ()


def rows_of(files: dict[str, bytes]) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table but ``releases``, without the moment at which they were recorded."""
    tables = {name: pl.read_parquet(content) for name, content in files.items() if name.endswith(".parquet")}
    return {
        name: frame.drop("recorded_at", strict=False).rows()
        for name, frame in tables.items()
        if name != "releases.parquet"
    }


@pytest.mark.usefixtures("_none_here")
def test_whatever_a_file_does_to_its_reader_that_file_alone_is_blamed(s3: Store, tmp_path: Path) -> None:
    raw, says = tmp_path / "raw", ["fine", "aborts", "also fine", "grows", "hangs", "fine to the end"]
    raw.mkdir()
    files = [RawFile("", raw / f"{number}.txt", f"{number}.txt") for number in range(len(says))]
    for file, what in zip(files, says, strict=True):
        file.path.write_text(what)
    ample = Limits(memory_bytes=1 << 30, cpu_seconds=60, seconds=240)
    limits = [replace(ample, seconds=3.0) if what == "hangs" else ample for what in says]
    environment = {**s3.environment, "UITSTROOM_KEY": KEY, "UITSTROOM_RAW": str(raw)}
    sender = Machine.at(tmp_path / "one", s3.address("breaking"), raw).settings
    with cluster(tmp_path, environment) as started, pool_of(started.address, errands(sender)) as pool:
        assert pool.most == 2
        tasks = [pool.begin(does_what_it_says, file, most) for file, most in zip(files, limits, strict=True)]
        results = [pool.result(task) for task in tasks]
        assert all(worker.poll() is None for worker in started.workers), "no worker died of it"
    assert results == [
        "fine", Broke(Cause.DIED, "SIGABRT"), "also fine", Broke(Cause.MEMORY), Broke(Cause.TIME), "fine to the end",
    ]  # fmt: skip


@pytest.mark.usefixtures("_none_here")
def test_what_a_worker_lacks_is_told_in_a_sentence_and_nothing_is_recorded(
    s3: Store, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine.at(tmp_path / "one", s3.address("no-key"), raw, cluster="tcp://127.0.0.1:9")
    monkeypatch.setattr("pipeline.store.cluster.WAIT_SECONDS", 1.0)
    with pytest.raises(NoCell, match=r"no scheduler with a worker.*remove UITSTROOM_CLUSTER"):
        take_in(machine.writer(), lambda _: None)
    (tmp_path / "cluster").mkdir()
    with cluster(tmp_path / "cluster", {**s3.environment, "UITSTROOM_RAW": str(raw)}) as without_key:
        machine = Machine.at(tmp_path / "one", s3.address("no-key"), raw, cluster=without_key.address)
        monkeypatch.setattr("pipeline.store.cluster.WAIT_SECONDS", 60.0)
        with pytest.raises(UitstroomError, match=r"written with a key.*is not there"):
            take_in(machine.writer(), lambda _: None)
    assert open_workspace(machine.settings).log.events().is_empty()


def test_a_cluster_needs_a_data_folder_that_its_workers_see(tmp_path: Path, raw: Path) -> None:
    machine = Machine.at(tmp_path, raw=raw, cluster="tcp://127.0.0.1:9")
    with pytest.raises(UitstroomError, match=r"UITSTROOM_CLUSTER is set.*s3://bucket/prefix"):
        take_in(machine.writer(), lambda _: None)
    assert os.listdir(machine.settings.log) == []
