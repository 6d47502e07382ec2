"""What a run, a decision or a form says: a code with its parameters, and the words of every code in either language.

Here: the words, and putting parameters into them. A job says *what* (``said``); in which language and with which names
of the next step it is read is decided where it is shown. As text a sentence is English, for the terminal.
Not here: titles and advice of rules (``rules``), headings of reports (``pipeline.steward``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schemas.claim_sentences import CLAIM_SENTENCES
from schemas.details import Detail, in_dutch
from schemas.words import Language, Words


class Place(StrEnum):
    """Where a sentence is read: it names the next step as it is called there."""

    BROWSER = "browser"
    TERMINAL = "terminal"


Value = object
"""A number, a text, a text in both languages, a day, another sentence, or several of these."""


@dataclass(frozen=True)
class Sentence:
    """One thing that is said."""

    code: str
    values: Mapping[str, Value]

    def __str__(self) -> str:
        return worded(self, Language.EN, Place.TERMINAL)


def said(code: str, /, **values: Value) -> Sentence:
    """A sentence of the list below; its parameters are those in the words."""
    return Sentence(code, values)


def worded(what: "Sentence | str", language: Language, place: Place) -> str:
    """The words. Sentences among the parameters are worded in the same language."""
    if isinstance(what, str):
        return what
    words = SENTENCES[what.code]
    shown = {name: _shown(value, language, place) for name, value in what.values.items()}
    return words.of(language).format_map({**_STEPS[place], **shown})


def _shown(value: Value, language: Language, place: Place) -> str:
    if isinstance(value, Sentence):
        return worded(value, language, place)
    if isinstance(value, frozenset):  # one of these
        return _OR.of(language).join(sorted(_shown(each, language, place) for each in value))
    if isinstance(value, tuple | list):  # a tuple of things that are said, a list of words
        each_shown = [_shown(each, language, place) for each in value]
        # What is said in a row ends with the sentence that it stands in.
        return (
            "; ".join(each.removesuffix(".") for each in each_shown)
            if isinstance(value, tuple)
            else ", ".join(each_shown)
        )
    if isinstance(value, Detail):
        return in_dutch(value) if language is Language.NL else value
    if isinstance(value, date):
        return value.isoformat() if place is Place.TERMINAL else f"{value:%d-%m-%Y}"
    pair = _STATUS.get(value.value) if isinstance(value, StrEnum) else value
    return pair.of(language) if isinstance(pair, Words) else str(value)


_OR = Words(" of ", " or ")
_STEPS: Mapping[Place, Mapping[str, str]] = {
    Place.BROWSER: {
        "accept": "accept-delivery", "reject": "reject-delivery", "retract": "retract-delivery",
        "reinstate": "reinstate-delivery", "approve": "approve-release", "apply": "backfill-apply",
        "plan_step": "backfill-plan", "night": "nightly", "back": "rollback",
    },
    Place.TERMINAL: {
        "accept": "uitstroom accept", "reject": "uitstroom reject", "retract": "uitstroom retract",
        "reinstate": "uitstroom reinstate", "approve": "uitstroom approve", "apply": "uitstroom backfill apply",
        "plan_step": "uitstroom backfill plan", "night": "uitstroom run", "back": "uitstroom rollback",
    },
}  # fmt: skip
"""What the next step is called: a deployment with its form, or a command."""

_STATUS: Mapping[str, Words] = {
    "recorded": Words("opgenomen", "recorded"),
    "held": Words("aangehouden", "held"),
    "rejected": Words("afgewezen", "rejected"),
    "removed": Words("weggehaald", "removed"),
    "refused": Words("geweigerd", "refused"),
    "retracted": Words("teruggenomen", "retracted"),
    "reinstated": Words("teruggezet", "reinstated"),
    "accepted": Words("aanvaard", "accepted"),
    "copied": Words("al bekend", "copied"),
    "unstable": Words("later opnieuw", "unstable"),
}
"""Statuses and decisions as words in a sentence."""

SENTENCES: Mapping[str, Words] = {
    **CLAIM_SENTENCES,
    # The end of a night.
    "night.nothing-new": Words("Niets nieuws in raw.", "Nothing new in raw."),
    "night.file": Words("1 bestand verwerkt: {counted}.", "1 file dealt with: {counted}."),
    "night.files": Words("{count} bestanden verwerkt: {counted}.", "{count} files dealt with: {counted}."),
    "night.count": Words("{count} {status}", "{count} {status}"),
    "night.new-release": Words("Nieuwe uitgave {release}.", "New release {release}."),
    "night.same-release": Words("Uitgave {release} blijft zoals ze was.", "Release {release} stays as it was."),
    "night.rejected": Words(
        "{count} afgewezen, als eerste {file} ({rule}).", "{count} rejected, the first is {file} ({rule})."
    ),
    "night.held": Words(
        "Te beslissen: {count}, als eerste {file}: open de wachtende run '{run}'.",
        "{count} held, the first is {file}: decide in the waiting run '{run}'.",
    ),
    "night.blocked": Words(
        "Definitieve cijfers zouden veranderen ({count}): besluit in de wachtende run {run}.",
        "{count} final figures would change: decide in the waiting run {run}.",
    ),
    "night.not-needed": Words(
        "Niet nodig: {run} begon nadat deze run aan de beurt was.", "Not needed: {run} began after this was due."
    ),
    "night.late": Words(
        "Niet nodig: {run} verwerkt alles wat klaarligt.", "Not needed: {run} takes in everything that lies ready."
    ),
    "question.settled": Words("Elders beslist.", "Settled elsewhere."),
    # Where a run is, and for whom it waits.
    "at.file": Words("{file}: {status}, {count} rijen", "{file}: {status}, {count} rows"),
    "at.table": Words("tabel {table} wordt gemaakt", "projecting {table}"),
    "at.known-on": Words("tabel {table} zoals bekend op {day}", "projecting {table} as known on {day}"),
    "at.counted": Words(
        "{count} van {of} leveringen van {source} geteld", "counted {count} of {of} deliveries of {source}"
    ),
    "at.comparing": Words(
        "uitgave {release} is hier niet meer: ze wordt opnieuw gemaakt om te vergelijken",
        "release {release} is no longer here: projecting it again to compare",
    ),
    "at.writing": Words("de uitgave wordt geschreven", "writing the release"),
    "at.pages": Words("de bladzijden worden gemaakt", "making the site"),
    "at.no-pages": Words(
        "de bladzijden van {release} zijn niet gemaakt ({error}); de volgende nacht probeert het opnieuw",
        "the site of {release} could not be made ({error}); the next night tries again",
    ),
    "at.overtaken": Words(
        "iemand anders publiceerde op hetzelfde moment: er wordt opnieuw gekeken",
        "somebody else published at the same moment: looking again",
    ),
    "at.foreseen": Words("de cijfers zoals ze zouden worden", "projecting the log as it would stand"),
    "at.tried": Words("{file} op proef gelezen", "rehearsed {file}"),
    "at.read-again": Words("{file} opnieuw gelezen", "read {file} again"),
    "at.old-releases": Words("oude uitgaven", "old releases"),
    "at.log": Words("logboek van {table}", "log of {table}"),
    "at.waiting": Words(
        "Wacht: {who} schrijft. Deze run gaat vanzelf verder als dat klaar is; u hoeft niets te doen.",
        "Waiting: {who} is writing. This goes on when it has ended; nothing needs to be done.",
    ),
    "at.turn": Words("Deze run is aan de beurt.", "It is this run's turn."),
    # A run whose process is gone.
    "dead.cancelled": Words("Gestopt; het proces was al weg.", "Cancelled; its process had ended already."),
    "dead.never-began": Words(
        "Nooit begonnen: de worker stopte voordat hij een proces kon starten.",
        "It never began: the worker stopped before it could start a process.",
    ),
    "dead.killed": Words(
        "Het proces werd afgebroken, of de machine stopte. De volgende run doet het werk.",
        "Its process was killed, or the machine stopped. The next run does its work.",
    ),
    # What went wrong that nobody asked for.
    "fault": Words(
        "een fout die niet was voorzien: {error}, op {where}. Wat er precies staat, is weggelaten: dat kan een cel "
        "aanhalen. Wat eerder is opgenomen of uitgegeven, is veilig. Geef deze regel door aan wie het programma onderhoudt.",
        "an error that was not foreseen: {error}, at {where}. What it states is left out, as it may quote a cell. What "
        "was recorded or published before is safe. Report this line to who maintains the program.",
    ),
    "overtaken": Words(
        "Iemand anders publiceerde of besliste op hetzelfde moment. Start opnieuw.",
        "Somebody else published or decided at the same moment. Run again.",
    ),
    "release.none": Words(
        "Er is hier geen uitgave {release}; kies een van: {others}",
        "no release {release} here; choose one of: {others}",
    ),
    "release.damaged": Words(
        "Uitgave {release} is beschadigd, de geldende blijft: {damage}",
        "release {release} is damaged, current stays: {damage}",
    ),
    "release.not-declared": Words(
        "Er is niets uitgegeven, de vorige uitgave blijft gelden: {faults}",
        "nothing is published, the last release stays current: {faults}",
    ),
    "disk.refused": Words(
        "{what} ({doing}: {where}). Wat eerder is opgenomen of uitgegeven, is veilig, niets is half. {remedy} en start "
        "opnieuw: de run gaat verder waar deze stopte.",
        "{what}, while {doing}: {where}. What was recorded or published before is safe, nothing is half done. {remedy}, "
        "then run again: the run goes on where this one stopped.",
    ),
    "disk.full": Words("de schijf is vol", "the disk is full"),
    "disk.full.then": Words("Maak ruimte", "Free some space"),
    "disk.no-room": Words(
        "de schijf neemt niets meer aan: ze is vol, of een grens aan de grootte van bestanden is bereikt",
        "the disk takes no more: it is full, or a limit on the size of files is reached",
    ),
    "disk.no-room.then": Words("Maak ruimte", "Free some space"),
    "disk.quota": Words("de toegestane ruimte op de schijf is op", "the disk quota is used up"),
    "disk.quota.then": Words(
        "Maak ruimte of laat de toegestane ruimte vergroten", "Free some space or have the quota raised"
    ),
    "disk.file-size": Words(
        "een bestand zou groter worden dan hier mag", "a file would be larger than is allowed here"
    ),
    "disk.file-size.then": Words(
        "Verhoog de grens aan de grootte van bestanden (ulimit -f)", "Raise the limit on the size of files (ulimit -f)"
    ),
    "disk.read-only": Words("de map is alleen te lezen", "the folder is read-only"),
    "disk.read-only.then": Words("Maak haar beschrijfbaar", "Make it writable, or mount it read-write"),
    "disk.no-access": Words("dit account heeft geen toegang", "this account has no access"),
    "disk.no-access.then": Words(
        "Geef het account van de pijplijn recht om te lezen en te schrijven",
        "Give the account of the pipeline read and write access",
    ),
    "disk.fault": Words("de schijf meldt een fout", "the disk reports a fault"),
    "disk.fault.then": Words(
        "Laat de schijf of de netwerkschijf nakijken", "Have the disk or the network drive checked"
    ),
    # What became of a decision.
    "decided.delivery": Words("{file} is {decision}, door {by}.", "{file} is {decision}, by {by}."),
    "decided.approved": Words("De wijziging is goedgekeurd door {by}.", "The change is approved by {by}."),
    "decided.not-now": Words("Nu niet, zegt {by}: {why}", "Not now, says {by}: {why}"),
    "decided.settled": Words(
        "Deze levering wacht niet meer op een besluit.", "This delivery does not wait for a decision any more."
    ),
    "decided.later": Words(
        "De tabellen laten het zien na de volgende nacht.", "It shows in the tables after the next night."
    ),
    "decided.judged-again": Words(
        "Wat tot vandaag is geleverd en meetelt, blijft meetellen; latere leveringen worden ermee vergeleken.",
        "What was delivered until today and counts goes on counting; later deliveries are compared with it.",
    ),
    "foreseen.rows": Words(
        "Rijen die meetellen, ervoor → erna: {scopes}.", "Rows that count, before → after: {scopes}."
    ),
    "foreseen.same": Words(
        "De rijen die meetellen blijven dezelfde: een latere levering gaat over hetzelfde.",
        "The rows that count stay the same: a later delivery is about the same.",
    ),
    "foreseen.stays": Words(
        "Blijft meetellen, met een waarschuwing (DELIVERY-020): {files}.",
        "Goes on counting, with a warning (DELIVERY-020): {files}.",
    ),
    "foreseen.opens": Words(
        "Worden opnieuw beoordeeld, en misschien opgenomen: {files}.",
        "Judged again by the next run, and perhaps recorded: {files}.",
    ),
    "decided.at-once": Words("De run {run} verwerkt het.", "The run {run} processes it."),
    # A decision that cannot be taken, and the next step that works.
    "decide.by-night": Words(
        "Deze vraag stelt de nacht zelf, met de cijfers die zouden veranderen: beantwoord de wachtende run, of gebruik "
        "{approve}.",
        "A night asks this itself, with the figures that would change: answer the waiting run, or use {approve}.",
    ),
    "decide.status": Words(
        "{file} is {status}; alleen wat {needed} is kan worden {decision}. {next}",
        "{file} is {status}; only what is {needed} can be {decision}. {next}",
    ),
    "decide.of-recorded": Words(
        "Ze telt al mee; terugnemen: {retract}.", "It counts already; to take it back: {retract}."
    ),
    "decide.of-held": Words(
        "Ze wacht: {accept} neemt haar op, {reject} weigert haar.",
        "It waits: {accept} records it, {reject} refuses it.",
    ),
    "decide.of-refused": Words("Alsnog opnemen: {accept}.", "To record it after all: {accept}."),
    "decide.of-retracted": Words("Weer laten meetellen: {reinstate}.", "To let it count again: {reinstate}."),
    "decide.of-rejected": Words(
        "Over een afgewezen bestand valt niets te besluiten: laat de afzender een beter bestand leveren.",
        "There is nothing to decide about a rejected file: have the sender deliver a better one.",
    ),
    "decide.of-removed": Words(
        "Van dit bestand is nooit iets opgenomen, en het ligt er niet meer: laat de afzender een beter bestand leveren.",
        "Nothing of this file was ever recorded, and it is gone: have the sender deliver a better one.",
    ),
    "decide.of-copied": Words(
        "Besluit over het bestand waarvan het een kopie is.", "Decide about the file that it is a copy of."
    ),
    "decide.of-unstable": Words(
        "Het werd nog geschreven; de volgende nacht ({night}) leest het.",
        "It was still being written; the next night ({night}) reads it.",
    ),
    "decide.twice": Words(
        "{file} is al {decision}, door {by} op {day}. {then}", "{file} is already {decision}, by {by} on {day}. {then}"
    ),
    "decide.shows-later": Words(
        "De tabellen laten het zien na de volgende nacht ({night}).", "It shows after the next run ({night})."
    ),
    "decide.after-accepted": Words("Terugnemen: {retract}.", "To take it back: {retract}."),
    "decide.after-refused": Words("Alsnog opnemen: {accept}.", "To record it after all: {accept}."),
    "decide.after-retracted": Words("Weer laten meetellen: {reinstate}.", "To let it count again: {reinstate}."),
    "decide.after-reinstated": Words("Opnieuw terugnemen: {retract}.", "To take it back again: {retract}."),
    "decide.file-gone": Words(
        "raw/{file} ligt er niet: een aanvaarde levering wordt opnieuw uit haar bestand gelezen. Zet het terug en besluit "
        "opnieuw.",
        "raw/{file} is not there: an accepted delivery is read again from its file. Put it back and decide again.",
    ),
    "decide.same-moment": Words(
        "Iemand anders besloot op hetzelfde moment over deze levering. Bekijk haar opnieuw.",
        "Somebody else decided about this delivery at the same moment. Look at it again.",
    ),
    "decide.short": Words(
        "Geef minstens {least} tekens van de levering. {next}",
        "Give at least {least} characters of the delivery. {next}",
    ),
    "decide.none": Words("0 leveringen beginnen met {begin}. {next}", "0 deliveries begin with {begin}. {next}"),
    "decide.many": Words(
        "{count} leveringen beginnen met {begin}: geef meer tekens. {next}",
        "{count} deliveries begin with {begin}: give more characters. {next}",
    ),
    "decide.many-files": Words(
        "{count} leveringen kwamen als {file}: geef het kenmerk van de bedoelde ({hashes}).",
        "{count} deliveries came as {file}: give the hash of the one that is meant ({hashes}).",
    ),
    "decide.find-it": Words(
        "Het kenmerk staat in het rapport van de nacht, in de tabel receipts.",
        "The hash stands in the report of the night, or is printed by: uitstroom show deliveries.",
    ),
    "approve.none": Words("Er is geen geblokkeerde uitgave {block}. {next}", "0 blocks begin with {block}. {next}"),
    "approve.many": Words(
        "{count} geblokkeerde uitgaven beginnen met {block}: geef meer tekens. {next}",
        "{count} blocks begin with {block}: give more characters. {next}",
    ),
    "approve.find-it": Words(
        "Het kenmerk staat bovenaan het rapport van een nacht die als Blocked eindigde; wacht er niets, start dan {night}.",
        "The last run shows which there are ({night}).",
    ),
    "approve.twice": Words(
        "Dit is al goedgekeurd, door {by} op {day}; de volgende nacht ({night}) zet de cijfers klaar. Toch niet: neem de "
        "levering terug met {retract}, of ga na die nacht terug met {back}.",
        "This is approved already, by {by} on {day}; the next run ({night}) publishes the figures. After all not: take "
        "the delivery back with {retract}, or go back after that run with {back}.",
    ),
    "rollback.current": Words(
        "Uitgave {release} geldt al. Andere uitgaven: {others}.", "Release {release} is current. Others: {others}."
    ),
    "rollback.unknown": Words(
        "Er is geen uitgave {release} (meer). Er zijn: {others}.", "There is no release {release}. There are: {others}."
    ),
    # What is wrong with a form.
    "sign.who-short": Words(
        "'Wie' zegt te weinig: geef een naam of functie, minstens {least} tekens.",
        "Who ('Wie') says too little: give a name or role, at least {least} characters.",
    ),
    "sign.who-person": Words(
        "'Wie' lijkt het nummer van een persoon te bevatten: geef een naam of functie.",
        "Who ('Wie') looks like it holds the number of a person: give a name or role.",
    ),
    "sign.why-short": Words(
        "'Waarom' zegt te weinig: geef een reden of zaaknummer, minstens {least} tekens.",
        "Why ('Waarom') says too little: give a reason or ticket number, at least {least} characters.",
    ),
    "sign.why-person": Words(
        "'Waarom' lijkt het nummer van een persoon te bevatten: geef een zaaknummer.",
        "Why ('Waarom') looks like it holds the number of a person: give a ticket number instead.",
    ),
    "form.both": Words("{first} {second}", "{first} {second}"),
    "form.from-month": Words(
        "Van maand {text} is geen maand: schrijf maand en jaar, zoals 01-2017.",
        "From month {text} is no month: write the year and a month from 01 to 12, as in 2017-01.",
    ),
    "form.until-month": Words(
        "Tot maand {text} is geen maand: schrijf maand en jaar, zoals 01-2017.",
        "Until month {text} is no month: write the year and a month from 01 to 12, as in 2017-01.",
    ),
    "form.no-range": Words(
        "Van {first} tot {until} is geen maand: tot is de eerste die niet meer meedoet.",
        "From {first} until {until} is no month: until is the first that is left out.",
    ),
    "form.plan": Words(
        "Plan {text} is geen kenmerk van een plan: neem dat boven het plan over.",
        "Plan {text} is no id of a plan: copy the one at the head of the plan.",
    ),
    "form.delivery": Words(
        "Levering {text} is geen bestand en geen kenmerk: geef de naam van het bestand, of de eerste 8 tekens of meer van "
        "het kenmerk, cijfers en a tot f, zoals in het rapport van de nacht.",
        "Delivery {text} is no file and no hash: give the name of the file, or the first 8 characters or more of the hash, "
        "digits and a to f, as in the report of the night.",
    ),
    "form.day": Words(
        "Dag {text} is geen dag van de kalender: schrijf dag, maand en jaar, zoals 01-03-2017.",
        "Day {text} is no day of the calendar: write year, month and day, as in 2017-03-01.",
    ),
    "form.future": Words(
        "Dag {day} moet nog komen: geef vandaag of een eerdere dag.",
        "Day {day} has not come yet: give today or an earlier day.",
    ),
    "form.release": Words(
        "Uitgave {text} is geen kenmerk van een uitgave: neem er een over uit het rapport van een nacht.",
        "Release {text} is no id of a release: copy one from the report of a night.",
    ),
    "form.block": Words(
        "Kenmerk {text} klopt niet: laat het leeg, of neem het over uit het rapport van de nacht.",
        "Id {text} is none: leave it empty, or copy it from the report of the night.",
    ),
    # A backfill: what is wrong with it, and what it came to.
    "plan.bad-request": Words("Dit kan niet worden gepland: {faults}.", "This backfill cannot be planned: {faults}."),
    "plan.unsigned": Words(
        "Een besluit over plan {plan} vraagt wie besluit en waarom.",
        "A decision about plan {plan} needs who decides (--by) and why (--reason).",
    ),
    "plan.refused": Words(
        "Plan {plan} is op {day} geweigerd door {by}: {why}. Geldt dat niet meer, maak dan een nieuw plan ({plan_step}).",
        "Plan {plan} was refused by {by} on {day}: {why}. Plan again where that no longer holds.",
    ),
    "plan.moved": Words(
        "Plan {plan} kan niet worden uitgevoerd, sinds het werd gemaakt is er iets veranderd: {moved}. {done} Maak een nieuw "
        "plan ({plan_step}).",
        "Plan {plan} cannot be applied, things moved since it was made: {moved}. {done} Plan again.",
    ),
    "plan.nothing-changed": Words("Er is niets gewijzigd.", "Nothing was changed."),
    "plan.done-before": Words(
        "{count} leveringen ervan waren al vastgelegd, en blijven.",
        "{count} deliveries of it were recorded before that, and stay.",
    ),
    "plan.months-done": Words(
        "{count} maanden waren al gedaan; wat is vastgelegd, blijft.",
        "{count} months were done before that; what is recorded stays.",
    ),
    "plan.before-file": Words(
        "Alles voor {file} is vastgelegd en blijft.", "Everything before {file} is recorded and stays."
    ),
    "plan.file-gone": Words(
        "raw/{file} is weg, of niet meer het bestand van het plan",
        "raw/{file} is gone, or no longer the file that was planned",
    ),
    "plan.more-files": Words("en nog {count} bestanden", "and {count} more files"),
    "plan.other-version": Words("de {what} was {before} en is {now}", "the {what} was {before} and is {now}"),
    "plan.event-since": Words("{file} is {what} op {day} {time} UTC", "{file} was {what} on {day} {time} UTC"),
    "plan.more-events": Words("en nog {count} gebeurtenissen", "and {count} more events"),
    "plan.events-gone": Words(
        "{count} gebeurtenissen staan niet meer in het logboek", "{count} events are no longer in the log"
    ),
    "plan.unknown": Words(
        "{count} plannen beginnen met '{plan}'. Geef de {length} tekens boven het plan, of maak een nieuw plan "
        "({plan_step}).",
        "{count} plans begin with '{plan}'. Give the {length} characters at the head of the plan, or plan again.",
    ),
    "plan.unreadable": Words(
        "Plan {plan} is niet te lezen ({why}). Maak een nieuw plan ({plan_step}).",
        "Plan {plan} cannot be read ({why}). Plan again.",
    ),
    "plan.changed": Words(
        "Plan {plan} is niet meer het plan dat werd gemaakt: het bestand ervan is gewijzigd. Maak een nieuw plan "
        "({plan_step}).",
        "Plan {plan} is no longer the plan that was made: its file was changed. Plan again.",
    ),
    "request.no-source": Words(
        "er is geen bron {source}; bekend zijn {known}", "there is no source {source}; known are {known}"
    ),
    "request.no-place": Words(
        "er is geen gemeente {code}; geef een CBS-code zoals 0882 of GM0882",
        "there is no municipality {code}; give a CBS code such as 0882 or GM0882",
    ),
    "request.no-mode": Words(
        "er is geen wijze {mode}; bekend zijn {known}", "there is no mode {mode}; known are {known}"
    ),
    "request.placeless": Words(
        "{sources}: de rijen noemen geen gemeente, dus er valt geen te kiezen",
        "{sources}: rows do not say a municipality, so none can be chosen",
    ),
    "request.no-month": Words(
        "{field}: {month} is geen maand zoals 2016-01", "{field}: {month} is not a month such as 2016-01"
    ),
    "request.no-range": Words(
        "{first} {begin} ligt niet voor {until} {end}: {until} is de eerste maand die niet meer meedoet",
        "{first} {begin} is not before {until} {end}: {until} is the first month that is left out",
    ),
    "applied.month": Words(
        "{month}: leveringen: {count}, rijen vastgelegd: {rows} (maand {done} van {total})",
        "{month}: deliveries: {count}, rows recorded: {rows} (month {done} of {total})",
    ),
    "applied.before": Words(
        "Plan {plan} is uitgevoerd op {moment} UTC; er is niets opnieuw gedaan.",
        "Plan {plan} was applied on {moment} UTC; nothing was done again.",
    ),
    "applied.stopped": Words(
        "Plan {plan} is gestopt na {done} van {total} maanden. Wat is vastgelegd, blijft. Ga verder met hetzelfde plan "
        "({apply}).",
        "Plan {plan} was stopped after {done} of {total} months. What is recorded stays. Go on by applying the same plan.",
    ),
    "applied.as-planned": Words("Alle cijfers zijn als gepland.", "All figures are as planned."),
    "applied.done": Words(
        "Plan {plan} is uitgevoerd: {total} maanden, {rows} rijen vastgelegd, uitgave {release}. {figures}",
        "Plan {plan} is applied: {total} months, {rows} rows recorded, release {release}. {figures}",
    ),
    "applied.approved-by": Words("Goedgekeurd door {by}.", "Approved by {by}."),
    "plan.nothing-to-do": Words(
        "Plan {plan} vindt niets te doen: geen levering, geen cijfer verandert.",
        "Plan {plan} finds nothing to do: no delivery, no figure changes.",
    ),
    "plan.made": Words("Plan {plan} is gemaakt. Uitvoeren: {apply}.", "Plan {plan} is made. Apply it with {apply}."),
    "plan.refused-now": Words(
        "Plan {plan} is geweigerd door {by}: {why}. De {count} bestanden ervan blijven liggen tot een volgend plan "
        "({plan_step}) is goedgekeurd.",
        "Plan {plan} was refused by {by}: {why}. Its {count} files stay out until another plan ({plan_step}) is approved.",
    ),
    # Releases.
    "known-on.made": Words(
        "Zoals bekend op {day}: uitgave {release}, ernaast bewaard. De geldende uitgave blijft. Het rapport staat bij "
        "Artifacts.",
        "As known on {day}: release {release}, put aside. The current release stays. The report is under Artifacts.",
    ),
    "rollback.done": Words(
        "Uitgave {release} geldt weer, door {by}, tot er iets nieuws wordt vastgelegd. Terug: {back}.",
        "Release {release} is current again, by {by}, until something new is recorded. To undo: {back}.",
    ),
    "maintain.done": Words(
        "{files} bestanden minder in het logboek; {releases} oude uitgaven verwijderd.",
        "{files} files fewer in the log; {releases} old releases removed.",
    ),
    # Files that a plan holds.
    "holds.this-plan": Words(
        "Zolang dit plan op antwoord wacht, legt geen nacht de {count} bestanden ervan vast. Wordt het geweigerd, dan "
        "blijven ze liggen tot een volgend plan erover is goedgekeurd.",
        "As long as this plan waits for an answer, no night records its {count} files. Refused, they stay out until "
        "another plan about them is approved.",
    ),
    "holds.of-these": Words(
        "{count} van deze bestanden bleven al liggen.", "{count} of these files were left already."
    ),
    "holds.waits": Words(
        "Plan {plan} wacht sinds {day} op een besluit ({why}).", "Plan {plan} waits for a decision since {day} ({why})."
    ),
    "holds.refused": Words(
        "Plan {plan} is op {day} geweigerd door {by}: {why}.", "Plan {plan} was refused on {day} by {by}: {why}."
    ),
    "holds.approved": Words(
        "Plan {plan} is op {day} goedgekeurd door {by}, en niet tot het einde uitgevoerd.",
        "Plan {plan} was approved on {day} by {by}, and not applied to the end.",
    ),
    "holds.waits-next": Words(
        "Besluit in de run die erop wacht, of annuleer die: dan neemt de volgende nacht de bestanden op.",
        "Decide in the run that waits for it, or cancel that one: then the next night takes the files in.",
    ),
    "holds.refused-next": Words(
        "Ze blijven liggen tot een nieuw plan ({plan_step}) over deze maanden is goedgekeurd.",
        "They stay out until a new plan ({plan_step}) about these months is approved.",
    ),
    "holds.approved-next": Words(
        "Ga verder met {apply}, of maak een nieuw plan ({plan_step}).",
        "Go on with {apply}, or make a new plan ({plan_step}).",
    ),
    "holds.more": Words("en nog {count}", "and {count} more"),
}
