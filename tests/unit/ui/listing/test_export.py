# SPDX-License-Identifier: Apache-2.0
"""The list as a file."""

import csv
import io
import json

import pytest

from helion_images_panel import conf, exceptions
from helion_images_panel.core.order import BY_NAME
from helion_images_panel.core.page import Cursor, Page
from helion_images_panel.transfers.slots import Slots
from helion_images_panel.ui.listing import export
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import PANEL, PermissionMatrix, path


class TestCsvPermissions(PermissionMatrix):
    page = "export/csv"
    of_an_image = False
    expected = PANEL


class TestJsonPermissions(PermissionMatrix):
    page = "export/json"
    of_an_image = False
    expected = PANEL


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(export, "PAGE_SIZE", 2)


@pytest.fixture(autouse=True)
def slots(monkeypatch):
    """Those of the process may still be held by responses that no server has closed."""
    own = Slots(conf.DOWNLOADS_PER_PROCESS)
    monkeypatch.setattr(export, "DOWNLOADS", own)
    return own


def exported(response) -> list[dict[str, object]]:
    return json.loads(b"".join(response.streaming_content))["images"]


def url(panel="project", kind="json"):
    return path(panel, f"export/{kind}")


def test_all_pages_in_the_order_of_the_list(browser, glance, slots):
    expected = [glance.add(name=f"image {n}")["id"] for n in range(5)]
    response = browser.login_as(factories.member()).get(url())
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"].startswith('attachment; filename="images-')
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    found = exported(response)
    response.close()
    assert [image["id"] for image in found] == expected
    assert {image["owner_name"] for image in found} == {"web"}
    assert slots.in_use == 0


def test_the_name_of_a_project_is_as_keystone_has_it(browser, glance, keystone):
    """Without the marks that isolate it in sentences."""
    keystone.projects[factories.SIBLING] = ("\u05d0\u05d1", factories.DOMAIN)
    glance.add(owner=factories.SIBLING)
    (image,) = exported(browser.login_as(factories.domain_admin()).get(url("admin")))
    assert image["owner_name"] == "\u05d0\u05d1"


def test_csv(browser, glance):
    glance.add(name="=1+1")
    response = browser.login_as(factories.member()).get(url(kind="csv"))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["name"] == "'=1+1"


def test_another_kind_does_not_exist(browser):
    assert browser.login_as(factories.member()).get(url(kind="xls")).status_code == 404


def test_the_filters_apply(browser, glance):
    glance.add(name="left out")
    queued = glance.add(name="wanted", status="queued")["id"]
    hidden = glance.add(name="hidden", os_hidden=True)["id"]
    browser.login_as(factories.member())
    assert [i["id"] for i in exported(browser.get(url(), {"status": "queued"}))] == [queued]
    assert [i["id"] for i in exported(browser.get(url(), {"hidden": "true"}))] == [hidden]


def test_order_and_search_apply(browser, glance):
    ids = [glance.add(name=f"image {n}")["id"] for n in range(5)]
    glance.add(name="another")
    browser.login_as(factories.member())
    found = exported(browser.get(url(), {"name": "MAGE", "sort": "-name"}))
    assert [image["id"] for image in found] == ids[::-1]
    (image,) = exported(browser.get(url(), {"name": ids[2]}))
    assert image["id"] == ids[2]
    assert exported(browser.get(url(), {"name": ids[2], "status": "queued"})) == []


def test_an_admin_gets_the_images_of_the_domain(browser, glance):
    own = glance.add(name="a", owner=factories.SIBLING)["id"]
    foreign = glance.add(name="b", owner=factories.FOREIGN)["id"]
    browser.login_as(factories.domain_admin())
    found = exported(browser.get(url("admin")))
    assert [(i["id"], i["owner_name"]) for i in found] == [(own, "shop")]
    # Whether the project exists or not, it is none of this list.
    query = {"owner": factories.FOREIGN}
    refused = browser.get(url("admin"), query)
    assert (refused.status_code, refused["Location"]) == (
        302,
        f"{path('admin', 'index')}?owner={factories.FOREIGN}",
    )
    browser.login_as(factories.cloud_admin())
    found = exported(browser.get(url("admin"), {"domain": "all"}))
    assert {i["id"] for i in found} == {own, foreign}


