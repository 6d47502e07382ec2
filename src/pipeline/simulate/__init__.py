"""Simulated caseload deliveries: a register with a known truth, and the files that a sender would make of it.

Belongs here: what is needed to write plausible and deliberately faulty files below a raw folder. Does not belong
here: reading, checking or counting deliveries. Nothing in the pipeline may import this room except the command line.
"""

from pipeline.simulate.benchmark import simulate_one_delivery
from pipeline.simulate.run import SimulatedFile, simulate

__all__ = ["SimulatedFile", "simulate", "simulate_one_delivery"]
