"""``deploy/compose.yaml`` and the image it builds, as processes on this machine. Here: what stands in the files.

Not here: starting them. Read from the files and not copied, so that a test shows what somebody would run.
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
_VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::[?-][^}]*)?\}")


def compose() -> dict[str, Any]:
    """The whole file, its anchors resolved."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def env_file(path: Path) -> dict[str, str]:
    """Names and values of an environment file; lines that are commented out do not count."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def image_environment() -> dict[str, str]:
    """What the Dockerfile sets for every container."""
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return dict(pair.split("=", 1) for line in lines if line.startswith("ENV ") for pair in line.split()[1:])


def copied() -> list[str]:
    """What the Dockerfile copies from the repository into the image."""
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [source for line in lines if line.startswith("COPY ") for source in line.split()[1:-1]]


@dataclass(frozen=True)
class Service:
    """One container: its command and its whole environment, as the file has them."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]


def service(name: str, filled_in: dict[str, str]) -> Service:
    """A service of ours, with the variables of ``deploy/.env`` filled in."""
    stated = compose()["services"][name]
    set_here = {key: filled(str(value), filled_in) for key, value in stated["environment"].items()}
    return Service(name, tuple(shlex.split(stated["command"])), image_environment() | set_here)


def filled(text: str, values: dict[str, str]) -> str:
    """``${NAME}`` replaced by its value, as compose does."""
    return _VARIABLE.sub(lambda found: values[found[1]], text)


def variables() -> set[str]:
    """Every name that the file asks for."""
    return {found[1] for found in _VARIABLE.finditer((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))}
