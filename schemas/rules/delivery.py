"""Rules about a delivery as a whole: its rows beside each other, its share in quarantine.

Not here: rules about single values (``value``), rules across deliveries (``relation``).
"""

from schemas.limits import (
    BACK_ABOVE_SHARE,
    BACK_GRACE_DAYS,
    DOUBLED_ABOVE_SHARE,
    HOLD_ABOVE_SHARE,
    KNOWN_BELOW_SHARE,
    LEAST_BACK,
    LEAST_BAD_OF_FEW,
    LEAST_DOUBLED,
    LEAST_MOVED,
    LEAST_RENUMBERED,
    LEAST_ROWS_DIFFERENCE,
    LEAST_SAID_OTHERWISE,
    LEAST_TAKEN_BACK,
    MOST_BENEFITS_OF_ONE,
    MOVED_ABOVE_SHARE,
    RENUMBERED_ABOVE_SHARE,
    SAID_OTHERWISE_ABOVE_SHARE,
    SHRUNK_BELOW_SHARE,
    SMALL_ROWS,
    STALE_BELOW_SHARE,
    STALE_LEAST_USUAL,
    STRAY_BELOW_SHARE,
    SWOLLEN_ABOVE_SHARE,
    TAKEN_BACK_ABOVE_SHARE,
)
from schemas.rules.rule import Rule, RuleFamily
from schemas.vocabulary import Severity

_SHARE = f"{100 * HOLD_ABOVE_SHARE:g} %"
_OUTSIDE = f"under {100 * SHRUNK_BELOW_SHARE:g} % or over {100 * SWOLLEN_ABOVE_SHARE:g} %"
_DECIDE = "then deliver again, or decide: uitstroom accept DELIVERY, or uitstroom reject DELIVERY."
_DECIDE_IN_PAGE = (
    "then deliver again, or decide: under Runs in the waiting run decide with the first characters of the delivery, "
    "or with the deployment accept-delivery or reject-delivery."
)

