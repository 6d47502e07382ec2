"""Carries out a sitting of the guide in a copy of the project: ``python walk.py COPY SITTING``; prints lines of JSON.

The night is the same two jobs that the nightly flow runs, without Prefect: the commands themselves, Prefect included,
are run one by one in ``make test-system``.
"""

import contextlib
import io
import json
import shlex
import sys
from pathlib import Path

from tests.house.guide import Run, WriteFile, sittings


def main(root: Path, sitting: int) -> None:
    """Writes the files and runs the commands of a sitting."""
    for step in sittings()[sitting]:
        if isinstance(step, WriteFile):
            step.write(root)
        else:
            print(json.dumps(_carried_out(step, root)), flush=True)


def _carried_out(step: Run, root: Path) -> dict[str, object]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = _run(shlex.split(step.command)[1:], root)
    return {"command": step.command, "wanted": step.code, "code": code, "output": out.getvalue()}


def _run(words: list[str], root: Path) -> int:
    from pipeline.cli import main as uitstroom

    data = root / "data"
    if words == ["run"]:
        return _night(data)
    words = [_delivery(data) if word == "DELIVERY" else word for word in words]
    if words[0] == "check":
        return uitstroom([words[0], str(root / words[1])])
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
    main(Path(sys.argv[1]), int(sys.argv[2]))
