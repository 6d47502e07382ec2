"""Work that does to its process what a file says. Not here: who it is done by (``test_on_workers``)."""

import os
import time

from pipeline.store.raw import RawFile


def does_what_it_says(file: RawFile) -> str:
    what = file.path.read_text()
    if what == "aborts":
        os.abort()
    if what == "grows":
        list(range(300_000_000))
    if what == "hangs":
        time.sleep(600)
    return what
