"""Where this installation keeps its data, for runs that a worker starts. Not here: what lies there (``settings``).

A folder is not a parameter: a steward's form must not be able to name one.
"""

from pipeline import settings
from pipeline.settings import Settings

VARIABLE = settings.DATA


def here() -> Settings:
    """Settings of the folder or address in ``UITSTROOM_DATA``, else of ``data`` below the current folder."""
    return settings.load(settings.usual_place())
