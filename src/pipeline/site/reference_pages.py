"""Rules, dictionary and downloads: what codes and columns mean, where tables come from, where the files lie.

Here: what stands on these pages. Not here: how they look (``templates``), any declaration (``schemas``).
"""

from functools import partial
from typing import Any

from pipeline.site import findings, lineage
from pipeline.site.contents import Contents
from pipeline.site.language import Language
from pipeline.site.page import Audience, Page
from pipeline.site.wording import FAMILIES as FAMILY_NAMES
from pipeline.site.wording import TABLES, said
from schemas.catalogue import FAMILIES
from schemas.catalogue import TABLES as DECLARED

ABOUT_CLIENTS = ("trajectories",)
"""Tables with a row per client's trajectory: no place to read them is offered here."""


def pages(contents: Contents) -> list[Page]:
    return [
        Page("regels.html", ("Regels", "Rules"), "regels.html", _fill_rules, "regels.html"),
        Page("woordenboek.html", ("Woordenboek", "Dictionary"), "woordenboek.html",
             partial(_fill_dictionary, contents), "woordenboek.html"),
        Page("downloads.html", ("Downloads", "Downloads"), "downloads.html",
             partial(_fill_downloads, contents), "downloads.html", Audience.OWN),
    ]  # fmt: skip


def _fill_rules(language: Language) -> dict[str, Any]:
    families = [
        {
            "title": language(*FAMILY_NAMES.get(family.prefix, (family.title, family.title))), "prefix": family.prefix,
            "rules": [{"code": rule.code, "severity": rule.severity, "title": findings.title(rule.code, language),
                       "why": findings.why(rule, language), "fix": findings.fix(rule.code, language)}
                      for rule in family.rules],
        }
        for family in FAMILIES
    ]  # fmt: skip
    return {"families": families}


def _fill_dictionary(contents: Contents, language: Language) -> dict[str, Any]:
    tables = [
        {"table": table, "title": said(TABLES, name, language) if name in TABLES else table.title,
         "inputs": contents.inputs.get(name, ()),
         "used": [other for other, inputs in contents.inputs.items() if name in inputs]}
        for name, table in DECLARED.items()
        if name in contents.tables
    ]  # fmt: skip
    return {"tables": tables, "lineage": lineage.drawn(contents.inputs, language) if contents.inputs else ""}


def _fill_downloads(contents: Contents, language: Language) -> dict[str, Any]:
    files = contents.facts.get("files", {})
    rows = [
        {
            "name": name,
            "title": _title(name, language),
            "is_about_clients": name.partition(".")[0] in ABOUT_CLIENTS,
            **entry,
        }
        for name, entry in sorted(files.items())
    ]
    return {"files": rows}


def _title(name: str, language: Language) -> str:
    stem, _, ending = name.rpartition(".")
    if ending == "parquet":
        declared = DECLARED.get(stem)
        return said(TABLES, stem, language) if stem in TABLES or declared is None else declared.title
    others = {
        "datapackage.json": (
            "Beschrijving van alle tabellen (Data Package)",
            "Description of all tables (Data Package)",
        ),
        "dictionary.md": ("Woordenboek als tekst", "Dictionary as text"),
    }
    return language(*others[name]) if name in others else name
