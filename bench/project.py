"""Projecting a log of trajectory events: fold, counts per month, occupancy, checks. The log has been filled before."""

import sys
import time
from pathlib import Path

from pipeline import settings
from pipeline.jobs.knowledge import gather, programmes_on
from pipeline.jobs.station import open_station

if __name__ == "__main__":
    station = open_station(settings.load(Path(sys.argv[1])))
    began = time.perf_counter()
    evidence = gather(station, station.log.events(), lambda _: None)
    programmes = programmes_on(evidence, None)
    print(time.perf_counter() - began, programmes.trajectories.height)
