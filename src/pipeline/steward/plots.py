"""All pictures of a release.

Here: which there are. Not here: how each is drawn (``plot_caseload``, ``plot_programmes``).

Every table read here holds counts only, none a row about one client.
"""

from pipeline.steward.chart_style import Stamp
from pipeline.steward.plot_caseload import caseload_pictures
from pipeline.steward.plot_programmes import programme_pictures
from pipeline.steward.report_rows import read
from pipeline.store.releases.releases import Release


def pictures(release: Release) -> dict[str, tuple[str, bytes]]:
    """Title and PNG of every picture, by a name that stays the same from night to night."""
    stamp = Stamp.of(release)
    stock, flow = read(release, "caseload_stock"), read(release, "caseload_flow")
    drawn = dict(caseload_pictures(stock, flow, stamp))
    return drawn | dict(programme_pictures(read(release, "programme_progress"), stamp))
