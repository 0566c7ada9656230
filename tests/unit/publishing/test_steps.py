# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import images, lock, members
from helion_images_panel.api.projects import Project
from helion_images_panel.core.access import Reach
from helion_images_panel.core.glance_time import TIME_FORMAT
from helion_images_panel.core.image import Image, Member
from helion_images_panel.core.publication import (
    CLOUD,
    DOMAIN,
    OWN,
    PROPERTY,
    Publication,
    publication_of,
    publication_property,
    with_record,
)
from helion_images_panel.publishing import execution, refusals, results
from helion_images_panel.publishing.results import all_steps
from helion_images_panel.publishing.steps import OwnersDomain, publish_step
from tests import factories

OWNER, IMAGE_ID, DOMAIN_ID = "owner", "5b1fd1a3-0f61-4a53-8c3b-0f2f6a5c2d10", "acme"
REQUEST = factories.request()


class Glance:
    """One image and its members, at the border of api/; `calls` are the writes, in order.

    `errors` are raised for a project's member, the next time that it is written.
    """

    def __init__(self):
        self.image = Image(IMAGE_ID, status="active", visibility="private", owner=OWNER)
        self.statuses = {}
        self.changed_at = {}
        self.clock = 0
        self.calls = []
        self.errors = {}

    @property
    def noted(self):
        return publication_of(self.image)

    def note(self, **fields):
        publication = Publication(DOMAIN, "private", DOMAIN_ID, **fields)
        noted = publication_property(IMAGE_ID, publication)
        self.image = replace(self.image, visibility="shared", properties=dict(noted))

    def image_update(self, _request, image_id, changes):
        assert image_id == IMAGE_ID
        self.calls.append(("image", dict(changes)))
        properties = {**self.image.properties, **changes}
        visibility = properties.pop("visibility", self.image.visibility)
        properties = {name: value for name, value in properties.items() if value is not None}
        self.image = replace(self.image, visibility=visibility, properties=properties)
        return self.image

    def image_get(self, _request, _image_id):
        return self.image

    def member_list(self, _request, _image_id):
        assert self.image.visibility == "shared", "Glance tells no members of another image"
        return [Member(*pair, "0", self.changed_at.get(pair[0])) for pair in self.statuses.items()]

    def member_get(self, _request, _image_id, project_id):
        return next((m for m in self.member_list(None, None) if m.project_id == project_id), None)

    def share(self, project_id, status="pending"):
        """Glance keeps the time of the first sharing of a member that was removed."""
        self.clock += 1
        self.statuses[project_id], self.changed_at[project_id] = status, str(self.clock)

    def _write(self, what, project_id):
        self.calls.append((what, project_id))
        if project_id in self.errors:
            raise self.errors.pop(project_id)

    def member_create(self, _request, _image_id, project_id):
        self._write("add", project_id)
        self.share(project_id)

    def member_update(self, _request, _image_id, project_id, status):
        self._write(status, project_id)
        self.share(project_id, status)

    def member_delete(self, _request, _image_id, project_id):
        self._write("remove", project_id)
        if self.statuses.pop(project_id, None) is None:
            raise exceptions.ImageNotFound("no such member")


@pytest.fixture
def glance(monkeypatch):
    fake = Glance()
    for name in ("image_get", "image_update"):
        monkeypatch.setattr(images, name, getattr(fake, name))
    for name in ("member_list", "member_get", "member_create", "member_update", "member_delete"):
        monkeypatch.setattr(members, name, getattr(fake, name))
    return fake


def for_all(project_ids):
    """An admin answers for every project."""
    return dict.fromkeys(project_ids, REQUEST)


def for_nobody(_project_ids):
    return {}


def domain_of(*project_ids, domain_id=DOMAIN_ID):
    return OwnersDomain(domain_id, tuple(Project(id_, id_, domain_id) for id_ in project_ids))


def publish(glance, *enabled, accepting_requests=for_all, domain_id=DOMAIN_ID, remove_old=False):
    """A whole run; what became of each project, and how far it came."""
    domain = domain_of(OWNER, *enabled, domain_id=domain_id)
    taken = list(
        all_steps(
            lambda tried: publish_step(
                REQUEST, glance.image, DOMAIN, accepting_requests, domain, tried, remove_old
            )
        )
    )
    return {r.project_id: r.outcome for step in taken for r in step.results}, taken


