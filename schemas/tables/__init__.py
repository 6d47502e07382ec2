"""The curated tables, in the order in which a reader meets them. Names, grains and columns follow the contract."""

from schemas.table import Table
from schemas.tables import caseload, checks, deliveries, trajectories

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        caseload.CASELOAD_STOCK,
        caseload.CASELOAD_FLOW,
        caseload.OUTFLOW_REASONS,
        trajectories.TRAJECTORIES,
        trajectories.PROGRAMME_PROGRESS,
        trajectories.TARGET_GROUP_PROGRESS,
        trajectories.METHOD_PROGRESS,
        trajectories.CHANNEL_PROGRESS,
        trajectories.PROGRAMME_OCCUPANCY,
        trajectories.PLACEMENT_OUTCOMES,
        trajectories.ACTIVATION,
        checks.BENCHMARK,
        checks.RECONCILIATION,
        checks.PUBLISHED_FIGURES_CHECK,
        deliveries.RESTATEMENTS,
        deliveries.DELIVERIES,
        deliveries.FINDINGS,
        checks.RELATION_FINDINGS,
    )
}
