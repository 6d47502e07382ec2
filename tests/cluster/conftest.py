"""For tests about object stores and clusters: one server of each kind for all of them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import stores
from tests.cluster.machines import FULL, Machine, bytes_of, sample_deliveries, small_deliveries
from tests.cluster.stores import Store


@pytest.fixture(scope="session")
def _s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with stores.s3(tmp_path_factory.mktemp("s3")) as store:
        yield store


@pytest.fixture(scope="session")
def _azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if not stores.azurite():
        pytest.skip("azurite is not installed here: npm install azurite, and UITSTROOM_AZURITE names its main.js")
    with stores.azure(tmp_path_factory.mktemp("azure")) as store:
        yield store


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    (sample_deliveries if FULL else small_deliveries)(folder)
    return folder


@pytest.fixture(scope="session")
def on_disk(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The release of a night on this machine alone."""
    machine = Machine.at(tmp_path_factory.mktemp("disk"), raw=raw)
    return bytes_of(machine.night()[1].release.path)


@pytest.fixture(params=["s3", "azure"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Every kind of store that runs here."""
    return _opened(request.getfixturevalue(f"_{request.param}"), monkeypatch)


@pytest.fixture
def s3(_s3: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    return _opened(_s3, monkeypatch)


def _opened(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name in list(os.environ):
        if name.startswith(
            ("AWS_", "AZURE_", "UITSTROOM_DATA", "UITSTROOM_RAW", "UITSTROOM_WORK", "UITSTROOM_CLUSTER")
        ):
            monkeypatch.delenv(name)
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    store.proxy.loses, store.proxy.lost = None, 0
    return store
