"""How each of them is called and answers: two folders in, what was found as one line of JSON out."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Found = dict[str, Any]


def tell(find: Callable[[Path, Path], Found]) -> None:
    """Do the job on the files of the first folder, write into the second; print what was found, and seconds."""
    began = time.perf_counter()
    found = find(Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute())
    print(json.dumps({**found, "seconds": time.perf_counter() - began}))
