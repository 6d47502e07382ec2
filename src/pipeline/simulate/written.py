"""What was written, and the one place where its bytes go to disk."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SimulatedFile:
    """A delivery that was written: its path below the raw folder, its rows without the header, what is special."""

    path: Path
    rows: int
    note: str


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
