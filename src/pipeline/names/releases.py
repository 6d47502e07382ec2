"""The curated table ``releases``. Made by the history of releases (``jobs.release.release_history``), since it names
the release it is part of.
"""

from pipeline.names.no_delivery import no_delivery
from pipeline.versions.projection import Projection
from schemas.tables.calendar import RELEASES

PROJECTION = Projection(table=RELEASES, inputs=(), project=None, explain=no_delivery(RELEASES))