def test_the_last_images_are_deleted_between_two_pages(browser, glance):
    ids = [glance.add(name=f"image {n}")["id"] for n in range(5)]
    response = browser.login_as(factories.member()).get(url())
    del glance.images[ids[1]]
    assert [image["id"] for image in exported(response)] == ids


def test_an_image_that_is_changed_meanwhile_comes_once(browser, glance):
    images = [glance.add(updated_at=f"2026-01-01T00:00:0{n}Z") for n in range(5)]
    response = browser.login_as(factories.member()).get(url(), {"sort": "updated"})
    images[0]["updated_at"] = "2026-01-01T00:00:09Z"
    found = [image["id"] for image in exported(response)]
    assert sorted(found) == sorted(image["id"] for image in images)


def test_a_page_without_images_begins_where_the_one_before_could():
    before = [Cursor("known")]
    assert export._cursors(Page(last_id="stop"), BY_NAME, before) == [Cursor("stop"), *before]
    page = Page((factories.image(id="a"),), last_id="stop")
    assert export._cursors(page, BY_NAME, before) == [Cursor("stop"), Cursor("a")]


def test_all_images_of_a_page_are_deleted(browser, glance):
    ids = [glance.add(name=f"image {n}")["id"] for n in range(5)]
    response = browser.login_as(factories.member()).get(url())
    del glance.images[ids[0]], glance.images[ids[1]]
    with pytest.raises(exceptions.ImageServiceError):
        list(response.streaming_content)


def test_a_failure_before_the_first_line_is_a_page(browser, glance, slots):
    glance.failing["GET /v2/images"] = fakes.refusal(500, "Broken.")
    response = browser.login_as(factories.member()).get(url())
    assert response.status_code == 503
    assert "Content-Disposition" not in response
    assert slots.in_use == 0


@pytest.mark.parametrize("kind", export.KINDS)
def test_a_later_failure_ends_the_connection_and_says_so(browser, glance, slots, kind):
    for n in range(5):
        glance.add(name=f"image {n}")
    response = browser.login_as(factories.member()).get(url(kind=kind))
    glance.failing["GET /v2/images"] = fakes.refusal(500, "Broken.")
    lines: list[bytes] = []
    with pytest.raises(exceptions.ImageServiceError):
        lines.extend(response.streaming_content)
    response.close()
    assert b"image 1" in b"".join(lines)
    assert b"Incomplete: the other images could not be retrieved." in lines[-1]
    if kind == "json":
        found = json.loads(b"".join(lines))
        assert len(found["images"]) == 2
        assert found["error"].startswith("Incomplete")
    assert slots.in_use == 0


def test_as_many_at_once_as_downloads(browser, glance, settings):
    setattr(settings, conf.DOWNLOADS_PER_PROCESS.name, 1)
    glance.add()
    browser.login_as(factories.member())
    first = browser.get(url())
    second = browser.get(url())
    assert (second.status_code, second["Retry-After"]) == (503, "30")
    assert "Too many downloads are running" in second.content.decode()
    first.close()
    assert browser.get(url()).status_code == 200


def test_the_page_links_to_it_with_its_filters(browser, glance):
    glance.add(name="one")
    browser.login_as(factories.cloud_admin())
    html = browser.get(path("admin", "index"), {"domain": "all", "status": "active"}).content
    for kind in export.KINDS:
        filtered = "domain=all&amp;status=active&amp;sort=name"
        assert f'href="{url("admin", kind)}?{filtered}"' in html.decode()
    html = browser.get(path("admin", "index"), {"domain": "all", "status": "queued"}).content
    assert url("admin", "csv") not in html.decode()
