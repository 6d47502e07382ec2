"""What a form lets choose from: codes, shown in words of the reader's language and read back in every spelling.

Prefect's form shows the values of a choice and no titles beside them, so the words are the values. A run keeps what was
chosen, and may begin again after an upgrade, or where another language was set meanwhile: a code, its Dutch and its
English words all mean the same. Here: that. Not here: which choices a form has (``flows.forms``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from pipeline.steward.wording import words
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.vocabulary import BackfillMode

Pair = tuple[str, str]
"""Dutch, English."""


@dataclass(frozen=True)
class InWords:
    """Stands beside the type of a field: each of its codes with its words."""

    by_code: Mapping[str, Pair]

    @property
    def shown(self) -> list[str]:
        """What the form offers."""
        return [words(*pair) for pair in self.by_code.values()]

    def __getitem__(self, code: str) -> str:
        """How a code is shown."""
        return words(*self.by_code[code])

    def code(self, given: object) -> object:
        """The code that is meant; what means none stays, for the field to refuse."""
        if not isinstance(given, str):
            return given
        spelled = {spelling: code for code, pair in self.by_code.items() for spelling in pair}
        return spelled.get(given.strip(), given)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.code, handler(source))

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "enum": self.shown}


def _same(text: str) -> Pair:
    return text, text


MUNICIPALITIES = InWords(
    {
        code: _same(f"{code} {name}")
        for code, name in reference.municipalities().filter(is_own=True).select("code", "name").rows()
    }
)
SOURCE_NAMES = InWords(
    {name: (f"{source.title_nl} ({name})", f"{source.title} ({name})") for name, source in SOURCES.items()}
)
MODES = InWords(
    {
        BackfillMode.MISSING: ("aanvullen: wat nog niet is vastgelegd", "missing: what is not recorded yet"),
        BackfillMode.REPROJECT: ("opnieuw tellen: niets lezen", "reproject: count again, read nothing"),
        BackfillMode.REVALIDATE: (
            "opnieuw keuren: bekende bestanden, met de regels van nu", "revalidate: known files, by today's rules"
        ),
    }
)  # fmt: skip
APPROVAL = InWords({"approve": ("uitvoeren", "approve"), "refuse": ("weigeren", "refuse")})
CONSENT = InWords({"approve": ("akkoord", "approve"), "not now": ("nu niet", "not now")})
VERDICT = InWords({"accept": ("aanvaarden", "accept"), "reject": ("weigeren", "reject")})
