"""Texts from outside: names of files, folders, columns and groups can neither steer a page nor name anybody."""

from datetime import date

import pytest

from tests.site.release import FILE, SEP, delivery, pages, progress
from tests.site.test_pages import dead

NUMBER = "123456782"
"""Passes the 11-test."""
OUTSIDE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "a\u202eb",
    '"onclick="x',
    f"x {NUMBER}",
    "../../etc",
    "GM0899/2018-13-45",
]


def site_with(text: str) -> dict[str, str]:
    return pages(
        deliveries=[
            delivery(f"{text}/a.csv", source=text, status="rejected", reason=f"{text}: x"),
            delivery(f"caseload/{text}.csv", status="copied"),
            delivery("caseload/b.csv", delivery="cd" * 32, sender=text),
        ],
        findings=[{"delivery": FILE, "row": 0, "column": text, "rule": "FILE-021", "severity": "warn", "source": text}],
        programme_progress=[progress(SEP)],
        target_group_progress=[progress(SEP, target_group=text)],
        relation_findings=[{"rule": "RELATION-005", "subject": text, "severity": "warn", "what": text, "found": text}],
        published_figures_check=[
            {"claim_id": text, "document": text, "published_on": date(2018, 1, 1), "indicator": "placed",
             "operator": "=", "value_published": 50.0, "decimals_published": 0, "verdict": "not_checkable",
             "verdict_now": "not_checkable", "explanation": text},
        ],
    )  # fmt: skip


@pytest.mark.parametrize("text", OUTSIDE)
def test_it_is_shown_as_text_and_every_link_still_leads_somewhere(text: str) -> None:
    site = site_with(text)

    for page in site.values():
        assert not any(mark in page for mark in ("<script", "\u202e", 'onclick="x', NUMBER))
    assert dead(site) == []


def test_a_folder_that_is_no_source_has_no_page_of_its_name() -> None:
    names = site_with("no source").keys()

    assert "leveringen-elders.html" in names
    assert not [name for name in names if " " in name]


def test_of_two_names_of_the_same_bytes_one_is_described() -> None:
    site = pages(
        deliveries=[delivery("caseload/a.csv", status="rejected"), delivery("caseload/b.csv", status="rejected")]
    )

    assert site["leveringen-caseload.html"].count(f'id="d-{FILE[:12]}"') == 1
