"""Carries out the guide in a copy of the project, in one process: ``python walk.py COPY``; prints what each step gave.

The night is the same two jobs that the nightly flow runs, without Prefect. The commands themselves, Prefect included,
are run one by one in ``make test-system``.
"""

import contextlib
import io
import json
import shlex
import sys
from pathlib import Path

from tests.house.guide import Run, WriteFile, steps


def main(copy: Path) -> None:
    """Steps as JSON lines: command, exit code, output."""
    for step in steps():
        if isinstance(step, WriteFile):
            path = copy / step.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, encoding="utf-8")
            if path.suffix == ".py" and "pipeline.jobs.projections" in sys.modules:
                raise AssertionError(f"{step.path} comes after the program was loaded: check a file before that")
        elif "schemas.tables" in step.command:
            raise AssertionError(step.command)
        else:
            print(json.dumps(_carried_out(step, copy)), flush=True)


def _carried_out(step: Run, copy: Path) -> dict[str, object]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = _run(shlex.split(step.command)[1:], copy)
    return {"command": step.command, "wanted": step.code, "code": code, "output": out.getvalue()}


def _run(words: list[str], copy: Path) -> int:
    from pipeline.cli import main as uitstroom

    data = copy / "data"
    if words == ["run"]:
        return _night(data)
    words = [_delivery(data) if word == "DELIVERY" else word for word in words]
    if words[0] == "check":
        return uitstroom([words[0], str(copy / words[1])])
    return uitstroom([*words, "--data-dir", str(data)])


def _night(data: Path) -> int:
    from pipeline import settings
    from pipeline.jobs.nightly import take_in
    from pipeline.jobs.release.publish import release
    from pipeline.jobs.workspace import open_writer

    writer = open_writer(settings.load(data))
    for receipt in take_in(writer, lambda _: None):
        print(receipt.status, receipt.file_name)
    print("release", release(writer, lambda _: None).release.id)
    return 0


def _delivery(data: Path) -> str:
    import uitstroom

    own = uitstroom.open(data).deliveries().filter(source="sanctions").sort("delivered_on")
    return str(own["delivery"][-1])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
