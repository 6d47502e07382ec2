"""What a process takes, as the kernel counts it. Where it does not say (no ``/proc``), nothing counts as too much."""

import os

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_SHORT_BYTES = 300 << 20
"""With less than this to give away, the machine may have refused memory that a file had every right to."""


def resident_bytes(pid: int) -> int:
    """Memory of a process that lies in real memory; 0 when it is gone."""
    found = _read(f"/proc/{pid}/statm").split()
    return int(found[1]) * _PAGE if len(found) > 1 else 0


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, all its threads together; 0 when it is gone."""
    # Its name stands in brackets and may hold anything: fields are counted from behind it.
    found = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return (int(found[11]) + int(found[12])) / _TICKS if len(found) > 12 else 0.0


def is_short_of_memory() -> bool:
    """Whether the machine has next to nothing left."""
    for line in _read("/proc/meminfo").splitlines():
        if line.startswith(b"MemAvailable:"):
            return int(line.split()[1]) * 1024 < _SHORT_BYTES
    return False


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return b""
