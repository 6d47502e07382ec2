"""A data folder for a test: put small deliveries in it, run the steps of a night, look at what they leave."""

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import Published, release
from pipeline.jobs.upkeep.checkup import verify
from pipeline.jobs.workspace import Writer, open_writer
from pipeline.settings import Settings, SiteSettings
from pipeline.store.releases import releases
from tests.ending import ending
from torture.watch import Watch

KEY = "5a" * 32
"""The same in every test, so that pseudonyms and bytes can be compared between folders."""

CASELOAD = (
    "peildatum", "gemeentecode", "registratienummer_uitkering", "bsn", "bsn_partner", "statistiekcode", "leefvorm",
    "geboortedatum", "geslacht", "ingangsdatum", "oorspronkelijke_ingangsdatum", "einddatum", "reden_einde",
)  # fmt: skip
TOTALS = (
    "peildatum", "gemeentecode", "reeks", "aantal", "vorige_peildatum", "vorig_aantal", "mutatie", "mutatie_pct",
    "instroom", "uitstroom", "uitstroom_werk",
)  # fmt: skip
CLAIMS = (
    "uitspraak_id", "document", "publicatiedatum", "indicator", "gemeentecode", "reeks", "peildatum", "operator",
    "waarde", "eenheid", "toelichting",
)  # fmt: skip
CBS = (
    "ID", "Leeftijd", "Regiokenmerken", "Inwoners_1", "Bijstandsontvangers_2", "Bijstandsdichtheid_3", "Instroom_4",
    "Instroom_5", "Uitstroom_6", "Uitstroom_7", "UitstroomNaarWerk_8", "UitstroomNaarWerk_9",
    "PersonenMetReIntegratievoorziening_10", "WerkNaReIntegratie_11", "WerkNaReIntegratie_12",
    "PersonenMetBijstandEnReIntegratie_13", "BijstandsontvangersMetReIntegratie_14",
    "ReIntegratieontvangersMetBijstand_15", "WSWWerknemers_16", "WSWDichtheid_17",
)  # fmt: skip

Rows = Iterable[Mapping[str, object]]


def bsn(number: int) -> str:
    """The ``number``-th citizen service number that passes the 11-test; made up, as all numbers here."""
    first = f"{10_000_000 + 7 * number:08d}"
    check = sum(int(digit) * weight for digit, weight in zip(first, range(9, 1, -1), strict=True)) % 11
    return bsn(number + 1_000_003) if check == 10 else first + str(check)


def benefit(number: int, **changed: object) -> dict[str, object]:
    """A benefit that runs since 2015: client, dossier and all, with some cells changed."""
    row: dict[str, object] = {
        "peildatum": "01-02-2017", "gemeentecode": "0899", "registratienummer_uitkering": f"D{number}",
        "bsn": bsn(number), "statistiekcode": "01", "leefvorm": "1", "geboortedatum": "19800000", "geslacht": "2",
        "ingangsdatum": "01-05-2015",
    }  # fmt: skip
    return row | changed


def total(**changed: object) -> dict[str, object]:
    return {"peildatum": "01-02-2017", "gemeentecode": "0899", "reeks": "pw", "aantal": "842"} | changed


def claim(number: int, **changed: object) -> dict[str, object]:
    row: dict[str, object] = {
        "uitspraak_id": f"P-{number}", "document": "Voortgang", "publicatiedatum": "01-03-2017",
        "indicator": "caseload_stock", "gemeentecode": "0899", "reeks": "pw", "peildatum": "01-02-2017",
        "operator": "=", "waarde": "842", "eenheid": "aantal",
    }  # fmt: skip
    return row | changed


def region(number: int, **changed: object) -> dict[str, object]:
    counts = dict.fromkeys(CBS[3:], ".")
    return {"ID": number, "Leeftijd": "90100", "Regiokenmerken": f"GM{number:04d}"} | counts | changed


def csv(header: Iterable[str], rows: Rows, separator: str = ";") -> str:
    names = list(header)
    lines = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    return "".join(separator.join(line) + "\n" for line in lines)


def caseload(*rows: Mapping[str, object], header: Iterable[str] = CASELOAD) -> str:
    return csv(header, rows)


@dataclass(frozen=True)
class Ran:
    """One run of both steps."""

    receipts: tuple[Receipt, ...]
    release: Published | None

    @property
    def published(self) -> Published:
        assert self.release is not None, "the nights of this folder end before a release"
        return self.release

    def receipt(self, file_name: str) -> Receipt:
        (found,) = (receipt for receipt in self.receipts if receipt.file_name == file_name)
        return found


