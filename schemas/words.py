"""A text in both languages that this installation speaks. Not here: the sentences themselves (``sentences``)."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """In which language an installation speaks to its stewards."""

    NL = "nl"
    EN = "en"


@dataclass(frozen=True)
class Words:
    """One sentence in both languages, with its parameters in braces."""

    nl: str
    en: str

    def of(self, language: Language) -> str:
        return self.en if language is Language.EN else self.nl
