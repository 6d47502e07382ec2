"""One page instead of two: takes Prefect's newer interface out of the installed Prefect.

    python -m server.remove_v2_ui

The newer page asks its maker's configuration service from the browser, whatever is switched off. A setting only says
which of the two opens first; the server offers a page when its files are there. May be repeated.

Here: those files. Not here: the settings of the page that stays (``flows.embedded``).
"""

import shutil
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from pipeline.errors import UitstroomError

NEWER = ("ui-v2", "ui_v2_build")
"""Folders of the newer page within Prefect's server: as it was installed, and as the server last prepared it."""


class TwoPages(UitstroomError):
    """The newer page cannot be taken away."""


def server_folder() -> Path:
    """The server within the installed Prefect, found without loading it."""
    found = find_spec("prefect")
    if found is None or found.origin is None:
        raise TwoPages("Prefect is not installed here. Set up first: make .venv/.run")
    return Path(found.origin).parent / "server"


def remove_newer(server: Path) -> list[str]:
    """Take the newer page away; the folders that were there."""
    there = [name for name in NEWER if (server / name).exists()]
    for name in there:
        _remove(server / name)
    return there


def _remove(folder: Path) -> None:
    while folder.exists():
        try:
            with suppress(FileNotFoundError):  # somebody else removes it at the same moment
                shutil.rmtree(folder)
        except OSError as error:
            raise TwoPages(
                f"Prefect's newer page, which asks a host outside, cannot be removed ({error.strerror}: {folder}). "
                "As the owner of that folder run once: python -m server.remove_v2_ui"
            ) from None


def main() -> int:
    """Remove it and report that; exit code 1 when that is not possible."""
    try:
        for name in remove_newer(server_folder()):
            print(f"Removed Prefect's newer page: {name}")
    except UitstroomError as error:
        print(f"one_page: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
