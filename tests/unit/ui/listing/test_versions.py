# SPDX-License-Identifier: Apache-2.0
"""Versions in the list: below the latest one on the same page, or with the name of the family."""

import re
from html import unescape

import pytest

from helion_images_panel.api.families import latest_by_name
from helion_images_panel.core.family import FORMER, LATEST, NEW
from helion_images_panel.core.image import Image
from helion_images_panel.exceptions import ImageServiceUnavailable
from helion_images_panel.ui.listing.versions import fold
from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.versions.test_views import add


def rows(browser, query=""):
    """The ID of each row, the latest version that it is below, and the number of others."""
    html = browser.get(path("project", "index") + query).content.decode()
    found = []
    for row in re.findall(r"<tr[^>]*data-hip-image=[^>]*>", html):
        values = [
            re.search(rf'{name}="([^"]*)"', row)[1]
            for name in ("data-hip-image", "data-hip-version-of", "data-hip-versions")
        ]
        found.append(tuple(values))
    return found


def test_versions_are_below_the_latest_one(browser, glance):
    first = glance.add(name="a")
    former = add(glance, FORMER, name="b", created_at="2026-10-01T08:00:00Z")
    between = glance.add(name="c")
    latest = add(glance, LATEST, name="d")
    new = add(glance, NEW, name="e", created_at="2026-11-20T08:00:00Z")
    browser.login_as(factories.member())
    assert rows(browser) == [
        (first["id"], "", ""),
        (between["id"], "", ""),
        (latest["id"], "", "2"),
        (new["id"], latest["id"], ""),
        (former["id"], latest["id"], ""),
    ]
    assert len(glance.listed()) == 1


def test_what_is_searched_for_stays_at_its_place(browser, glance):
    former, latest = add(glance, FORMER, name="b"), add(glance, LATEST, name="d")
    browser.login_as(factories.member())
    expected = [(former["id"], "", ""), (latest["id"], "", "")]
    assert rows(browser, "?visibility=private") == expected
    assert rows(browser, "?property=helion_images_family_name%3Dubuntu") == expected
    # Glance itself filters by the name of the family.
    assert glance.listed()[-1].query["helion_images_family_name"] == "ubuntu"


def test_without_the_latest_version_on_the_page_the_row_names_the_family(browser, glance):
    former, new = add(glance, FORMER, name="b"), add(glance, NEW, name="c", family="<i>")
    browser.login_as(factories.member())
    assert rows(browser) == [(former["id"], "", ""), (new["id"], "", "")]
    html = browser.get(path("project", "index")).content.decode()
    found = re.findall(r'<a class="hip-family" href="([^"]*)"[^>]*>([^<]*)</a>', html)
    owner = factories.PROJECT
    assert [(unescape(url), unescape(text)) for url, text in found] == [
        (
            f"/project/images/?property=helion_images_family_name%3Dubuntu&owner={owner}",
            "Earlier version of ubuntu",
        ),
        (
            f"/project/images/?property=helion_images_family_name%3D%3Ci%3E&owner={owner}",
            "New version of <i>",
        ),
    ]


def test_families_of_two_projects_are_two(glance):
    own = Image.from_glance(add(glance, LATEST))
    foreign = Image.from_glance(add(glance, FORMER, owner=factories.FOREIGN))
    folded = fold([foreign, own])
    assert folded.images == (foreign, own)
    assert not folded.latest


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr("helion_images_panel.ui.listing.views.page_size", lambda _request: 3)


def others(glance, count, name="z"):
    return [glance.add(name=f"{name}{number}")["id"] for number in range(count)]


def shown(browser, query="", panel="project"):
    html = browser.get(path(panel, "index") + query).content.decode()
    return re.findall(r'<tr[^>]*data-hip-image="([^"]*)"', html), html


def formers(glance, count):
    return [
        add(glance, FORMER, name=f"Ubuntu ({number})", version=str(number))["id"]
        for number in range(count)
    ]


def next_page(browser, html):
    link = re.search(r'href="(\?[^"]*[?&;]marker=[^"]*)"', html)
    return shown(browser, unescape(link[1])) if link else ([], "")


def test_an_earlier_version_stands_below_the_latest_one_of_another_page(
    browser, glance, small_pages
):
    """The page goes on behind it, and that of the latest one loads it when asked."""
    latest = add(glance, LATEST, name="Ubuntu")
    earlier, plain = formers(glance, 4), others(glance, 4, "V")
    browser.login_as(factories.member())
    first, html = shown(browser, "?sort=name")
    assert first[0] == latest["id"]
    assert set(first) == {latest["id"], *earlier[:2]}
    row = re.search(rf'<tr[^>]*data-hip-image="{latest["id"]}"[^>]*>', html)[0]
    assert 'data-hip-versions="2"' in row
    assert "Versions of ubuntu" in html
    url = unescape(re.search(r'data-hip-versions-url="([^"]*)"', row)[1])
    # The first page itself takes nothing more.
    assert len(glance.calls) == 1
    glance.calls.clear()
    second, html = next_page(browser, html)
    assert second == plain[:3]
    # The list, the latest versions by their names, and the rest of the page.
    assert len(glance.listed()) == len(glance.calls) == 3
    assert glance.listed()[1].query["name"] == 'in:"Ubuntu"'
    assert next_page(browser, html)[0] == plain[3:]
    following = shown(browser, url.partition("/project/images/")[2])[0]
    assert set(following) <= {latest["id"], *earlier}


