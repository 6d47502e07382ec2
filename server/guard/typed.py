"""What somebody typed and Prefect would keep: it never holds the number of a person.

Prefect stores the parameters of a run and the answer of a waiting one as they were sent, before any code of ours sees
them. So they are read here first, whoever sends them: a page, or a program with the machine's secret. Here: which
requests those are, and what is wrong with one. Not here: who asks (``server.guard.door``), what such a number looks
like (``schemas.person_number``).
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from pipeline.steward.wording import words
from schemas.person_number import holds_number

_REFUSED_NL = (
    "Wat is ingevuld lijkt het nummer van een persoon te bevatten (bsn); er is niets bewaard. Laat het weg, of noem "
    "een zaaknummer. Neem van een levering het hele kenmerk over."
)
_REFUSED_EN = (
    "What was filled in looks like it holds the number of a person (BSN); nothing of it was kept. Leave it out, or "
    "name a ticket number. Of a delivery, copy all of its hash."
)
NOT_READ = "This request could not be read as JSON, so nothing of it was kept."
MOST_BYTES = 4 << 20

_KEPT = re.compile(r"/api/(?:deployments/[^/]+/create_flow_run|flow_runs(?:/[^/]+(?:/(?:resume|input))?)?)/?")
_FORMS_OWN = re.compile(r"-(?:schema|description)$")
"""Keys under which a run stores the form that it shows: words of ours, with figures in them."""
_TYPED = ("parameters", "run_input", "value", "name", "tags")
_OWN_ID = re.compile(r"(?:plan:)?(?=[0-9]*[a-f])[0-9a-f]{12,16}")
"""Ids that the program gives, where it gives them: in a tag, as the block that a question is about, as a plan."""
_OWN = ("block", "plan")


def is_kept(method: str, path: str) -> bool:
    """Whether Prefect stores texts of such a request that somebody may have typed."""
    return method in {"POST", "PATCH", "PUT"} and _KEPT.fullmatch(path) is not None


def problem(body: bytes, *, is_whole: bool = False) -> str | None:
    """What is wrong with the body of a request that ``is_kept``, in one sentence; None where nothing is.

    ``is_whole``: every text of it was typed by a person.
    """
    try:
        found = json.loads(body, object_pairs_hook=_Pairs) if body else None
    except (ValueError, RecursionError):
        return NOT_READ
    typed = _texts(found) if is_whole else _typed(found)
    return refused() if any(holds_number(text) for text in typed) else None


def refused() -> str:
    """What is said to who typed such a number."""
    return words(_REFUSED_NL, _REFUSED_EN)


class _Pairs(list[tuple[str, Any]]):
    """An object with every key that stands in it, also where one stands twice."""


def _typed(body: Any) -> Iterator[str]:
    """Texts of the fields in which somebody types; all else of a request is the program's own."""
    if isinstance(body, _Pairs) and not any(name == "key" and _FORMS_OWN.search(str(key)) for name, key in body):
        for name, value in body:
            if name == "tags" and isinstance(value, list):
                yield from _texts([tag for tag in value if not _OWN_ID.fullmatch(str(tag))])
            elif name in _TYPED:
                yield from _texts(value)
    elif isinstance(body, list) and not isinstance(body, _Pairs):
        for each in body:
            yield from _typed(each)


def _texts(value: Any) -> Iterator[str]:
    """Every text and number in a value, names of fields too."""
    if isinstance(value, _Pairs):
        for name, each in value:
            yield name
            if name not in _OWN or not _OWN_ID.fullmatch(str(each)):
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value
        yield from _within(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def _within(text: str) -> Iterator[str]:
    """Texts in a text that is JSON itself: the answer of a waiting run is sent as one."""
    if text[:1] in {"{", "[", '"'}:
        try:
            yield from _texts(json.loads(text, object_pairs_hook=_Pairs))
        except (ValueError, RecursionError):
            return