_RULES = (
    Rule(
        "DELIVERY-001", Severity.WARN, "An identical row was delivered twice", "Dezelfde rij is dubbel aangeleverd",
        "Identical copies say nothing new: they are counted and kept once.",
        "Nothing to do; ask the sender why when there are many.",
        why_nl="Gelijke kopieën zeggen niets nieuws: zij worden geteld en één keer bewaard.",
        fix_nl="Niets; vraag de afzender naar de reden als het er veel zijn.",
    ),
    Rule(
        "DELIVERY-002", Severity.QUARANTINE, "Rows contradict each other", "Rijen spreken elkaar tegen",
        "Several rows have the same key and differ. Which one is true cannot be known, so none is recorded.",
        "Let the sender say which row holds, and deliver again.",
        why_nl="Rijen met dezelfde sleutel verschillen. Welke waar is, valt niet te weten; geen ervan is opgenomen.",
        fix_nl="Laat de afzender zeggen welke rij geldt, en opnieuw leveren.",
    ),
    Rule(
        "DELIVERY-003", Severity.HOLD, f"More than {_SHARE} of the rows are in quarantine", f"Meer dan {_SHARE} van de rijen staat in quarantaine",
        "A month with so many rows missing would look like a fall of the caseload.",
        f"Look at the findings; {_DECIDE}",
        fix_in_page=f"Look at the findings; {_DECIDE_IN_PAGE}",
        why_nl="Een maand waarin zoveel rijen ontbreken, zou op een daling van het bestand lijken.",
        fix_nl="Bekijk de bevindingen. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-004", Severity.WARN, "The same file was delivered under another name", "Hetzelfde bestand is onder een andere naam aangeleverd",
        "The bytes are those of a delivery already known; nothing is recorded twice.",
        "Nothing to do; remove one of the copies if it confuses.",
        why_nl="De bytes zijn die van een bekende levering; niets wordt twee keer opgenomen.",
        fix_nl="Niets; haal een van de kopieën weg als dat verwart.",
    ),
    Rule(
        "DELIVERY-005", Severity.HOLD, f"More than {_SHARE} of the rows of one scope are in quarantine", f"Meer dan {_SHARE} van de rijen van een deel staat in quarantaine",
        f"A small municipality may vanish within {_SHARE} of a large file. Of fewer than {SMALL_ROWS} rows one may be bad, {LEAST_BAD_OF_FEW} or more may not.",
        f"Look at the findings of that part; {_DECIDE}",
        fix_in_page=f"Look at the findings of that part; {_DECIDE_IN_PAGE}",
        why_nl="Een kleine gemeente kan in een groot bestand ongemerkt verdwijnen.",
        fix_nl="Bekijk de bevindingen van dat deel. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-006", Severity.HOLD, "Far fewer or far more rows than before", "Veel minder of veel meer rijen dan voorheen",
        f"It has {_OUTSIDE} of the rows of what it replaces, or of the nearest dates of the same place and series, and {LEAST_ROWS_DIFFERENCE} rows or more lie between: a part of a file, or a file twice, looks like that.",
        f"Ask the sender whether the file is whole; {_DECIDE}",
        fix_in_page=f"Ask the sender whether the file is whole; {_DECIDE_IN_PAGE}",
        why_nl="Een half bestand, of een bestand dat twee keer is geplakt, ziet er zo uit.",
        fix_nl="Vraag de afzender of het bestand heel is. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-007", Severity.HOLD, "A few stray rows would replace more than they bring", "Enkele verdwaalde rijen zouden meer vervangen dan ze brengen",
        f"A scope with under {100 * STRAY_BELOW_SHARE:g} % of the delivery's rows is often one mistyped date or code, and would replace a whole month.",
        f"Look at the dates and codes of those rows; {_DECIDE}",
        fix_in_page=f"Look at the dates and codes of those rows; {_DECIDE_IN_PAGE}",
        why_nl="Zo'n klein deel is vaak één verschreven datum of code, en zou een hele maand vervangen.",
        fix_nl="Kijk naar de datums en codes van die rijen. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-008", Severity.HOLD, "A place that none of the sender's deliveries held before", "Een gemeente die de afzender nooit eerder aanleverde",
        "A mistyped code, or the file of somebody else, would begin a series of its own.",
        f"Ask whether the sender reports about this place from now on; {_DECIDE}",
        fix_in_page=f"Ask whether the sender reports about this place from now on; {_DECIDE_IN_PAGE}",
        why_nl="Een verschreven code, of het bestand van een ander, zou een eigen reeks beginnen.",
        fix_nl="Vraag of de afzender voortaan over deze plaats meldt. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-009", Severity.HOLD, "Clients reappear under new numbers", "Cliënten komen terug onder nieuwe nummers",
        f"More than {100 * RENUMBERED_ABOVE_SHARE:g} % of the clients known before, and at least {LEAST_RENUMBERED}, stand there with the same events on the same days under numbers that are new: a new system sends everything again, and everybody would count twice.",
        "Ask the provider for a delivery in which the new events replace the old ones (vervangt, trekt_in) or keep their numbers; then reject this one. Accepting it counts these clients twice.",
        why_nl="Een nieuw systeem stuurt alles opnieuw onder nieuwe nummers, en iedereen zou dubbel tellen.",
        fix_nl="Vraag om een levering waarin de nieuwe gebeurtenissen de oude vervangen of hun nummer houden; wijs deze dan af.",
    ),
    Rule(
        "DELIVERY-010", Severity.WARN, "Two different deliveries of one day are about the same", "Twee verschillende leveringen van een dag gaan over hetzelfde",
        "Neither is the later one, so their hashes decide which counts: that is the same every time, and it may be the wrong one.",
        "Ask the sender which of the two holds; retract the other one, or have it delivered again on a later day.",
        why_nl="Geen van beide is de latere; hun hash beslist, en dat kan de verkeerde zijn.",
        fix_nl="Vraag de afzender welke geldt; neem de andere terug, of laat haar op een latere dag opnieuw leveren.",
    ),
    Rule(
        "DELIVERY-011", Severity.REJECT, "No row can be recorded", "Geen enkele rij kan worden opgenomen",
        "Every row has a reason that keeps it out, so there is nothing to decide about.",
        "Look at the first reasons: one mistake in the export often explains all; then deliver again.",
        why_nl="Iedere rij heeft een reden om apart te blijven; er is niets om over te beslissen.",
        fix_nl="Kijk naar de eerste redenen: vaak verklaart één fout in de export alles; lever dan opnieuw.",
    ),
    Rule(
        "DELIVERY-012", Severity.HOLD, "A month of other dossiers", "Een maand met andere dossiers",
        f"Under {100 * KNOWN_BELOW_SHARE:g} % of the rows, by dossier or client, were there on the nearest date of the same place: the file of somebody else, or a test, has as many rows as the right one.",
        f"Ask the sender whose dossiers these are; {_DECIDE}",
        fix_in_page=f"Ask the sender whose dossiers these are; {_DECIDE_IN_PAGE}",
        why_nl="Te weinig dossiers of cliënten stonden er ook op de dichtstbijzijnde datum van dezelfde plaats: het bestand van een ander, of een proef, heeft even veel rijen als het goede.",
        fix_nl="Vraag de afzender wiens dossiers dit zijn. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-013", Severity.QUARANTINE, "One person on more benefits than anybody has", "Eén persoon op meer uitkeringen dan iemand kan hebben",
        f"A person is named on at most {MOST_BENEFITS_OF_ONE} current benefits of one date. More come of a cell that was copied down, or of a number that stands for everybody who is not known.",
        "Deliver each benefit with the number of its own client or partner.",
        why_nl="Een persoon staat op hoogstens een paar lopende uitkeringen van één datum. Meer komt van een cel die naar beneden is gekopieerd, of van een nummer dat voor iedere onbekende staat.",
        fix_nl="Lever iedere uitkering met het nummer van haar eigen cliënt of partner.",
    ),
    Rule(
        "DELIVERY-014", Severity.HOLD, "Clients stand there twice", "Cliënten staan er dubbel in",
        f"More than {100 * DOUBLED_ABOVE_SHARE:g} % of the current benefits of a place, and at least {LEAST_DOUBLED}, are of clients who have another one of the same scheme: the same people under the dossier numbers of two systems look like that, and would count twice.",
        f"Ask the sender which numbers hold; {_DECIDE}",
        fix_in_page=f"Ask the sender which numbers hold; {_DECIDE_IN_PAGE}",
        why_nl="Te veel lopende uitkeringen zijn van cliënten die er nog een van dezelfde regeling hebben: dezelfde mensen onder de dossiernummers van twee systemen zien er zo uit, en zouden dubbel tellen.",
        fix_nl="Vraag de afzender welke nummers gelden. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-015", Severity.WARN, "A client has two current benefits of one scheme", "Een cliënt heeft twee lopende uitkeringen van één regeling",
        "A household has one benefit of a scheme at a time; both are counted.",
        "Look whether the earlier one should have ended.",
        why_nl="Een huishouden heeft van een regeling één uitkering tegelijk; beide tellen mee.",
        fix_nl="Kijk of de eerste beëindigd had moeten zijn.",
    ),
    Rule(
        "DELIVERY-016", Severity.HOLD, "A stock in which nothing began or ended", "Een bestand waarin niets begon of eindigde",
        f"Under {100 * STALE_BELOW_SHARE:g} % of what is usual began or ended in the last months before its date, where {STALE_LEAST_USUAL:g} or more are usual: the export of an earlier date under a new one looks like that.",
        f"Ask the sender of which day the export is; {_DECIDE}",
        fix_in_page=f"Ask the sender of which day the export is; {_DECIDE_IN_PAGE}",
        why_nl="In de laatste maanden voor de peildatum begon of eindigde bijna niets, terwijl dat anders wel gebeurt: de export van een eerdere datum onder een nieuwe ziet er zo uit.",
        fix_nl="Vraag de afzender van welke dag de export is. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-017", Severity.WARN, "A small stock in which nothing began or ended", "Een klein bestand waarin niets begon of eindigde",
        "It may be the export of an earlier date under a new one; where few begin in a month it may also be chance.",
        "Ask the sender of which day the export is.",
        why_nl="Het kan de export van een eerdere datum onder een nieuwe zijn; waar er in een maand weinig beginnen, kan het ook toeval zijn.",
        fix_nl="Vraag de afzender van welke dag de export is.",
    ),
    Rule(
        "DELIVERY-018", Severity.HOLD, "Benefits are back that were not there before", "Uitkeringen zijn terug die er eerder niet waren",
        f"More than {100 * BACK_ABOVE_SHARE:g} % of the current benefits of a place, and at least {LEAST_BACK}, began more than {BACK_GRACE_DAYS} days before the date before and were not current on it: an old stock under a new date looks like that.",
        f"Ask the sender of which day the export is; {_DECIDE}",
        fix_in_page=f"Ask the sender of which day the export is; {_DECIDE_IN_PAGE}",
        why_nl="Te veel lopende uitkeringen begonnen lang voor de vorige datum en liepen toen niet: een oud bestand onder een nieuwe datum ziet er zo uit.",
        fix_nl="Vraag de afzender van welke dag de export is. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-019", Severity.HOLD, "Dossiers moved from one municipality to another", "Dossiers zijn van de ene gemeente naar de andere verhuisd",
        f"More than {100 * MOVED_ABOVE_SHARE:g} % of the rows of a place, and at least {LEAST_MOVED}, stood under another place on the nearest date: codes that were mixed up look like that.",
        f"Ask the sender whose dossiers these are; {_DECIDE}",
        fix_in_page=f"Ask the sender whose dossiers these are; {_DECIDE_IN_PAGE}",
        why_nl="Te veel cliënten stonden op de vorige datum onder een andere gemeente: verwisselde codes zien er zo uit.",
        fix_nl="Vraag de afzender wiens dossiers dit zijn. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-020", Severity.WARN, "It would be held beside what a person decided", "Deze levering zou worden aangehouden naast wat iemand besloot",
        "A decision opens gates and closes none: what counts goes on counting, and stands out of line with a delivery that was accepted, retracted or brought back.",
        "Look at both; retract the one that is wrong.",
        why_nl="Een besluit opent poorten en sluit er geen: wat meetelt blijft meetellen, en wijkt af van een levering die is geaccepteerd, teruggenomen of teruggehaald.",
        fix_nl="Bekijk beide; neem de verkeerde terug.",
    ),
    Rule(
        "DELIVERY-021", Severity.HOLD, "The rows of the date before under a new date", "De rijen van de vorige datum onder een nieuwe datum",
        "Every row is one of the date before, where some would usually have begun or ended since: only the reference date was changed.",
        f"Ask the sender of which day the export is; {_DECIDE}",
        fix_in_page=f"Ask the sender of which day the export is; {_DECIDE_IN_PAGE}",
        why_nl="Iedere rij stond er de vorige datum ook, terwijl er anders altijd enkele beginnen of eindigen: alleen de peildatum is veranderd.",
        fix_nl="Vraag de afzender van welke dag de export is. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-022", Severity.HOLD, "A column has nearly the name of one that is absent", "Een kolom heet bijna zoals een kolom die ontbreekt",
        "One letter too many, too few or another one that looks the same: the column is not read, and what it says would be taken as empty, such as the day on which a benefit ended.",
        f"Ask the sender for the name of the contract, or add this one to the aliases and deliver again; where it is another column, {_DECIDE}",
        fix_in_page=f"Ask the sender for the name of the contract, or add this one to the aliases and deliver again; where it is another column, {_DECIDE_IN_PAGE}",
        why_nl="Eén letter te veel, te weinig of een andere die er hetzelfde uitziet: de kolom wordt niet gelezen, en wat erin staat zou als leeg gelden, zoals de dag waarop een uitkering eindigde.",
        fix_nl="Vraag de afzender om de naam uit het contract, of voeg deze toe aan de aliassen en lever opnieuw. Is het een andere kolom, neem dan een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-023", Severity.HOLD, "Far fewer or far more current benefits than before", "Veel minder of veel meer lopende uitkeringen dan voorheen",
        f"There are as many rows as before, and {_OUTSIDE} of the current benefits, of a place or of a scheme in it: ends that were filled in or lost, or a column of codes that was copied down.",
        f"Ask the sender whether so many ended or began; {_DECIDE}",
        fix_in_page=f"Ask the sender whether so many ended or began; {_DECIDE_IN_PAGE}",
        why_nl="Er zijn evenveel rijen als voorheen, maar veel minder of veel meer lopende uitkeringen, van een gemeente of van een regeling daarin.",
        fix_nl="Vraag de afzender of er zoveel eindigden of begonnen. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-024", Severity.HOLD, "Known dossiers say something else", "Bekende dossiers zeggen iets anders",
        f"More than {100 * SAID_OTHERWISE_ABOVE_SHARE:g} % of the dossiers that were there before, and at least {LEAST_SAID_OTHERWISE}, have another scheme, household, sex or year of birth: a column that was copied down or mixed up.",
        f"Ask the sender which of the two holds; {_DECIDE}",
        fix_in_page=f"Ask the sender which of the two holds; {_DECIDE_IN_PAGE}",
        why_nl="Te veel dossiers die er al stonden hebben een andere regeling, leefvorm, geslacht of geboortejaar: een kolom die naar beneden is gekopieerd of verwisseld.",
        fix_nl="Vraag de afzender welke van de twee klopt. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
    Rule(
        "DELIVERY-025", Severity.HOLD, "Many events of a provider are taken back", "Veel gebeurtenissen van een aanbieder worden teruggenomen",
        f"More than {100 * TAKEN_BACK_ABOVE_SHARE:g} % of the events that were known of a provider, and at least {LEAST_TAKEN_BACK}, would be taken back or replaced.",
        f"Ask the provider whether all of these were wrong; {_DECIDE}",
        fix_in_page=f"Ask the provider whether all of these were wrong; {_DECIDE_IN_PAGE}",
        why_nl="Een groot deel van wat een aanbieder eerder meldde zou worden ingetrokken of vervangen.",
        fix_nl="Vraag de aanbieder of die allemaal fout waren. Laat daarna opnieuw leveren, of neem een besluit: accepteer de levering of wijs haar af.",
    ),
)  # fmt: skip

DELIVERY = RuleFamily("DELIVERY", "A delivery as a whole", _RULES)
