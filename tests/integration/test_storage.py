# SPDX-License-Identifier: Apache-2.0
"""Storage: the figures are those of Glance, and of nobody else's images."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlsplit

import pytest

from demo.accounts import PROJECTS
from demo.cloud import Cloud
from helion_images_panel.core.deletion import PROPERTY
from tests.big_domain import BigDomain
from tests.integration.client import Dashboard, Page
from tests.integration.dashboards import LogIn, running
from tests.integration.images import Images
from tests.integration.panels import ADMIN, DOMAIN, PROJECT, Panel
from tests.thorough import only_thorough

Person = Callable[[str], Dashboard]

#: More than are asked for one by one.
MANY_PROJECTS = 31
#: Images that a step of the count looks at in some tests.
ROWS = 7


@dataclass(frozen=True)
class Stored:
    """Number of images without hidden ones, of hidden ones, and bytes of both."""

    images: int
    hidden: int
    size_bytes: int


@pytest.fixture(scope="module")
def at(cloud: Cloud) -> Iterator[LogIn]:
    """A dashboard that counts in small steps, and whose login takes the name of any domain."""
    settings = {"HELION_IMAGES_SEARCH_ROWS": ROWS, "OPENSTACK_KEYSTONE_DOMAIN_DROPDOWN": False}
    yield from running(cloud, "storage", settings)


@pytest.fixture
def specimens(images: Images) -> Images:
    """Images of each kind in two projects of the domain and in one of another domain."""
    for owner in ("acme-web", "acme-data", "globex-ops"):
        images.make("private", owner, data=b"x" * 1000)
        images.make("hidden", owner, data=b"x" * 300, os_hidden=True)
        images.make("public", owner, data=b"x" * 70, visibility="public")
        images.make("community", owner, data=b"x" * 5, visibility="community")
        images.make("queued", owner, data=None)
    return images


def in_glance(images: Images, owners: Iterable[str]) -> dict[str, Stored]:
    """What Glance says of these projects, by their ID; nothing of those without an image.

    Other tests may have left deleted ones, which are counted by themselves.
    """
    found = {}
    for owner in owners:
        lists = []
        for hidden in ("false", "true"):
            path = f"/images?owner={owner}&visibility=all&os_hidden={hidden}&limit=1000"
            listed = images._call("GET", path).json()["images"]
            lists.append([image for image in listed if PROPERTY not in image])
        if shown := [image for each in lists for image in each]:
            size_bytes = sum(image["size"] or 0 for image in shown)
            found[owner] = Stored(len(lists[0]), len(lists[1]), size_bytes)
    return found


def total(parts: Iterable[Stored]) -> Stored:
    values = list(parts)
    return Stored(
        sum(each.images for each in values),
        sum(each.hidden for each in values),
        sum(each.size_bytes for each in values),
    )


def counted(dashboard: Dashboard, panel: Panel, **parameters: str) -> Page:
    """The page once all is counted, anew: another test may have counted before."""
    page = dashboard.get(panel.storage, **parameters)
    form = page.form("csrfmiddlewaretoken")
    page = dashboard.submit(form, state=None)
    while page.tree.all("input", name="state"):
        assert re.search("counted so far|Reading what uses them", page.text)
        page = dashboard.submit(page.form("state"))
        assert "begun again" not in page.text
    assert page.status == 200
    return page


def number(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else 0


def card(page: Page) -> Stored:
    """The figure "Stored"."""
    (element,) = page.tree.all("li", data_hip_card="stored")
    images, *hidden = [number(anchor.text) for anchor in element.all("a")]
    return Stored(images, sum(hidden), number(element.first(css="hip-storage-figure")["title"]))


def by_project(page: Page) -> dict[str, Stored]:
    """The rows of the chart by the project to whose images they lead."""
    (chart,) = page.tree.all("section", data_hip_chart="project")
    found = {}
    for row in chart.all("tbody")[0].all("tr"):
        links = [anchor["href"] for anchor in row.all("a")]
        owner = re.search(r"owner=(\w+)", links[0])[1]  # type: ignore[index]
        texts = [number(anchor.text.split(" ")[0]) for anchor in row.all("a")]
        size = number(row.all("td")[-1]["title"])
        found[owner] = Stored(texts[0], texts[1] if len(texts) > 1 else 0, size)
    return found


def by_store(page: Page) -> dict[tuple[str, bool], tuple[int, str]]:
    """Number and list of the images of each store, and of its hidden ones."""
    (chart,) = page.tree.all("section", data_hip_chart="store")
    found = {}
    for row in chart.all("tbody")[0].all("tr"):
        for anchor in row.all("a"):
            is_hidden = "hidden" in anchor.text
            found[row.first("th").text, is_hidden] = (number(anchor.text), anchor["href"])
    return found


def listed(dashboard: Dashboard, url: str) -> list[str]:
    """All rows of a list, page by page, as the script of a search reads on."""
    page = dashboard.get(url)
    found = list(page.rows)
    while url := page.next_url or "":
        page = dashboard.get(url)
        found += page.rows
    return found


def ids(cloud: Cloud, domain: str) -> list[str]:
    return [cloud.project_id(name) for name, of in PROJECTS.items() if of == domain]


def test_a_member_has_the_images_of_the_project(
    cloud: Cloud, person: Person, specimens: Images
) -> None:
    page = counted(person("alice"), PROJECT)
    (expected,) = in_glance(specimens, [cloud.project_id("acme-web")]).values()
    assert card(page) == expected
    assert not page.tree.all("section", data_hip_chart="project")
    # The figure leads to a list of as many images.
    link = page.link(f"{expected.images:,} image")
    assert link
    assert len(person("alice").get(link).rows) == min(expected.images, 20)


@pytest.mark.parametrize(
    ("who", "panel", "of"),
    [
        ("alice", PROJECT, ["acme-web"]),
        ("mona", DOMAIN, ["acme-data", "acme-lab"]),
        ("acme-admin", ADMIN, [name for name, domain in PROJECTS.items() if domain == "acme"]),
    ],
)
def test_each_store_leads_to_exactly_its_images(
    cloud: Cloud, person: Person, specimens: Images, who: str, panel: Panel, of: list[str]
) -> None:
    """Those of other projects and domains are in the same stores, and in no list of this one.

    Glance names the stores of a deactivated image to admins alone.
    """
    for owner in ("acme-web", "acme-data", "globex-ops"):
        specimens.copy(specimens.make("copied", owner), "archive")
    page = counted(person(who), panel)
    expected: dict[tuple[str, bool], list[str]] = {}
    for owner, hidden in product(map(cloud.project_id, of), (False, True)):
        for image in specimens.list(owner=owner, os_hidden=str(hidden).lower()):
            is_unknown = image["status"] == "deactivated" and panel is not ADMIN
            if PROPERTY not in image and not is_unknown:
                for store in filter(None, image.get("stores", "").split(",")):
                    expected.setdefault((store, hidden), []).append(image["id"])
    found = by_store(page)
    assert {store for store, _hidden in found} == {"fast", "archive"}
    assert found.keys() == expected.keys()
    for key, (count, url) in found.items():
        rows = listed(person(who), url)
        assert (count, sorted(rows)) == (len(expected[key]), sorted(expected[key])), key


@pytest.mark.parametrize(("who", "panel"), [("alice", PROJECT), ("acme-admin", ADMIN)])
def test_each_figure_leads_to_as_many_images(
    person: Person, specimens: Images, who: str, panel: Panel
) -> None:
    """Of each card and each chart, hidden images by themselves; deleted ones, too."""
    deleted = specimens.make("deleted", data=b"x" * 20)
    person("alice").act(PROJECT.index, "delete", deleted)
    page = counted(person(who), panel)
    parts = [*page.tree.all("li", css="panel"), *page.tree.all("section", css="hip-chart")]
    links = [
        (number(anchor.text), anchor["href"])
        for part in parts
        for anchor in part.all("a")
        if urlsplit(anchor["href"]).path == panel.index
    ]
    # Those of stores are compared image by image above.
    found = {url: count for count, url in links if "store=" not in url}
    for name in ("format=raw", "visibility=public", "type=image", "view=deleted", "hidden=true"):
        assert any(name in url for url in found), name
    assert any("owner=" in url and "created_from=" in url for url in found) or panel is ADMIN
    wrong = {}
    for url, count in found.items():
        rows = listed(person(who), url)
        if len(rows) != count:
            wrong[url] = (count, len(rows))
    assert wrong == {}


def test_an_admin_has_exactly_the_domain(cloud: Cloud, at: LogIn, specimens: Images) -> None:
    page = counted(at("acme-admin"), ADMIN)
    expected = in_glance(specimens, ids(cloud, "acme"))
    assert by_project(page) == expected
    assert card(page) == total(expected.values())
    for project_id in ids(cloud, "globex"):
        assert project_id not in page.html


def test_a_cloud_admin_has_a_domain_or_all(cloud: Cloud, person: Person, specimens: Images) -> None:
    globex = cloud.domain_id("globex")
    page = counted(person("admin"), ADMIN, domain=globex)
    assert by_project(page) == in_glance(specimens, ids(cloud, "globex"))
    page = counted(person("admin"), ADMIN, domain="all")
    lists = [
        specimens._call("GET", f"/images?visibility=all&os_hidden={hidden}&limit=1000").json()
        for hidden in ("false", "true")
    ]
    shown, hidden = (len(each["images"]) for each in lists)
    assert (card(page).images, card(page).hidden) == (shown, hidden)


def test_a_manager_has_the_projects_of_their_roles(
    cloud: Cloud, person: Person, specimens: Images
) -> None:
    page = counted(person("mona"), DOMAIN)
    owners = [cloud.project_id(name) for name in ("acme-data", "acme-lab")]
    assert by_project(page) == in_glance(specimens, owners)


def test_nobody_goes_on_with_the_count_of_another(
    cloud: Cloud, person: Person, at: LogIn, specimens: Images
) -> None:
    """Nor does anybody get another domain by its ID."""
    expected = in_glance(specimens, ids(cloud, "acme"))
    admin, globex = at("acme-admin"), cloud.domain_id("globex")
    state = admin.post(ADMIN.storage).form("state").fields["state"]
    for dashboard, panel in ((at("gina"), PROJECT), (at("mona"), DOMAIN), (at("admin"), ADMIN)):
        begun = dashboard.post(panel.storage)
        page = dashboard.post(panel.storage, {"state": state})
        assert "has begun again" in page.text
        assert card(page) == card(begun)
    assert card(counted(admin, ADMIN, domain=globex)) == total(expected.values())
    assert person("alice").get(ADMIN.storage).status == 403
    assert person("gina").get(DOMAIN.storage).status == 403
    assert person("anonymous").get(PROJECT.storage).is_login


@pytest.fixture(params=[MANY_PROJECTS, pytest.param(500, marks=only_thorough)])
def big(cloud: Cloud, request: pytest.FixtureRequest) -> Iterator[BigDomain]:
    domain = BigDomain(cloud)
    try:
        domain.add(request.param)
        yield domain
    finally:
        domain.remove()


def test_an_admin_of_a_domain_with_many_projects(
    cloud: Cloud, at: LogIn, specimens: Images, big: BigDomain
) -> None:
    """It is picked out of the images of the whole cloud: the admin gets no other one."""
    owners = big.projects[:: len(big.projects) // 5]
    for project_id in owners:
        image_id = specimens.make("many", "globex-ops", data=b"x" * 40)
        specimens.update(image_id, owner=project_id)
    admin = Dashboard(at("admin").base).log_in(big.own_admin())
    page = counted(admin, ADMIN, domain=cloud.domain_id("acme"))
    expected = in_glance(specimens, big.projects)
    assert by_project(page) == expected
    assert card(page) == total(expected.values())
    assert set(expected) == set(owners)
