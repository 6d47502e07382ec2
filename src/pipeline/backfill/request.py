"""What a backfill is asked to do. Here: the request, and its faults, each one sentence. Not here: what is done about
it (``plan``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas import reference
from schemas.catalogue import SOURCES
from schemas.limits.files import YEAR_PATTERN
from schemas.sentences import Sentence, said
from schemas.spelling import seen
from schemas.vocabulary import BackfillMode

_MONTH = re.compile(rf"{YEAR_PATTERN}-(0[1-9]|1[0-2])")
_CODE = re.compile(r"(?:GM)?(\d{4})")


@dataclass(frozen=True)
class Request:
    """What a backfill is asked to do. Months are half-open: from 2016-01 until 2017-01 is the year 2016."""

    from_month: str
    until_month: str
    sources: tuple[str, ...] = ()
    """None means all."""
    municipalities: tuple[str, ...] = ()
    """Codes such as GM0882; none means all."""
    mode: BackfillMode = BackfillMode.MISSING
    reason: str = ""


def normal(request: Request) -> Request:
    """The same request in one spelling: sorted, codes as GM0882. What cannot be read is left for ``faults``."""
    return replace(
        request,
        from_month=request.from_month.strip(),
        until_month=request.until_month.strip(),
        sources=tuple(sorted({str(each) for each in request.sources})),
        municipalities=tuple(sorted({_spelled(code) for code in request.municipalities})),
        mode=BackfillMode(request.mode) if request.mode in tuple(BackfillMode) else request.mode,
        reason=seen(request.reason.strip()),
    )


def _spelled(code: str) -> str:
    found = _CODE.fullmatch(code.strip().upper())
    return f"GM{found[1]}" if found else code.strip()


def faults(request: Request) -> Iterator[Sentence]:
    """Everything that is wrong with a normal request; nothing when it can be planned."""
    yield from month_faults(request.from_month, request.until_month)
    for source in request.sources:
        if source not in SOURCES:
            yield said("request.no-source", source=source, known=list(SOURCES))
    known = set(reference.municipalities()["code"])
    for code in request.municipalities:
        if code not in known:
            yield said("request.no-place", code=code)
    if request.mode not in tuple(BackfillMode):
        yield said("request.no-mode", mode=request.mode, known=[each.value for each in BackfillMode])
    chosen = [SOURCES[name] for name in request.sources if name in SOURCES]
    if request.municipalities and chosen and not any(source.municipality for source in chosen):
        yield said("request.placeless", sources=[source.name for source in chosen])


def month_faults(
    from_month: str | None, until_month: str | None, names: tuple[str, str] = ("from", "until")
) -> Iterator[Sentence]:
    """What is wrong with two months, each of which may be left open; ``names`` is what they are called where asked."""
    first, until = names
    months = {first: from_month, until: until_month}
    wrong = [
        said("request.no-month", field=name, month=month)
        for name, month in months.items()
        if month is not None and not _MONTH.fullmatch(month)
    ]
    yield from wrong
    if not wrong and from_month is not None and until_month is not None and from_month >= until_month:
        yield said("request.no-range", first=first, begin=from_month, until=until, end=until_month)


def chosen_sources(request: Request) -> tuple[str, ...]:
    """Names of the sources that a request is about, in the order of the catalogue."""
    named = [name for name in SOURCES if not request.sources or name in request.sources]
    return tuple(name for name in named if not request.municipalities or SOURCES[name].municipality)
