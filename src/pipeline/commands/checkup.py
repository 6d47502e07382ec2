"""``doctor`` and ``verify``: can it run, and is what it holds whole."""

import argparse
from dataclasses import asdict

from pipeline import settings
from pipeline.commands.command import Command, print_json, print_text


def _doctor(options: argparse.Namespace) -> int:
    from pipeline.jobs.upkeep.checkup import doctor

    checks = doctor(settings.load(options.data_dir))
    if options.json:
        print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            advice = "" if check.is_ok else f"; {check.advice}"
            print(f"  {'ok  ' if check.is_ok else 'LOOK'}  {check.name:14} {check.found}{advice}")
    return 0 if all(check.is_ok for check in checks) else 1


def _verify(options: argparse.Namespace) -> int:
    from pipeline.jobs.upkeep.checkup import verify
    from pipeline.jobs.workspace import open_workspace

    problems = verify(open_workspace(settings.load(options.data_dir)))
    if options.json:
        print_json({"is_whole": not problems, "problems": problems})
    else:
        print_text("\n".join(problems) or "Log, raw files and release are whole: counts add up, hashes match.")
    return 1 if problems else 0


DOCTOR = Command("doctor", "keys, folders, disk, versions", _doctor)
VERIFY = Command("verify", "is the log and the release whole: counts add up, hashes match", _verify)
