"""Why something below raw is not taken, or not wholly: its place, its name, or a kind that the name does not promise.

Here: declarations only, part of the ``FILE`` family. Not here: the code that notices (``pipeline.store``), what is wrong
inside a file of a kind that is read (``file``).
"""

from schemas.rules.rule import Rule
from schemas.vocabulary import Severity

NOT_TAKEN: tuple[Rule, ...] = (
    Rule(
        "FILE-050",
        Severity.REJECT,
        "The file lies directly in raw",
        "Het bestand staat direct in raw",
        "The first folder below raw says what a file is; this one stands outside all of them, so nothing of it is taken.",
        "Move the file to the folder of its source; the reference page lists them.",
        why_nl="De eerste map onder raw zegt wat een bestand is; dit staat buiten alle mappen, en niets ervan is genomen.",
        fix_nl="Verplaats het bestand naar de map van zijn bron.",
    ),
    Rule(
        "FILE-051",
        Severity.REJECT,
        "A sidecar stands without its file",
        "Een begeleidend .meta.json staat zonder zijn bestand",
        "A sidecar belongs to the file with the same name without .meta.json, letter for letter. Without that file what it states counts for nothing.",
        "Rename the sidecar after its file, put the file beside it, or remove the sidecar.",
        why_nl="Een begeleidend bestand hoort bij het bestand met dezelfde naam zonder .meta.json. Zonder dat bestand telt het niet.",
        fix_nl="Hernoem het, zet het bestand ernaast, of haal het weg.",
    ),
    Rule(
        "FILE-052",
        Severity.WARN,
        "The sidecar has a key that is not known",
        "Het begeleidende .meta.json heeft een onbekende sleutel",
        "What stands under it counts for nothing. A misspelt delivered_on leaves the delivery on the day of its ingestion.",
        "Use delivered_on, sender, reference_year or simulated; attribution and licence may stand beside them. Put the file in again under another name where the day it was delivered is wrong now.",
        why_nl="Wat eronder staat, telt niet. Een verschreven delivered_on laat de levering op de dag van inlezen staan.",
        fix_nl="Gebruik delivered_on, sender, reference_year of simulated. Lever onder een andere naam opnieuw als de dag nu verkeerd is.",
    ),
    Rule(
        "FILE-053",
        Severity.REJECT,
        "The content is text of another kind than the name promises",
        "De inhoud is tekst van een andere soort dan de naam belooft",
        "A web page, an XML document, JSON or RTF is text too, but its lines are not the rows of a table.",
        "Do what the receipt advises for this kind; most often: open it in Excel and save it as .xlsx, or ask for a real export.",
        why_nl="Een webpagina, XML of JSON is ook tekst, maar haar regels zijn geen rijen.",
        fix_nl="Open het in Excel en bewaar het als .xlsx, of vraag om een echte export.",
    ),
    Rule(
        "FILE-054",
        Severity.REJECT,
        "The workbook is an old .xls",
        "Het werkboek is een oude .xls",
        "The file is named .xlsx and is a workbook of Excel 2003 or older, another kind of file.",
        "Open it in Excel and save it as .xlsx.",
        why_nl="Het heet .xlsx en is een werkboek van Excel 2003 of ouder.",
        fix_nl="Open het in Excel en bewaar het als .xlsx.",
    ),
    Rule(
        "FILE-055",
        Severity.WARN,
        "The file is still being written",
        "Het bestand wordt nog geschreven",
        "It changed while it was read, or could not be read at that moment. Half a file would look like a report of less.",
        "Nothing, if it was being copied: every night tries it again. Otherwise see what keeps writing to it, or whether the disk or network share is in order.",
        why_nl="Het veranderde tijdens het lezen. Een half bestand lijkt op een lagere opgave.",
        fix_nl="Niets, als het werd gekopieerd: iedere nacht probeert het opnieuw. Kijk anders wat erin blijft schrijven.",
    ),
    Rule(
        "FILE-094",
        Severity.REJECT,
        "The path of the file is too long",
        "Het pad van het bestand is te lang",
        "No program can open what lies so deep, or has so long a name.",
        "Move the file or its folder to a place higher up, or give it a shorter name.",
        why_nl="Geen programma kan openen wat zo diep ligt of zo lang heet.",
        fix_nl="Verplaats het bestand of de map naar een hogere plaats, of geef een kortere naam.",
    ),
    Rule(
        "FILE-074",
        Severity.REJECT,
        "A link is not followed",
        "Een koppeling wordt niet gevolgd",
        "A link to a folder may go round in a circle, and one that leads out of raw may show what nobody sent.",
        "Put the file or folder itself in place of the link. The folder raw itself may be a link.",
        why_nl="Een koppeling naar een map kan rondlopen, en een die naar buiten leidt toont wat niemand stuurde.",
        fix_nl="Zet het bestand of de map zelf op de plaats van de koppeling.",
    ),
)  # fmt: skip