@dataclass(frozen=True)
class Folder:
    """A data folder of its own."""

    settings: Settings
    publishes: bool = True
    """Whether its nights end with a release, which is three quarters of a small night. Without one, tables are what a
    release would hold now: the same state of the log makes both."""
    _known: dict[int, AsOfState] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def at(cls, path: Path, *, with_pages: bool = False, publishes: bool = True) -> "Folder":
        """Pages cost a fifth of a small night: who is not about them, nor starts a command, does without."""
        path.mkdir(parents=True, exist_ok=True)
        site = SiteSettings(is_made=with_pages)
        return cls(Settings(data_dir=path / "data", key_file=path / "data.key", key=KEY, site=site), publishes)

    @property
    def data(self) -> Path:
        return self.settings.data_dir

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.settings.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def writer(self) -> Writer:
        return open_writer(self.settings)

    def take_in(self) -> tuple[Receipt, ...]:
        return take_in(self.writer(), lambda _: None)

    def run(self) -> Ran:
        writer = self.writer()
        receipts = take_in(writer, lambda _: None)
        return Ran(receipts, release(writer, lambda _: None) if self.publishes else None)

    def table(self, name: str) -> pl.DataFrame:
        if not self.publishes:
            return self._state().table(name)
        current = releases.current(self.settings.curated)
        assert current is not None
        return releases.read(current, name).collect()

    def _state(self) -> AsOfState:
        """What the log comes to now. The log only grows, and whatever is added to it has an event."""
        writer = self.writer()
        events = writer.log.events()
        if events.height not in self._known:
            self._known.clear()
            self._known[events.height] = AsOfState(LogContents(writer, events, lambda _: None, keeps=False))
        return self._known[events.height]

    def log_rows(self, source: str) -> pl.DataFrame:
        return self.writer().log.sources[source].rows().collect()

    def events(self) -> pl.DataFrame:
        return self.writer().log.events()

    def outcome(self, name: str) -> tuple[str, str]:
        """What became of a delivery, and for which rule it waits."""
        status = str(self.delivery(name)["status"])
        last = self.events().filter(pl.col("file_name") == name).sort("recorded_at").row(-1, named=True)
        return status, str(last["rule"] or "") if status == "held" else ""

    def problems(self) -> tuple[str, ...]:
        return verify(self.writer())

    def delivery(self, file_name: str) -> dict[str, object]:
        return self.table("deliveries").row(by_predicate=pl.col("file_name") == file_name, named=True)

    def rules(self, file_name: str) -> set[tuple[int, str]]:
        """(row, rule) of the findings of one delivery."""
        found = self.table("findings").filter(pl.col("delivery") == self.delivery(file_name)["delivery"])
        return set(found.select("row", "rule").iter_rows())

    def stock(self) -> dict[tuple[str, str, str], int]:
        """Benefits by municipality, reference date and series."""
        rows = self.table("caseload_stock").select("municipality_code", "reference_date", "series", "benefits")
        return {(code, day.isoformat(), series): count for code, day, series, count in rows.iter_rows()}

    def flow(self, day: str, series: str = "pw", code: str = "GM0899") -> tuple[int, int, int, int, int]:
        """Opening, inflow, outflow, closing and unexplained difference of one bridge."""
        names = ("opening", "inflow", "outflow", "closing", "unexplained_difference")
        (row,) = (
            row
            for row in self.table("caseload_flow").iter_rows(named=True)
            if (row["municipality_code"], row["reference_date"].isoformat(), row["series"]) == (code, day, series)
        )
        return tuple(row[name] for name in names)  # type: ignore[return-value]


def tree(root: Path) -> dict[str, str]:
    """Hash of every file below a folder."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def conserved(deliveries: pl.DataFrame) -> bool:
    """Rows read = recorded + quarantined + duplicates, or held, also once refused (contract, section Rules)."""
    kept = pl.when(pl.col("status").is_in(["held", "refused"])).then("rows_held")
    kept = kept.otherwise(pl.col("rows_recorded") + pl.col("rows_quarantined") + pl.col("rows_duplicate"))
    return bool(deliveries.select((pl.col("rows_read") == kept).all()).item())


_CHILD = """
import sys
from pathlib import Path
from tests.jobs.folder import Folder
folder = Folder.at(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
folder.run()
"""


def start(folder: Folder) -> subprocess.Popen[str]:
    """A process that will take in and release this folder; it imports everything and waits for ``begin``."""
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(folder.data.parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def begin(*children: subprocess.Popen[str]) -> None:
    """Let children begin, all at once, when every one of them is ready."""
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()


def end(child: subprocess.Popen[str], after: float = 60) -> int:
    """Wait for a child, and kill it when the time is over; gives its exit code."""
    with child:
        try:
            child.wait(timeout=after)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.returncode


def end_at_change(child: subprocess.Popen[str], folder: Folder, change: int) -> int:
    """Let a child begin, and kill it at the given change that it makes in the folder; gives its exit code."""
    with ending(child), Watch(folder.data) as watch:
        begin(child)
        watch.until(change, lambda: child.poll() is None)
        child.kill()
    return child.returncode
