"""For all tests: where the examples of the property tests come from, and what the processes that they start see.

On a build machine they are the same every time, so a build never fails by luck; elsewhere they are new every time.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("build", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("build")


@pytest.fixture(scope="session", autouse=True)
def _children_are_as_installed() -> None:
    os.environ["PYTHONPATH"] = str(Path(__file__).parent / "child_processes")
