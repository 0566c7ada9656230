# SPDX-License-Identifier: Apache-2.0
"""The one way to an image's note: nobody else's is overwritten, and what was seen still holds."""

import time

import pytest

from helion_images_panel.api import cache, client, lock
from helion_images_panel.api.projects import Project
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.planned_publication import PLANNED_PROPERTY, planned_property
from helion_images_panel.core.publication import (
    CLOUD,
    COMMUNITY,
    DOMAIN,
    OWN,
    PROPERTY,
    Publication,
    publication_of,
    publication_property,
)
from helion_images_panel.publishing import execution, refusals
from helion_images_panel.publishing.held_image import hold
from helion_images_panel.publishing.steps import OwnersDomain, publish_step
from tests import factories
from tests.unit import fakes

ACME = OwnersDomain(
    factories.DOMAIN,
    tuple(Project(id_, id_, factories.DOMAIN) for id_ in (factories.PROJECT, factories.SIBLING)),
)


@pytest.fixture
def request_():
    return factories.request(factories.domain_admin())


@pytest.fixture
def body(glance):
    return glance.add(owner=factories.PROJECT)


def for_nobody(_project_ids):
    return {}


def publish(request, body, audience):
    domain = ACME if audience == DOMAIN else None
    return publish_step(
        request, Image.from_glance(body), audience, lambda ids: dict.fromkeys(ids, request), domain
    )


@pytest.fixture
def key(request_, body):
    return client.image_cache_key(request_, "publishing", body["id"])


@pytest.fixture
def calls(monkeypatch):
    """Has a function look at each call before it is answered, with its method and path."""

    def look_at(look):
        called = fakes.FakeHttp._called

        def call(self, method, path, *args, **more):
            look(method, path)
            called(self, method, path, *args, **more)

        monkeypatch.setattr(fakes.FakeHttp, "_called", call)

    return look_at


def test_who_has_lost_the_lock_writes_no_note(glance, request_, body, key, calls):
    """A process that stood still: the next one is at it, and knows nothing of this one."""

    def lose(method, path):
        if path.endswith("/members"):
            cache.set(key, "of the next one", 60)

    calls(lose)
    with pytest.raises(refusals.BeingPublished):
        publish(request_, body, DOMAIN)
    assert [call.method for call in glance.writes] == ["PATCH"]
    assert glance.members == {}
    assert cache.get(key) == "of the next one"


def test_a_long_step_keeps_others_off(glance, request_, body, key, calls, monkeypatch):
    monkeypatch.setattr(lock, "HELD_S", 1.5)
    monkeypatch.setattr(lock, "RENEWED_EVERY_S", 0.1)
    refused = []

    def be_slow(method, path):
        if (method, path) == ("POST", f"/v2/images/{body['id']}/members"):
            time.sleep(2)
            with pytest.raises(lock.LockHeld), lock.held(key):
                pass
            refused.append(path)

    calls(be_slow)
    publish(request_, body, DOMAIN)
    assert len(refused) == 1
    assert cache.get(key) is None


@pytest.mark.parametrize("audience", [CLOUD, COMMUNITY])
def test_a_short_change_waits_a_moment(glance, request_, body, key, monkeypatch, audience):
    cache.set(key, "of a step that is about to end", 60)
    monkeypatch.setattr(lock.time, "sleep", lambda _s: cache.delete(key))
    publish(request_, body, audience)
    assert body["visibility"] == {CLOUD: "public", COMMUNITY: "community"}[audience]


@pytest.mark.parametrize("audience", [OWN, DOMAIN])
def test_a_long_one_does_not(glance, request_, body, key, monkeypatch, audience):
    cache.set(key, "of somebody else", 60)
    slept = []
    monkeypatch.setattr(lock.time, "sleep", slept.append)
    with pytest.raises(refusals.BeingPublished):
        publish(request_, body, audience)
    assert (slept, glance.calls) == ([], [])


def test_an_image_of_another_region_with_the_same_id_is_another_image(
    glance, request_, body, monkeypatch
):
    seen = Image.from_glance(body)
    with hold(request_, seen, waits=False):
        with pytest.raises(refusals.BeingPublished), hold(request_, seen, waits=False):
            pass
        monkeypatch.setattr(client.base, "url_for", lambda *_args: "http://elsewhere.example")
        with hold(request_, seen, waits=False):
            pass