def unpublish(glance, accepting_requests=for_all):
    run = all_steps(
        lambda tried: publish_step(REQUEST, glance.image, OWN, accepting_requests, tried=tried)
    )
    return {result.project_id: result.outcome for step in run for result in step.results}


def test_every_project_is_given_the_image_and_accepts(glance):
    outcomes, (step,) = publish(glance, "a", "b")
    assert outcomes == {"a": results.ADDED, "b": results.ADDED}
    assert glance.statuses == {"a": "accepted", "b": "accepted"}
    assert step.reach == Reach(3, 3)
    assert glance.noted == Publication(DOMAIN, "private", DOMAIN_ID, ("a", "b"))


def test_a_second_run_writes_nothing(glance):
    publish(glance, "a", "b")
    glance.calls.clear()
    outcomes, (step,) = publish(glance, "a", "b")
    assert (outcomes, glance.calls) == ({}, [])
    assert step.reach == Reach(3, 3)


def test_what_is_given_is_noted_before(glance):
    """A process that ends in the middle has left word of what has to be taken back."""
    glance.errors["b"] = SystemExit()
    with pytest.raises(SystemExit):
        publish(glance, "a", "b")
    assert glance.noted.given == ("a", "b")
    first_member = next(n for n, (what, _) in enumerate(glance.calls) if what == "add")
    assert any(PROPERTY in changes for what, changes in glance.calls[:first_member])
    outcomes, _steps = publish(glance, "a", "b")
    assert outcomes["b"] == results.ADDED
    assert set(glance.statuses.values()) == {"accepted"}


def test_more_projects_than_one_step_handles(glance):
    projects = [f"p{number:03}" for number in range(2 * results.PROJECTS_PER_STEP + 5)]
    outcomes, taken = publish(glance, *projects)
    assert [len(step.results) for step in taken] == [24, 24, 5]
    assert [step.left for step in taken] == [29, 5, 0]
    assert [step.reach.reached for step in taken] == [25, 49, 54]
    assert set(outcomes.values()) == {results.ADDED}
    assert set(glance.noted.given) == set(projects)


def test_one_refusal_does_not_stop_the_others_and_is_not_tried_again(glance):
    glance.errors["b"] = exceptions.ImageServiceError("no", 403)
    outcomes, _steps = publish(glance, *(f"p{number}" for number in range(30)), "b")
    assert outcomes["b"] == results.FAILED
    assert [what for what, who in glance.calls if who == "b"] == ["add"]
    assert "b" not in glance.noted.given
    assert len(glance.statuses) == 30
    outcomes, _steps = publish(glance, *(f"p{number}" for number in range(30)), "b")
    assert outcomes == {"b": results.ADDED}


def during(glance, monkeypatch, project_id, act):
    """Has `act` happen just before the project is made a member for the first time."""
    create, acts = glance.member_create, [act]

    def create_late(request, image_id, wanted):
        if wanted == project_id and acts:
            acts.pop()()
        if wanted in glance.statuses:
            raise exceptions.ImageServiceError("already a member", 409)
        return create(request, image_id, wanted)

    monkeypatch.setattr(members, "member_create", create_late)


def test_one_run_at_a_time(glance, monkeypatch):
    refused = []

    def publish_and_unpublish():
        for another in (lambda: publish(glance, "a", "b"), lambda: unpublish(glance)):
            with pytest.raises(refusals.BeingPublished) as error:
                another()
            refused.append(error.value.status)

    during(glance, monkeypatch, "a", publish_and_unpublish)
    publish(glance, "a", "b")
    assert refused == [409, 409]
    assert glance.noted.given == ("a", "b")
    unpublish(glance)
    assert (glance.statuses, glance.image.visibility) == ({}, "private")


def test_two_runs_that_know_nothing_of_each_other_take_all_of_it_back(
    glance, monkeypatch, settings
):
    """Such as a cron without the dashboard's cache: the image must not stay with anybody."""
    settings.HELION_IMAGES_CONCURRENCY = 1  # The other run is through before "b" has its turn.
    for name in ("acquire", "renew"):
        monkeypatch.setattr(lock.Lock, name, lambda _self: True)
    during(glance, monkeypatch, "a", lambda: publish(glance, "a", "b"))
    assert publish(glance, "a", "b")[0] == {"a": results.KNOWN, "b": results.KNOWN}
    assert glance.noted.given == ("a", "b")
    unpublish(glance)
    assert (glance.statuses, glance.image.visibility) == ({}, "private")


