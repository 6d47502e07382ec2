"""Processes of tests that end with their block. Not here: starting them (the tests that do).

``with subprocess.Popen(...)`` waits at its end until the process ends, for ever if need be: also when the block failed
because the process took too long.
"""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import AnyStr

import pytest

PATIENCE = 1200.0


@contextmanager
def ending(child: "subprocess.Popen[AnyStr]", patience: float = PATIENCE) -> Iterator["subprocess.Popen[AnyStr]"]:
    """The process, for a block at whose end it ends too: killed at once where the block fails, else when it takes
    longer than ``patience``, which is a failure."""
    with child:
        try:
            yield child
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream is not None:
                    stream.close()
            child.wait(patience)
        finally:
            child.kill()


def ran_to_its_end(
    command: Sequence[str], *, env: Mapping[str, str] = os.environ, cwd: Path | None = None, patience: float = PATIENCE
) -> "subprocess.CompletedProcess[str]":
    """What a command printed and its exit code. One that does not end fails the test and says where it stands."""
    child = subprocess.Popen(
        command,
        env={**env, "PYTHONFAULTHANDLER": "1"},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        printed, told = child.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        pytest.fail(f"{' '.join(command[:4])} did not end in {patience:.0f} s. {_where(child)}")
    finally:
        child.kill()
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()
    return subprocess.CompletedProcess(command, child.returncode, printed, told)


def _where(child: "subprocess.Popen[str]") -> str:
    """The stacks of its threads; where it has ended, that something it started holds its output open."""
    if child.poll() is not None:
        return f"It ended with {child.returncode}, and what it started holds its output open."
    child.send_signal(signal.SIGABRT)
    try:
        _, told = child.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        return "No signal ends it, or what it started holds its output open."
    return told[-8000:]
