"""Rules across deliveries and sources: they warn in the tables, or block a release.

Not here: rules about one row or file, rules across the events of a trajectory (``trajectory``).
"""

from schemas.limits.figures import (
    FAR_FROM_CBS_SHARE,
    LEAP_FACTOR,
    LEAP_LEAST,
    LEAP_OF_REPORTS,
    SIGNAL_DATES,
    SIGNAL_LEAST_CHANGES,
    SIGNAL_SPREADS,
)
from schemas.rules.rule import Rule, RuleFamily
from schemas.vocabulary import Severity

_RULES = (
    Rule(
        "RELATION-001", Severity.WARN, "Reported total differs from counted benefits", "Gemeld totaal wijkt af van getelde uitkeringen",
        "The same month was delivered as benefits and as a total; the two do not agree.",
        "Ask the reporter which reference moment and which schemes the total is about.",
        why_nl="Dezelfde maand is als uitkeringen en als totaal geleverd; de twee zijn het niet eens.",
        fix_nl="Vraag de melder over welk moment en welke regelingen het totaal gaat.",
    ),
    Rule(
        "RELATION-002", Severity.WARN, "Stock does not follow from the bridge of flows", "Stand volgt niet uit de in- en uitstroom",
        "Closing - opening - inflow + outflow is not zero. The rest is an administrative difference: published, never forced to zero.",
        "Look for dossiers that appear or vanish without a start or end in the period.",
        why_nl="Eind − begin − instroom + uitstroom is geen nul. De rest is een administratief verschil, dat nooit wordt weggerekend.",
        fix_nl="Zoek dossiers die zonder begin of einde verschijnen of verdwijnen.",
    ),
    Rule(
        "RELATION-003", Severity.WARN, "Own series is far from CBS", "Eigen reeks wijkt sterk af van CBS",
        f"Persons with general assistance differ by more than {100 * FAR_FROM_CBS_SHARE:g} % and more than rounding from what CBS published.",
        "Compare definitions (persons, age, reference date) before trusting either.",
        why_nl="Het aantal personen verschilt meer van dat van het CBS dan de afronding verklaart.",
        fix_nl="Vergelijk de omschrijvingen (personen, leeftijd, peildatum) voordat u een van beide vertrouwt.",
    ),
    Rule(
        "RELATION-004", Severity.WARN, "CBS percentage does not follow from the counts", "CBS-percentage volgt niet uit de aantallen",
        "Inflow in % of (recipients at the begin of the year + inflow), on intervals, with the begin taken from the table of the year before.",
        "A merger of municipalities in the year explains it; do not compare such a region over time.",
        why_nl="Instroom in % van beginstand + instroom, met marges, en de beginstand uit de tabel van het jaar ervoor.",
        fix_nl="Een herindeling verklaart het; vergelijk zo'n gemeente niet door de tijd.",
    ),
    Rule(
        "RELATION-005", Severity.WARN, "Two published figures about one date differ", "Twee gepubliceerde cijfers over een datum verschillen",
        "Both may be right under different definitions; neither is overwritten.",
        "See published_figures_check for the series in which each is found.",
        why_nl="Beide kunnen kloppen onder verschillende omschrijvingen; geen van beide wordt overschreven.",
        fix_nl="Zie bij Persbericht-cijfers in welke reeks ieder is gevonden.",
    ),
    Rule(
        "RELATION-007", Severity.WARN, "Provider's report differs from its own events", "Rapportage wijkt af van eigen gebeurtenissen",
        "The provider reported counts and delivered events about the same period; the two do not agree.",
        "Ask the provider which of the two is right; correct the events or the report.",
        why_nl="De aanbieder meldde aantallen en gebeurtenissen over dezelfde periode; die zijn het niet eens.",
        fix_nl="Vraag de aanbieder welke klopt; verbeter de gebeurtenissen of de rapportage.",
    ),
    Rule(
        "RELATION-008", Severity.WARN, "Client with two providers at once", "Cliënt bij twee aanbieders tegelijk",
        "Counted once in the totals of the programme and once per provider, so the providers add up to more than the total.",
        "Check whether both trajectories were meant.",
        why_nl="Eén keer geteld in het totaal van het programma en één keer per aanbieder, zodat aanbieders samen meer zijn dan het totaal.",
        fix_nl="Controleer of beide trajecten bedoeld waren.",
    ),
    Rule(
        "RELATION-009", Severity.BLOCK, "A final figure would change", "Een definitief cijfer zou veranderen",
        "A stock that was final, older than a year, would get another number or vanish. Others have built on it.",
        "Look at what changed and why; then approve it (uitstroom approve), or retract the delivery.",
        fix_in_page="Look at what changed and why; then approve it, under Runs in the waiting run of decide-release, or take the delivery back with the deployment retract-delivery.",
        why_nl="Een stand die definitief was, zou een ander getal krijgen of verdwijnen. Anderen hebben erop gebouwd.",
        fix_nl="Kijk wat er verandert en waarom; keur het dan goed, of neem de levering terug.",
    ),
    Rule(
        "RELATION-006", Severity.WARN, "A reference date is missing between two others", "Een peildatum ontbreekt tussen twee andere",
        "Monthly deliveries leave a gap; flows across it may be incomplete.",
        "Deliver the missing month.",
        why_nl="Maandelijkse leveringen hebben een gat; stromen erover kunnen onvolledig zijn.",
        fix_nl="Lever de ontbrekende maand.",
    ),
    Rule(
        "RELATION-020", Severity.WARN, "A municipality in the figures merged, was split or took another code", "Een gemeente in de cijfers is heringedeeld of van code veranderd",
        "From that day on the code ends or stands for another area. Changes, percentages, bridges and the comparison with CBS stop there; nothing is compared across it.",
        "Tell readers of the figures. Deliver figures from that day on under the code that is named; docs/reference/municipalities.md lists all changes with their sources.",
        "CBS, gemeentelijke indeling",
        why_nl="Vanaf die dag eindigt de code of staat zij voor een ander gebied. Mutaties, bruggen en de vergelijking met het CBS stoppen daar.",
        fix_nl="Zeg het de lezers van de cijfers. Lever cijfers vanaf die dag onder de nieuwe code.",
    ),
    Rule(
        "RELATION-010", Severity.WARN, "A figure moves further than its own history makes likely", "Een cijfer beweegt verder dan zijn eigen verleden waarschijnlijk maakt",
        f"Its change lies more than {SIGNAL_SPREADS:g} spreads (from the MAD) from the median of its changes over the last {SIGNAL_DATES} dates, of which there are at least {SIGNAL_LEAST_CHANGES}. It holds nothing up.",
        "Look at the rows behind it (uitstroom explain): an event that people know about, or a delivery that is wrong.",
        fix_in_page="Look at the delivery behind it: an event that people know about, or a delivery that is wrong.",
        why_nl="De mutatie ligt verder van het gewone dan de eerdere mutaties waarschijnlijk maken. Niets wacht erom.",
        fix_nl="Kijk naar de levering erachter: een gebeurtenis waar men van weet, of een levering die niet klopt.",
    ),
    Rule(
        "RELATION-021", Severity.WARN, "A figure is a multiple or a fraction of the one before it", "Een cijfer is een veelvoud of een breuk van het vorige",
        f"Too few changes are known to say what is usual, but more than {LEAP_FACTOR} times the stock of the date before (of a report {LEAP_OF_REPORTS} times), or so much less, and {LEAP_LEAST} or more away, is most often noughts too many, a count of nothing or another unit. It holds nothing up.",
        "Look at both figures and ask the sender which is right; have the wrong one delivered again.",
        why_nl="Er zijn te weinig mutaties bekend om te zeggen wat gewoon is, maar zo'n sprong komt meestal van nullen te veel, een aantal van niets of een andere eenheid. Niets wacht erom.",
        fix_nl="Bekijk beide cijfers en vraag de afzender welk klopt; laat het verkeerde opnieuw leveren.",
    ),
    Rule(
        "RELATION-022", Severity.WARN, "A series is more than one that contains it", "Een reeks is meer dan een reeks waar zij deel van is",
        "pw is part of pw_ioaw_ioaz, and that of all: of one municipality and date none can have more benefits or persons than one that contains it. Two of them were changed round, or are about other moments. It holds nothing up.",
        "Ask the sender which of the two is right and to which series each belongs; have the wrong one delivered again.",
        why_nl="pw is deel van pw_ioaw_ioaz, en die van all: van één gemeente en datum kan geen reeks meer uitkeringen of personen hebben dan een reeks waar zij deel van is. Er zijn er twee verwisseld, of zij gaan over andere momenten. Niets wacht erom.",
        fix_nl="Vraag de afzender welke van de twee klopt en bij welke reeks ieder hoort; laat de verkeerde opnieuw leveren.",
    ),
)  # fmt: skip

RELATION = RuleFamily("RELATION", "Across deliveries and sources", _RULES)