@pytest.mark.parametrize("status", ["rejected", "accepted"])
def test_an_answer_is_never_overwritten(glance, status):
    glance.image = replace(glance.image, visibility="shared")
    glance.statuses["a"] = status
    assert publish(glance, "a")[0] == {}
    assert glance.statuses == {"a": status}
    assert glance.noted.given == ()


def test_a_project_that_rejects_while_it_is_published(glance, monkeypatch):
    glance.image = replace(glance.image, visibility="shared")
    glance.statuses["a"] = "pending"
    monkeypatch.setattr(members, "member_get", lambda *_args: Member("a", "rejected"))
    assert publish(glance, "a")[0] == {"a": results.KNOWN}
    assert ("accepted", "a") not in glance.calls


def test_where_nobody_may_answer_the_project_is_asked(glance):
    outcomes, (step,) = publish(glance, "a", accepting_requests=for_nobody)
    assert outcomes == {"a": results.PENDING}
    assert glance.statuses == {"a": "pending"}
    assert step.reach == Reach(1, 2)
    glance.calls.clear()
    assert publish(glance, "a", accepting_requests=for_nobody)[0] == {"a": results.PENDING}
    assert glance.calls == []


def test_who_was_given_it_and_left_the_domain_loses_it(glance):
    publish(glance, "a", "b")
    glance.statuses["by-hand"] = "accepted"
    assert publish(glance, "a")[0] == {"b": results.REMOVED}
    assert glance.statuses == {"a": "accepted", "by-hand": "accepted"}
    assert glance.noted.given == ("a",)


def killed_after_removing(glance, monkeypatch, project_id, run):
    """The process ends when Glance has removed the member, and before that is noted."""
    delete = glance.member_delete

    def killed(request, image_id, removed):
        delete(request, image_id, removed)
        if removed == project_id:
            raise SystemExit()

    with monkeypatch.context() as patched:
        patched.setattr(members, "member_delete", killed)
        with pytest.raises(SystemExit):
            run()
    assert project_id not in glance.statuses
    assert project_id in glance.noted.given


@pytest.mark.parametrize("is_shared_again", [False, True])
def test_the_next_run_settles_what_a_killed_one_removed(glance, monkeypatch, is_shared_again):
    publish(glance, "a", "b")
    killed_after_removing(glance, monkeypatch, "b", lambda: publish(glance, "a"))
    if is_shared_again:
        glance.share("b", "accepted")
    assert publish(glance, "a")[0] == {}
    assert glance.noted == Publication(DOMAIN, "private", DOMAIN_ID, ("a",))
    if not is_shared_again:
        glance.share("b", "accepted")
    assert unpublish(glance) == {"a": results.REMOVED, "b": results.BY_HAND}
    assert glance.statuses == {"b": "accepted"}
    assert glance.image.visibility == "shared"


def test_unpublish_takes_no_share_that_was_made_after_a_killed_run(glance, monkeypatch):
    publish(glance, "a", "b", "c")
    killed_after_removing(glance, monkeypatch, "b", lambda: unpublish(glance))
    glance.share("b", "accepted")
    assert unpublish(glance)["b"] == results.BY_HAND
    assert glance.statuses == {"b": "accepted"}


def test_who_is_enabled_again_after_a_killed_run_is_given_the_image_anew(glance, monkeypatch):
    publish(glance, "a", "b")
    killed_after_removing(glance, monkeypatch, "b", lambda: publish(glance, "a"))
    assert publish(glance, "a", "b")[0] == {"b": results.ADDED}
    assert set(glance.noted.given) == {"a", "b"}
    unpublish(glance)
    assert (glance.statuses, glance.image.visibility) == ({}, "private")


def test_who_was_not_removed_before_the_run_was_killed_is_removed_by_the_next(glance):
    publish(glance, "a", "b")
    glance.errors["b"] = SystemExit()
    with pytest.raises(SystemExit):
        publish(glance, "a")
    assert publish(glance, "a")[0] == {"b": results.REMOVED}
    assert glance.noted == Publication(DOMAIN, "private", DOMAIN_ID, ("a",))


