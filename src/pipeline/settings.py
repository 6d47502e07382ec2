"""What is decided outside the program: folders, the key, the language, how much reading may take, what pages show.

Read once, at the start. Not here: what Prefect and the server take from the environment (``flows.data_dir``,
``flows.embedded``, ``flows.reports``, ``server``).
"""

import grp
import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import WrongSetting
from schemas.words import Language

LANGUAGE = "UITSTROOM_LANGUAGE"
DATA = "UITSTROOM_DATA"
KEY = "UITSTROOM_KEY"
KEY_FILE = "UITSTROOM_KEY_FILE"
RAW = "UITSTROOM_RAW"
WORK = "UITSTROOM_WORK"
CLUSTER = "UITSTROOM_CLUSTER"
_ADDRESS = re.compile(r"(s3|az)://([a-z0-9][a-z0-9.-]+)((?:/[\w.=-]+)+)/?")
"""Of a data folder in an object store: a bucket or container, and a prefix in it."""
_NOT_FOUND_AGAIN = re.compile("%[0-9A-Fa-f]{2}|[\x00-\x1f\x7f\ud800-\udfff]")
"""In the path of a folder: what Delta reads as another sign."""
_MIB = 1 << 20
_MOST_MEMORY_MIB = 4096
"""Enough for a delivery of 2 GB of any kind; two cells leave most of a machine of 24 GiB to others."""
_LEAST_MEMORY_MIB = 1536
"""Less would stop ordinary files: a reader that is at rest takes 300 MiB, a million rows up to 1,300."""
_SHARE_OF_MEMORY = 6


@dataclass(frozen=True)
class CellSettings:
    """What the processes may take in which files are read, one file in one process at a time (a cell)."""

    most: int = field(default_factory=lambda: min(2, os.cpu_count() or 1))
    """Cells at once. The second is started only on nights with much to read."""
    memory_mib: int = field(default_factory=lambda: _memory_mib())  # noqa: PLW0108  defined below
    """Resident memory of one cell; it gets less for a small file."""
    seconds: int = 60
    """Processor time for one file, beside the time that its size is worth."""


@dataclass(frozen=True)
class SiteSettings:
    """Whether a release has pages, and what they show of small groups."""

    is_made: bool = True
    least_group: int = 10
    """A group of fewer is shown as such, without its number."""


@dataclass(frozen=True)
class ReaderSettings:
    """Groups of the operating system that may read releases; empty where only the owner may."""

    group: str = ""
    """Of all tables but those about single clients."""
    clients_group: str = ""
    """Of those as well; its members are in ``group`` too."""


@dataclass(frozen=True)
class Settings:
    """Where things are. All folders lie in ``data_dir``; the key lies beside it, never in it.

    With ``remote`` the truth lies there, and ``data_dir`` is what this machine works in: copies of what is there, and
    what can be made again.
    """

    data_dir: Path
    key_file: Path
    key: str | None = None
    """The key itself, hexadecimal, when it comes from the environment."""
    cells: CellSettings = field(default_factory=CellSettings)
    site: SiteSettings = field(default_factory=SiteSettings)
    readers: ReaderSettings = field(default_factory=ReaderSettings)

    keep_releases: int = 10
    """Youngest releases that stay on disk."""
    keep_release_days: int = 0
    """Releases that were current within so many days stay too."""

    remote: str = ""
    """Address of the data folder in an object store; empty where it is a folder."""
    raw_dir: Path | None = None
    """Where raw files lie, if not in the data folder."""
    cluster: str = ""
    """Address of the scheduler of a cluster, whose workers read the files; empty where this machine reads them."""

    @property
    def raw(self) -> Path:
        return self.raw_dir or self.data_dir / "raw"

    @property
    def place(self) -> Path | str:
        """The data folder, wherever it is."""
        return self.remote or self.data_dir

    @property
    def log_place(self) -> Path | str:
        """Where the tables of the log are."""
        return f"{self.remote}/log" if self.remote else self.log

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
        return f"Settings(data_dir={self.place})"


def data_place(text: str) -> Path | str:
    """A data folder as somebody gives it: a folder, or an address in an object store."""
    return text if "://" in text else Path(text)


def usual_place() -> Path | str:
    """The data folder where none is given: ``UITSTROOM_DATA``, else ``data`` below the current folder."""
    return data_place(os.environ.get(DATA) or "data")


def load(data_dir: Path | str = "data") -> Settings:
    """Settings for one data folder, which may be an address in an object store.

    ``UITSTROOM_KEY`` holds the key itself, ``UITSTROOM_KEY_FILE`` names another file for it. ``UITSTROOM_RAW`` names
    another folder for raw files, ``UITSTROOM_CLUSTER`` a cluster that reads them.
    ``UITSTROOM_KEEP_RELEASES`` and ``UITSTROOM_KEEP_RELEASE_DAYS`` say which releases stay. Raises WrongSetting.
    """
    remote = _address(data_dir) if isinstance(data_dir, str) and "://" in data_dir else ""
    folder = _readable(_work_folder(remote) if remote else Path(data_dir).absolute())
    key_file, raw = os.environ.get(KEY_FILE), os.environ.get(RAW)
    return Settings(
        data_dir=folder,
        key_file=Path(key_file) if key_file else folder.with_name(f"{folder.name}.key"),
        key=os.environ.get(KEY),
        remote=remote,
        raw_dir=Path(raw).absolute() if raw else None,
        cluster=_cluster(),
        cells=cell_settings(),
        site=site_settings(),
        readers=reader_settings(),
        keep_releases=_number("UITSTROOM_KEEP_RELEASES", 10, least=1),
        keep_release_days=_number("UITSTROOM_KEEP_RELEASE_DAYS", 0, least=0),
    )


