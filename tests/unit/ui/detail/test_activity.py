# SPDX-License-Identifier: Apache-2.0
"""The Activity tab: what Glance knows of an image's past."""

import re
from html import unescape

import pytest

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Member
from helion_images_panel.core.publication import CLOUD, Publication, publication_property
from helion_images_panel.core.verification import Verified, verified_property
from helion_images_panel.ui.detail.activity import Event, events_of_member, newest_first
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import READING, PermissionMatrix, path


class TestActivityPermissions(PermissionMatrix):
    page, expected = "detail", READING

    def ask(self, browser, url):
        return browser.get(url + "?tab=image_details__activity")


def activity(browser, image, person="member", panel="project"):
    """Rows of the tab, as its script asks for it, and the whole of it."""
    browser.login_as(factories.PEOPLE[person]())
    html = browser.get(
        path(panel, "detail", image["id"]),
        {"tab": "image_details__activity"},
        headers={"x-requested-with": "XMLHttpRequest"},
    ).content.decode()
    rows = [
        [" ".join(unescape(re.sub(r"<[^>]*>", "", cell)).split()) for cell in cells]
        for row in re.findall(r"(?s)<tr>(.*?)</tr>", html)
        if (cells := re.findall(r"(?s)<td[^>]*>(.*?)</td>", row))
    ]
    return rows, html


def test_newest_first_in_the_times_of_the_page(browser, glance):
    image = glance.add()
    rows, html = activity(browser, image)
    times, *others = zip(*rows, strict=True)
    assert [re.sub(r"^.* ago \((.*)\)$", r"\1", time) for time in times] == [
        "11/02/2026 9:30 a.m.",
        "11/01/2026 8:00 a.m.",
    ]
    assert others == [("Last changed", "Image created"), ("-", "-")]
    assert 'scope="col"' in html


def test_an_image_that_was_never_changed(browser, glance):
    rows, _html = activity(browser, glance.add(updated_at="2026-11-01T08:00:00Z"))
    assert [row[1] for row in rows] == ["Image created"]


def test_tasks_with_their_words_and_no_secrets(browser, glance):
    image = glance.add(updated_at="2026-11-01T08:00:00Z")
    glance.tasks[image["id"]] = [
        {
            "id": "t1", "status": "failure", "message": "Task failed due to Internal Error",
            "created_at": "2026-11-03T10:00:00.000000", "updated_at": "2026-11-03T10:05:00.000000",
            "input": {"import_req": {"method": {
                "name": "web-download", "uri": "https://kim:pass@example.com/a.img?sig=s3cret"}}},
        },
        {
            "id": "t2", "status": "processing", "message": "Copied 12 MiB",
            "created_at": "2026-11-04T10:00:00.000000", "updated_at": "2026-11-04T10:01:00.000000",
            "input": {"backend": ["slow"], "import_req": {"method": {"name": "copy-image"}}},
        },
    ]  # fmt: skip
    rows, html = activity(browser, image)
    assert [row[1:] for row in rows] == [
        ["Copy to other stores: in progress", "Copied 12 MiB"],
        ["Copy to other stores started", "slow"],
        ["Import from a URL: failed", "Task failed due to Internal Error"],
        ["Import from a URL started", "https://example.com/a.img"],
        ["Image created", "-"],
    ]
    assert "s3cret" not in html
    assert "kim:pass" not in html


def shared(glance, monkeypatch):
    image = glance.add(visibility="shared", updated_at="2026-11-01T08:00:00Z")
    listed = fakes.FakeHttp.get

    def get(self, url):
        if url.endswith("/members"):
            dates = {"created_at": "2026-11-05T08:00:00Z", "updated_at": "2026-11-06T08:00:00Z"}
            self.glance.calls.append(fakes.Call("GET", url))
            return None, {
                "members": [
                    {"member_id": factories.SIBLING, "status": "accepted", **dates},
                    {"member_id": factories.FOREIGN, "status": "pending", **dates},
                ]
            }
        return listed(self, url)

    monkeypatch.setattr(fakes.FakeHttp, "get", get)
    return image