def test_a_page_that_goes_on_to_the_latest_one_has_its_versions(browser, glance, small_pages):
    latest = add(glance, LATEST, name="Ubuntu")
    earlier, plain = formers(glance, 2), others(glance, 4, "V")
    browser.login_as(factories.member())
    _first, html = shown(browser, "?sort=-name")
    page, _html = next_page(browser, html)
    assert page[:2] == [plain[0], latest["id"]]
    assert set(page[2:]) == set(earlier)


def test_pages_backwards_go_on_as_well(browser, glance, small_pages):
    latest = add(glance, LATEST, name="Ubuntu")
    earlier, before, after = formers(glance, 4), others(glance, 4, "A"), others(glance, 2, "Z")
    browser.login_as(factories.member())
    page, _html = shown(browser, f"?sort=name&prev_marker={after[1]}")
    assert page[:2] == [before[3], latest["id"]]
    assert page[-1] == after[0]
    assert set(page[2:-1]) == set(earlier)


def test_no_image_is_lost_between_pages(browser, glance, small_pages):
    latest = add(glance, LATEST, name="Ubuntu")
    earlier, before, after = formers(glance, 4), others(glance, 4, "A"), others(glance, 2, "Z")
    browser.login_as(factories.member())
    page, html = shown(browser, "?sort=name")
    seen = [*page]
    while page:
        page, html = next_page(browser, html)
        seen += page
    assert len(seen) == len(set(seen))
    assert set(seen) - set(earlier) == {*before, latest["id"], *after}


def test_without_a_latest_version_in_the_list_it_stays(browser, glance, small_pages):
    """The latest version was deleted, hidden, renamed, forged, or is of another project."""
    former = add(glance, FORMER, name="Ubuntu (1)", version="1")
    plain = others(glance, 5)
    browser.login_as(factories.member())
    for attributes in (
        {"os_hidden": True},
        {"name": "Renamed"},
        {"name": "Ubuntu", "owner": factories.FOREIGN, "visibility": "public"},
    ):
        latest = add(glance, LATEST, **{"name": "Ubuntu", **attributes})
        assert former["id"] in shown(browser, "?sort=name")[0], attributes
        del glance.images[latest["id"]]
    latest = add(glance, LATEST, name="zz")
    glance.images[latest["id"]]["name"] = "Ubuntu"
    glance.images[latest["id"]]["helion_images_family"] += "x"
    assert former["id"] in shown(browser, "?sort=name")[0]
    assert plain


@pytest.mark.parametrize("person", ["member", "domain_admin"])
def test_the_versions_are_those_of_one_project(browser, glance, small_pages, person):
    """Others may have a family of the same name, and fill the page."""
    foreign = {"owner": factories.FOREIGN, "visibility": "public", "name": "A"}
    for role in (LATEST, FORMER, FORMER, FORMER):
        add(glance, role, **foreign)
    user = factories.PEOPLE[person]()
    of_project = {"owner": user.project_id, "name": "B"}
    own = {add(glance, role, **of_project)["id"] for role in (LATEST, FORMER)}
    browser.login_as(user)
    html, urls = shown(browser, "?sort=name")[1], []
    while html:
        urls += re.findall(r'data-hip-versions-url="([^"]+)"', html)
        html = next_page(browser, html)[1]
    url = unescape(urls[-1])
    assert set(shown(browser, url.partition("/project/images/")[2])[0]) == own


@pytest.mark.parametrize("name", [None, "other", "Ubuntu"])
def test_an_earlier_version_that_its_family_would_not_show_stays(
    browser, glance, small_pages, name
):
    """The family is listed by a property that anybody who may change the image can remove."""
    add(glance, LATEST, name="Ubuntu")
    earlier, _plain = formers(glance, 4), others(glance, 2)
    for image_id in earlier:
        glance.images[image_id]["helion_images_family_name"] = name
        if name is None:
            del glance.images[image_id]["helion_images_family_name"]
    browser.login_as(factories.member())
    page, html = shown(browser, "?sort=name")
    seen = [*page]
    while page:
        page, html = next_page(browser, html)
        seen += page
    assert set(earlier) <= set(seen)


