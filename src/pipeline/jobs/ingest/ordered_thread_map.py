"""Work on several batches at once, results in their own order. Not here: what the work is."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ordered_thread_map(work: Callable[[T], R], items: Iterable[T], workers: int) -> Iterator[R]:
    """``map`` over threads. At most ``workers`` items are under way, so memory does not grow with their number.

    The next item is taken while others are worked on. After an error no new item is taken, and what is under way is
    waited for, so nothing is written behind the caller's back.
    """
    under_way: deque[Future[R]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="batch") as pool:
        for item in items:
            under_way.append(pool.submit(work, item))
            if len(under_way) >= workers:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
