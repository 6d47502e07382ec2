"""Simulated deliveries: a register and programmes with a known truth, and the files that senders would make of them.

Belongs here: what is needed to write plausible and deliberately faulty files below a raw folder. Does not belong
here: reading, checking or counting deliveries. Nothing in the pipeline may import this room except the command line.
"""

from pipeline.simulate.benchmark import simulate_one_delivery
from pipeline.simulate.events_benchmark import simulate_events
from pipeline.simulate.run import simulate
from pipeline.simulate.written import SimulatedFile

__all__ = ["SimulatedFile", "simulate", "simulate_events", "simulate_one_delivery"]
