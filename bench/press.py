"""Seconds from the press of a button to the end of a night with nothing new, on a served installation.

    python -m bench.press [--presses 5]

Server, worker and watchman of ``server.serve`` on a folder of their own. Every press is shown in its parts: until the
worker asked for work, until the run's process had Prefect and our code imported, and the run itself. The first night
records a delivery and is not counted.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.prefect_overhead import KEY, fill

STEPS = ("Pending", "Running", "Completed")


@contextmanager
def served(data: Path) -> Iterator[str]:
    """An installation on a free port; gives the address of its server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "UITSTROOM_"))}
    command = [sys.executable, "-m", "server.serve", "--data-dir", str(data), "--port", str(port)]
    with subprocess.Popen(command, env=kept | {"UITSTROOM_KEY": KEY}, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or not any(line.startswith("Open http://") for line in process.stdout):
                raise SystemExit("the installation did not start")
            yield f"http://127.0.0.1:{port}/api"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=120)
            finally:
                process.kill()  # else leaving the block waits for it, for ever


def press() -> tuple[float, ...]:
    """Start a night; seconds since then at which it was first seen in, or past, each of ``STEPS``."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        night = client.read_deployment_by_name("nightly/nightly")
        began, run = time.time(), client.create_flow_run_from_deployment(night.id)
        while run.state is None or not run.state.is_final():
            time.sleep(0.1)
            run = client.read_flow_run(run.id)
        names = {state.name: state.timestamp.timestamp() - began for state in client.read_flow_run_states(run.id)}
    if missing := [name for name in STEPS if name not in names]:
        raise SystemExit(f"the night never was {', '.join(missing)}: {sorted(names)}")
    return tuple(names[name] for name in STEPS)


def main() -> int:
    """Print a line per press."""
    parser = argparse.ArgumentParser(prog="python -m bench.press", description=__doc__.splitlines()[0])
    parser.add_argument("--presses", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="press-") as folder:
        data = Path(folder) / "data"
        fill(data / "raw", 1)
        with served(data) as address:
            os.environ["PREFECT_API_URL"] = address
            press()
            print(f"{'worker asks':>12} {'process':>9} {'run':>7} {'together':>9}")
            for _ in range(options.presses):
                pending, running, completed = press()
                print(
                    f"{pending:11.1f}s {running - pending:8.1f}s {completed - running:6.1f}s {completed:8.1f}s",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