class Clock:
    """Glance's clock; the dashboard's may differ."""

    def __init__(self, monkeypatch, glance):
        self.now = datetime.now(UTC)
        share, update = glance.share, glance.image_update

        def shared(project_id, status="pending"):
            share(project_id, status)
            glance.changed_at[project_id] = self.text

        def updated(*args):
            update(*args)
            glance.image = replace(glance.image, updated_at=self.text)
            return glance.image

        glance.share = shared
        monkeypatch.setattr(images, "image_update", updated)

    @property
    def text(self):
        return self.now.strftime(TIME_FORMAT)

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(glance, monkeypatch):
    return Clock(monkeypatch, glance)


def killed_while(monkeypatch, call, run, is_done):
    """The process ends before or after Glance has done this call."""
    function = getattr(members, call)

    def killed(*args):
        if is_done:
            function(*args)
        raise SystemExit()

    with monkeypatch.context() as patched:
        patched.setattr(members, call, killed)
        with pytest.raises(SystemExit):
            run()


@pytest.mark.parametrize("clocks_differ_s", [0, -600, 600])
@pytest.mark.parametrize("call", ["member_create", "member_update"])
@pytest.mark.parametrize("is_done", [False, True])
def test_unpublish_takes_back_what_a_killed_step_has_given(
    glance, clock, monkeypatch, call, is_done, clocks_differ_s
):
    clock.wait(clocks_differ_s)
    killed_while(monkeypatch, call, lambda: publish(glance, "a"), is_done)
    is_member = "a" in glance.statuses
    assert is_member == (is_done or call == "member_update")
    clock.wait(60)
    assert unpublish(glance) == ({"a": results.REMOVED} if is_member else {})
    assert (glance.statuses, glance.image.visibility) == ({}, "private")


@pytest.mark.parametrize("clocks_differ_s", [0, -600, 600])
@pytest.mark.parametrize("is_synced", [False, True])
def test_unpublish_takes_no_share_that_a_killed_step_has_only_recorded(
    glance, clock, monkeypatch, is_synced, clocks_differ_s
):
    publish(glance, "b")
    clock.wait(clocks_differ_s)
    killed_while(monkeypatch, "member_create", lambda: publish(glance, "a", "b"), False)
    assert set(glance.noted.given) == {"a", "b"}
    clock.wait(10)
    glance.share("a", "accepted")
    if is_synced:
        assert publish(glance, "a", "b")[0] == {}
        assert glance.noted == Publication(DOMAIN, "private", DOMAIN_ID, ("b",))
    assert unpublish(glance) == {"b": results.REMOVED, "a": results.BY_HAND}
    assert (glance.statuses, glance.image.visibility) == ({"a": "accepted"}, "shared")


@pytest.mark.parametrize("is_done", [False, True])
def test_unpublish_takes_no_acceptance_that_a_killed_step_has_only_recorded(
    glance, clock, monkeypatch, is_done
):
    glance.image = replace(glance.image, visibility="shared")
    glance.share("a")
    killed_while(monkeypatch, "member_update", lambda: publish(glance, "a"), is_done)
    clock.wait(10)
    if not is_done:
        glance.share("a", "accepted")
    unpublish(glance)
    assert glance.statuses == {"a": "pending" if is_done else "accepted"}


def test_the_next_step_confirms_what_a_killed_one_has_given(glance, clock, monkeypatch):
    """The project may answer, which changes the time of its member."""
    killed_while(monkeypatch, "member_update", lambda: publish(glance, "a"), True)
    assert glance.noted.unconfirmed == ("a",)
    publish(glance, "a")
    assert glance.noted == Publication(DOMAIN, "private", DOMAIN_ID, ("a",))


def test_a_member_that_was_added_without_a_response_is_taken_back(glance, monkeypatch):
    create = glance.member_create

    def unanswered(*args):
        create(*args)
        raise exceptions.ImageServiceUnavailable("no response")

    monkeypatch.setattr(members, "member_create", unanswered)
    assert publish(glance, "a")[0] == {"a": results.FAILED}
    assert unpublish(glance) == {"a": results.REMOVED}
    assert (glance.statuses, glance.image.visibility) == ({}, "private")


