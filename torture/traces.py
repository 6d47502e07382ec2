"""What a killed writer left on the disk: proof of where it died. Looks only; the next run has to cope with it."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from deltalake import DeltaTable

from pipeline.store.log.table import LogTable
from torture.folder import DataFolder

STAGING = "a release that was being made"
POINTER = "the link moved, its pointer file not yet"
STAGED = "rows in files that the log does not know"
COMMIT = "a commit half-way"
WITHOUT_EVENT = "rows in the log without their event"
DRAFT = "a draft of a small file"
ALL = (STAGED, COMMIT, WITHOUT_EVENT, DRAFT, STAGING, POINTER)


@dataclass
class Traces:
    """Looks at one folder after every death, and reports what was not there before."""

    folder: DataFolder
    _seen: set[Path] = field(default_factory=set)

    def new(self) -> set[str]:
        """Kinds of things left behind since the last look."""
        curated, log = self.folder.settings.curated, self.folder.settings.log
        found = {
            STAGING: set(curated.glob(".staging-*/*")),
            COMMIT: {path for path in log.glob("*/_delta_log/*") if path.suffix not in (".json", ".parquet")}
            - set(log.glob("*/_delta_log/_last_checkpoint")),
            DRAFT: {
                path
                for path in self.folder.data.rglob(".*")
                if path.is_file() and path.name not in (".lock", ".writer")
            },
            STAGED: self._staged(),
        }
        left = {kind for kind, paths in found.items() if paths - self._seen}
        self._seen |= set().union(*found.values())
        return (
            left
            | ({WITHOUT_EVENT} if self._has_rows_without_event() else set())
            | ({POINTER} if _is_pointer_behind(curated) else set())
        )

    def _tables(self) -> list[LogTable]:
        log = self.folder.writer().log
        return [*log.sources.values(), log.findings, log.deliveries]

    def _staged(self) -> set[Path]:
        on_disk = {path for path in self.folder.settings.log.rglob("*.parquet") if "_delta_log" not in path.parts}
        there = [DeltaTable(table.path) for table in self._tables() if table.exists]
        return on_disk - {Path(name) for table in there for name in table.file_uris()}

    def _has_rows_without_event(self) -> bool:
        log = self.folder.writer().log
        with_event = set(log.events()["delivery"])
        tables = [*log.sources.values(), log.findings]
        return any(set(table.rows().select("delivery").unique().collect()["delivery"]) - with_event for table in tables)


def _is_pointer_behind(curated: Path) -> bool:
    pointer = json.loads((curated / "current.json").read_bytes())
    return bool(pointer["path"] != os.readlink(curated / "current"))
