"""The pages of hand-made releases: what stands on them, what does not, and where every link leads."""

import re
from html.parser import HTMLParser
from pathlib import PurePosixPath

import pytest

from schemas.vocabulary import DeliveryStatus
from tests.site.release import AUG, EXAMPLE, FACTS, FILE, JUL, SEP, delivery, pages, progress, restated, stock

LARGEST = 200_000


class Links(HTMLParser):
    """Where a page leads, what it is a target of, and what it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.links += [link for name in ("href", "src") if (link := given.get(name))]
        if name := given.get("id"):
            assert name not in self.anchors, f"{name} twice"
            self.anchors.add(name)


def read(site: dict[str, str]) -> dict[str, Links]:
    return {name: Links(page) for name, page in site.items() if name.endswith(".html")}


def normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        parts = parts[:-1] if part == ".." and parts and parts[-1] != ".." else [*parts, part]
    return "/".join(parts)


def dead(site: dict[str, str]) -> list[tuple[str, str]]:
    """Links within the site that lead nowhere, and any to elsewhere."""
    found = read(site)
    wrong = []
    for name, page in found.items():
        for link in page.links:
            path, _, anchor = link.partition("#")
            target = normal(PurePosixPath(name).parent / path) if path else name
            is_file_of_release = target.startswith("../") and "/" not in target[3:]
            if is_file_of_release or (target in site and (not anchor or anchor in found[target].anchors)):
                continue
            wrong.append((name, link))
    return wrong


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    return pages(**EXAMPLE)


def test_every_page_has_an_english_twin_and_says_who_may_see_it(site: dict[str, str]) -> None:
    dutch = {name for name in site if name.endswith(".html") and not name.startswith("en/")}

    assert {f"en/{name}" for name in dutch} == {name for name in site if name.startswith("en/")}
    assert all("Wie dit mag zien:" in site[name] and '<html lang="nl">' in site[name] for name in dutch)
    assert all("Who may see this:" in site[f"en/{name}"] and '<html lang="en">' in site[f"en/{name}"] for name in dutch)


def test_every_link_leads_somewhere_and_none_elsewhere(site: dict[str, str]) -> None:
    assert dead(site) == []
    assert "script" not in set().union(*(page.tags for page in read(site).values()))


def test_pages_are_small(site: dict[str, str]) -> None:
    assert max(len(page.encode()) for page in site.values()) <= LARGEST


def test_an_empty_release_has_all_its_pages() -> None:
    site = pages()

    assert dead(site) == []
    assert {"index.html", "leveringen.html", "persberichten.html", "wijzigingen.html"} <= site.keys()


def test_a_figure_leads_to_its_file(site: dict[str, str]) -> None:
    place = f"leveringen-caseload.html#d-{FILE[:12]}"

    assert f'<a href="{place}">1\N{NARROW NO-BREAK SPACE}147</a>' in site["gemeente-GM0899.html"]
    assert f'id="d-{FILE[:12]}"' in site["leveringen-caseload.html"]


def test_last_month_is_a_calendar_month(site: dict[str, str]) -> None:
    """31 August stands between 1 August and 1 September, and is neither's month before."""
    row = re.search(r'<th scope="row">PW</th>.*?</tr>', site["gemeente-GM0899.html"], re.DOTALL)

    assert row is not None
    assert re.findall(r">([\d\N{NARROW NO-BREAK SPACE}]+)</a>", row[0]) == [
        "1\N{NARROW NO-BREAK SPACE}147",
        "148",
        "151",
    ]


def test_a_finding_names_rule_column_and_rows(site: dict[str, str]) -> None:
    page = site["leveringen-caseload.html"]

    assert "4\N{EN DASH}6, 9" in page
    assert 'href="regels.html#CASELOAD-010"' in page


def test_a_name_from_outside_stays_text(site: dict[str, str]) -> None:
    assert "&lt;b&gt;&amp;.csv" in site["leveringen-caseload.html"]
    assert all("<b>" not in page for page in site.values())


