"""What the events are called that decide how trajectories are counted in a check: the first start, placement and end.

Not here: which trajectories those are (each check), from trajectories to rows (``trajectories.history``).
"""

from schemas.vocabulary import EventKind

PARTS = {EventKind.STARTED: "started", EventKind.PLACED: "placed", EventKind.ENDED: "ended"}
