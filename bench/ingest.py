"""One delivery through the real door: land, read, validate, pseudonymise, record in the log."""

import sys
import time
from pathlib import Path

from pipeline import settings
from pipeline.jobs.nightly import take_in
from pipeline.jobs.station import open_station

if __name__ == "__main__":
    station = open_station(settings.load(Path(sys.argv[1])))
    began = time.perf_counter()
    (receipt,) = take_in(station, lambda _: None)
    print(time.perf_counter() - began, receipt.status, receipt.rows_read)
