"""A few figures of one random history in every test run; more of them in ``make test-system``."""

import pytest

from tests.explained.__main__ import one_history

OF_THE_CASELOAD = (
    "caseload_stock", "caseload_flow", "outflow_reasons", "benchmark", "reconciliation", "published_figures_check",
    "deliveries", "findings", "relation_findings",
)  # fmt: skip


def _faults(seed: int, names: tuple[str, ...], cells: int) -> list[str]:
    told = one_history(seed, names, cells, most=2)
    assert len(told) > len(names) / 3, "else hardly anything was tried"
    return [fault for own in told.values() for fault in (*own.insufficient, *own.unneeded)]


def test_named_rows_alone_give_a_figure_and_each_is_needed() -> None:
    assert _faults(11, OF_THE_CASELOAD, len(OF_THE_CASELOAD)) == []


@pytest.mark.system
def test_named_rows_of_many_figures_alone_give_them_and_each_is_needed() -> None:
    assert _faults(20, OF_THE_CASELOAD, 3 * len(OF_THE_CASELOAD)) == []
