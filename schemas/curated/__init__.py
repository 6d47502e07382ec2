"""The curated tables, in the order in which a reader meets them. Names, grains and columns follow the contract."""

from schemas.curated import caseload, checks, ledger, trajectories
from schemas.table import Table

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
        ledger.RESTATEMENTS,
        ledger.DELIVERIES,
        ledger.FINDINGS,
        checks.RELATION_FINDINGS,
    )
}
