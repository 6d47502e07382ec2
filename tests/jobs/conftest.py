"""Folders for the tests of the whole pipeline."""

from pathlib import Path

import pytest

from tests.jobs.folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty data folder."""
    return Folder.at(tmp_path)


@pytest.fixture
def unpublished(tmp_path: Path) -> Folder:
    """An empty data folder whose nights only take in: for who asks what becomes of a delivery."""
    return Folder.at(tmp_path, publishes=False)