def test_small_groups_are_covered_and_nothing_gives_them_away(site: dict[str, str]) -> None:
    part = site["programma-INNOVATIEF2016.html"].partition("Naar doelgroep")[2].partition("</table>")[0]
    cells = re.findall(r'<td class="n"[^>]*>([^<&]*|&lt;10)</td>', part)

    # 40 participants stand above, so 31 of one group would give the other away; the same holds in every column.
    assert cells == ["x", "x", "x", "&lt;10"]
    assert "Overal &lt;10: 50-plussers" in site["programma-INNOVATIEF2016.html"]


def test_a_setting_says_what_is_small() -> None:
    groups = [progress(SEP, target_group=name, participants=20, active=8, placed=7, ended_otherwise=5) for name in "ab"]
    site = pages(
        least=3,
        programme_progress=[progress(SEP, active=16, placed=14, ended_otherwise=10)],
        target_group_progress=groups,
    )

    assert ">8</td>" in site["programma-INNOVATIEF2016.html"]


def test_changed_figures_of_groups_are_counted_and_not_told(site: dict[str, str]) -> None:
    page = site["wijzigingen.html"]

    assert page.count("876") == 1
    assert page.count("Gewijzigde cijfers van groepen") == 2  # of Brunssum, and of a programme


def test_no_page_names_a_trajectory(site: dict[str, str]) -> None:
    assert [name for name, page in site.items() if "RE01-T0010" in page] == []
    assert "TRAJECT-003" in site["aanbieder-RE01.html"]


def test_a_restated_stock_is_marked(site: dict[str, str]) -> None:
    assert "◆ (876)" in site["gemeente-GM0899.html"]
    assert 'class="restated"' in site["gemeente-GM0899.html"]


def test_a_day_in_the_past_is_told() -> None:
    assert "2017-03-01" in pages({**FACTS, "as_known_on": "2017-03-01"})["index.html"].partition("</h1>")[2][:400]


@pytest.mark.parametrize("places", [30, pytest.param(342, marks=pytest.mark.system)])
def test_many_places_fit_their_pages(places: int) -> None:
    codes = [f"GM{number:04}" for number in range(1, places + 1)]
    site = pages(
        caseload_stock=[stock(SEP, number, code=code) for number, code in enumerate(codes, 100)],
        deliveries=[
            delivery(f"caseload/{code}_with_a_rather_long_name_as_they_come.csv", delivery=code * 8) for code in codes
        ],
        restatements=[
            restated("caseload_stock", f"{code}|{day}|pw") for code in codes for day in (JUL, AUG, SEP)
        ],
    )  # fmt: skip

    assert max((len(page.encode()), name) for name, page in site.items()) <= (LARGEST, "")
    assert dead(site) == []


@pytest.mark.parametrize("path", ["leveringen-caseload.html", "leveringen.html"])
@pytest.mark.parametrize(
    "counts",
    [
        {"rows_read": 107, "rows_recorded": 99, "rows_quarantined": 5, "rows_duplicate": 3, "rows_held": 0},
        {"status": "held", "rows_read": 107, "rows_recorded": 0, "rows_quarantined": 0, "rows_held": 107},
        {"status": "refused", "rows_read": 107, "rows_recorded": 0, "rows_quarantined": 0, "rows_held": 107},
    ],
    ids=["recorded", "held", "refused"],
)
def test_what_was_read_is_seen_to_be_what_became_of_it(path: str, counts: dict[str, object]) -> None:
    page = pages(deliveries=[delivery(**counts)])[path]

    waits = "vastgehouden" if path == "leveringen.html" else "wacht"

    of = dict(re.findall(rf"data-of=\"(?:rijen )?(gelezen|opgenomen|apart|dubbel|{waits})\">(\d+)</td>", page))

    assert int(of.pop("gelezen")) == 107
    assert sum(map(int, of.values())) == 107


def test_every_file_is_counted_by_what_became_of_it() -> None:
    files = [delivery(f"caseload/{status}.csv", status=status) for status in DeliveryStatus]
    page = pages(deliveries=files)["leveringen.html"]

    of = re.findall(r"data-of=\"(bestanden|opgenomen|wacht|niet opgenomen|kopie of later)\">(\d+)</td>", page)

    assert of == [
        ("bestanden", "8"),
        ("opgenomen", "1"),
        ("wacht", "1"),
        ("niet opgenomen", "4"),
        ("kopie of later", "2"),
    ]
