"""What a finding across deliveries and sources says, in Dutch. The table holds the English sentence; its Dutch is found by
its words, as that of a detail is (``details``).

Here: the forms of ``relation_findings.what``, and of ``benchmark.why_not``. Not here: where they are said (``pipeline.checks``,
``pipeline.trajectories``).
"""

from collections.abc import Mapping
from functools import cache

from schemas.details import Form, compiled, in_dutch

_FIGURES: Mapping[str, str] = {
    "benefits": "uitkeringen", "persons": "personen", "recipients": "personen met bijstand", "inflow": "instroom",
    "outflow": "uitstroom", "outflow_to_work": "uitstroom naar werk", "inflow_pct": "instroom in %",
    "outflow_pct": "uitstroom in %", "outflow_to_work_pct": "uitstroom naar werk in %", "participants": "deelnemers",
    "active": "lopend", "placed": "geplaatst", "placed_part_time": "geplaatst in deeltijd",
    "ended_otherwise": "anders beëindigd",
}  # fmt: skip
FINDINGS: Mapping[str, str] = {
    "{figure} of {subject}, {period}: {found} reported by the provider, {expected} from its events": "{figure} van {subject}, {period}: {found} gemeld door de aanbieder, {expected} volgens de gebeurtenissen",
    "{figure} of {subject}, {period}: {found} published by CBS, {expected} own persons": "{figure} van {subject}, {period}: {found} volgens het CBS, {expected} eigen personen",
    "{figure} of {subject}, {period}: {found} reported, {expected} counted": "{figure} van {subject}, {period}: {found} gemeld, {expected} geteld",
    "{figure} of {region} (age class {age}) in {year} is published as {found}, the counts give {expected}": "{figure} van {region} (leeftijdsklasse {age}) in {year} is gepubliceerd als {found}; uit de aantallen volgt {expected}",
    "{opening} + {inflow} inflow - {outflow} outflow from {begin} to {end} gives {expected}, the stock is {closing}: {rest} unexplained": "{opening} + {inflow} instroom - {outflow} uitstroom van {begin} tot {end} geeft {expected}, de stand is {closing}: {rest} onverklaard",
    "1 reference date is missing between {before} and {after}": "1 peildatum ontbreekt tussen {before} en {after}",
    "{count} reference dates are missing between {before} and {after}": "{count} peildata ontbreken tussen {before} en {after}",
    "{count} published figures about the caseload of {subject}: {found}": "{count} gepubliceerde cijfers over het bestand van {subject}: {found}",
    "{figure} moved from {before} to {after} ({change}); its changes over the {dates} dates before were usually about {usual}": "{figure} ging van {before} naar {after} ({change}); de veranderingen over de {dates} data ervoor waren gewoonlijk rond {usual}",
    "{figure} went from {before} to {after}": "{figure} ging van {before} naar {after}",
    "{count} {figure} in series {part}, which is part of series {whole} with {most}": "{count} {figure} in de reeks {part}, die deel is van de reeks {whole} met {most}",
    "{name} ended on {day} and went on as {others}": "{name} eindigde op {day} en ging verder als {others}",
    "{name} ended on {day} and was divided over {others}": "{name} eindigde op {day} en werd verdeeld over {others}",
    "{name} took another name and code on {day}: it went on as {others}, with the same borders": "{name} kreeg op {day} een andere naam en code: het ging verder als {others}, met dezelfde grenzen",
    "{name} has other borders from {day}: it took in {others}": "{name} heeft vanaf {day} andere grenzen: het nam {others} op",
    "{name} was formed on {day} from {others}": "{name} werd op {day} gevormd uit {others}",
    "started on {day}, more than {months} months before {until}": "begonnen op {day}, meer dan {months} maanden voor {until}",
    "one client is with {one} and {other} at once": "één cliënt is tegelijk bij {one} en {other}",
    "{event} on {day} comes before the start": "{event} op {day} komt voor de start",
    "{event} on {day} comes {days} days after the end": "{event} op {day} komt {days} dagen na het einde",
    "event {event} names event {target}, which has not been delivered": "gebeurtenis {event} noemt gebeurtenis {target}, die niet geleverd is",
    "event {event} and event {target} correct each other in a circle": "gebeurtenis {event} en gebeurtenis {target} verbeteren elkaar in een kring",
    "{count} clients in one trajectory": "{count} cliënten in één traject",
    "a placement ends on {day} that did not begin": "op {day} eindigt een plaatsing die niet begonnen is",
    "{event} {count} times": "{count} keer {event}",
}

COMPARISONS: Mapping[str, str] = {
    "{region} does not exist on {day}: its borders changed": "{region} bestaat niet op {day}: de grenzen zijn veranderd",
    "the borders of {region} changed on {day}": "de grenzen van {region} zijn veranderd op {day}",
    "own deliveries cover a part of {region} only": "de eigen leveringen gaan over een deel van {region}",
    "own persons in series pw on {day} are not known": "het aantal eigen personen in de reeks PW op {day} is niet bekend",
    "own flows in series pw do not cover the whole of {year}": "de eigen in- en uitstroom in de reeks PW is niet van heel {year} bekend",
    "CBS publishes no figure": "het CBS publiceert geen cijfer",
    "benefits beside persons: a couple is one benefit and two persons": "uitkeringen naast personen: een paar is één uitkering en twee personen",
    "below {least} the rounding of CBS to {step} alone is much of the figure": "onder {least} is alleen al de afronding van het CBS op {step} een groot deel van het cijfer",
    "one is more than {factor} times the other: the deliveries are about others": "het ene is meer dan {factor} keer het andere: de leveringen gaan over anderen",
    "{count} of the own clients are above AOW age, CBS counts to that age": "{count} van de eigen cliënten zijn ouder dan de AOW-leeftijd; het CBS telt tot die leeftijd",
}
"""Reasons why own figures and those of CBS cannot be compared (``benchmark.why_not``); several stand with a semicolon."""


def comparison_in_dutch(why_not: str) -> str:
    """The reasons in Dutch; those whose form is not known as they stand."""
    return "; ".join(_found(_comparisons(), each) for each in why_not.split("; "))


def finding_in_dutch(what: str) -> str:
    """A finding in Dutch; as it stands where its form is not known."""
    return _found(_forms(), what)


def _found(forms: tuple[Form, ...], english: str) -> str:
    for pattern, dutch in forms:
        if match := pattern.fullmatch(english):
            return dutch.format_map(
                {name: _FIGURES.get(text) or in_dutch(text) for name, text in match.groupdict().items()}
            )
    return english


@cache
def _forms() -> tuple[Form, ...]:
    return compiled(FINDINGS)


@cache
def _comparisons() -> tuple[Form, ...]:
    return compiled(COMPARISONS)