def test_members_with_their_dates(browser, glance, monkeypatch):
    image = shared(glance, monkeypatch)
    rows, _html = activity(browser, image, "domain_admin", "admin")
    assert [row[1:] for row in rows[:1]] == [["Share accepted", f"shop ({factories.SIBLING})"]]
    assert sorted(row[2] for row in rows if row[1] == "Shared with a project") == [
        factories.FOREIGN,
        f"shop ({factories.SIBLING})",
    ]


@pytest.mark.parametrize("person", ["reader", "member"])
def test_members_are_for_those_who_may_know(browser, glance, monkeypatch, person, settings):
    image = shared(glance, monkeypatch)
    glance.images[image["id"]]["owner"] = factories.SIBLING
    glance.members[image["id"]] = {factories.PROJECT: "accepted"}
    rows, _html = activity(browser, image, person)
    assert [row[1] for row in rows] == ["Image created"]
    assert not [call for call in glance.calls if call.path.endswith("/members")]


def test_verification_and_publishing(browser, glance):
    image_id = factories.image_id()
    checksum = Checksum("sha512", "a" * 128)
    image = glance.add(
        id=image_id,
        visibility="public",
        **verified_property(image_id, Verified((checksum,), "2026-11-07T08:00:00+00:00", "kim")),
        **publication_property(image_id, Publication(CLOUD, "shared")),
    )
    rows, html = activity(browser, image)
    assert rows[0][0].endswith("ago (11/07/2026 8:00 a.m.)")
    assert rows[0][1:] == ["Data verified", "By kim"]
    assert "Visibility changed from Shared to Public." in html


def test_what_the_service_does_not_tell_is_said_to_be_missing(browser, glance):
    image = glance.add()
    glance.failing[f"GET /v2/images/{image['id']}/tasks"] = fakes.refusal(500, "no")
    rows, html = activity(browser, image)
    assert len(rows) == 2
    assert "Some activity could not be loaded" in html


def test_an_image_without_dates(browser, glance):
    rows, html = activity(browser, glance.add(created_at=None, updated_at=None))
    assert rows == []
    assert "No activity is recorded" in html


def test_it_costs_nothing_until_it_is_looked_at(browser, glance):
    image = glance.add()
    browser.login_as(factories.member())
    html = browser.get(path("project", "detail", image["id"])).content.decode()
    assert 'tab=image_details__activity" target="_self"' in html
    assert re.findall(r'#image_details__(\w+)" data-hip-lazy', html) == [
        "versions",
        "used_by",
        "activity",
    ]
    assert not [call for call in glance.calls if call.path.endswith("/tasks")]


def test_dates_of_different_spelling_are_one_order():
    events = [
        Event("2026-11-24T03:42:01Z", "one"),
        Event("2026-11-24T03:42:02.000000", "two"),
        Event("2026-11-24T03:42:03+00:00", "three"),
        Event("not a date", "lost"),
    ]
    assert [event.what for event in newest_first(events)] == ["three", "two", "one"]


@pytest.mark.parametrize("words", factories.HOSTILE_NAMES)
def test_words_of_others_are_text(browser, glance, words):
    image = glance.add()
    glance.tasks[image["id"]] = [
        {"status": "failure", "message": words, "created_at": "2026-11-03T10:00:00",
         "updated_at": "2026-11-03T10:05:00"}
    ]  # fmt: skip
    _rows, html = activity(browser, image)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "ng-non-bindable" in html


def test_what_happened_later_in_the_same_second_stands_above():
    at = "2026-11-05T04:00:00Z"
    events = events_of_member(Member("p", "accepted", at, at), "")
    assert [event.what for event in newest_first(events)] == [
        "Share accepted",
        "Shared with a project",
    ]