def test_additions_that_would_begin_late_are_left_to_the_next_step(glance, monkeypatch):
    """By its time a member is known as the step's, if that is interrupted."""
    passed = iter([0.0, *(2.0 * number for number in range(100))])
    monkeypatch.setattr(execution, "time", SimpleNamespace(monotonic=lambda: next(passed)))
    projects = [f"p{number}" for number in range(6)]
    first = publish_step(REQUEST, glance.image, DOMAIN, for_all, domain_of(OWNER, *projects))
    assert len(first.results) < 6
    assert first.left == 6 - len(first.results)
    assert set(glance.noted.given) == set(glance.statuses) == first.tried


def test_former_members_stay_recorded_while_the_image_is_public(glance):
    """Unpublish ends their access again."""
    glance.statuses["old"] = "accepted"
    publish(glance, "a")
    assert glance.noted.revived == ("old",)
    publish_step(REQUEST, glance.image, CLOUD, for_all)
    publish(glance, "a")
    assert glance.noted.revived == ("old",)
    unpublish(glance)
    assert glance.image.visibility == "private"


def test_an_answer_for_a_member_that_is_gone_is_forgotten(glance):
    """It would be taken back from whoever shares the image with the project again."""
    glance.note(answered=("asked",))
    publish(glance)
    assert glance.noted.answered == ()


def test_more_than_can_be_noted_is_refused_before_anything_is_written(glance, settings):
    settings.HELION_IMAGES_MEMBERS_QUOTA = -1
    projects = [f"{number:032x}" for number in range(3100)]
    with pytest.raises(refusals.RecordTooLong) as refused:
        publish(glance, *projects)
    assert refused.value.status == 409
    assert "3101 projects" in str(refused.value)
    assert glance.calls == []


def test_old_members_count_for_what_can_be_noted(glance, settings):
    settings.HELION_IMAGES_MEMBERS_QUOTA = -1
    before = glance.image
    glance.statuses = {f"{number:032x}": "accepted" for number in range(1600)}
    with pytest.raises(refusals.RecordTooLong):
        publish(glance, *(f"{number:032x}" for number in range(1600, 3100)))
    assert glance.image == before


def test_too_many_are_refused_before_anything_is_written(glance, settings):
    settings.HELION_IMAGES_MEMBERS_QUOTA = 2
    with pytest.raises(refusals.TooManyProjects) as refused:
        publish(glance, "a", "b", "c")
    assert (refused.value.members_after, refused.value.limit, refused.value.status) == (3, 2, 413)
    assert glance.calls == []


def test_members_of_long_ago_are_counted_when_they_are_back(glance, settings):
    settings.HELION_IMAGES_MEMBERS_QUOTA = 2
    glance.statuses = {"old": "accepted", "older": "accepted"}
    with pytest.raises(refusals.TooManyProjects):
        publish(glance, "a")
    assert glance.statuses == {"old": "accepted", "older": "accepted"}
    assert glance.image.visibility == "private"
    assert PROPERTY not in glance.image.properties


@pytest.mark.parametrize("visibility", ["public", "community"])
def test_what_was_noted_before_is_noted_again_when_there_are_too_many(glance, settings, visibility):
    glance.note(given=("old",))
    glance.statuses = {"old": "accepted", "older": "accepted"}
    glance.image = replace(glance.image, visibility=visibility)
    before = glance.image
    settings.HELION_IMAGES_MEMBERS_QUOTA = 2
    with pytest.raises(refusals.TooManyProjects):
        publish(glance, "old", "a")
    assert glance.image == before


def test_unpublish_takes_back_what_was_given_and_nothing_else(glance):
    glance.image = replace(glance.image, visibility="shared")
    glance.statuses = {"by-hand": "accepted", "asked": "pending", "no": "rejected"}
    publish(glance, "a", "b", "asked", "no")
    assert glance.statuses["asked"] == "accepted"
    unpublish(glance)
    assert glance.statuses == {"by-hand": "accepted", "asked": "pending", "no": "rejected"}
    assert glance.image.visibility == "shared"
    assert PROPERTY not in glance.image.properties


