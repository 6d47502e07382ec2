"""A file that arrives starts one run, when it has come to rest."""

import os
from pathlib import Path

from server.watch import Watch, look


class Room:
    """A raw folder with a watch on it, and a clock of our own."""

    def __init__(self, path: Path) -> None:
        self.raw, self.memory = path / "raw", path / "arrived.json"
        self.raw.mkdir()
        self.started: list[str] = []
        self.clock = 1000.0
        self.watch = self.fresh()

    def fresh(self) -> Watch:
        """A watch as after a restart."""
        return Watch(self.raw, self.memory, self.started.append, settle=20)

    def put(self, name: str, content: str = "x") -> None:
        (self.raw / name).write_text(content)

    def wait(self, seconds: float) -> bool:
        self.clock += seconds
        return self.watch.step(self.clock)


def test_a_file_starts_one_run_after_it_came_to_rest(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.put("a.csv")

    assert [room.wait(5) for _ in range(8)] == [False, False, False, False, True, False, False, False]
    assert len(room.started) == 1


def test_a_file_that_is_still_growing_waits(tmp_path: Path) -> None:
    room = Room(tmp_path)
    for size in range(10):
        room.put("a.csv", "x" * size)
        assert not room.wait(15)

    assert not room.wait(15)
    assert room.wait(15)


def test_a_restart_does_not_start_the_same_again_but_what_came_meanwhile(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.put("a.csv")
    room.wait(5)
    assert room.wait(20)

    room.watch = room.fresh()
    assert [room.wait(30) for _ in range(3)] == [False] * 3

    room.put("b.csv")
    room.watch = room.fresh()
    assert [room.wait(30) for _ in range(3)] == [False, True, False]
    assert len(set(room.started)) == 2


def test_a_file_that_goes_away_is_no_reason_to_run(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.put("a.csv")
    room.put("b.csv")
    room.wait(5)
    assert room.wait(20)

    os.remove(room.raw / "a.csv")
    assert [room.wait(30) for _ in range(3)] == [False] * 3


def test_a_run_that_the_server_did_not_take_is_started_later(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.put("a.csv")
    room.wait(5)

    def refuse(_mark: str) -> None:
        raise ConnectionError

    room.watch._start = refuse  # the server is away
    try:
        room.wait(20)
    except ConnectionError:
        room.watch._start = room.started.append

    assert room.wait(5)
    assert len(room.started) == 1


def test_a_changed_file_counts_as_arrived(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.put("a.csv", "one")
    room.wait(5)
    assert room.wait(20)

    room.put("a.csv", "another")
    room.wait(5)
    assert room.wait(20)
    assert look(room.raw)["a.csv"][0] == 7
