# SPDX-License-Identifier: Apache-2.0
"""The page Storage: whose images it counts, in steps, and what it links to."""

import re
import zlib

import pytest
from django.core import signing

from helion_images_panel.api import image_portions
from helion_images_panel.core import sources, storage
from helion_images_panel.ui.base import walk
from helion_images_panel.ui.storage import charts
from tests import factories
from tests.unit.permissions import PANEL, PermissionMatrix, path

PROJECT_URL, ADMIN_URL = path("project", "storage"), path("admin", "storage")
MIB = 1024**2


class TestWhoMayOpenIt(PermissionMatrix):
    page, expected, of_an_image = "storage", PANEL, False


class TestWhoMayCount(PermissionMatrix):
    page, expected, of_an_image = "storage", PANEL, False

    def ask(self, browser, url):
        return browser.post(url)


@pytest.fixture
def small_steps(settings):
    """Each step looks at two images."""
    settings.HELION_IMAGES_SEARCH_ROWS = 2


def state_of(html):
    """What the page has for the next step; empty once all is counted."""
    found = re.search(r'name="state" value="([^"]*)"', html)
    return found[1] if found else ""


def cards(html):
    found = re.findall(r'(?s)data-hip-card="(\w+)".*?hip-storage-figure"[^>]*>(.*?)<', html)
    return dict(found)


def step(browser, url, state, status=200, **headers):
    response = browser.post(url, {"state": state}, headers=headers)
    assert response.status_code == status
    return response.content.decode()


def counted(browser, url):
    """The page with the figures of all images, and the number of steps."""
    html, steps = browser.get(url).content.decode(), 1
    while state := state_of(html):
        html, steps = step(browser, url, state), steps + 1
    return html, steps


def test_a_project_counts_its_own_images_hidden_ones_too(browser, glance):
    glance.add(size=MIB)
    glance.add(size=2 * MIB, os_hidden=True)
    glance.add(size=4 * MIB, visibility="public", owner=factories.SIBLING)
    browser.login_as(factories.member())
    html, steps = counted(browser, PROJECT_URL)
    # The second step reads what uses them.
    assert (cards(html)["stored"], steps) == ("3 MiB", 2)
    assert "1 image</a>" in html
    assert "1 hidden</a>" in html
    queries = [call.query for call in glance.listed()]
    assert {query["owner"] for query in queries} == {factories.PROJECT}
    assert [query.get("os_hidden") for query in queries] == [None, "true"]


@pytest.mark.parametrize("merged", [30, 0], ids=["by project", "of the cloud"])
def test_a_domain_counts_exactly_its_projects(browser, glance, monkeypatch, merged):
    monkeypatch.setattr(sources, "MERGED_PROJECTS", merged)
    for owner in (factories.PROJECT, factories.SIBLING, factories.FOREIGN):
        glance.add(owner=owner, size=MIB)
    html, _steps = counted(browser.login_as(factories.domain_admin()), ADMIN_URL)
    assert cards(html)["stored"] == "2 MiB"
    assert factories.FOREIGN not in html
    html, _steps = counted(browser.login_as(factories.other_domain_admin()), ADMIN_URL)
    assert cards(html)["stored"] == "1 MiB"
    assert factories.PROJECT not in html


def test_steps_end_with_the_figures_of_all(browser, glance, small_steps):
    for number in range(7):
        glance.add(size=MIB, os_hidden=number > 4)
    browser.login_as(factories.member())
    html = browser.get(PROJECT_URL).content.decode()
    assert "2 images counted so far" in html
    assert cards(html)["stored"] == "2 MiB"
    html, steps = counted(browser, PROJECT_URL)
    assert (cards(html)["stored"], steps) == ("7 MiB", 5)
    # The script gets the figures alone.
    state = state_of(browser.post(PROJECT_URL).content.decode())
    text = step(browser, PROJECT_URL, state, **{"X-Requested-With": "XMLHttpRequest"})
    assert text.lstrip().startswith("<div data-hip-steps")


def test_the_result_is_cached_until_it_is_counted_again(browser, glance):
    glance.add(size=MIB)
    browser.login_as(factories.member())
    counted(browser, PROJECT_URL)
    glance.add(size=MIB)
    calls = len(glance.calls)
    html = browser.get(PROJECT_URL).content.decode()
    assert (cards(html)["stored"], len(glance.calls)) == ("1 MiB", calls)
    assert "counted <time" in html
    html = browser.post(PROJECT_URL).content.decode()
    assert cards(html)["stored"] == "2 MiB"