@pytest.mark.parametrize("count", [14, 15])
def test_a_page_of_earlier_versions_alone_is_one_page(browser, glance, small_pages, count):
    """An empty one would have no link to the next one, and all that was read is too long."""
    latest = add(glance, LATEST, name="Ubuntu")["id"]
    earlier, plain = formers(glance, count), others(glance, 2)
    browser.login_as(factories.member())
    first, html = shown(browser, "?sort=name")
    assert first[0] == latest
    second, html = next_page(browser, html)
    assert len(second) == 3
    assert set(second) <= set(earlier)
    page, html = next_page(browser, html)
    rest = [*page, *next_page(browser, html)[0]]
    assert rest == plain

    page, html = shown(browser, f"?sort=name&prev_marker={plain[0]}")
    assert len(page) == 3
    assert set(page) <= set(earlier)


def test_a_failure_leaves_them_in_the_list(browser, glance, small_pages, monkeypatch):
    former = add(glance, FORMER, name="Ubuntu (1)", version="1")
    others(glance, 4)
    add(glance, LATEST, name="zz")
    monkeypatch.setattr(
        "helion_images_panel.api.families.latest_by_name", failing(ImageServiceUnavailable("no"))
    )
    browser.login_as(factories.member())
    assert former["id"] in shown(browser, "?sort=name")[0]


def failing(error):
    def fail(*_args):
        raise error

    return fail


def test_names_that_do_not_fit_into_one_request_are_left_out(glance):
    request = factories.request(factories.member())
    names = [f"{number}" * 300 for number in range(20)]
    latest_by_name(request, {}, ['a"b', "c\\d", "", *names])
    asked = glance.listed()[0].query["name"]
    assert 2000 < len(asked) < 3100
    assert 'a"b' not in asked
    glance.calls.clear()
    assert latest_by_name(request, {}, ['a"b']) == []
    assert glance.calls == []


def in_families(glance, count=6):
    """Earlier versions of two projects, each of a family of its own, behind their latest ones."""
    for owner in (factories.PROJECT, factories.SIBLING):
        for number in range(count):
            family = {"family": f"f{number}", "owner": owner, "visibility": "shared"}
            add(glance, LATEST, name=f"A{number}", **family)
            add(glance, FORMER, name=f"A{number} (1)", version="1", **family)
            glance.add(name=f"B{number}", owner=owner)


def requests_of_pages(browser, glance, query, panel):
    """The numbers of requests of all pages, and the names that were asked for."""
    _page, html = shown(browser, query, panel)
    counts, names = [], []
    glance.calls.clear()
    while link := re.search(r'href="(\?[^"]*[?&;]marker=[^"]*)"', html):
        _page, html = shown(browser, unescape(link[1]), panel)
        counts.append(len(glance.calls))
        asked = [call.query.get("name", "") for call in glance.listed()]
        names.append(len([name for name in asked if name.startswith('in:"A')]))
        glance.calls.clear()
    return counts, names


@pytest.mark.parametrize(
    ("person", "query", "panel"),
    [("member", "?sort=-name", "project"), ("cloud_admin", "?domain=all&sort=-name", "admin")],
)
def test_a_page_of_one_list_takes_four_requests_more_at_most(
    browser, glance, small_pages, person, query, panel
):
    in_families(glance)
    browser.login_as(factories.PEOPLE[person]())
    counts, names = requests_of_pages(browser, glance, query, panel)
    assert max(names) == 1
    assert max(counts) <= 1 + 1 + 3


@pytest.mark.parametrize(
    ("person", "query", "panel"),
    [
        ("domain_admin", "?sort=-name", "admin"),
        ("domain_admin", "?sort=-name", "project"),
        ("cloud_admin", f"?domain={factories.DOMAIN}&sort=-name", "admin"),
    ],
)
def test_a_list_of_several_lists_takes_none_more(
    browser, glance, small_pages, person, query, panel
):
    """Each page of it takes a request for each of them, and for their order."""
    in_families(glance)
    browser.login_as(factories.PEOPLE[person]())
    with_versions, names = requests_of_pages(browser, glance, query, panel)
    assert set(names) == {0}
    for image in glance.images.values():
        image.pop("helion_images_family", None)
    assert requests_of_pages(browser, glance, query, panel)[0] == with_versions


def test_an_admin_of_a_domain_has_earlier_versions_at_their_places(browser, glance, small_pages):
    owner = {"owner": factories.SIBLING}
    former = add(
        *(glance, FORMER),
        **{"name": "Ubuntu (1)", "version": "1", "created_at": "2026-11-20T08:00:00Z", **owner},
    )
    others(glance, 4)
    add(glance, LATEST, name="Ubuntu", created_at="2026-10-01T08:00:00Z", **owner)
    browser.login_as(factories.domain_admin())
    page, _html = shown(browser, "?sort=-created", "admin")
    assert len(page) == 3
    assert former["id"] in page
    browser.login_as(factories.cloud_admin())
    page, _html = shown(browser, "?domain=all&sort=-created", "admin")
    assert len(page) == 3
    assert former["id"] not in page
