# SPDX-License-Identifier: Apache-2.0
"""The step Access of Create Image."""

import html
import re

import pytest

from helion_images_panel import policy
from helion_images_panel.core.image import Image
from helion_images_panel.ui.sharing import new_image
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path
from tests.unit.ui.create.test_workflow import (
    EXTERNAL,
    FILE,
    GIVEN,
    LOCATION,
    REQUIRED,
    URL,
    opened,
)

OTHER, THIRD = factories.FOREIGN, "c" * 32
ADMINS = path("admin", "create")


@pytest.fixture
def send(browser, glance):
    """Sends the form as the person; returns the response."""

    def act(projects, source=FILE, person=None, url=URL, **fields):
        browser.login_as(person or factories.member())
        return browser.post(url, {**source, "projects": projects, **fields})

    return act


def refused(response, glance):
    assert (response.status_code, glance.writes) == (200, [])
    return html.unescape(response.content.decode())


def added(glance):
    """What Glance got, in order: each method with the end of its path."""
    return [(call.method, call.path.rsplit("/", 1)[1]) for call in glance.writes]


@pytest.mark.parametrize(
    ("source", "then"),
    [(FILE, []), (LOCATION, ["POST"]), (EXTERNAL, ["PATCH"])],
    ids=["file", "location", "external"],
)
def test_members_are_added_to_the_shared_record_before_any_data(
    send, glance, settings, source, then
):
    settings.IMAGES_ALLOW_LOCATION = True
    settings.HELION_IMAGES_CONCURRENCY = 1
    steps = send(f"{OTHER}\r\n{THIRD}, {OTHER}", source).json()
    assert glance.writes[0].body["visibility"] == "shared"
    assert added(glance)[:3] == [("POST", "images"), ("POST", "members"), ("POST", "members")]
    assert [method for method, _end in added(glance)[3:]] == then
    assert glance.members[steps["id"]] == {OTHER: "pending", THIRD: "pending"}


@pytest.mark.parametrize("text", ["", " \n, "])
def test_without_projects_the_image_is_private(send, glance, text):
    assert send(text).status_code == 201
    assert glance.writes[0].body["visibility"] == "private"
    assert added(glance) == [("POST", "images")]


def test_ids_that_nobody_could_look_up_are_warned_of(send, glance):
    (warning,) = send(OTHER).json()["warnings"]
    assert "could not be checked" in warning
    assert OTHER in warning
    glance.calls.clear()
    steps = send(factories.PROJECT, person=factories.domain_admin(), url=ADMINS).json()
    assert steps["warnings"] == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("somewhere", "somewhere – No project with this name is visible to you"),
        (f"{OTHER}\n{factories.PROJECT}", f"{factories.PROJECT} – The project owns the image"),
        ("\n".join(f"{n:032x}" for n in range(129)), "Enter no more than 128 projects at a time."),
        ("<b>bold</b>", "<b>bold</b> – "),
    ],
)
def test_one_wrong_project_creates_nothing(send, glance, text, reason):
    response = send(text)
    assert reason in refused(response, glance)
    assert "<b>bold" not in response.content.decode()


def test_each_wrong_project_is_named(send, glance):
    page = refused(send("one\ntwo"), glance)
    assert "one – No project" in page
    assert "two – No project" in page
    assert re.search(r"(?s)<textarea[^>]*name=\"projects\"[^>]*>\s*one\ntwo</textarea>", page)


def test_the_own_project_is_refused(send, glance):
    page = refused(
        send(factories.SIBLING, person=factories.domain_admin(), url=ADMINS),
        glance,
    )
    assert "The project owns the image" in page


@pytest.mark.parametrize("written", [OTHER, "lab", THIRD])
def test_the_admin_panel_stays_in_the_domain(send, glance, written):
    page = refused(send(written, person=factories.domain_admin(), url=ADMINS), glance)
    assert f"{written} – Not found in your domain" in page


def test_a_name_is_looked_up(send, glance):
    steps = send("web", person=factories.domain_admin(), url=ADMINS).json()
    assert glance.members[steps["id"]] == {factories.PROJECT: "pending"}


def test_a_project_that_is_named_twice_is_one(send, glance):
    text = f"web\n{factories.PROJECT}"
    steps = send(text, person=factories.domain_admin(), url=ADMINS).json()
    assert added(glance) == [("POST", "images"), ("POST", "members")]
    assert steps["warnings"] == []


@pytest.mark.parametrize(("quota", "is_made"), [(1, False), (2, True), (-1, True)])
def test_the_clouds_limit_of_members(send, glance, settings, quota, is_made):
    settings.HELION_IMAGES_MEMBERS_QUOTA = quota
    response = send(f"{OTHER}\n{THIRD}")
    if is_made:
        assert response.status_code == 201
    else:
        page = refused(response, glance)
        assert "This exceeds the limit of 1 member per image." in page


@pytest.mark.parametrize("audience", ["domain", "cloud"])
def test_an_image_that_is_published_is_shared_with_no_project(send, glance, audience):
    response = send("web", person=factories.domain_admin(), url=ADMINS, audience=audience)
    page = refused(response, glance)
    error = re.search(r'(?s)<span class="help-block[^>]*>\s*(A new image can.*?)</span>', page)[1]
    assert "only if its Visibility is “Only" in error
    assert "shop" in error
    without = send("", person=factories.domain_admin(), url=ADMINS, audience=audience)
    assert without.status_code == 201


