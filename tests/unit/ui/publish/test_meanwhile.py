# SPDX-License-Identifier: Apache-2.0
"""Two who publish an image at the same time: what was given is never forgotten."""

import pytest

from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import publication_of
from helion_images_panel.publishing import held_image
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path

LATER = "5" * 32
BUSY = "The image is being published or unpublished by another request."


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch):
    monkeypatch.setattr(held_image, "SHORT_WAIT_S", 0, raising=False)


@pytest.fixture
def image(browser, glance):
    """A private one of the first project, and its domain's admin at work."""
    browser.login_as(factories.domain_admin())
    return glance.add(owner=factories.PROJECT)


@pytest.fixture
def before(monkeypatch):
    """Has something happen just before Glance answers the first call of this method and path."""

    def before(method, path, act):
        called, acts = fakes.FakeHttp._called, [act]

        def call(self, *args, **more):
            if args[:2] == (method, path) and acts:
                acts.pop()()
            called(self, *args, **more)

        monkeypatch.setattr(fakes.FakeHttp, "_called", call)

    return before


def step(browser, image, audience):
    url = path("admin", "publish", image["id"])
    return browser.post(url, {"audience": audience})


def to_the_cloud(browser, image):
    data = {"audience": "cloud", "id": image["id"]}
    return browser.post(path("admin", "publish"), data, follow=True)


def to_the_community(browser, image):
    data = {"action": f"images__communitize__{image['id']}"}
    return browser.post(path("admin", "index"), data, follow=True)


def edit(visibility):
    def edit(browser, image):
        data = {
            "name": image["name"],
            "initial-name": image["name"],
            "initial-visibility": "private",
            "visibility": visibility,
            "initial-protected": "False",
            "description": "typed for an hour",
        }
        return browser.post(path("admin", "update", image["id"]), data, follow=True)

    return edit


def share(browser, image):
    data = {"projects": factories.SIBLING}
    return browser.post(path("admin", "share", image["id"]), data, follow=True)


WRITERS = {
    "cloud": to_the_cloud,
    "community": to_the_community,
    "edit": edit("public"),
    "share": share,
}


def note_of(image):
    return publication_of(Image.from_glance(image))


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_run_that_comes_while_somebody_writes_loses_no_note(
    browser, glance, keystone, image, before, write
):
    """The image has been read, and is about to be written, when the domain's run comes."""
    if write is share:
        # Which then notes that a person shares it with a project that has had it until now.
        assert step(browser, image, "domain").status_code == 200
        keystone.projects[LATER] = ("later", factories.DOMAIN)
    statuses = []

    def run():
        statuses.append(step(browser, image, "domain").status_code)

    before("PATCH", f"/v2/images/{image['id']}", run)
    write(browser, image)
    assert len(statuses) == 1
    step(browser, image, "domain")
    step(browser, image, "own")
    kept = {factories.SIBLING} if write is share else set()
    assert set(glance.members.get(image["id"], {})) == kept
    assert statuses == [409]


MEANWHILE = {**WRITERS, "edit to shared": edit("shared")}


@pytest.mark.parametrize("write", MEANWHILE.values(), ids=MEANWHILE)
def test_who_comes_while_a_run_is_at_it_is_told(browser, glance, image, before, write):
    answers = []

    def act():
        answers.append(write(browser, image).content.decode())

    before("PATCH", f"/v2/images/{image['id']}", act)
    assert step(browser, image, "domain").json()["reached"] == 2
    assert note_of(image).given == (factories.SIBLING,)
    assert BUSY in answers[0]
    step(browser, image, "own")
    assert glance.members[image["id"]] == {}
    assert image["visibility"] == "private"


@pytest.mark.parametrize(
    ("write", "typed"),
    [(edit("community"), "typed for an hour"), (share, factories.SIBLING)],
    ids=["edit", "share"],
)
def test_nothing_typed_is_lost(browser, glance, image, before, write, typed):
    answers = []
    before(
        "PATCH",
        f"/v2/images/{image['id']}",
        lambda: answers.append(write(browser, image).content.decode()),
    )
    step(browser, image, "domain")
    assert BUSY in answers[0]
    assert typed in answers[0]
    assert "description" not in image
    # And once more, when the image is free again.
    step(browser, image, "own")
    assert BUSY not in write(browser, image).content.decode()


def test_members_stay_where_the_image_cannot_be_made_private(browser, glance, image, before):
    """They are removed first, which is nothing to begin with while others are at it."""
    image["visibility"] = "shared"
    glance.members[image["id"]] = {factories.FOREIGN: "accepted"}
    answers = []

    def make_private():
        data = {
            "name": image["name"],
            "initial-name": image["name"],
            "initial-visibility": "shared",
            "visibility": "private",
            "initial-protected": "False",
            "remove_members": "on",
        }
        url = path("admin", "update", image["id"])
        answers.append(browser.post(url, data, follow=True).content.decode())

    before("GET", f"/v2/images/{image['id']}/members", make_private)
    step(browser, image, "domain")
    assert BUSY in answers[0]
    assert glance.members[image["id"]].pop(factories.FOREIGN) == "accepted"


def test_what_everybody_has_meanwhile_is_not_taken_from_them_by_sharing(
    browser, glance, image, monkeypatch
):
    """The image is private as the form is checked, and public as it is shared."""
    held = held_image.lock.held

    def publish_first(*args):
        image["visibility"] = "public"
        return held(*args)

    monkeypatch.setattr(held_image.lock, "held", publish_first)
    html = share(browser, image).content.decode()
    assert "Every project of this cloud can already use the image." in html
    assert glance.writes == []