@pytest.mark.parametrize(("visibility", "stays"), [("private", True), ("shared", False)])
def test_a_planned_audience_stays_until_the_audience_changes(
    glance, request_, body, visibility, stays
):
    planned = planned_property(body["id"], CLOUD, Checksum("sha256", "a" * 64), "kim")
    body.update(planned, visibility="private")
    with hold(request_, Image.from_glance(body)) as held:
        held.write(visibility, held.current.publication, {"name": "Ubuntu"})
    assert body["name"] == "Ubuntu"
    assert (PLANNED_PROPERTY in body) is stays


def given(body, audience=DOMAIN, visibility="shared"):
    publication = Publication(audience, "private", factories.DOMAIN, (factories.SIBLING,))
    body.update(publication_property(body["id"], publication), visibility=visibility)


def test_what_a_domain_was_given_meanwhile_stays_noted_of_a_public_image(glance, request_, body):
    seen = Image.from_glance(body)
    given(body)
    publish_step(request_, seen, CLOUD, for_nobody)
    publication = publication_of(Image.from_glance(body))
    assert (publication.audience, publication.given) == (CLOUD, (factories.SIBLING,))


@pytest.mark.parametrize("visibility", ["private", "shared", "community"])
@pytest.mark.parametrize("now", ["shared", "public", "community"])
def test_what_a_domain_was_given_meanwhile_is_not_forgotten(
    glance, request_, body, visibility, now
):
    seen = Image.from_glance(body)
    given(body, visibility=now)
    with pytest.raises(refusals.PublishedToDomain), hold(request_, seen) as held:
        held.change_visibility(visibility, {"name": "new"})
    assert glance.writes == []


def test_further_changes_go_along_in_one_request(glance, request_, body):
    with hold(request_, Image.from_glance(body)) as held:
        held.change_visibility("community", {"name": "new"})
    (call,) = glance.writes
    assert {each["path"] for each in call.body} == {"/visibility", "/name", f"/{PROPERTY}"}


def test_what_is_not_published_any_more_is_not_made_private(glance, request_, body):
    """Two who click Unpublish: it is shared again as it was, and stays so."""
    seen = Image.from_glance({**body, "visibility": "public"})
    body["visibility"] = "shared"
    with pytest.raises(refusals.Unpublished):
        publish_step(request_, seen, OWN, for_nobody)
    assert glance.writes == []


def test_an_image_of_another_owner_is_not_given_to_the_former_ones_domain(glance, request_, body):
    seen = Image.from_glance(body)
    body["owner"] = factories.FOREIGN
    with pytest.raises(refusals.OwnerChanged):
        publish_step(request_, seen, DOMAIN, for_nobody, ACME)
    assert glance.writes == []


class BrokenCache:
    """Django's cache, which fails from `begin` to `end`."""

    def __init__(self):
        self._patch = pytest.MonkeyPatch()

    def begin(self):
        for name in ("get", "set", "add", "delete"):
            self._patch.setattr(cache.cache, name, self._fail)

    def end(self):
        self._patch.undo()

    def _fail(self, *_args, **_kwargs):
        raise OSError(111, "Connection refused")


@pytest.fixture
def broken_cache():
    broken = BrokenCache()
    yield broken
    broken.end()


@pytest.mark.parametrize("audience", [DOMAIN, CLOUD])
def test_nothing_is_published_without_a_lock(glance, request_, body, broken_cache, audience):
    broken_cache.begin()
    with pytest.raises(refusals.NoLock) as error:
        publish(request_, body, audience)
    assert error.value.status == 503
    assert glance.writes == []


def test_what_the_cache_interrupts_is_finished_by_the_next_run(
    glance, request_, body, key, broken_cache, monkeypatch
):
    """The members of the interrupted step are recorded, and taken back as all others."""
    add = execution.members.member_create

    def add_and_break(*args):
        add(*args)
        broken_cache.begin()

    with monkeypatch.context() as patch:
        patch.setattr(execution.members, "member_create", add_and_break)
        patch.setattr(execution, "in_parallel", lambda call, items: [call(each) for each in items])
        with pytest.raises(refusals.NoLock):
            publish(request_, body, DOMAIN)
    record = publication_of(Image.from_glance(body))
    assert set(record.given) == set(glance.members[body["id"]])
    broken_cache.end()
    # The cache responds again. It still has the lock, which nobody could release.
    with pytest.raises(refusals.BeingPublished):
        publish(request_, body, DOMAIN)
    cache.delete(key)
    assert publish(request_, body, DOMAIN).reach.reached == 2
    publish(request_, body, OWN)
    assert (body["visibility"], glance.members[body["id"]]) == ("private", {})


def test_a_domain_without_its_projects_is_no_audience(glance, request_, body):
    with pytest.raises(ValueError, match="domain"):
        publish_step(request_, Image.from_glance(body), DOMAIN, for_nobody)
    assert glance.writes == []
