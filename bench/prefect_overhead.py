"""Seconds that Prefect adds to a night: the flow against a running server, and the same jobs called directly.

    python -m bench.prefect_overhead [--deliveries 0 1 10 100] [--rounds 3]

Both sides do the same work on folders of their own with the same files, by turns in one process, so that a busy machine
slows both. The least of the rounds is taken on either side. A run that the worker starts also starts a Python process;
that is measured apart.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

KEY = "5a" * 32
HEADER = "peildatum;gemeentecode;registratienummer_uitkering;clientnummer;statistiekcode;ingangsdatum\n"


def fill(raw: Path, deliveries: int, *, first: int = 0) -> None:
    """Small deliveries of consecutive months: what is measured is not their size."""
    folder = raw / "caseload"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + deliveries):
        year, month = 2012 + number // 12, number % 12 + 1
        rows = "".join(f"01-{month:02}-{year};0899;D{n};C{n};01;01-05-2011\n" for n in range(20))
        (folder / f"{year}-{month:02}-20_{number}.csv").write_text(HEADER + rows)


def directly(data: Path) -> None:
    """A night without Prefect, its report included."""
    from pipeline import settings
    from pipeline.jobs.nightly import Night, take_in
    from pipeline.jobs.release.publish import release
    from pipeline.jobs.workspace import open_writer
    from pipeline.steward.reports import held_report, night_report

    writer = open_writer(settings.load(data))
    night = Night(take_in(writer, lambda _: None), release(writer, lambda _: None))
    night_report(night, with_pictures=night.published.is_new)
    held_report(night.published.release)


def as_flow(data: Path) -> None:
    """The same as a flow."""
    from flows.nightly import nightly

    nightly(str(data))


def seconds(work: Callable[[Path], None], data: Path) -> float:
    began = time.perf_counter()
    work(data)
    return time.perf_counter() - began


def measure(root: Path, deliveries: int, rounds: int) -> tuple[float, float]:
    """Seconds directly and as a flow; with no deliveries, of a night with nothing new after one with a delivery."""
    sides: dict[Callable[[Path], None], list[float]] = {directly: [], as_flow: []}
    for number in range(rounds):
        for work, found in sides.items():
            data = root / f"{deliveries}-{number}-{work.__name__}"
            fill(data / "raw", deliveries or 1)
            if not deliveries:
                directly(data)
            found.append(seconds(work, data))
            shutil.rmtree(data)
    return min(sides[directly]), min(sides[as_flow])


def start_up(rounds: int) -> float:
    """Median seconds in which the process of a run has imported all it needs, beyond what the jobs need."""

    def imports(modules: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {modules}"], check=True)
        return time.perf_counter() - began

    jobs = "pipeline.jobs.nightly, pipeline.jobs.release.publish, pipeline.steward.reports"
    flow = f"server.run_process, prefect.flow_engine, flows.nightly, {jobs}"
    pairs = [(imports(jobs), imports(flow)) for _ in range(rounds)]
    return statistics.median(more - less for less, more in pairs)


@contextmanager
def server(home: Path) -> Iterator[str]:
    """A server of our own on SQLite; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/api/health")
            yield os.environ["PREFECT_API_URL"]
        finally:
            process.terminate()
            try:
                process.wait(120)
            finally:
                process.kill()  # else leaving the block waits for it, for ever


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("the server did not start")


def main() -> int:
    """Print a table of what Prefect adds."""
    from flows import embedded

    parser = argparse.ArgumentParser(prog="python -m bench.prefect_overhead", description=__doc__.splitlines()[0])
    parser.add_argument("--deliveries", type=int, nargs="+", default=[0, 1, 10, 100])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="prefect-overhead-") as folder:
        root = Path(folder)
        os.environ.update({"PREFECT_HOME": str(root / "home"), "UITSTROOM_KEY": KEY})
        embedded.prepare(root)
        with server(root):
            measure(root, 0, 1)  # imports, and the server's first requests
            print(f"{'deliveries':>10} {'directly':>9} {'as a flow':>10} {'added':>7}")
            added = {}
            for deliveries in options.deliveries:
                direct, flow = measure(root, deliveries, options.rounds)
                added[deliveries] = flow - direct
                print(f"{deliveries:>10} {direct:8.2f}s {flow:9.2f}s {flow - direct:6.2f}s", flush=True)
        few, many = min(added), max(added)
        if many > few:
            print(f"each delivery more: {1000 * (added[many] - added[few]) / (many - few):.0f} ms")
        print(f"process of a run: {start_up(options.rounds):.1f} s of imports beyond those of the jobs")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
