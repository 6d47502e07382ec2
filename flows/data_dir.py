"""Where this installation keeps its data, for runs that a worker starts. Not here: what lies there (``settings``).

A folder is not a parameter: a steward's form must not be able to name one.
"""

import os
from pathlib import Path

from pipeline import settings
from pipeline.settings import Settings

VARIABLE = "UITSTROOM_DATA"


def here() -> Settings:
    """Settings of the folder in ``UITSTROOM_DATA``, else of ``data`` below the current folder."""
    return settings.load(Path(os.environ.get(VARIABLE, "data")))