def _readable(folder: Path) -> Path:
    if _NOT_FOUND_AGAIN.search(str(folder)):
        raise WrongSetting(
            "The path of the data folder holds % with two digits behind it (%20), or a sign that cannot be shown: the "
            "tables of the log are not found under such a path. Give the folder another name, or put it elsewhere."
        )
    return folder


def _address(text: str) -> str:
    found = _ADDRESS.fullmatch(text)
    if found is None or {".", ".."} & set(found[3].split("/")):
        raise WrongSetting(
            "A data folder in an object store is given as s3://bucket/prefix or az://container/prefix. What opens it "
            "comes from the environment (AWS_… or AZURE_…), never from the address."
        )
    return f"{found[1]}://{found[2]}{found[3]}"


def _work_folder(remote: str) -> Path:
    """What this machine works in for a data folder that lies in an object store: ``UITSTROOM_WORK``, or a cache."""
    if given := os.environ.get(WORK):
        return Path(given).absolute()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches.absolute() / "uitstroom" / hashlib.sha256(remote.encode()).hexdigest()[:16]


def _cluster() -> str:
    address = os.environ.get(CLUSTER, "").strip()
    if address and not re.fullmatch(r"(tcp|tls)://[\w.:\[\]-]+:\d+", address):
        raise WrongSetting(f"{CLUSTER} must be the address of a scheduler, such as tls://scheduler.intern:8786.")
    return address


def language() -> Language:
    """In which language stewards read: ``UITSTROOM_LANGUAGE``, ``nl`` (unset) or ``en``."""
    text = os.environ.get(LANGUAGE, "").strip().lower() or Language.NL
    if text not in tuple(Language):
        raise WrongSetting(f"{LANGUAGE} must be nl or en; remove it to have nl.")
    return Language(text)


def csv_style() -> str:
    """How CSV is written where nobody says it: ``UITSTROOM_CSV``, ``dutch`` or ``plain``."""
    asked = os.environ.get("UITSTROOM_CSV", "").strip().lower() or "dutch"
    if asked not in ("dutch", "plain"):
        raise WrongSetting("UITSTROOM_CSV must be dutch or plain; remove it to have dutch.")
    return asked


def reader_settings() -> ReaderSettings:
    """Who may read beside the owner: groups in ``UITSTROOM_READERS`` and ``UITSTROOM_CLIENT_READERS``."""
    found = ReaderSettings(_group("UITSTROOM_READERS"), _group("UITSTROOM_CLIENT_READERS"))
    if found.clients_group and not found.group:
        raise WrongSetting(
            "UITSTROOM_CLIENT_READERS needs UITSTROOM_READERS too: who sees clients sees the other tables."
        )
    return found


def _group(variable: str) -> str:
    name = os.environ.get(variable, "").strip()
    try:
        return grp.getgrnam(name).gr_name if name else ""
    except KeyError:
        raise WrongSetting(
            f"{variable} names no group of this machine. Make it (groupadd), or remove the setting."
        ) from None


def cell_settings() -> CellSettings:
    """Limits on reading: ``UITSTROOM_CELLS``, ``UITSTROOM_CELL_MEMORY_MIB``, ``UITSTROOM_CELL_SECONDS``."""
    usual = CellSettings()
    return CellSettings(
        most=_number("UITSTROOM_CELLS", usual.most, least=1),
        memory_mib=_number("UITSTROOM_CELL_MEMORY_MIB", usual.memory_mib, least=512),
        seconds=_number("UITSTROOM_CELL_SECONDS", usual.seconds, least=1),
    )


def site_settings() -> SiteSettings:
    """Pages of releases: ``UITSTROOM_SITE`` (``yes`` or ``no``), ``UITSTROOM_SITE_LEAST_GROUP``."""
    usual = SiteSettings()
    asked = os.environ.get("UITSTROOM_SITE", "").strip().lower() or "yes"
    if asked not in ("yes", "no"):
        raise WrongSetting("UITSTROOM_SITE must be yes or no; remove it to have yes.")
    least = _number("UITSTROOM_SITE_LEAST_GROUP", usual.least_group, least=1)
    return SiteSettings(is_made=asked == "yes", least_group=least)


def _number(name: str, usual: int, *, least: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) < least:
        raise WrongSetting(f"{name} must be a whole number of at least {least}; remove it to have {usual}.")
    return int(text)


def _memory_mib() -> int:
    """A sixth of the machine, within bounds."""
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MIB
    except (ValueError, OSError):
        return _MOST_MEMORY_MIB
    return max(_LEAST_MEMORY_MIB, min(_MOST_MEMORY_MIB, machine // _SHARE_OF_MEMORY))
