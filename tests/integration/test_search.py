# SPDX-License-Identifier: Apache-2.0
"""The search box: names that contain a text, IDs and tags, however far the search has to look."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from demo.cloud import Cloud
from tests.integration.client import Dashboard, Page
from tests.integration.dashboards import LogIn, running
from tests.integration.images import Images, unique
from tests.integration.panels import ADMIN, DOMAIN, PROJECT
from tests.thorough import crossed

#: Images that one response looks at in these tests.
ROWS = 20
COUNT = 130


@pytest.fixture(scope="module")
def at(cloud: Cloud) -> Iterator[LogIn]:
    """A dashboard that looks at few images for one response."""
    yield from running(cloud, "search", {"HELION_IMAGES_SEARCH_ROWS": ROWS})


@pytest.fixture(scope="module")
def tag(cloud: Cloud, kept_images: Images) -> str:
    """The tag of many images; of those in acme, the first, two in the middle and the last match.

    As many of another domain match.
    """
    tag = unique("search")

    def make(number: int) -> None:
        found = number in (0, 60, 61, COUNT - 1)
        name = f"{number:03} {'Nadel' if found else 'Heu'}"
        for owner in ("acme-web", "globex-ops"):
            kept_images.make(owner=owner, name=name, tags=[tag], data=None)

    with ThreadPoolExecutor(4) as executor:
        list(executor.map(make, range(COUNT)))
    return tag


def names(page: Page) -> list[str]:
    """Without what stands below them, such as tags."""
    rows = [page.row(image_id) for image_id in page.rows]
    return [row.first("a", "hip-link").text for row in rows]


def all_parts(dashboard: Dashboard, path: str) -> list[Page]:
    """The page, and those to which "Go on" leads."""
    pages = [dashboard.get(path)]
    while url := pages[-1].link("Go on"):
        pages.append(dashboard.get(url))
        assert len(pages) < 50, "the search does not end"
    assert all((page.status, page.errors) == (200, []) for page in pages)
    return pages


NEEDLES = ["000 Nadel", "060 Nadel", "061 Nadel", "129 Nadel"]


@pytest.mark.parametrize(
    ("who", "sort"), crossed(["alice", "acme-admin"], ["name", "-created", "size", "-status"])
)
def test_every_match_once_in_any_order(at: LogIn, tag: str, who: str, sort: str) -> None:
    panel = PROJECT if who == "alice" else ADMIN
    pages = all_parts(at(who), f"{panel.index}?tag={tag}&name=nadel&sort={sort}")
    found = [name for page in pages for name in names(page)]
    assert sorted(found) == NEEDLES
    if sort == "name":
        assert found == NEEDLES
    # Of the images of acme, none of another domain among them.
    assert f"Looked at {COUNT} images" in pages[-1].text
    assert "so far" not in pages[-1].text


def test_it_says_how_far_it_has_looked(at: LogIn, tag: str) -> None:
    pages = all_parts(at("alice"), f"{PROJECT.index}?tag={tag}&name=no+such+name")
    assert len(pages) == -(-COUNT // ROWS)
    for number, page in enumerate(pages[:-1], 1):
        assert f"Looked at {number * ROWS} images so far." in page.text
        assert "No images found so far." in page.text
        assert page.next_url is None
    assert "No further images match the filter." in pages[-1].text


def test_back_again(at: LogIn, tag: str) -> None:
    dashboard = at("alice")
    pages = all_parts(dashboard, f"{PROJECT.index}?tag={tag}&name=nadel&sort=name")
    last = next(page for page in pages if names(page) == NEEDLES[3:])
    back, url = [], last.previous_url
    while url:
        page = dashboard.get(url)
        if "prev_marker" not in page.url:
            break  # Nothing was left before it: the list begins again.
        back = names(page) + back
        url = page.link("Go on") or page.previous_url
    assert back[-3:] == NEEDLES[:3]
    assert len(back) == 3


def test_pages_of_matches(log_in: Callable[[str], Dashboard], tag: str) -> None:
    """Where one response suffices."""
    dashboard = log_in("acme-admin")
    dashboard.session.cookies.set("API_RESULT_PAGE_SIZE", "3")
    first = dashboard.get(ADMIN.index, tag=tag, name="NADEL")
    assert names(first) == NEEDLES[:3]
    second = dashboard.get(first.next_url or "")
    assert (names(second), second.next_url) == (NEEDLES[3:], None)
    assert names(dashboard.get(second.previous_url or "")) == NEEDLES[:3]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("{} \u00c9t\u00e9 13", "\u00e9T\u00c9 1"),
        (" {} blank ", " {} blank "),
        ("{} 100 % _x", "100 % _"),
        ("{} in:a,b", "in:a,b"),
        ('{} "a\\b"', '"a\\'),
        ("{} <b>", "<b>"),
    ],
)
def test_a_part_of_a_name(
    person: Callable[[str], Dashboard], images: Images, stored: str, typed: str
) -> None:
    key = unique("part")
    image_id = images.make(name=stored.format(key), tags=[key], data=None)
    images.make(name=f"{key} other", tags=[key], data=None)
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, typed.format(key))
        for who, panel in (("alice", PROJECT), ("acme-admin", ADMIN)):
            page = person(who).get(panel.index, tag=key, name=text)
            assert set(page.rows) == {image_id}
            assert page.form("name").fields["name"] == text


def test_a_tag_and_an_id(person: Callable[[str], Dashboard], images: Images) -> None:
    label = unique("label")
    tagged = images.make(tags=[label], data=None)
    images.make(tags=[f"{label}-longer"], data=None)
    hidden = images.make(os_hidden=True, data=None)
    for who, panel in (("alice", PROJECT), ("acme-admin", ADMIN)):
        get = person(who).get
        assert set(get(panel.index, name=label).rows) == {tagged}
        assert set(get(panel.index, name=f" {tagged.upper()} ").rows) == {tagged}
        assert set(get(panel.index, name=hidden).rows) == {hidden}
        assert not get(panel.index, name=tagged, status="active").rows
        assert not get(panel.index, name=tagged[:-1]).rows
    mine = images.make(owner="acme-lab", data=None)
    assert set(person("mona").get(DOMAIN.index, name=mine).rows) == {mine}
    assert not person("mona").get(DOMAIN.index, name=tagged).rows


@pytest.mark.parametrize("sort", ["name", "-updated", "size"])
def test_nothing_is_learned_of_other_domains(
    person: Callable[[str], Dashboard], images: Images, sort: str
) -> None:
    """Neither images nor numbers: the page is the same whether foreign ones match or not."""
    text = unique("secret")
    own = images.make(name=f"{text} own", data=None)
    pages = []
    for number in range(2):
        page = person("acme-admin").get(ADMIN.index, name=text, sort=sort)
        assert set(page.rows) == {own}
        pages.append(re.findall(r"Looked at \d+", page.text))
        if number == 0:
            foreign = [
                images.make(name=f"{text} foreign", owner="globex-ops", tags=[text], data=None)
                for _ in range(3)
            ]
    assert pages[0] == pages[1]
    for each in foreign:
        assert not person("acme-admin").get(ADMIN.index, name=each, sort=sort).rows
    assert not person("acme-admin").get(ADMIN.index, name="foreign", tag=text, sort=sort).rows


@pytest.mark.parametrize("value", ["-1", "x", "9" * 40, "1.5", "²"])
def test_any_numbers_in_the_url(person: Callable[[str], Dashboard], value: str) -> None:
    page = person("alice").get(PROJECT.index, looked_at=value, found=value)
    assert (page.status, page.errors) == (200, [])