def test_an_audience_that_is_not_offered_counts_for_nothing(send, glance):
    """As in the first step, which a member has without Visibility."""
    assert send(OTHER, audience="cloud").status_code == 201
    assert glance.writes[0].body["visibility"] == "shared"


@pytest.fixture
def without_members(monkeypatch):
    allows = policy.allows
    monkeypatch.setattr(
        policy,
        "allows",
        lambda request, rule, image=None: (
            rule != policy.ADD_MEMBER and allows(request, rule, image)
        ),
    )


@pytest.mark.parametrize("reason", ["policy", "quota"])
def test_who_may_add_no_member_gets_no_field(request, browser, send, glance, settings, reason):
    if reason == "quota":
        settings.HELION_IMAGES_MEMBERS_QUOTA = 0
    else:
        request.getfixturevalue("without_members")
    page = opened(browser)
    assert 'name="projects"' not in page
    assert 'name="protected"' in page
    assert "You are not allowed to share images" in refused(send(OTHER), glance)
    assert send(" ").status_code == 201


def test_the_field_is_that_of_share_image(browser, glance):
    page = html.unescape(opened(browser))
    image = glance.add(name="x", visibility="shared")
    shared = html.unescape(browser.get(path("project", "share", image["id"])).content.decode())
    help_text = "Names of your own projects, or IDs of other projects, one per line."
    for each in (page, shared):
        assert help_text in each
        assert 'placeholder="Project ID, or name of your own project"' in each
    assert 'data-hip-projects="/project/images/projects/?new=1"' in page


@pytest.mark.parametrize(
    ("person", "url", "has_note"), [("member", URL, False), ("domain_admin", ADMINS, True)]
)
def test_what_visibility_means_for_it_is_beside_the_field(browser, person, url, has_note):
    page = opened(browser, factories.PEOPLE[person](), url)
    assert ("data-hip-published" in page) is has_note
    assert "its visibility is then Shared." in page


def test_a_link_names_no_project(browser):
    page = opened(browser, url=f"{URL}?projects={OTHER}&name=given")
    assert OTHER not in page
    assert 'value="given"' in page


def test_the_search_for_a_new_image_leaves_out_its_owner(browser, glance):
    browser.login_as(factories.domain_admin())
    url = path("admin", "projects")
    assert [each["name"] for each in browser.get(url).json()["projects"]] == ["shop", "web"]
    found = browser.get(url, {"new": 1}).json()
    assert [each["name"] for each in found["projects"]] == ["web"]


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (503, "Not now.", f"{OTHER} – Not now."),
        (413, "Too many.", f"{OTHER} – The image has reached this cloud's limit of members."),
        (403, "No.", f"{OTHER} – No."),
        (401, "Token expired", f"{OTHER} – Your session has ended."),
    ],
)
@pytest.mark.parametrize("source", [FILE, LOCATION], ids=["file", "location"])
def test_a_project_that_fails_leaves_the_image_and_is_named(
    send, glance, monkeypatch, source, status, reason, words
):
    post = fakes.FakeHttp.post

    def refusing(http, path_, data=None):
        if path_.endswith("/members") and data["member"] == OTHER:
            raise fakes.refusal(status, reason)
        return post(http, path_, data=data)

    monkeypatch.setattr(fakes.FakeHttp, "post", refusing)
    steps = send(f"{OTHER}\n{THIRD}", source).json()
    warning, unverified = steps["warnings"]
    assert words in warning
    assert warning.startswith("Image not shared with: ")
    assert warning.endswith("To try again, select Share Image in its menu.")
    assert THIRD not in warning
    assert THIRD in unverified
    assert OTHER not in unverified
    assert glance.members[steps["id"]] == {THIRD: "pending"}
    assert Image.from_glance(glance.images[steps["id"]]).visibility == "shared"


def test_projects_for_which_no_time_is_left_are_not_tried(send, glance, monkeypatch):
    monkeypatch.setattr(new_image, "ADDITIONS_BEGIN_WITHIN_S", -1)
    (warning,) = send(f"{OTHER}\n{THIRD}").json()["warnings"]
    assert f"{OTHER} – The image service is too slow; {THIRD} – " in warning
    assert added(glance) == [("POST", "images")]


def test_the_record_of_an_import_that_is_refused_goes_with_its_members(send, glance, monkeypatch):
    post = fakes.FakeHttp.post

    def refusing(http, path_, data=None):
        if path_.endswith("/import"):
            raise fakes.refusal(400, "No such scheme.")
        return post(http, path_, data=data)

    monkeypatch.setattr(fakes.FakeHttp, "post", refusing)
    page = html.unescape(send(OTHER, LOCATION).content.decode())
    assert "The image was not created. No such scheme." in page
    assert glance.images == {}


def test_where_properties_are_required_the_record_is_shared_at_once(send, glance):
    """The cloud would refuse to change its visibility later; members it takes."""
    glance.required = REQUIRED
    steps = send(OTHER, FILE | GIVEN).json()
    assert glance.writes[0].body["visibility"] == "shared"
    assert glance.members[steps["id"]] == {OTHER: "pending"}
    assert {call.method for call in glance.writes} == {"POST"}
