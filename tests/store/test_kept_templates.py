"""Templates that are kept from one process to the next are those that would be compiled, whatever lies there."""

import marshal
import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from pipeline.store import kept_templates
from pipeline.store.kept_templates import KeptTemplates


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept_templates, "_PLACE", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def shown(text: str, pages: str = "1") -> tuple[str, bool]:
    """What a template shows in a new process, and whether it had to be compiled."""
    environment = Environment(loader=DictLoader({"a.html": text}), autoescape=True, bytecode_cache=KeptTemplates(pages))
    compiled = []
    generate = environment._generate
    environment._generate = lambda *given, **more: (compiled.append(1), generate(*given, **more))[1]  # type: ignore[method-assign]
    return environment.get_template("a.html").render(b="<b>"), bool(compiled)


def test_it_is_compiled_once_for_the_same_text_and_pages(place: Path) -> None:
    assert shown("a {{ b }}") == ("a &lt;b&gt;", True)
    assert shown("a {{ b }}") == ("a &lt;b&gt;", False)
    assert shown("c {{ b }}") == ("c &lt;b&gt;", True)
    assert shown("c {{ b }}", pages="2") == ("c &lt;b&gt;", True)
    assert shown("c {{ b }}", pages="2") == ("c &lt;b&gt;", False)


@pytest.mark.parametrize("lying", [b"", b"{}", b"\xff\n\xff", b"\n", None, b"\x00", marshal.dumps(1)])
def test_what_is_no_such_file_is_compiled_anew(place: Path, lying: bytes | None) -> None:
    shown("a")
    (kept,) = place.iterdir()
    known = kept.read_bytes().partition(b"\n")[0]
    kept.write_bytes(known if lying is None else known + b"\n" + lying)

    assert (shown("a"), shown("a")) == (("a", True), ("a", False))


def test_where_no_file_can_be_kept_it_is_compiled_every_time(place: Path) -> None:
    (place / "a.html.compiled").mkdir()

    assert (shown("a"), shown("a")) == (("a", True), ("a", True))


def test_who_wants_no_bytecode_gets_no_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert (shown("a"), shown("a"), list(place.iterdir())) == (("a", True), ("a", True), [])
