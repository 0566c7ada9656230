# SPDX-License-Identifier: Apache-2.0
"""All images that match, read part by part and changed in portions."""

import re
import uuid
from pathlib import Path

import pytest

import helion_images_panel
from helion_images_panel import exceptions
from helion_images_panel.core.deletion import is_deleted
from helion_images_panel.core.image import Image
from helion_images_panel.ui.listing import selection
from tests import factories
from tests.unit.permissions import PANEL, PermissionMatrix, path

SCRIPT = Path(helion_images_panel.__file__).parent / (
    "static/helion_images_panel/js/listing/selection_run.js"
)


class TestPermissions(PermissionMatrix):
    page = "selection"
    of_an_image = False
    expected = PANEL

    def ask(self, browser, url):
        return browser.get(url, {"action": "delete"})


class TestPortionPermissions(TestPermissions):
    """Nobody changes an image of others: see `test_who_may_not_delete`."""

    def ask(self, browser, url):
        return browser.post(url, {"action": "delete", "id": factories.image_id()})


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(selection, "PAGE_SIZE", 2)


def url(panel="project"):
    return path(panel, "selection")


def read(client, **parameters):
    """All parts, as the script reads them."""
    images, position = [], {}
    while position is not None:
        answer = client.get(url(), {"action": "delete", **parameters, **position}).json()
        images += answer["images"]
        position = answer["next"]
    return images


def test_all_that_match_and_why_some_are_refused(browser, glance):
    ids = [glance.add(name=f"image {n}")["id"] for n in range(4)]
    ids.append(glance.add(name="image 4", protected=True)["id"])
    glance.add(name="other", status="queued")
    client = browser.login_as(factories.member())
    found = read(client, status="active")
    assert [image["id"] for image in found] == ids
    assert [image["refusal"] for image in found] == [""] * 4 + [
        "The image is protected. Unprotect it first."
    ]
    # The order of the page does not count: an action may change it.
    assert [image["id"] for image in read(client, status="active", sort="-updated")] == ids


def test_the_position_is_not_for_anybody_to_choose(browser, glance):
    ids = [glance.add(name=f"image {n}")["id"] for n in range(5)]
    client = browser.login_as(factories.member())
    after = client.get(url(), {"action": "delete"}).json()["next"]
    assert client.get(url(), {"action": "delete", **after}).status_code == 200
    for position in (
        {"after": ids[0]},
        {**after, "status": "active"},
        {**after, "part": "no_name"},
        {**after, "part": "unknown"},
    ):
        response = client.get(url(), {"action": "delete", **position})
        assert (response.status_code, response.json()["kind"]) == (409, "changed"), position


def test_a_position_whose_image_was_deleted(browser, glance):
    ids = [glance.add(name=f"image {n}")["id"] for n in range(5)]
    client = browser.login_as(factories.member())
    after = client.get(url(), {"action": "delete"}).json()["next"]
    del glance.images[ids[1]]
    response = client.get(url(), {"action": "delete", **after})
    assert (response.status_code, response.json()["kind"]) == (409, "changed")


@pytest.mark.parametrize("action", ["create", "upload_data", "__class__", "images__delete"])
def test_no_such_action(browser, glance, action):
    image_id = glance.add()["id"]
    client = browser.login_as(factories.member())
    assert client.get(url(), {"action": action}).status_code == 400
    assert client.post(url(), {"action": action, "id": image_id}).status_code == 400


def test_without_an_action_nothing_is_refused(browser, glance):
    image_id = glance.add(protected=True)["id"]
    client = browser.login_as(factories.member())
    (image,) = client.get(url()).json()["images"]
    assert (image["id"], image["refusal"]) == (image_id, "")
    assert client.post(url(), {"id": image_id}).status_code == 400