@pytest.mark.parametrize(
    "other",
    [
        factories.member_elsewhere,
        factories.reader,
        factories.other_domain_admin,
        lambda: factories.member(services=("image", "identity")),
    ],
)
def test_nobody_else_gets_a_cached_result(browser, glance, other):
    glance.add(size=MIB)
    counted(browser.login_as(factories.member()), PROJECT_URL)
    person, calls = other(), len(glance.calls)
    html = browser.login_as(person).get(PROJECT_URL).content.decode()
    same = (person.id, person.project_id) == (factories.member().id, factories.PROJECT)
    assert (len(glance.calls) == calls) == same
    assert (cards(html)["stored"] == "1 MiB") == (person.project_id == factories.PROJECT)


def test_nobody_goes_on_with_a_count_of_others(browser, glance, small_steps):
    for _number in range(5):
        glance.add(size=MIB)
    state = state_of(browser.login_as(factories.domain_admin()).get(ADMIN_URL).content.decode())
    assert state
    for person, url in (
        (factories.other_domain_admin(), ADMIN_URL),
        (factories.domain_admin(), PROJECT_URL),
        (factories.cloud_admin(), ADMIN_URL),
    ):
        html = step(browser.login_as(person), url, state)
        assert "has begun again" in html
        begun = browser.post(url).content.decode()
        assert cards(html) == cards(begun)


@pytest.mark.parametrize("change", ["forged", "cut", "other", "old"])
def test_a_wrong_state_begins_again(browser, glance, small_steps, monkeypatch, change):
    for _number in range(5):
        glance.add(size=MIB)
    browser.login_as(factories.member())
    state = state_of(browser.get(PROJECT_URL).content.decode())
    if change == "old":
        monkeypatch.setattr(walk, "CONTINUED_S", -1)
    wrong = {"forged": signing.dumps([{}, 0, "", 0]), "cut": state[:-1], "other": "~1"}
    html = step(browser, PROJECT_URL, wrong.get(change, state))
    assert "has begun again" in html
    assert "2 images counted so far" in html


def test_images_that_are_deleted_meanwhile(browser, glance, small_steps, monkeypatch):
    monkeypatch.setattr(image_portions, "MARKERS", 2)
    ids = [glance.add(size=MIB)["id"] for _number in range(6)]
    browser.login_as(factories.member())
    state = state_of(browser.get(PROJECT_URL).content.decode())
    del glance.images[ids[1]]
    html = step(browser, PROJECT_URL, state)
    # The deleted one had been counted; no other one is counted twice.
    assert "4 images counted so far" in html
    state = state_of(html)
    for image_id in ids[2:4]:
        del glance.images[image_id]
    html = step(browser, PROJECT_URL, state)
    assert "has begun again" in html


def test_the_markers_of_others_are_not_in_the_page(browser, glance, small_steps, monkeypatch):
    monkeypatch.setattr(sources, "MERGED_PROJECTS", 0)
    ids = [glance.add(owner=factories.FOREIGN)["id"] for _number in range(5)]
    html = browser.login_as(factories.domain_admin()).get(ADMIN_URL).content.decode()
    state = state_of(html)
    key = "any"
    with pytest.raises(signing.BadSignature):
        signing.loads(state, salt=key)
    body, _sign, _rest = state.rpartition(":")[0].rpartition(":")
    data = signing.b64_decode(body.lstrip(".").encode())
    text = zlib.decompress(data).decode() if body.startswith(".") else data.decode()
    assert not [image_id for image_id in ids if image_id in text or image_id in html]
    assert 'data-hip-steps-percent="0"' in html


def test_each_figure_leads_to_its_images(browser, glance):
    glance.add(size=MIB, disk_format="raw", properties={}, os_hash_value="b" * 128)
    html, _steps = counted(browser.login_as(factories.member()), PROJECT_URL)
    own = f"/project/images/?owner={factories.PROJECT}"
    for filters in (
        "&amp;format=raw",
        "&amp;visibility=private",
        "&amp;type=image",
        "&amp;store=fast",
        "&amp;sort=-size",
    ):
        assert f'href="{own}{filters}"' in html, filters


