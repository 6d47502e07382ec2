"""Work on the workers of a Dask cluster: one piece at a time on each, and of one that dies it is known whose it was.

Here: handing out, taking in, and what the loss of a worker or of the scheduler means. Not here: what is done there
(``pipeline.jobs.ingest.errand``), cells on this machine (``cells``), in which each worker does its work too, so that a
file that breaks its reader breaks no worker.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from pipeline.errors import NoCell, UitstroomError
from pipeline.store.cell_task import Broke, Cause, Limits, Task

if TYPE_CHECKING:
    from distributed import Client, Future

WAIT_SECONDS = 60.0
"""For a scheduler that is away, and for its first worker."""
_LOOK_EVERY_SECONDS = 5.0
"""How often it is asked whether the workers live, beside what they answer."""

Errand = Callable[[Callable[[Any], object], Any, Limits], Callable[[], object]]
"""Makes of a piece of work what a worker is sent: one function without arguments."""


class Cluster:
    """The workers of one scheduler, used as cells are (``cells.Cells``)."""

    def __init__(self, address: str, errand: Errand) -> None:
        self._address = address
        self._errand = errand
        self._waiting: deque[Task] = deque()
        self._out: dict[str, tuple[Task, Future]] = {}
        """What is under way, by worker."""
        self._looked = 0.0
        self._something_ended = threading.Event()
        self._client = self._connected()

    @property
    def most(self) -> int:
        return max(1, len(self._workers))

    def _connected(self) -> "Client":
        """A connection, once there is a worker. No task is tried on a second worker behind our back."""
        from distributed import Client

        until = time.monotonic() + WAIT_SECONDS
        while True:
            with suppress(OSError):  # not there, or not there any more: it may be starting again
                client = Client(self._address, timeout="5s", set_as_default=False)
                client.run_on_scheduler(_allow_no_failures)
                self._workers = _workers(client)
                if self._workers:
                    return client
                client.close()
            if time.monotonic() > until:
                raise NoCell(
                    f"The cluster at {self._address} has no scheduler with a worker. Start them (dask scheduler, "
                    "dask worker), or remove UITSTROOM_CLUSTER to read files on this machine; then run again."
                )
            time.sleep(1)

    def begin(self, work: Callable[[Any], object], argument: object, limits: Limits) -> Task:
        """Have it done by a worker, as soon as one is free."""
        task = Task(work, argument, limits)
        self._waiting.append(task)
        self._hand_out()
        return task

    def result(self, task: Task) -> Any:
        """What came of it, once it is done; ``Broke`` where it has no result. Raises UitstroomError as the work did."""
        while not task.is_done:
            self._hand_out()
            self._something_ended.wait(_LOOK_EVERY_SECONDS)
            self._something_ended.clear()
            for worker, (_, future) in tuple(self._out.items()):
                if future.status != "pending":
                    self._finish(worker)
            self._look()
        if task.error is not None:
            raise task.error
        return task.result

    def _hand_out(self) -> None:
        for worker in self._workers:
            if self._waiting and worker not in self._out:
                task = self._waiting.popleft()
                work = self._errand(task.work, task.argument, task.limits)
                future = self._client.submit(work, pure=False, workers=[worker], retries=0)
                future.add_done_callback(lambda _: self._something_ended.set())
                self._out[worker] = (task, future)

    def _finish(self, worker: str) -> None:
        task, future = self._out.pop(worker)
        task.is_done = True
        if future.status == "finished":
            answer = future.result()
            if isinstance(answer, UitstroomError):
                task.error = answer
            else:
                task.result = answer
        elif future.status == "error" and type(error := future.exception()).__name__ != "KilledWorker":
            # It never began there: another version, or no installation at all.
            task.error = NoCell(
                f"The worker at {worker} cannot read files ({type(error).__name__}). Mend it, run again."
            )
        else:
            task.result = Broke(Cause.STOPPED, "its worker is gone")

    def _look(self) -> None:
        """Whether scheduler and workers are there; what was under way on one that is not has been stopped."""
        if time.monotonic() - self._looked < _LOOK_EVERY_SECONDS:
            return
        self._looked = time.monotonic()
        try:
            found = _workers(self._client)
        except (OSError, RuntimeError):
            found = ()
        for worker in set(self._out) - set(found):
            task, _ = self._out.pop(worker)
            task.is_done, task.result = True, Broke(Cause.STOPPED, "its worker is gone")
        if found:
            self._workers = found
            return
        with suppress(Exception):  # the scheduler is away, or every worker
            self._client.close(timeout=1)
        self._client = self._connected()

    def rest(self) -> None:
        """Wait until no worker works, so that the next task is alone."""
        for task in [*(task for task, _ in self._out.values()), *self._waiting]:
            with suppress(UitstroomError):  # raised again to whoever asks for that task
                self.result(task)

    def drop(self) -> None:
        """Forget what is under way and what waits. A worker that is at work finishes, and nobody takes it in."""
        self._waiting.clear()
        for _, future in self._out.values():
            with suppress(OSError, RuntimeError):
                future.cancel()
        self._out.clear()

    def close(self) -> None:
        self.drop()
        with suppress(OSError, RuntimeError):
            self._client.close(timeout=5)


def _allow_no_failures(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = 0


def _workers(client: "Client") -> tuple[str, ...]:
    """Addresses of the workers. Raises NoCell where one does more than one thing at a time."""
    found = client.scheduler_info(n_workers=-1)["workers"]
    if any(each["nthreads"] != 1 for each in found.values()):
        raise NoCell(
            "A worker of the cluster does several things at a time. Start it with --nthreads 1, then run again."
        )
    return tuple(sorted(found))


@contextmanager
def cluster(address: str, errand: Errand) -> Iterator[Cluster]:
    """The workers of a cluster, for as long as the block runs."""
    try:
        import distributed  # noqa: F401  what only who needs it has
    except ModuleNotFoundError:
        raise NoCell(
            f"UITSTROOM_CLUSTER names {address}, and Dask is not installed. Run: pip install 'uitstroom[cluster]'"
        ) from None
    pool = Cluster(address, errand)
    try:
        yield pool
    finally:
        pool.close()
