"""What is decided outside the program: folders and the key.

Read once, at the start. Not here: what Prefect and the server take from the environment (``flows.data_dir``,
``flows.embedded``, ``flows.reports``, ``server``).
"""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where things are. All folders lie in ``data_dir``; the key lies beside it, never in it."""

    data_dir: Path
    key_file: Path
    key: str | None = None
    """The key itself, hexadecimal, when it comes from the environment."""

    @property
    def raw(self) -> Path:
        return self.data_dir / "raw"

    @property
    def log(self) -> Path:
        return self.data_dir / "log"

    @property
    def quarantine(self) -> Path:
        return self.data_dir / "quarantine"

    @property
    def curated(self) -> Path:
        return self.data_dir / "curated"

    def __repr__(self) -> str:
        return f"Settings(data_dir={self.data_dir})"


def load(data_dir: Path | str = "data") -> Settings:
    """Settings for one data folder.

    ``UITSTROOM_KEY`` holds the key itself, ``UITSTROOM_KEY_FILE`` names another file for it.
    """
    folder = Path(data_dir).absolute()
    key_file = os.environ.get("UITSTROOM_KEY_FILE")
    return Settings(
        data_dir=folder,
        key_file=Path(key_file) if key_file else folder.with_name(f"{folder.name}.key"),
        key=os.environ.get("UITSTROOM_KEY"),
    )
