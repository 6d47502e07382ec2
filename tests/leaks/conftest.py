"""Folders for the tests of what is left behind."""

from pathlib import Path

import pytest

from tests.jobs.folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty data folder."""
    return Folder.at(tmp_path)
