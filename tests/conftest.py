"""For all tests: where the examples of the property tests come from, and what the processes that they start see.

On a build machine they are the same every time, so a build never fails by luck; elsewhere they are new every time.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from pipeline.store.cells import kept_warm

if TYPE_CHECKING:
    from tests.ready_made import ReadyMade

# Five thousand tests and what they load stay to the end: to look through them for garbage again and again takes a third
# of collecting them, and goes on taking while they run.
gc.disable()

# A shell's ``&`` and ``nohup`` let us ignore these, and with us whatever the tests start: those end by them, or ask.
for _number, _handler in {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGHUP: signal.SIG_DFL,
    signal.SIGQUIT: signal.SIG_DFL,
}.items():
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)

settings.register_profile("build", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("build")

LONGEST = ("flows/test_served.py", "flows/test_breaks.py", "flows/test_install.py", "jobs/test_faults.py")
"""Files of minutes each. Begun first: the last one to begin would keep one worker busy, and the others would wait."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent
    first = {tests / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path, len(first)))


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    gc.unfreeze()  # DuckDB complains of what is left over when Python ends


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Of ``-m system`` a file that does not have that word has no test: each process is spared loading 150 files."""
    if config.option.markexpr != "system" or not collection_path.match("test_*.py"):
        return None
    return None if b"system" in collection_path.read_bytes() else True


@pytest.fixture(scope="session", autouse=True)
def _children_are_as_installed() -> None:
    os.environ["PYTHONPATH"] = str(Path(__file__).parent / "child_processes")


@pytest.fixture(scope="session", autouse=True)
def _cells_stay(_children_are_as_installed: None) -> Iterator[None]:
    """A night of a test costs a third of a second, a new process to read in a whole one."""
    with kept_warm():
        yield


@pytest.fixture(scope="session")
def ready_made(tmp_path_factory: pytest.TempPathFactory) -> ReadyMade:
    """Folders that several tests begin with."""
    from tests.ready_made import ReadyMade  # loads the whole pipeline, which the tests of rules do without

    return ReadyMade.of(tmp_path_factory)
