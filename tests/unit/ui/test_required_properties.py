# SPDX-License-Identifier: Apache-2.0
"""Each change of an image on a cloud that requires properties, which Glance refuses."""

from html import unescape

import pytest

from tests import factories
from tests.unit.permissions import path
from tests.unit.ui.edit.test_form import fields_of

DEPARTMENT = {"department": {"type": "string", "enum": ["sales", "ops"]}}
FLOOR = {"floor": {"type": "integer"}}

#: What the cloud requires, what the image has, a part of the message, and whether it links to
#: Update Metadata.
CLOUDS = {
    "lacks the one": (DEPARTMENT, {}, "“department”, which the image does not have", True),
    "has the one": (DEPARTMENT, {"department": "ops"}, "The image has it, but", False),
    "lacks several": (DEPARTMENT | FLOOR, {}, "does not have “department”, “floor”", False),
    "lacks one of several": (
        DEPARTMENT | FLOOR,
        {"department": "ops"},
        "does not have “floor”",
        False,
    ),
}


@pytest.fixture(params=CLOUDS)
def case(request, browser, glance, keystone):
    required, properties, message, links = CLOUDS[request.param]

    class Case:
        def add(self, **attributes):
            image = glance.add(**attributes, **properties)
            self.id, self.before = image["id"], dict(image)
            self.metadata = path("admin", "metadata", self.id)
            glance.required = required
            return self

        def check(self, response, has_link=links):
            """The reason is shown, with its link, and nothing was changed."""
            text = unescape(response.content.decode())
            assert message in text
            assert "is a required property" not in text
            assert (f'alert-link ajax-modal" href="{self.metadata}"' in text) == has_link
            assert glance.images[self.id] == self.before
            assert glance.members.get(self.id, {}) == {}

    browser.login_as(factories.domain_admin())
    return Case()


@pytest.mark.parametrize(
    ("action", "attributes"),
    [
        ("protect", {}),
        ("unprotect", {"protected": True}),
        ("hide", {}),
        ("unhide", {"os_hidden": True}),
        ("communitize", {}),
    ],
)
def test_an_action(case, browser, action, attributes):
    case.add(**attributes)
    url = path("admin", "index")
    response = browser.post(url, {"action": f"images__{action}__{case.id}"}, follow=True)
    case.check(response)


@pytest.mark.parametrize(
    "change", [{"name": "after"}, {"tags": "a"}, {"visibility": "shared"}, {"protected": "on"}]
)
def test_edit(case, browser, change):
    case.add()
    url = path("admin", "update", case.id)
    fields = fields_of(browser.get(url).content.decode())
    case.check(browser.post(url, {**fields, **change}))


def test_share(case, browser):
    case.add()
    data = {"projects": factories.SIBLING}
    case.check(browser.post(path("admin", "share", case.id), data))


def test_change_owner(case, browser):
    case.add()
    confirmed = f"{factories.PROJECT}:{factories.SIBLING}"
    data = {"project": factories.SIBLING, "confirmed": confirmed}
    case.check(browser.post(path("admin", "change_owner", case.id), data))


@pytest.mark.parametrize("audience", ["domain", "cloud"])
def test_publish(case, browser, audience):
    case.add()
    response = browser.post(path("admin", "publish", case.id), {"audience": audience})
    assert response.status_code == 400
    response.content = response.json()["reason"].encode()
    case.check(response, has_link=False)


def test_upload_data(case, browser):
    case.add(status="queued", size=None, checksum=None, os_hash_value=None)
    data = {"source": "file", "file_name": "a", "file_size": "5", "disk_format": "iso"}
    case.check(browser.post(path("admin", "upload_data", case.id), data), has_link=False)