def test_the_visibility_before_comes_back_last(glance):
    publish(glance, "a", "b")
    unpublish(glance)
    assert glance.calls[-1] == ("image", {"visibility": "private", PROPERTY: None})
    assert glance.statuses == {}


def test_unpublish_that_is_refused_for_one_can_go_on(glance):
    publish(glance, "a", "b")
    glance.errors["b"] = exceptions.ImageServiceError("not now", 503)
    assert unpublish(glance) == {"a": results.REMOVED, "b": results.FAILED}
    assert glance.image.visibility == "shared"
    assert glance.noted.given == ("b",)
    assert unpublish(glance) == {"b": results.REMOVED}
    assert glance.image.visibility == "private"


@pytest.mark.parametrize("run", [unpublish, lambda glance: publish(glance)[0]])
def test_the_record_does_not_grow_by_removals_that_fail(glance, run):
    """As when Glance's policy allows none: Unpublish has to be possible afterwards."""
    everyone = [f"{number:032}" for number in range(3 * results.PROJECTS_PER_STEP)]
    publish(glance, *everyone)
    refused = exceptions.ImageForbidden("not allowed")
    for _ in range(2):
        glance.errors = dict.fromkeys(everyone, refused)
        assert set(run(glance).values()) == {results.FAILED}
        assert set(glance.noted.given) == set(glance.statuses) == set(everyone)
        assert len(glance.noted.removing) <= results.PROJECTS_PER_STEP
    unpublish(glance)
    assert (glance.statuses, glance.image.visibility) == ({}, "private")


def test_an_answer_that_cannot_be_taken_back_is_not_forgotten_by_a_later_step(glance):
    asked = [f"p{number:02}" for number in range(results.PROJECTS_PER_STEP + 5)]
    glance.image = replace(glance.image, visibility="shared")
    glance.statuses = dict.fromkeys(asked, "pending")
    publish(glance, *asked)
    glance.errors["p00"] = exceptions.ImageServiceError("not now", 503)
    outcomes = unpublish(glance)
    assert [id_ for id_, outcome in outcomes.items() if outcome == results.FAILED] == ["p00"]
    assert glance.noted.answered == ("p00",)
    assert unpublish(glance) == {"p00": results.PENDING}
    assert set(glance.statuses.values()) == {"pending"}
    assert PROPERTY not in glance.image.properties


def test_unpublish_of_one_that_somebody_removed_already(glance):
    glance.note(given=("a",))
    assert unpublish(glance) == {}
    assert glance.image.visibility == "private"


def test_an_image_that_became_public_is_taken_from_the_domain_as_well(glance):
    publish(glance, "a")
    glance.image = replace(glance.image, visibility="public")
    assert unpublish(glance) == {"a": results.REMOVED}
    assert glance.image.visibility == "private"


def test_who_cannot_answer_takes_no_answer_back(glance):
    """A manager who has lost a role meanwhile: what remains is told, and not tried for ever."""
    glance.image = replace(glance.image, visibility="shared")
    glance.statuses = {"asked": "pending"}
    publish(glance, "asked")
    assert glance.noted.answered == ("asked",)
    assert unpublish(glance, for_nobody) == {"asked": results.KEPT}
    assert glance.statuses == {"asked": "accepted"}
    assert PROPERTY not in glance.image.properties


def test_an_answer_is_taken_back_by_who_may_give_it(glance, monkeypatch):
    glance.image = replace(glance.image, visibility="shared")
    glance.statuses = {"asked": "pending"}
    acting, asked = object(), []
    update = glance.member_update
    monkeypatch.setattr(
        members,
        "member_update",
        lambda request, *args: asked.append(request) or update(request, *args),
    )
    publish(glance, "asked", accepting_requests=lambda ids: dict.fromkeys(ids, acting))
    assert unpublish(glance, lambda ids: dict.fromkeys(ids, acting)) == {"asked": results.PENDING}
    assert asked == [acting, acting]


@pytest.mark.parametrize("status", ["accepted", "pending"])
def test_whom_a_person_adds_meanwhile_keeps_the_image(glance, status):
    publish(glance, "a")
    glance.statuses["by-hand"] = status
    assert unpublish(glance)["by-hand"] == results.BY_HAND
    assert glance.statuses == {"by-hand": status}
    assert glance.image.visibility == "shared"


