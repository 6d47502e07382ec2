"""The command ``uitstroom``.

Here: the list of commands, and exit codes. Not here: any command (``pipeline.commands``).
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from pipeline import __version__, settings
from pipeline.errors import UitstroomError, told
from pipeline.store import standard_streams
from pipeline.store.write_lock import write_turn
from schemas.bad_declaration import BadDeclaration
from schemas.discovery import imported
from schemas.person_number import covered
from schemas.spelling import seen_lines

if TYPE_CHECKING:
    from pipeline.commands.command import Command

STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 unless the command itself failed (1), was misspelled (2) or stopped (130 by Ctrl-C).

    Rejected data is not a failure, nor is an output that nobody reads. An answer that a full disk did not take is one.
    """
    streams = standard_streams.keep_open()
    code, only_answers = _done(arguments)
    if reason := streams.why_not_whole():
        print(f"uitstroom: what was printed is not whole: {reason}.", file=sys.stderr)
        return code or int(only_answers)
    return code


def commands() -> "tuple[Command, ...]":
    """Every command, in the order of the help.

    Imported only now: libraries open files, and where an output is closed one of those would get its number.
    """
    from pipeline.commands import backfill, check, checkup, decide, hand_on, history, look, maintain, nightly

    return (
        nightly.RUN,
        look.SHOW,
        look.EXPLAIN,
        look.PATH,
        check.CHECK,
        *hand_on.COMMANDS,
        *decide.COMMANDS,
        *history.COMMANDS,
        backfill.BACKFILL,
        maintain.MAINTAIN,
        checkup.DOCTOR,
        checkup.VERIFY,
        nightly.SIMULATE,
    )


def _done(arguments: Sequence[str] | None) -> tuple[int, bool]:
    """The exit code, and whether the command was asked for what it prints and nothing else."""
    try:
        options = _parser().parse_args(arguments)
        imported("pipeline.jobs.projections")  # all declarations, before anything is done with one
        with _turn(options):
            return int(options.command(options)), options.only_answers
    except UitstroomError as error:
        return _failed(f"uitstroom: {error}", getattr(error, "exit_code", 1))
    except BadDeclaration as error:
        return _failed(f"uitstroom: a declaration is wrong, so nothing more is done.\n{error}")
    except KeyboardInterrupt:
        print("uitstroom: stopped. What was recorded or published before is safe.", file=sys.stderr)
        return STOPPED, False
    except Exception as error:  # whatever it is: its text may quote a cell, and a traceback would print it
        return _failed(f"uitstroom: {told(error)}")


def _failed(message: str, code: int = 1) -> tuple[int, bool]:
    print(seen_lines(covered(message)), file=sys.stderr)  # it may repeat what somebody typed
    return code, False


def _turn(options: argparse.Namespace) -> AbstractContextManager[None]:
    """Commands that write wait for each other and for the server's runs. ``run`` does so by itself, inside its flow."""
    if not options.writes:
        return nullcontext()
    place = settings.load(options.data_dir)
    return write_turn(place, f"uitstroom {options.name}", tell=lambda text: print(text, file=sys.stderr))


def _parser() -> argparse.ArgumentParser:
    from pipeline.commands.command import Parser

    parser = Parser(prog="uitstroom", description="What was reported about a caseload, by whom and when.")
    parser.add_argument("--version", action="version", version=__version__)
    words = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in commands():
        command.add_to(words)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
