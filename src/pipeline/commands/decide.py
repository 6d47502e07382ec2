"""``accept``, ``reject``, ``retract``, ``reinstate``: what a steward decides about a delivery."""

import argparse
from dataclasses import asdict

from pipeline import settings
from pipeline.commands.command import Command, Parser, print_json, print_text
from schemas.sentences import said
from schemas.vocabulary import CHANGES_WHAT_COUNTS, Decision

_DECISIONS = {
    "accept": (Decision.ACCEPTED, "record a held delivery after all, in the next run"),
    "reject": (Decision.REFUSED, "decide that a held delivery never counts"),
    "retract": (Decision.RETRACTED, "take back a recorded delivery: it stays in the log and counts no more"),
    "reinstate": (Decision.REINSTATED, "let a retracted delivery count again"),
}


def _decide(options: argparse.Namespace) -> int:
    from pipeline.jobs.delivery_decisions import decide
    from pipeline.jobs.workspace import open_writer

    writer = open_writer(settings.load(options.data_dir))
    decision, _ = _DECISIONS[options.name]
    decided = decide(writer, decision, options.delivery, by=options.by, why=options.reason)
    if options.json:
        print_json(asdict(decided) | {"foreseen": [str(each) for each in decided.foreseen]})
    else:
        print_text(f"{decided.file_name} is {decided.decision}. It shows in the tables after: uitstroom run")
        if decision in CHANGES_WHAT_COUNTS:
            for each in (*decided.foreseen, said("decided.judged-again")):
                print_text(str(each))
    return 0


def add_who_and_why(parser: Parser) -> None:
    parser.add_argument("--by", required=True, metavar="WHO", help="who decides")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; no personal data")


def _arguments(parser: Parser) -> None:
    parser.add_argument("delivery", metavar="DELIVERY", help="the hash of the delivery, or its first characters")
    add_who_and_why(parser)


COMMANDS = tuple(Command(name, text, _decide, _arguments, writes=True) for name, (_, text) in _DECISIONS.items())
