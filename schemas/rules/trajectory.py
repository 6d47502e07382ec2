"""Rules across the events of a trajectory. Not here: rules about one event (``sources.trajectory_events``)."""

from schemas.limits.figures import AFTERCARE_DAYS
from schemas.rules.rule import Rule, RuleFamily
from schemas.vocabulary import Severity

_RULES = (
    Rule(
        "TRAJECT-001", Severity.WARN, "Event before the trajectory starts", "Gebeurtenis voor de start van het traject",
        "Only referral, intake and activation come before the start.", "Check the dates of start and event.",
        why_nl="Alleen aanmelding, intake en activering komen voor de start.",
        fix_nl="Controleer de datums van start en gebeurtenis.",
    ),
    Rule(
        "TRAJECT-002", Severity.WARN, "Event after the trajectory has ended", "Gebeurtenis na het einde van het traject",
        f"After the end only placements follow, up to {AFTERCARE_DAYS} days (aftercare), and their ends.", "Check the dates of end and event.",
        why_nl="Na het einde volgen alleen plaatsingen (nazorg) en hun einde.",
        fix_nl="Controleer de datums van einde en gebeurtenis.",
    ),
    Rule(
        "TRAJECT-003", Severity.WARN, "Trajectory starts more than once", "Traject start meer dan eens",
        "A restart is a new trajectory with a number of its own; the first start counts.", "Ask the provider for a correction.",
        why_nl="Een herstart is een nieuw traject met een eigen nummer; de eerste start telt.",
        fix_nl="Vraag de aanbieder om een correctie.",
    ),
    Rule(
        "TRAJECT-004", Severity.WARN, "Trajectory ends more than once", "Traject eindigt meer dan eens",
        "The first end counts.", "Ask the provider for a correction.",
        why_nl="Het eerste einde telt.",
        fix_nl="Vraag de aanbieder om een correctie.",
    ),
    Rule(
        "TRAJECT-005", Severity.WARN, "Trajectory lasts longer than the programme allows", "Traject duurt langer dan het programma toestaat",
        "The programme has a maximum duration.", "Check whether the trajectory has ended, or why it was extended.",
        why_nl="Het programma heeft een maximale duur.",
        fix_nl="Controleer of het traject is geëindigd, of waarom het is verlengd.",
    ),
    Rule(
        "TRAJECT-006", Severity.WARN, "Correction or retraction of an unknown event", "Correctie of intrekking van een onbekende gebeurtenis",
        "The event it names has not been delivered. It is kept, and works when the event comes.", "Ask the provider for the event, or for the right number.",
        why_nl="De genoemde gebeurtenis is niet geleverd. De correctie blijft, en werkt als de gebeurtenis komt.",
        fix_nl="Vraag de aanbieder om de gebeurtenis, of om het juiste nummer.",
    ),
    Rule(
        "TRAJECT-007", Severity.WARN, "Corrections go round in a circle", "Correcties verwijzen in een kring",
        "None of the events in the circle is in force.", "Ask the provider which event holds.",
        why_nl="Geen van de gebeurtenissen in de kring geldt.",
        fix_nl="Vraag de aanbieder welke gebeurtenis geldt.",
    ),
    Rule(
        "TRAJECT-008", Severity.WARN, "One trajectory names two clients", "Een traject noemt twee cliënten",
        "The client of the earliest event counts.", "Ask the provider for a correction.",
        why_nl="De cliënt van de vroegste gebeurtenis telt.",
        fix_nl="Vraag de aanbieder om een correctie.",
    ),
    Rule(
        "TRAJECT-009", Severity.WARN, "A placement ends that did not begin", "Plaatsing eindigt zonder begin",
        "There is no placement in force before it.", "Ask the provider for the placement.",
        why_nl="Er is geen plaatsing van kracht die eraan voorafgaat.",
        fix_nl="Vraag de aanbieder om de plaatsing.",
    ),
)  # fmt: skip

TRAJECTORY = RuleFamily("TRAJECT", "Across the events of a trajectory", _RULES)
