"""Projecting a log of trajectory events: fold, counts per month, occupancy, checks. The log has been filled before."""

import sys
import time
from pathlib import Path

from pipeline import settings
from pipeline.jobs.as_of.as_of_state import gather, programmes_on
from pipeline.jobs.workspace import open_writer

if __name__ == "__main__":
    writer = open_writer(settings.load(Path(sys.argv[1])))
    began = time.perf_counter()
    evidence = gather(writer, writer.log.events(), lambda _: None)
    programmes = programmes_on(evidence, None)
    print(time.perf_counter() - began, programmes.trajectories.height)
