"""Corrections and retractions: any small set against the slow way, and every figure of the chain by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.trajectories.corrections import in_force
from tests.examples import examples
from tests.trajectories import trajectory_reference as slow
from tests.trajectories.trajectory_reference import Event

DAY = date(2017, 3, 1)
NOWHERE = "never delivered"


def events(*links: str, provider: str = "RE01") -> list[Event]:
    """``b>a``: b corrects a; ``b-a``: b retracts a; ``a`` stands alone."""
    made = []
    for link in links:
        event_id, _, target = link.replace("-", ">").partition(">")
        is_retraction = "-" in link
        made.append(
            Event(
                provider, event_id, "gestart", DAY,
                replaces=None if is_retraction or not target else target, retracts=target if is_retraction else None,
            )
        )  # fmt: skip
    return made


def standing(made: list[Event]) -> set[str]:
    return set(in_force(slow.frame(made)).events["event_id"])


@examples(20)
@given(slow.event_sets(most=7))
def test_any_set_is_resolved_as_the_slow_way_resolves_it(made: list[Event]) -> None:
    found, expected = in_force(slow.frame(made)), slow.in_force(made)

    keys = found.events.select("provider_code", "event_id").rows()
    assert keys == [event.key for event in expected.events], "in the order given"
    assert found.dangling.rows() == expected.dangling
    assert found.circular.rows() == expected.circular


LINKS = [
    "a", "b", "c", "d", "e", "b>a", "b-a", "c>a", "c-a", "c>b", "c-b", "d>c", "d-c", "d-b", "e-d", "e>d", "a>b", "a-b",
    "a>c", "a-c", "b>c", "b-c", "a>e",
]  # fmt: skip


@examples(15)
@given(st.lists(st.sampled_from(LINKS), unique_by=lambda link: link[0]))
def test_any_knot_of_five_events_is_resolved_as_the_slow_way_resolves_it(links: list[str]) -> None:
    made = events(*links)

    expected = slow.in_force(made)

    assert standing(made) == {event.event_id for event in expected.events}
    assert in_force(slow.frame(made)).circular.rows() == expected.circular


@pytest.mark.parametrize(
    ("links", "counted"),
    [
        pytest.param(["a", "b"], "ab", id="nothing to resolve"),
        pytest.param(["a", "b>a"], "b", id="corrected"),
        pytest.param(["a", "b-a"], "", id="retracted"),
        pytest.param(["a", "b>a", "c>b"], "c", id="a corrected correction still works"),
        pytest.param(["a", "b>a", "c>b", "d>c"], "d", id="of a chain the last counts"),
        pytest.param(["a", "b>a", "c-b"], "a", id="a retracted correction brings the event back"),
        pytest.param(["a", "b-a", "c-b"], "a", id="a retracted retraction brings the event back"),
        pytest.param(["a", "b-a", "c-b", "d-c"], "", id="three retractions take the event away again"),
        pytest.param(["a", "b-a", "c-b", "d-c", "e-d"], "a", id="four bring it back"),
        pytest.param(["a", "b>a", "c-b", "d-c"], "b", id="a correction whose retraction is taken back works"),
        pytest.param(["a", "b-a", "c>b"], "c", id="a corrected retraction still takes away, its correction counts"),
        pytest.param(["a", "b>a", "c>a"], "bc", id="two corrections of one event both count"),
        pytest.param(["a", "b>a", "c-a"], "b", id="a corrected event that is retracted too"),
        pytest.param(["a", "b>a", "c>a", "d-c"], "b", id="one of two corrections taken back"),
        pytest.param(["a", "b>a", "c>b", "d-c"], "b", id="the last of a chain taken back: the one before counts"),
        pytest.param(
            ["a", "b>a", "c>b", "d-b"], "ac", id="the middle of a chain taken back: both its neighbours count"
        ),
    ],
)
@pytest.mark.parametrize("is_late", [False, True])
def test_what_counts(links: list[str], counted: str, is_late: bool) -> None:
    """In any order: a correction may arrive before what it corrects."""
    assert standing(events(*(reversed(links) if is_late else links))) == set(counted)


@pytest.mark.parametrize(
    ("links", "circle", "counted"),
    [
        (["a>b", "b>a"], "ab", ""),
        (["a>b", "b>c", "c>a"], "abc", ""),
        (["a-b", "b-a"], "ab", ""),
        (["a-b", "b>a", "d"], "ab", "d"),
        (["a>a"], "a", ""),
        (["a>b", "b>a", "c>a"], "ab", "c"),
        (["a>b", "b>a", "c-a", "d-c"], "ab", ""),
    ],
)
def test_nothing_in_a_circle_counts_and_what_points_at_it_does(links: list[str], circle: str, counted: str) -> None:
    found = in_force(slow.frame(events(*links)))

    assert set(found.circular["event_id"]) == set(circle)
    assert set(found.events["event_id"]) == set(counted)
    assert found.dangling.is_empty()


def test_a_link_to_nothing_is_told_and_its_correction_counts() -> None:
    found = in_force(slow.frame(events("a", f"c>{NOWHERE}", f"b-{NOWHERE}")))

    assert found.dangling.rows() == [("RE01", "b", NOWHERE), ("RE01", "c", NOWHERE)]
    assert set(found.events["event_id"]) == {"a", "c"}


def test_a_link_to_nothing_works_when_its_event_comes() -> None:
    early = events("b>a", "d-c")

    assert in_force(slow.frame(early)).dangling.height == 2

    found = in_force(slow.frame([*early, *events("a", "c")]))
    assert found.dangling.is_empty()
    assert set(found.events["event_id"]) == {"b"}


def test_links_hold_within_a_provider() -> None:
    made = [*events("a"), *events("b-a", provider="RE02")]

    assert standing(made) == {"a"}
    assert in_force(slow.frame(made)).dangling.rows() == [("RE02", "b", "a")]


def test_no_events_give_no_events() -> None:
    found = in_force(slow.frame([]))

    assert found.events.is_empty()
    assert found.dangling.columns == found.circular.columns == ["provider_code", "event_id", "target"]
