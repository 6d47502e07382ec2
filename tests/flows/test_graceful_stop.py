"""A wish to stop is heard between two steps, and only there."""

import os
import signal
from threading import Thread

from flows.graceful_stop import heard


def test_a_signal_sets_a_mark_and_ends_nothing() -> None:
    with heard() as should_stop:
        assert not should_stop()
        os.kill(os.getpid(), signal.SIGTERM)
        assert should_stop()


def test_afterwards_the_signal_means_what_it_meant() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with heard():
        assert signal.getsignal(signal.SIGTERM) is not before

    assert signal.getsignal(signal.SIGTERM) is before


def test_off_the_main_thread_nobody_asks_to_stop() -> None:
    answers = []

    def work() -> None:
        with heard() as should_stop:
            answers.append(should_stop())

    thread = Thread(target=work)
    thread.start()
    thread.join()

    assert answers == [False]
