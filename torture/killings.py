"""Writers killed at any moment, and two runs at once, with readers beside them.

Not here: how a process is killed (``writers``), what must hold afterwards (``folder``).
"""

import itertools
import random
import shutil
import signal
from collections.abc import Callable

from torture import traces
from torture.folder import DataFolder
from torture.folder_state import Account, Crew, Ground
from torture.watch import TURNS
from torture.writers import Measure, Outcome, Writers, killed_after, killed_at_change, undisturbed

Way = Callable[[Writers, DataFolder, Measure, random.Random], Outcome]

AGAIN = 0.25
"""Chance that a killed writer is followed by another one that is killed, before a run is left in peace."""


def _at_a_moment(stock: Writers, folder: DataFolder, whole: Measure, draw: random.Random) -> Outcome:
    return killed_after(stock.take(), folder.order(), draw.uniform(0, whole.seconds))


def _at_a_change(stock: Writers, folder: DataFolder, whole: Measure, draw: random.Random) -> Outcome:
    return killed_at_change(stock.take(), folder.order(), draw.randint(1, whole.changes))


def _at_a_turn(stock: Writers, folder: DataFolder, whole: Measure, draw: random.Random) -> Outcome:
    return killed_at_change(stock.take(), folder.order(), draw.randint(1, whole.turns), only=TURNS)


def _at_a_step(stock: Writers, folder: DataFolder, whole: Measure, draw: random.Random) -> Outcome:
    return undisturbed(stock.take(), folder.order(die_before=draw.randint(1, whole.steps)))


WAYS: dict[str, Way] = {
    "at a moment of the clock": _at_a_moment,
    "at a change seen on the disk": _at_a_change,
    "at a change seen in a commit or a swap": _at_a_turn,
    "just before a step": _at_a_step,
}
_OTHERS = list(WAYS)[1:]
_TURN = [way for other in _OTHERS for way in ("at a moment of the clock", other)]
"""Half of the kills at a moment, the others in the other ways by turns."""


def kills(ground: Ground, crew: Crew, count: int) -> Account:
    """Kill ``count`` writers. New files arrive before each; after one to a few kills, one run is left in peace."""
    account, draw, ways = Account("writer killed"), random.Random(crew.seed), itertools.cycle(_TURN)
    for attempt in itertools.count():  # all writers of one folder may have ended before they could be killed
        if account.done >= count:
            break
        folder = ground.fresh(f"killed-{attempt}")
        previous = crew.watching.look_at(folder.path)
        shutil.rmtree(previous, ignore_errors=True)
        left = traces.Traces(folder)
        for number in range(1, ground.waves + 1):
            if account.done >= count:
                break
            ground.put(folder, number)
            is_again = True
            while is_again and account.done < count:
                way = next(ways)
                _count(account, way, WAYS[way](crew.stock, folder, crew.whole, draw), left)
                is_again = draw.random() < AGAIN
            folder.run()
            ground.check(folder, number, account, f"after kill {account.done}")
            crew.tell(f"{account.done} of {count} writers killed, {len(account.faults)} faults")
    return account


def _count(account: Account, way: str, outcome: Outcome, left: traces.Traces) -> None:
    if outcome.code == 0:
        account.seen["ended before it could be killed"] += 1
    elif outcome.code == -signal.SIGKILL:
        account.done += 1
        account.seen[f"killed {way}"] += 1
        account.seen[f"killed during: {outcome.part}"] += 1
    else:
        account.note([f"a writer failed by itself: {outcome.message}"], f"after kill {account.done}")
    account.seen.update(f"left: {kind}" for kind in left.new())


def pairs(ground: Ground, crew: Crew, count: int) -> Account:
    """Let two writers work on the same files at once, ``count`` times; one in 5 is killed while the other goes on."""
    account, draw = Account("two runs at once"), random.Random(crew.seed)
    while account.done < count:
        folder = ground.fresh(f"pairs-{account.done}")
        shutil.rmtree(crew.watching.look_at(folder.path), ignore_errors=True)
        for number in range(1, min(ground.waves, count - account.done) + 1):
            ground.put(folder, number)
            if _pair(account, crew.stock, folder, crew.whole, draw):
                folder.run()  # who was killed after the other had ended leaves drafts, which the next run removes
            # Otherwise no run in between: both reported that they were done, so all must be there.
            ground.check(folder, number, account, f"after pair {account.done}")
            crew.tell(f"{account.done} of {count} pairs, {len(account.faults)} faults")
    return account


def _pair(account: Account, stock: Writers, folder: DataFolder, whole: Measure, draw: random.Random) -> bool:
    """Two writers at once; whether one of them was killed."""
    one, two = stock.take(), stock.take()
    is_killed = account.done % 5 == 4
    # Commands and runs of the server wait for each other; what they do must be right without that, too.
    order = folder.order(takes_turn=draw.random() < 0.3)
    two.begin(order)
    if draw.random() < 0.5:
        two.wait(draw.uniform(0, whole.seconds))
    one.begin(order)
    if is_killed:
        one.wait(draw.uniform(0, whole.seconds))
        one.kill()
    ends = one.end(), two.end()
    account.done += 1
    account.seen["took turns" if order.takes_turn else "wrote at the same time"] += 1
    account.seen["one of the two killed"] += ends[0].code == -signal.SIGKILL
    allowed = {0, -signal.SIGKILL} if is_killed else {0}
    account.note([end.message for end in ends if end.code not in allowed], f"in pair {account.done}")
    return ends[0].code == -signal.SIGKILL