def test_what_glance_refuses_is_a_result_of_each_image(browser, glance):
    good, bad = glance.add()["id"], glance.add()["id"]
    glance.failing[f"DELETE /v2/images/{bad}"] = exceptions.ImageServiceError("No space.", 500)
    client = browser.login_as(factories.member())
    ids = {"id": [bad, good], "confirmed_name": "web"}
    response = client.post(url(), {"action": "delete_permanently", **ids})
    failures = {each["id"]: each["failure"] for each in response.json()["results"]}
    assert failures.keys() == {good, bad}
    assert failures[good] == ""
    assert "No space." in failures[bad]


@pytest.mark.parametrize("entered", [{}, {"confirmed_name": ""}, {"confirmed_name": "other"}])
def test_several_are_deleted_permanently_only_with_the_name(browser, glance, entered):
    ids = [glance.add()["id"], glance.add()["id"]]
    client = browser.login_as(factories.member())
    response = client.post(url(), {"action": "delete_permanently", "id": ids, **entered})
    assert response.status_code == 400
    assert 'only after you enter "web"' in response.json()["reason"]
    assert glance.writes == []
    # One of them is confirmed as it always was, and so is what can be restored.
    assert client.post(url(), {"action": "delete_permanently", "id": ids[:1]}).status_code == 200
    assert ids[0] not in glance.images
    other = glance.add()["id"]
    assert client.post(url(), {"action": "delete", "id": [ids[1], other]}).status_code == 200


def test_a_service_that_fails_is_named(browser, glance):
    glance.failing["GET /v2/images"] = exceptions.ImageServiceUnavailable("Glance is down.")
    response = browser.login_as(factories.member()).get(url(), {"action": "delete"})
    assert response.status_code == 503
    assert "Glance is down." in response.json()["reason"]


def test_publish_has_a_dialog_of_its_own(browser, glance):
    image_id = glance.add()["id"]
    client = browser.login_as(factories.cloud_admin())
    assert client.get(url(), {"action": "publish"}).status_code == 200
    assert client.post(url(), {"action": "publish", "id": image_id}).status_code == 400


def test_a_portion_has_a_result_for_each_image(browser, glance):
    free = glance.add(name="free")["id"]
    protected = glance.add(name="protected", protected=True)["id"]
    gone = str(uuid.uuid4())
    client = browser.login_as(factories.member())
    response = client.post(url(), {"action": "delete", "id": [free, protected, gone, free]})
    assert response.json()["results"] == [
        {"id": free, "failure": ""},
        {"id": protected, "failure": "The image is protected. Unprotect it first."},
        {"id": gone, "failure": "Image not found."},
    ]
    found = [is_deleted(Image.from_glance(glance.images[id_])) for id_ in (free, protected)]
    assert found == [True, False]


@pytest.mark.parametrize("panel", ["project", "admin"])
@pytest.mark.parametrize(
    "person", [factories.reader, factories.member_elsewhere, factories.other_domain_admin]
)
def test_who_may_not_delete(browser, glance, panel, person):
    image_id = glance.add()["id"]
    client = browser.login_as(person())
    response = client.post(url(panel), {"action": "delete", "id": image_id})
    assert image_id in glance.images
    if response.status_code == 200:
        assert response.json()["results"][0]["failure"]


@pytest.mark.parametrize("count", [0, selection.PORTION + 1])
def test_a_portion_is_bounded(browser, glance, count):
    ids = [glance.add()["id"] for _ in range(count)]
    client = browser.login_as(factories.member())
    response = client.post(url(), {"action": "delete", "id": ids})
    assert response.status_code == 400
    assert "between 1 and 20 images" in response.json()["reason"]
    assert set(ids) <= glance.images.keys()


def test_the_script_sends_such_portions():
    assert re.findall(r"PORTION = (\d+)", SCRIPT.read_text()) == [str(selection.PORTION)]


def test_the_page_names_the_maximum(browser, glance, settings):
    settings.HELION_IMAGES_SELECTION_LIMIT = 12345
    html = browser.login_as(factories.member()).get(path("project", "index")).content.decode()
    assert 'data-hip-limit="12345"' in html
