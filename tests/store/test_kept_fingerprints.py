"""Fingerprints of code that are kept from one process to the next are those that would be made, whatever lies there."""

import json
import sys
from pathlib import Path

import pytest

from pipeline.store import kept_fingerprints
from pipeline.store.kept_fingerprints import kept


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "code-fingerprints.json"
    monkeypatch.setattr(kept_fingerprints, "_PLACE", found)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return found


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kept_here"
    folder.mkdir()
    (folder / "__init__.py").write_text("ONE = 1\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def made(value: str, name: str = "a") -> str:
    kept_fingerprints._sources.cache_clear()
    return kept(name, ("kept_here",), lambda: value)


def test_it_is_made_once_for_the_same_sources(place: Path, package: Path) -> None:
    assert (made("one"), made("two"), made("other", "b"), made("three")) == ("one", "one", "other", "one")


@pytest.mark.parametrize("change", ["another byte", "a module more", "a module less"])
def test_other_sources_have_none(place: Path, package: Path, change: str) -> None:
    (package / "more.py").write_text("", "utf-8")
    made("one")

    if change == "another byte":
        (package / "__init__.py").write_text("ONE = 2\n", "utf-8")
    elif change == "a module more":
        (package / "other.py").write_text("", "utf-8")
    else:
        (package / "more.py").unlink()

    assert (made("two"), json.loads(place.read_text("utf-8"))["fingerprints"]) == ("two", {"a": "two"})


@pytest.mark.parametrize("lying", ["", "{}", "[1]", '{"sources": 1, "fingerprints": 2}', "\x00"])
def test_what_is_no_such_file_is_made_anew(place: Path, package: Path, lying: str) -> None:
    place.write_text(lying, "utf-8")

    assert (made("one"), made("two")) == ("one", "one")


def test_where_no_file_can_be_kept_it_is_made_every_time(package: Path, place: Path) -> None:
    place.mkdir()

    assert (made("one"), made("two")) == ("one", "two")


def test_who_wants_no_bytecode_gets_no_file(package: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert (made("one"), made("two"), place.exists()) == ("one", "two", False)
