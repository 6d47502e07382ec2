"""Results of steps, kept under the fingerprint of what went in, so that a night computes only what is new.

    <curated>/.steps/<step>/<name>.cell    32 bytes of sha256, then the Parquet bytes they are the hash of

A cell can be made again from the log at any time: it is never the only place where something stands, and one that is
damaged counts as not there. The name holds everything the result depends on (``fingerprint``), the version of the
step included, so a cell never has to be invalidated: what no longer occurs is swept away.

Here: keeping, finding and sweeping. Not here: what is computed (the pure rooms) and from what (``pipeline.jobs``),
drafts of writers that died (``orphans``).
"""

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from pipeline.store.fs import atomic_write

KEPT = ".steps"
"""The folder below ``curated``."""
_HASH = hashlib.sha256().digest_size
_BOOK_OF_BEHIND = "behind", "book"
_BEHIND = pl.Schema({"result": pl.String(), "behind": pl.String()})

Schemas = Mapping[str, pl.Schema]
Frames = dict[str, pl.DataFrame]


def fingerprint(*parts: object) -> str:
    """A short name for a list of texts, numbers and days, in this order."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:40]


class KeptResults:
    """The kept results of one data folder, as one run uses them.

    With ``afresh`` nothing that was kept before is believed: every cell is made again, once. Without ``keeps`` nothing
    is written, for a look at another state of the log.
    """

    def __init__(self, root: Path, *, afresh: bool = False, keeps: bool = True) -> None:
        self.root = root
        self.afresh = afresh
        self.keeps = keeps
        self._used: set[Path] = set()
        self._made: set[Path] = set()
        self._asked: list[set[Path]] = []
        """What each result that is being made has asked for so far (``standing``)."""
        self._stood: dict[Path, None] = {}
        """The standing results that were asked for, in this order."""
        self._behind: dict[Path, frozenset[Path]] | None = None

    def _path(self, step: str, name: str) -> Path:
        return self.root / step / f"{name}.cell"

    def find(self, step: str, name: str, schema: pl.Schema) -> pl.DataFrame | None:
        """A kept frame; None where there is none, or none that can be read as this shape."""
        self.hold(step, name)
        return self.peek(step, name, schema)

    def peek(self, step: str, name: str, schema: pl.Schema) -> pl.DataFrame | None:
        """The same for a frame that is of use now, and need not stay."""
        body = self._body(step, name)
        return None if body is None else _rows([body], schema)

    def _body(self, step: str, name: str) -> bytes | None:
        """The Parquet bytes of a cell that is believed, and is what was written."""
        path = self._path(step, name)
        return None if self.afresh and path not in self._made else _whole(path)

    def has(self, step: str, names: Iterable[str]) -> bool:
        """Whether all of these cells are there to be believed, without reading them: one may be damaged."""
        paths = (self._path(step, name) for name in names)
        return all(path in self._made if self.afresh else path.exists() for path in paths)

    def hold(self, step: str, name: str) -> None:
        """Let a cell stay, without reading it."""
        self._stay([self._path(step, name)])

    def hold_there(self, step: str, names: Iterable[str]) -> None:
        """Let those of these cells stay that are there."""
        self._stay(path for name in names if (path := self._path(step, name)).exists())

    def _stay(self, paths: Iterable[Path]) -> None:
        there = tuple(paths)
        for each in (self._used, *self._asked):
            each.update(there)

    def keep(self, step: str, name: str, frame: pl.DataFrame) -> None:
        """Keep a frame under this name, in place of what was there. Readers see the one or the other, whole."""
        if not self.keeps:
            return
        content = io.BytesIO()
        frame.rechunk().write_parquet(content, compression="zstd", compression_level=1)
        body, path = content.getvalue(), self._path(step, name)
        self.hold(step, name)
        self._made.add(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as draft:
            draft.write_bytes(hashlib.sha256(body).digest() + body)

    def many(self, step: str, names: Sequence[str], schema: pl.Schema) -> tuple[pl.DataFrame, list[str]]:
        """The rows of many small results, read in one go; and the names of those that are missing or damaged, or have
        another shape.
        """
        bodies: dict[str, bytes | None] = {}
        for name in names:
            self.hold(step, name)
            bodies[name] = self._body(step, name)
        rows = _rows(bodies.values(), schema)
        if rows is None:  # one of them is whole, but not what this version reads
            bodies = {name: body if _rows([body], schema) is not None else None for name, body in bodies.items()}
            rows = _rows(bodies.values(), schema)
        missing = [name for name, body in bodies.items() if body is None]
        return (pl.DataFrame(schema=schema) if rows is None else rows), missing

    def frames(self, step: str, name: str, schemas: Schemas, make: Callable[[], Frames]) -> Frames:
        """The parts of one result; made and kept when any of them is missing."""
        found = {part: self.find(step, f"{name}.{part}", schema) for part, schema in schemas.items()}
        whole = {part: frame for part, frame in found.items() if frame is not None}
        if len(whole) == len(schemas):
            return whole
        made = make()
        for part, frame in made.items():
            self.keep(step, f"{name}.{part}", frame)
        return made

    def frame(self, step: str, name: str, schema: pl.Schema, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """A result of one part."""
        return self.frames(step, name, {"all": schema}, lambda: {"all": make()})["all"]

    def standing(self, step: str, name: str, schema: pl.Schema, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """A result of one part that is found for many nights: the cells that making it asked for stay as long as it
        does, so that they are there when it has to be made again.
        """
        path = self._path(step, name)
        behind = self._all_behind.get(path)
        self._stood[path] = None
        found = None if behind is None else self.find(step, name, schema)
        if found is not None and behind is not None:
            self._stay(behind)
            return found
        self._asked.append(set())
        try:
            made = make()
        finally:
            asked = self._asked.pop()
        self.keep(step, name, made)
        self._all_behind[path] = frozenset(asked)
        return made

    @property
    def _all_behind(self) -> dict[Path, frozenset[Path]]:
        """By standing result the cells that making it asked for."""
        if self._behind is None:
            kept = self.find(*_BOOK_OF_BEHIND, _BEHIND)
            rows = pl.DataFrame(schema=_BEHIND) if kept is None else kept
            by_result = rows.group_by("result", maintain_order=True).agg(pl.col("behind").drop_nulls())
            self._behind = {
                self.root / result: frozenset(self.root / each for each in behind)
                for result, behind in by_result.iter_rows()
            }
        return self._behind

    def _keep_behind(self) -> None:
        """One row for each cell behind a result that stays; without a cell where there is none.

        A cell stands behind the first result that asked for it: later ones may have been handed what that one read.
        """
        rows: list[tuple[str, str | None]] = []
        named: set[Path] = set()
        for result in self._stood:
            own = sorted(self._told(each) for each in self._all_behind[result] - named)
            named |= self._all_behind[result]
            rows += [(self._told(result), each) for each in own] or [(self._told(result), None)]
        frame = pl.DataFrame(sorted(rows, key=str), schema=_BEHIND, orient="row")
        kept = self.find(*_BOOK_OF_BEHIND, _BEHIND)
        if rows and (kept is None or not frame.equals(kept)):
            self.keep(*_BOOK_OF_BEHIND, frame)

    def _told(self, cell: Path) -> str:
        return cell.relative_to(self.root).as_posix()

    def book(
        self, step: str, keys: pl.DataFrame, schema: pl.Schema, find: Callable[[pl.DataFrame], pl.DataFrame]
    ) -> pl.DataFrame:
        """What is known by key, in one cell that grows: ``find`` is asked about keys that are not in it yet.

        Rows of ``schema`` start with the columns of ``keys``. A key of which nothing is found has one row,
        without values.
        """
        names = keys.columns
        kept = self.find(step, "book", schema)
        known = pl.DataFrame(schema=schema) if kept is None else kept
        there = known.join(keys, on=names, how="semi")
        missing = keys.join(known.select(names), on=names, how="anti")
        if missing.height:
            found = missing.join(find(missing), on=names, how="left")
            there = pl.concat([there, found.select(pl.col(name).cast(dtype) for name, dtype in schema.items())])
        there = there.sort(schema.names())
        if kept is None or not there.equals(kept):
            self.keep(step, "book", there)
        return there

    def sweep(self) -> None:
        """Remove what this run had no use for. A run beside this one may miss a cell then, and makes it again."""
        self._keep_behind()
        for path in sorted(self.root.rglob("*.cell")):
            if path not in self._used and not path.name.startswith("."):
                path.unlink(missing_ok=True)


def _whole(path: Path) -> bytes | None:
    """What follows the hash, where it is what was written."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    head, body = content[:_HASH], content[_HASH:]
    return body if hashlib.sha256(body).digest() == head else None


def _rows(bodies: Iterable[bytes | None], schema: pl.Schema) -> pl.DataFrame | None:
    """All rows of these cells, leaving out what is missing; None where one of them has another shape."""
    there = [body for body in bodies if body is not None]
    if not there:
        return pl.DataFrame(schema=schema)
    try:
        rows = pl.scan_parquet(there, hive_partitioning=False).collect()
    except pl.exceptions.PolarsError:
        return None
    return rows if rows.schema == schema else None