def test_old_members_that_came_back_do_not_keep_the_image(glance):
    glance.statuses = {"old": "accepted"}
    outcomes, _steps = publish(glance, "a")
    assert outcomes == {"a": results.ADDED, "old": results.REVIVED}
    assert glance.noted.revived == ("old",)
    unpublish(glance)
    assert glance.statuses == {"old": "accepted"}
    assert glance.image.visibility == "private"


def test_old_members_are_removed_first_where_that_is_asked_for(glance):
    glance.statuses = {"old": "accepted", "a": "accepted", "no": "rejected"}
    outcomes, _steps = publish(glance, "a", "b", remove_old=True)
    assert outcomes == {
        "old": results.REMOVED,
        "a": results.ADDED,
        "b": results.ADDED,
    }
    assert glance.statuses == {"a": "accepted", "b": "accepted", "no": "rejected"}
    assert glance.noted.given == ("a", "b")
    unpublish(glance)
    assert glance.statuses == {"no": "rejected"}
    assert glance.image.visibility == "private"


def test_members_that_have_it_now_are_not_removed_as_old_ones(glance):
    glance.image = replace(glance.image, visibility="shared")
    glance.statuses = {"by-hand": "accepted"}
    assert publish(glance, "a", remove_old=True)[0] == {"a": results.ADDED}
    assert glance.statuses == {"by-hand": "accepted", "a": "accepted"}


def test_a_rejection_outlives_unpublishing(glance):
    publish(glance, "a", "b")
    glance.statuses["a"] = "rejected"
    unpublish(glance)
    assert glance.statuses == {"a": "rejected"}
    assert glance.image.visibility == "private"
    publish(glance, "a", "b")
    assert glance.statuses == {"a": "rejected", "b": "accepted"}


def test_a_rejection_outlives_leaving_the_domain(glance):
    publish(glance, "a", "b")
    glance.statuses["a"] = "rejected"
    assert publish(glance, "b")[0] == {}
    publish(glance, "a", "b")
    assert glance.statuses == {"a": "rejected", "b": "accepted"}


@pytest.mark.parametrize("visibility", ["shared", "public"])
def test_what_another_domain_was_given_is_taken_back_first(glance, visibility):
    publish(glance, "a")
    glance.image = replace(glance.image, visibility=visibility)
    before = glance.image
    with pytest.raises(refusals.PublishedElsewhere):
        publish(glance, "b", domain_id="globex")
    assert glance.image == before
    assert glance.statuses == {"a": "accepted"}
    unpublish(glance)
    publish(glance, "b", domain_id="globex")
    assert glance.statuses == {"b": "accepted"}


@pytest.mark.parametrize("is_noted", [True, False])
def test_an_image_of_the_community_goes_back_to_it(glance, is_noted):
    if is_noted:
        now = with_record(glance.image)
        changes = now.changes("community", now.publication_at("community"))
    else:
        changes = {"visibility": "community"}
    glance.image_update(None, IMAGE_ID, changes)
    publish(glance, "a")
    unpublish(glance)
    assert glance.image.visibility == "community"


def test_what_another_run_notes_meanwhile_is_kept(glance, monkeypatch):
    """Two people, or one and cron, at the same time: each takes back all that was given."""
    publish(glance, "a")
    stale = glance.image
    publish(glance, "a", "b")
    publish_step(REQUEST, stale, DOMAIN, for_all, domain_of(OWNER, "a", "b", "c"))
    assert set(glance.noted.given) == {"a", "b", "c"}
    unpublish(glance)
    assert glance.statuses == {}


def test_a_run_ends_where_somebody_has_unpublished_the_image_meanwhile(glance):
    publish(glance, "a")
    stale = glance.image
    unpublish(glance)
    glance.image = replace(glance.image, visibility="shared")
    with pytest.raises(exceptions.ImageServiceError) as refused:
        publish_step(REQUEST, stale, DOMAIN, for_all, domain_of(OWNER, "a"))
    assert refused.value.status == 409
    assert glance.statuses == {}


def test_a_cloud_without_a_limit(glance, settings):
    settings.HELION_IMAGES_MEMBERS_QUOTA = -1
    projects = [f"p{number}" for number in range(200)]
    publish(glance, *projects)
    assert len(glance.statuses) == 200
