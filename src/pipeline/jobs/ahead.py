"""Reading ahead: the next batch is read while this one is judged. Not here: what is read."""

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")


class _End:
    """The iterator has ended, with an error or without."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def ahead(batches: Iterator[T], depth: int = 1) -> Iterator[T]:
    """The same items in the same order, up to ``depth`` of them read in advance by another thread.

    Errors arrive where they happened.
    """
    slots: queue.Queue[T | _End] = queue.Queue(maxsize=depth)
    stop = threading.Event()

    def read() -> None:
        end = _End()
        try:
            for item in batches:
                if not _put(slots, item, stop):
                    return
        except BaseException as error:  # handed to the reader's thread, which raises it
            end = _End(error)
        _put(slots, end, stop)

    thread = threading.Thread(target=read, name="read-ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(item := slots.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stop.set()
        thread.join()


def _put(slots: "queue.Queue[T | _End]", item: T | _End, stop: threading.Event) -> bool:
    while not stop.is_set():
        try:
            slots.put(item, timeout=0.1)
        except queue.Full:
            continue
        return True
    return False
