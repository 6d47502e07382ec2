"""From pages to bytes: every page in both languages, and the style sheet.

Here: templates, links between pages, what stands on every page. Not here: what a page is filled with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.bccache import BytecodeCache

from pipeline.site import wording
from pipeline.site.contents import Contents
from pipeline.site.drawings import small_line
from pipeline.site.language import DUTCH, LANGUAGES, Language
from pipeline.site.page import Audience, Page
from schemas.finding_forms import comparison_in_dutch

STYLE = "stijl.css"
MENU: tuple[tuple[str, wording.Pair], ...] = (
    ("index.html", ("Vandaag", "Today")),
    ("gemeenten.html", ("Gemeenten", "Municipalities")),
    ("programmas.html", ("Programma's", "Programmes")),
    ("landelijk.html", ("Landelijk en CBS", "Country and CBS")),
    ("persberichten.html", ("Persbericht-cijfers", "Published figures")),
    ("wijzigingen.html", ("Wijzigingen", "Changes")),
    ("leveringen.html", ("Leveringen", "Deliveries")),
    ("regels.html", ("Regels", "Rules")),
    ("woordenboek.html", ("Woordenboek", "Dictionary")),
    ("downloads.html", ("Downloads", "Downloads")),
)


@cache
def _environment(compiled: BytecodeCache | None) -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=compiled,
    )
    environment.globals.update(wording=wording, Audience=Audience)
    return environment


@dataclass(frozen=True)
class _Place:
    """Where a page lies: from here its links lead."""

    language: Language

    @property
    def root(self) -> str:
        return "" if self.language is DUTCH else "../"

    def twin(self, path: str) -> str:
        return f"en/{path}" if self.language is DUTCH else f"../{path}"

    def file(self, name: str) -> str:
        """A file of the release, beside ``site``."""
        return f"{self.root}../{name}"


def rendered(
    pages: Sequence[Page], contents: Contents, compiled: BytecodeCache | None = None
) -> Iterator[tuple[str, bytes]]:
    """Every file of the site, by its path in it."""
    environment = _environment(compiled)
    yield STYLE, files(__package__).joinpath("style.css").read_bytes()
    for page in pages:
        for language in LANGUAGES:
            path = page.path if language is DUTCH else f"en/{page.path}"
            yield path, _html(environment, page, contents, language).encode()


def _html(environment: Environment, page: Page, contents: Contents, language: Language) -> str:
    place = _Place(language)
    filling: Mapping[str, Any] = {
        "_": language,
        "say": partial(_said, language),
        "why_not": partial(_why_not, language),
        "spark": small_line,
        "page": page,
        "place_of": contents.places,
        "contents": contents,
        "facts": contents.facts,
        "menu": MENU,
        "at": place,
        "style": STYLE,
    }
    return environment.get_template(page.template).render({**filling, **page.fill(language)})


def _said(language: Language, names: Mapping[str, wording.Pair], code: str | None) -> str:
    return wording.said(names, code, language)


def _why_not(language: Language, english: str | None) -> str:
    return comparison_in_dutch(english or "") if language.is_dutch else english or ""
