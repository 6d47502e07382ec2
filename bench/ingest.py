"""One delivery through the real door: land, read, validate, pseudonymise, record in the log."""

import sys
import time
from pathlib import Path

from pipeline import settings
from pipeline.jobs.nightly import take_in
from pipeline.jobs.workspace import open_writer

if __name__ == "__main__":
    writer = open_writer(settings.load(Path(sys.argv[1])))
    began = time.perf_counter()
    (receipt,) = take_in(writer, lambda _: None)
    print(time.perf_counter() - began, receipt.status, receipt.rows_read)
