"""What decides a row, and what decides a table, each as one short text; nobody raises a number by hand.

Here: which modules and declarations decide what. Not here: how code is read (``store.code_fingerprint``), the values of
the declarations (``schemas.catalogue``).
"""

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline import intake, site
from pipeline.jobs.projections import MODULES_OF, PROJECTIONS
from pipeline.store import formats
from pipeline.store.code_fingerprint import code_fingerprint
from schemas import catalogue
from schemas.discovery import module_names

_LENGTH = 12


@cache
def rules_version() -> str:
    """Of all that decides a row's fate: limits, missing texts, expressions, code lists, columns, reading and parsing.

    Wording does not count: titles, reasons and advice of rules, names and labels in code lists.
    """
    deciding = [*module_names(intake), *module_names(formats)]
    return _short(_row_declarations(), code_fingerprint(deciding))


@cache
def tables_version() -> str:
    """Of all that decides a table: its declaration, the code that projects it, code lists and limits."""
    projecting = [each.project.__module__ for each in PROJECTIONS.values() if each.project is not None]
    return _short(_table_declarations(), code_fingerprint(projecting))


@cache
def pages_version() -> str:
    """Of all that decides a page, wording and drawings included: every file of the room that makes them."""
    room = files(site)
    kinds = (".py", ".html", ".css")
    parts = sorted(
        (path.name, path.read_text(encoding="utf-8"))
        for folder in (room, room / "templates")
        for path in folder.iterdir()
        if path.name.endswith(kinds)
    )
    return _short(*(text for part in parts for text in part))


@cache
def step_version(step: Callable[..., Any]) -> str:
    """Of all that decides what a step makes of the same input: its module, and what of ours that imports."""
    return _short(_row_declarations(), code_fingerprint([step.__module__]))


@cache
def table_version(name: str) -> str:
    """Of all that decides what a table comes to while the same deliveries count: also the tables it rests on, and the
    words that stand in it.
    """
    code = code_fingerprint(MODULES_OF[name], with_wording=True)
    return _short(_row_declarations(), _table_declarations(), code)


@cache
def _table_declarations() -> str:
    return catalogue.table_declarations()


@cache
def _row_declarations() -> str:
    return catalogue.row_declarations()  # a look into a past day asks for it for twenty steps


def _short(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_LENGTH]