def test_each_store_leads_to_its_images(browser, glance, monkeypatch):
    """Those that are not in a group of their own lead nowhere."""
    monkeypatch.setattr(storage, "MOST_GROUPS", 2)
    for stores in ("fast", "archive,fast", "tape"):
        glance.add(size=MIB, stores=stores)
    glance.add(size=MIB, stores="fast", os_hidden=True)
    glance.add(status="queued", size=None)
    html, _steps = counted(browser.login_as(factories.member()), PROJECT_URL)
    (stores,) = re.findall(r'(?s)data-hip-chart="store".*?</section>', html)
    found = re.findall(r'href="([^"]*)"[^>]*>([^<]*)<', stores)
    own = f"/project/images/?owner={factories.PROJECT}&amp;store="
    assert sorted(found) == [
        (f"{own}archive", "1"),
        (f"{own}fast", "2"),
        (f"{own}fast&amp;hidden=true", "1 hidden"),
    ]
    assert "Other stores" in stores
    for url, count in found:
        listed = browser.get(url.replace("&amp;", "&")).content.decode()
        assert len(re.findall(r'<tr[^>]*data-object-id="', listed)) == int(count.split(" ")[0])


@pytest.mark.parametrize(
    ("person", "shows_all"), [(factories.domain_admin, True), (factories.cloud_admin, False)]
)
def test_further_projects(browser, glance, monkeypatch, person, shows_all):
    monkeypatch.setattr(charts, "PROJECTS", 1)
    for owner, size in ((factories.PROJECT, 3 * MIB), (factories.SIBLING, MIB)):
        glance.add(owner=owner, size=size)
    query = "" if shows_all else "?domain=all"
    html, _steps = counted(browser.login_as(person()), ADMIN_URL + query)
    (chart,) = re.findall(r'(?s)data-hip-chart="project".*?</section>', html)
    assert "1 other project" in chart
    assert f"owner={factories.PROJECT}" in chart
    # Of all domains, each name would be a request to Keystone.
    assert (f"owner={factories.SIBLING}" in chart) == shows_all


def test_stuck_and_same(browser, glance):
    glance.add(status="queued", size=None, updated_at=factories.ago(days=3), os_hash_value=None)
    glance.add(status="queued", size=None, updated_at=factories.ago(hours=1), os_hash_value=None)
    for _number in range(3):
        glance.add(name="twin", size=5 * MIB)
    html, _steps = counted(browser.login_as(factories.member()), PROJECT_URL)
    assert (cards(html)["stuck"], cards(html)["same"]) == ("1", "10 MiB")
    assert "2 images have data that another one has too" in html
    assert "twin and 2 others</a>" in html
    assert f"checksum={'a' * 128}" in html
    assert f'href="{path("project", "rules")}?rule=duplicates"' in html


def test_snapshots_are_told_without_colour(browser, glance):
    """By their pattern, which a legend explains, and by words in the row."""
    glance.add(size=3 * MIB)
    browser.login_as(factories.member())
    html, _steps = counted(browser, PROJECT_URL)
    assert "hip-striped" not in html
    assert "in snapshots" not in html
    glance.add(size=MIB, image_type="snapshot")
    html = browser.post(PROJECT_URL).content.decode()
    while state := state_of(html):
        html = step(browser, PROJECT_URL, state)
    (chart,) = re.findall(r'(?s)data-hip-chart="visibility".*?</section>', html)
    (legend,) = re.findall(r'(?s)<span class="hip-chart-legend".*?</div>', chart)
    words = re.sub(r"<[^>]*>", " ", legend).split()
    assert words == ["images", "snapshots"]
    plain, striped = re.findall('class="progress-bar ([^"]*)"', legend)
    assert ("hip-striped" in plain, "hip-striped" in striped) == (False, True)
    (row,) = re.findall("(?s)<tbody>.*?</tbody>", chart)
    bars = re.findall('class="progress-bar ([^"]*)"', row)
    assert bars == ["hip-bar-75", "hip-striped hip-bar-25"]
    assert "1 MiB in snapshots" in row
    # The bar says nothing to those who listen: the words do.
    assert row.count('aria-hidden="true"') == 1


def test_no_images(browser, glance):
    html, steps = counted(browser.login_as(factories.member()), PROJECT_URL)
    assert (cards(html)["stored"], steps) == ("0 B", 1)
