"""Everything on one machine: server, deployments, worker, watchman; until Ctrl-C.

    python -m server.serve --data-dir data --port 4200

Here: starting, watching over and ending processes. Not here: what they do. For a lasting installation use the units
in ``deploy/systemd`` instead; they start the same commands.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from flows import embedded, graceful_stop
from flows.data_dir import VARIABLE
from pipeline import settings
from pipeline.errors import UitstroomError
from pipeline.store import standard_streams
from pipeline.store.fs import lock
from server import remove_v2_ui
from server.guard import machine, users

HOST = "127.0.0.1"
END_SECONDS = 45.0
"""A cancelled run has half a minute to stop between two steps."""


class CannotServe(UitstroomError):
    """The port or the data folder is in use, a part did not start, or a page would ask a host outside."""


@dataclass
class Part:
    """One process that has to stay alive, started again when it ends."""

    name: str
    arguments: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.starts.append(time.monotonic())
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C reaches us alone; we end the parts in their order
                preexec_fn=_as_a_part,  # noqa: PLW1509  this process has one thread
            )

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _as_a_part() -> None:
    """Before a part begins: it can be interrupted, and ends when its parent is killed, so that the port is free again.

    A shell starts what runs in the background with interrupts ignored, and Prefect's worker ends by one.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    graceful_stop.end_with_parent()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until asked to stop. Exit code 0 after Ctrl-C or SIGTERM, 1 when it could not start."""
    options = _options(arguments)
    try:
        serve(settings.load(options.data_dir), options.port, watch=options.watch)
    except UitstroomError as error:
        print(f"serve: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def serve(loaded: settings.Settings, port: int, *, watch: bool) -> None:
    """Start all parts, print the address, start again what ends, and end all of it on Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    if watch and loaded.remote and loaded.raw_dir is None:
        raise CannotServe("Files that arrive in a bucket are not watched: leave --watch away, or set UITSTROOM_RAW.")
    embedded.prepare(loaded.data_dir, quiet=False)
    home = Path(os.environ["PREFECT_HOME"])
    home.chmod(0o700)
    os.environ[VARIABLE] = str(loaded.place)
    os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"
    machine.share(home)  # what the server asks for, the other parts give
    sign = home / embedded.SERVED
    with _alone(sign, loaded.place):
        _refuse_taken(port)
        _leave_one_page()
        server, *others = _parts(home, port, watch=watch)
        first_password = users.first(users.users_file(home))
        try:
            print("Starting; the first time takes up to a minute.", flush=True)
            server.start()
            _register(server)
            sign.write_text(os.environ["PREFECT_API_URL"])
            for part in others:
                part.start()
            print(f"\nOpen http://{HOST}:{port} in a browser. Data: {loaded.place}", flush=True)
            print(_how_to_log_in(users.users_file(home), first_password), flush=True)
            print(f"Logs: {home}/server.log, {home}/worker.log. Ctrl-C ends everything.", flush=True)
            _watch_over(server, others, port)
        finally:
            sign.write_text("")
            for part in reversed([server, *others]):
                part.end()
            print("Ended.", flush=True)


def _how_to_log_in(users_file: Path, first_password: str | None) -> str:
    if first_password:
        return f"Log in as {users.FIRST} with {first_password} (shown this once; more users: docs/how-to/operate.md)."
    return f"Log in as {', '.join(users.read(users_file))} (new password: python -m server.guard.users add NAME)."


def _parts(home: Path, port: int, *, watch: bool) -> list[Part]:
    parts = [
        Part("server", ("server.guard", "--host", HOST, "--port", str(port)), home / "server.log"),
        Part(
            "worker",
            ("prefect", "worker", "start", "--pool", "uitstroom", "--type", "process"),
            home / "worker.log",
        ),
    ]
    return [*parts, Part("watchman", ("server.watch", *(("--arrivals",) if watch else ())), home / "watchman.log")]


def _register(server: Part) -> None:
    """Register the deployments; that waits until the server answers, so both can load at the same time."""
    command = [sys.executable, "-m", "server.deploy"]
    # Our own streams, wherever they lead: what we were given as the first two may lead nowhere by now.
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stdout, stderr=sys.stderr) as registering:
        while registering.poll() is None:
            if not server.is_alive:
                registering.kill()
                raise CannotServe(f"The server did not start. Look in {server.log}.")
            time.sleep(0.2)
    if registering.returncode:
        raise CannotServe(f"The deployments could not be registered; see above, and {server.log}.")


def _watch_over(server: Part, others: Sequence[Part], port: int) -> None:
    while True:
        for part in (server, *others):
            # Without a server the others cannot even begin: they would end again and again until it answers.
            if not part.is_alive and (part is server or _answers(port)):
                recent = [start for start in part.starts if start > time.monotonic() - 60]
                if len(recent) > 3:
                    raise CannotServe(f"The {part.name} ends again and again. Look in {part.log}.")
                print(f"The {part.name} ended and is started again.", flush=True)
                part.start()
        time.sleep(1)


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def _alone(sign: Path, data_dir: Path | str) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(lock(sign, waits=False))
        except BlockingIOError:
            raise CannotServe(f"{data_dir} is being served already. End the other one first.") from None
        yield


def _leave_one_page() -> None:
    try:
        remove_v2_ui.remove_newer(remove_v2_ui.server_folder())
    except remove_v2_ui.TwoPages as error:
        raise CannotServe(str(error)) from None


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotServe(
                f"Port {port} on {HOST} is taken ({error.strerror}). Choose another: --port {port + 1}"
            ) from None


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for each in (signal.SIGTERM, signal.SIGINT):  # ending is under way; it is not to be cut short by a second one
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m server.serve", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data-dir",
        type=settings.data_place,
        default=settings.usual_place(),
        help="folder with raw/, or an address (default: data)",
    )
    parser.add_argument("--port", type=int, default=4200, help="port of the browser's address (default: 4200)")
    parser.add_argument("--watch", action="store_true", help="start a run when a file arrives in raw/")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    standard_streams.keep_open()
    raise SystemExit(main())
