"""What is started to serve a folder."""

from pathlib import Path

import pytest

from server.serve import _options, _parts


@pytest.mark.parametrize(
    ("typed", "arguments"), [((), ("server.watch",)), (("--watch",), ("server.watch", "--arrivals"))]
)
def test_who_asks_for_it_gets_runs_for_files_that_arrive(
    typed: tuple[str, ...], arguments: tuple[str, ...], tmp_path: Path
) -> None:
    parts = {part.name: part.arguments for part in _parts(tmp_path, 4200, watch=_options(typed).watch)}

    assert parts["watchman"] == arguments


def test_make_passes_the_wish_on() -> None:
    (line,) = [
        line for line in (Path(__file__).parents[2] / "Makefile").read_text().splitlines() if "server.serve" in line
    ]

    assert line.endswith("-m server.serve$(if $(WATCH), --watch)")
