"""An account that may not do everything, where the tests run as one that may.

Root without the right to pass over permissions stays the owner of its files and of its own Python, and is refused what
a closed folder refuses its owner; so are the processes that it starts. Another user could often not even start Python.
"""

import ctypes
import os

_HEADER_VERSION = 0x20080522
_PR_CAPBSET_DROP = 24
_PASSING_OVER = (1, 2, 3)
"""CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER."""


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def give_up_privileges() -> None:
    """Be held to permissions from now on, also as root."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(_HEADER_VERSION, 0), (_Sets * 2)()
    _require(libc.capget(ctypes.byref(header), sets))
    for right in _PASSING_OVER:
        _require(libc.prctl(_PR_CAPBSET_DROP, right, 0, 0, 0))  # what processes get that we start
        for name in ("effective", "permitted", "inheritable"):
            setattr(sets[0], name, getattr(sets[0], name) & ~(1 << right))
    _require(libc.capset(ctypes.byref(header), sets))


def _require(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), "privileges cannot be given up")
