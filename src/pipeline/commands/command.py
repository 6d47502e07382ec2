"""The shape of one command of ``uitstroom``, and how results are printed. Not here: any particular command."""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TextIO

from pipeline.settings import data_place, usual_place
from schemas.person_number import covered
from schemas.spelling import seen_lines


class Parser(argparse.ArgumentParser):
    """That of the standard library, which repeats what somebody typed: that is covered, and steers no terminal."""

    def error(self, message: str) -> NoReturn:
        super().error(seen_lines(covered(message)))


def _none(_parser: Parser) -> None:
    """No arguments of its own."""


@dataclass(frozen=True)
class Command:
    """A word after ``uitstroom``. ``run`` gives the exit code: 0, or 1 when what was asked for is not in order."""

    name: str
    text: str
    run: Callable[[argparse.Namespace], int]
    arguments: Callable[[Parser], None] = _none
    writes: bool = False
    """Whether it changes the data folder, and waits until nobody else does."""
    has_data_folder: bool = True
    """Whether it is about a data folder."""
    only_answers: bool = False
    """Whether what it prints is all that it is for, so that it failed when a disk did not take that."""

    def add_to(self, commands: "argparse._SubParsersAction[Parser]") -> None:
        parser = commands.add_parser(self.name, help=self.text, description=self.text)
        parser.set_defaults(command=self.run, name=self.name, writes=self.writes, only_answers=self.only_answers)
        add_common(parser, has_data_folder=self.has_data_folder)
        self.arguments(parser)


def add_common(parser: Parser, *, has_data_folder: bool = True) -> None:
    """What every command understands."""
    if has_data_folder:
        parser.add_argument(
            "--data-dir",
            type=data_place,
            default=usual_place(),
            metavar="FOLDER",
            help="folder with raw/, log/, curated/, or an address s3://…, az://… (default: UITSTROOM_DATA, else data)",
        )
    parser.add_argument("--json", action="store_true", help="print JSON")


def print_json(content: Any) -> None:
    """JSON for a program or a person: what steers a terminal is written as JSON writes it, and reads back the same."""
    text = json.dumps(content, indent=2, default=str, ensure_ascii=False)
    print("".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text))


def print_text(text: str, file: TextIO | None = None) -> None:
    """Text for a person, in lines; what steers a terminal is written out."""
    print(seen_lines(text), file=file, flush=True)
