"""What a steward has to know before approving a plan stands in it in words."""

from pipeline.backfill import plan as planning
from pipeline.steward.reports import plan_report

REQUEST = planning.Request("2017-01", "2017-06", reason="late")
NOTE = "1 of these figures are final: GM0899|2016-02-01|pw (20 becomes 21). Whoever approves approves that."


def plan(*notes: str) -> planning.Plan:
    position = planning.Position(4, {}, {}, ())
    return planning.Plan(REQUEST, "2017-03-07T02:15:00+00:00", "", "5e32", "0", position, (), (), {}, (), notes)


def test_notes_of_a_plan_are_told_whole() -> None:
    reported = plan_report(plan(NOTE, "x" * 500)).markdown
    assert "## Let op" in reported
    assert NOTE.replace("|", r"\|") in reported
    assert "x" * 500 in reported


def test_a_plan_without_notes_has_no_heading_for_them() -> None:
    assert "Let op" not in plan_report(plan()).markdown
