# SPDX-License-Identifier: Apache-2.0
"""A version becomes the latest, and the one before again, with an interruption at each call."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import families, images, members
from helion_images_panel.api.projects import Project
from helion_images_panel.core import end_dates
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.end_dates import EndDates
from helion_images_panel.core.end_rule import EndRule
from helion_images_panel.core.family import (
    FORMER,
    LATEST,
    NEW,
    Family,
    family_property,
    family_record,
)
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import (
    CLOUD,
    DOMAIN,
    Publication,
    publication_of,
    publication_property,
)
from helion_images_panel.core.verification import Verified, verified_property
from helion_images_panel.core.version_swap import Ends, Journal, journal_of, role_of
from helion_images_panel.publishing import refusals, version_refusals, versions
from helion_images_panel.publishing.held_image import hold
from helion_images_panel.publishing.steps import OwnersDomain
from tests import factories
from tests.thorough import thinned
from tests.unit.publishing.killed import Killed, killing

#: What changes an image, or its members, at Glance.
CHANGING = [
    (images, "image_update"),
    *((members, name) for name in ("member_create", "member_update", "member_delete")),
]

MORE = "55555555555555555555555555555555"
FORMER_MEMBER = "66666666666666666666666666666666"
PEERS = (factories.SIBLING, MORE)
ACCEPTED, PENDING, REJECTED = "accepted", "pending", "rejected"


@pytest.fixture
def request_(glance):
    return factories.request(factories.cloud_admin())


def add(glance, role, members=(), **attributes):
    """A verified version, with its members."""
    image_id = factories.image_id()
    attributes = {"id": image_id, "owner": factories.PROJECT, **attributes}
    checksum = Checksum("sha512", "a" * 128)
    verified = verified_property(image_id, Verified((checksum,), "2026-11-23T12:00:00Z", "kim"))
    if attributes.pop("verified", True):
        attributes = {**verified, **attributes}
    family = Family("ubuntu", attributes.pop("version", ""), role)
    if publication := attributes.pop("publication", None):
        attributes |= publication_property(image_id, publication)
    if dates := attributes.pop("dates", None):
        attributes |= end_dates.record(factories.image(id=image_id), dates)
    image = glance.add(**family_property(image_id, factories.PROJECT, family), **attributes)
    glance.members[image_id] = dict(members)
    return image


def today():
    """Asked for each time: a run may have begun on the day before."""
    return datetime.now(UTC).date()


DAY = timedelta(days=1)
RULE = Ends(EndRule(0, 30, 90), "0,30,90")
OWN_DATES = EndDates(None, today() + 20 * DAY, None, today() + 5 * DAY, "a-replacement")

DOMAIN_RECORD = Publication(DOMAIN, "private", factories.DOMAIN, PEERS)

#: What the latest version is, and what the new one is.
CASES = {
    "private": ({}, {}),
    "protected and hidden": ({"protected": True}, {"os_hidden": True}),
    "public": ({"visibility": "public", "publication": Publication(CLOUD, "private")}, {}),
    "community": ({"visibility": "community"}, {"visibility": "shared"}),
    "shared": (
        {
            "visibility": "shared",
            "members": {factories.SIBLING: ACCEPTED, factories.FOREIGN: PENDING, MORE: REJECTED},
        },
        {"members": {FORMER_MEMBER: ACCEPTED}},
    ),
    "shared into shared": (
        {"visibility": "shared", "members": {factories.SIBLING: ACCEPTED}},
        {"visibility": "shared", "members": {MORE: ACCEPTED, factories.SIBLING: PENDING}},
    ),
    "shared into public": (
        {"visibility": "shared", "members": {factories.SIBLING: ACCEPTED}},
        {"visibility": "public"},
    ),
    "domain": (
        {
            "visibility": "shared",
            "publication": DOMAIN_RECORD,
            "members": {
                factories.SIBLING: ACCEPTED,
                MORE: REJECTED,
                factories.FOREIGN: ACCEPTED,
            },
        },
        {"members": {FORMER_MEMBER: ACCEPTED}},
    ),
    "domain into domain": (
        {
            "visibility": "shared",
            "publication": DOMAIN_RECORD,
            "members": dict.fromkeys(PEERS, ACCEPTED),
        },
        {
            "visibility": "shared",
            "publication": DOMAIN_RECORD,
            "members": {MORE: ACCEPTED, factories.SIBLING: ACCEPTED},
        },
    ),
    "rule": ({}, {}),
    "rule beside dates": ({"dates": OWN_DATES, "protected": True}, {}),
}

#: What is requested of these cases, in addition to hiding the previous version.
ENDS = {"rule": RULE, "rule beside dates": Ends(EndRule(0, 10), "0,10,-")}


def domain_of(_image):
    projects = (factories.PROJECT, *PEERS)
    return OwnersDomain(
        factories.DOMAIN, tuple(Project(id_, id_, factories.DOMAIN) for id_ in projects)
    )


def make_latest(glance, request_, image, **options):
    seen = Image.from_glance(glance.images[image["id"]])
    found = families.all_versions(request_, factories.PROJECT, "ubuntu")
    return versions.make_latest(
        request_,
        seen,
        found,
        lambda ids: dict.fromkeys(ids, request_),
        domain_of,
        **options,
    )


def case(glance, name):
    old, new = CASES[name]
    return (
        add(glance, LATEST, name="Ubuntu", created_at="2026-10-01T08:00:00Z", **old),
        add(glance, NEW, name="Ubuntu (new)", created_at="2026-11-01T08:00:00Z", **new),
    )


def state(glance, image):
    """What users see of a version; when a publication was recorded differs."""
    found = Image.from_glance(glance.images[image["id"]])
    publication = publication_of(found)
    is_shared = found.visibility == "shared"
    return {
        "name": found.name,
        "hidden": found.os_hidden,
        "protected": found.protected,
        "visibility": found.visibility,
        "role": role_of(found),
        "is finished": journal_of(found) is None,
        "members": dict(glance.members[found.id]) if is_shared else {},
        "publication": publication
        and (publication.audience, publication.domain_id, sorted(publication.given)),
        "unconfirmed": publication.unconfirmed if publication else (),
        **ends_of(found),
    }


def ends_of(image):
    """The dates and the rule, without IDs, which differ from run to run."""
    dates, record = end_dates.end_dates_of(image), family_record(image)
    is_rule = record is not None and record.role == LATEST
    return {
        "days": dates and (*dates.days, dates.protect_until, bool(dates.replacement), dates.done),
        "rule": record.ends if is_rule else "replaced" if record and record.ends else "",
    }


def options_of(name):
    return {"hides": True, **({"ends": ENDS[name]} if name in ENDS else {})}


def states(glance, *both):
    return [state(glance, image) for image in both]


def reached(glance, image):
    """The projects that can use the image, or the visibility that reaches all."""
    found = glance.images[image["id"]]
    if found["visibility"] in ("public", "community"):
        return {"all", factories.SIBLING, factories.FOREIGN, MORE}
    if found["visibility"] != "shared":
        return set()
    return {id_ for id_, status in glance.members[image["id"]].items() if status != REJECTED}


@pytest.mark.parametrize("name", CASES)
def test_the_new_version_takes_the_name_and_the_audience(glance, request_, name):
    old, new = case(glance, name)
    audience = reached(glance, old)
    before = state(glance, old)
    swapped = make_latest(glance, request_, new, hides=True)
    assert (swapped.state, swapped.was_begun) == (versions.FINISHED, False)
    assert (swapped.new.name, swapped.old.name) == ("Ubuntu", "Ubuntu (2026-10-01)")
    latest, previous = states(glance, new, old)
    assert (latest["role"], previous["role"]) == (LATEST, FORMER)
    assert (latest["hidden"], previous["hidden"]) == (False, True)
    assert latest["protected"] == previous["protected"]
    assert latest["is finished"]
    assert previous["is finished"]
    assert reached(glance, new) >= audience
    assert FORMER_MEMBER not in reached(glance, new)
    # The previous version is as it was, but for its name and its place in the lists.
    changed = {"name": "Ubuntu (2026-10-01)", "hidden": True, "role": FORMER}
    assert previous == {**before, **changed}


def test_members_have_the_answers_of_the_previous_version(glance, request_):
    _old, new = case(glance, "shared")
    make_latest(glance, request_, new)
    # A project that has rejected the image does not get it again.
    assert glance.members[new["id"]] == {factories.SIBLING: ACCEPTED, factories.FOREIGN: PENDING}


def test_publication_follows_and_members_of_users_with_it(glance, request_):
    _old, new = case(glance, "domain")
    make_latest(glance, request_, new)
    assert glance.members[new["id"]] == {
        factories.SIBLING: ACCEPTED,
        MORE: REJECTED,
        factories.FOREIGN: ACCEPTED,
    }
    publication = publication_of(Image.from_glance(glance.images[new["id"]]))
    assert (publication.audience, publication.before) == (DOMAIN, "private")
    assert set(publication.given) == set(PEERS)


def test_without_the_right_to_answer_members_stay_pending(glance, request_):
    _old, new = case(glance, "shared")
    seen = Image.from_glance(new)
    found = families.all_versions(request_, factories.PROJECT, "ubuntu")
    versions.make_latest(request_, seen, found, lambda _ids: {}, domain_of)
    assert glance.members[new["id"]] == dict.fromkeys(
        (factories.SIBLING, factories.FOREIGN), PENDING
    )


@pytest.mark.parametrize("name", CASES)
def test_a_roll_back_is_the_same_change_backwards(glance, request_, name):
    old, new = case(glance, name)
    make_latest(glance, request_, new, hides=True)
    swapped = make_latest(glance, request_, old, hides=True)
    assert swapped.state == versions.FINISHED
    assert (swapped.new.id, swapped.old.id) == (old["id"], new["id"])
    again, replaced = states(glance, old, new)
    assert (again["name"], again["role"], again["hidden"]) == ("Ubuntu", LATEST, False)
    assert (replaced["name"], replaced["role"]) == ("Ubuntu (2026-11-01)", FORMER)
    assert replaced["hidden"] is True


def killed_at(glance, request_, monkeypatch, image, call, done, name=""):
    """Whether the change got to that call."""
    with monkeypatch.context() as patched:
        killing(patched, call, done, *CHANGING)
        try:
            make_latest(glance, request_, image, **options_of(name))
        except Killed:
            return True
    return False


#: More calls than any case takes.
CALLS = 16
#: What a call has done when it is broken off, and how the change is undone then.
DONE, BY = (False, True), ("user", "state")
#: The cases, forwards and backwards.
SWAPS = [(name, back) for back in (False, True) for name in CASES]
UNDONE = [*((name, False) for name in CASES), *((name, True) for name in ENDS)]


@pytest.mark.parametrize(
    ("name", "back", "call", "done"),
    thinned(
        [(*swap, call, done) for swap, call, done in product(SWAPS, range(CALLS), DONE)],
        # Each case ends at each call. What Glance has after a call is what it has before the next.
        lambda cell: cell[:3],
        lambda cell: cell[2:],
        lambda cell: (cell[:2], cell[3]),
    ),
)
def test_an_interrupted_change_is_finished_by_the_next(
    glance, request_, monkeypatch, name, back, call, done
):
    old, new = case(glance, name)
    if back:
        make_latest(glance, request_, new, **options_of(name))
        old, new = new, old
    before, audience = states(glance, old, new), reached(glance, old)
    was_killed = killed_at(glance, request_, monkeypatch, new, call, done, name)
    # At no moment nobody has the plain name, or a project has neither of the two.
    named = [image for image in (old, new) if state(glance, image)["name"] == "Ubuntu"]
    assert [image for image in named if not state(glance, image)["hidden"]]
    assert reached(glance, old) | reached(glance, new) >= audience
    assert FORMER_MEMBER not in reached(glance, old)
    is_begun = journal_of(Image.from_glance(glance.images[new["id"]])) is not None
    assert is_begun or states(glance, old, new) == before or role_of_(glance, new) == LATEST
    swapped = make_latest(glance, request_, new, **options_of(name))
    if was_killed and is_begun:
        assert (swapped.state, swapped.was_begun) == (versions.FINISHED, True)
    found = states(glance, old, new)
    assert (found[1]["name"], found[0]["hidden"]) == ("Ubuntu", True)
    assert (found[1]["role"], found[0]["role"]) == (LATEST, FORMER)
    assert all(each["is finished"] for each in found)
    assert found == uninterrupted(glance, request_, name, back)


def role_of_(glance, image):
    return role_of(Image.from_glance(glance.images[image["id"]]))


def uninterrupted(glance, request_, name, back):
    glance.images.clear()
    old, new = case(glance, name)
    make_latest(glance, request_, new, **options_of(name))
    if back:
        make_latest(glance, request_, old, **options_of(name))
        old, new = new, old
    return states(glance, old, new)


@pytest.mark.parametrize(
    ("name", "back", "call", "done", "by"),
    thinned(
        [(*swap, *more) for swap, *more in product(UNDONE, range(CALLS), DONE, BY)],
        lambda cell: cell[:3],
        lambda cell: cell[2:],
        lambda cell: (cell[:2], cell[3:]),
    ),
)
def test_an_interrupted_change_is_undone_unless_it_is_over(
    glance, request_, monkeypatch, name, back, call, done, by
):
    old, new = case(glance, name)
    if back:
        make_latest(glance, request_, new, **options_of(name))
        old, new = new, old
    before = states(glance, old, new)
    was_killed = killed_at(glance, request_, monkeypatch, new, call, done, name)
    is_begun = journal_of(Image.from_glance(glance.images[new["id"]])) is not None
    if not was_killed or not is_begun:
        return
    if by == "state":
        glance.images[new["id"]]["status"] = "deactivated"
    # The undoing is broken off, too.
    is_over = role_of_(glance, old) == FORMER
    with monkeypatch.context() as patched:
        killing(patched, 1, done, *CHANGING)
        with pytest.raises(Killed) if not is_over else monkeypatch.context():
            make_latest(glance, request_, new, undoes=by == "user")
    if by == "state" and journal_of(Image.from_glance(glance.images[new["id"]])) is None:
        # It is done already, and would be refused.
        assert (states(glance, old, new) == before) is not is_over
        return
    swapped = make_latest(glance, request_, new, undoes=by == "user")
    if is_over and by == "user":
        assert role_of_(glance, new) == LATEST
        return
    if is_over:
        assert swapped.state in (versions.FINISHED, versions.UNCHANGED)
        assert role_of_(glance, new) == LATEST
        return
    assert swapped.state == versions.UNDONE
    assert bool(swapped.reason) is (by == "state")
    assert states(glance, old, new) == before


def test_without_a_previous_version_it_takes_the_name_without_its_version(glance, request_):
    new = add(glance, NEW, name="Ubuntu (2026-11-01)")
    swapped = make_latest(glance, request_, new)
    assert (swapped.state, swapped.old, swapped.new.name) == (versions.FINISHED, None, "Ubuntu")
    writes = len(glance.writes)
    assert make_latest(glance, request_, new).state == versions.UNCHANGED
    assert len(glance.writes) == writes


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "queued"}, "no complete data"),
        ({"status": "deactivated"}, "Reactivate it first"),
        ({"verified": False}, "never verified"),
        ({"os_hash_value": "b" * 128}, "does not match"),
    ],
)
def test_only_an_active_and_verified_version_is_made_the_latest(glance, request_, change, reason):
    add(glance, LATEST, name="Ubuntu")
    new = add(glance, NEW, **change)
    with pytest.raises(version_refusals.NotUsable, match=reason):
        make_latest(glance, request_, new)
    assert glance.writes == []


def test_a_deprecated_version_is_not_made_the_latest(glance, request_):
    add(glance, LATEST, name="Ubuntu")
    new = add(glance, NEW)
    dates = EndDates(datetime.now(UTC).date())
    new.update(end_dates.record(Image.from_glance(new), dates))
    with pytest.raises(version_refusals.NotUsable, match="is deprecated"):
        make_latest(glance, request_, new)
    assert glance.writes == []


def test_a_version_that_was_in_use_may_come_back_without_a_comparison(glance, request_):
    old = add(glance, LATEST, name="Ubuntu", verified=False)
    new = add(glance, NEW)
    make_latest(glance, request_, new)
    assert make_latest(glance, request_, old).state == versions.FINISHED


def test_a_snapshot_has_nothing_to_be_compared_with(glance, request_):
    new = add(glance, NEW, verified=False, image_type="snapshot")
    assert make_latest(glance, request_, new).state == versions.FINISHED


def test_what_has_changed_meanwhile_is_not_changed(glance, request_):
    old, new = case(glance, "private")
    third = add(glance, NEW)
    seen = Image.from_glance(new)
    found = families.all_versions(request_, factories.PROJECT, "ubuntu")
    make_latest(glance, request_, third)
    writes = len(glance.writes)
    for change, error in (
        ({}, version_refusals.FamilyChanged),
        ({"helion_images_family": "forged"}, version_refusals.NoVersion),
        ({"owner": factories.FOREIGN}, refusals.OwnerChanged),
    ):
        glance.images[new["id"]].update(change)
        with pytest.raises(error):
            versions.make_latest(request_, seen, found, lambda _ids: {}, domain_of)
    assert len(glance.writes) == writes
    assert role_of_(glance, old) == FORMER


def test_another_change_that_has_broken_off_comes_first(glance, request_, monkeypatch):
    old, new = case(glance, "private")
    other = add(glance, NEW)
    assert killed_at(glance, request_, monkeypatch, new, 1, True)
    for image in (old, other):
        with pytest.raises(version_refusals.Unfinished, match="not finished"):
            make_latest(glance, request_, image)
    make_latest(glance, request_, new)
    assert make_latest(glance, request_, other).state == versions.FINISHED


def test_a_previous_version_that_was_deleted_does_not_stop_it(glance, request_, monkeypatch):
    old, new = case(glance, "private")
    assert killed_at(glance, request_, monkeypatch, new, 0, True)
    del glance.images[old["id"]]
    assert make_latest(glance, request_, new).state == versions.FINISHED
    assert glance.images[new["id"]]["name"] == "Ubuntu"


def test_while_one_of_them_is_published_nothing_is_changed(glance, request_, monkeypatch):
    monkeypatch.setattr("helion_images_panel.publishing.held_image.SHORT_WAIT_S", 0)
    for image in case(glance, "private"):
        new = list(glance.images.values())[-1]
        with hold(request_, Image.from_glance(image)), pytest.raises(refusals.BeingPublished):
            make_latest(glance, request_, new)
    assert glance.writes == []


def test_projects_that_do_not_get_it_stop_the_change_before_the_names(glance, request_):
    old, new = case(glance, "shared")
    path = f"POST /v2/images/{new['id']}/members"
    glance.failing[path] = exceptions.ImageServiceError("No.", 500)
    with pytest.raises(version_refusals.MembersMissing, match="2 projects"):
        make_latest(glance, request_, new)
    assert role_of_(glance, old) == LATEST
    glance.failing.clear()
    assert make_latest(glance, request_, new).was_begun


def test_a_version_of_another_project_never_counts(glance, request_):
    foreign = add(glance, LATEST, name="Ubuntu", owner=factories.FOREIGN)
    new = add(glance, NEW, name="Ubuntu (new)")
    swapped = make_latest(glance, request_, new)
    assert swapped.old is None
    assert state(glance, foreign)["name"] == "Ubuntu"


def dates_of(glance, image):
    return end_dates.end_dates_of(Image.from_glance(glance.images[image["id"]]))


def rule_of(glance, image):
    return family_record(Image.from_glance(glance.images[image["id"]])).ends


def test_the_previous_version_ends_by_the_rule_which_is_remembered(glance, request_):
    old, new = case(glance, "private")
    writes = len(glance.writes)
    swapped = make_latest(glance, request_, new, ends=RULE)
    # As without a rule: the journal, the new version, the old one, and the end of the journal.
    assert len(glance.writes) == writes + 4
    assert dates_of(glance, old) == EndDates(
        today(), today() + 30 * DAY, today() + 90 * DAY, None, new["id"], end_dates.HIDDEN
    )
    assert (swapped.old.os_hidden, swapped.old.status) == (True, "active")
    assert (rule_of(glance, new), dates_of(glance, new)) == ("0,30,90", None)


def test_a_roll_back_takes_the_dates_back_and_keeps_the_rule(glance, request_):
    old, new = case(glance, "private")
    before = states(glance, old)
    make_latest(glance, request_, new, ends=RULE)
    make_latest(glance, request_, old, ends=Ends(EndRule(), "0,30,90"))
    assert states(glance, old) == [{**before[0], "rule": "0,30,90"}]
    assert not [name for name in glance.images[old["id"]] if "end_dates" in name]
    assert dates_of(glance, new) is None


def given_rule(glance, image, ends):
    record = family_record(Image.from_glance(glance.images[image["id"]]))
    signed = family_property(image["id"], factories.PROJECT, replace(record, ends=ends))
    glance.images[image["id"]].update(signed)


def test_a_rule_that_was_set_in_between_is_not_overwritten(glance, request_):
    old, new = case(glance, "private")
    given_rule(glance, old, "7,-,-")
    with pytest.raises(version_refusals.RuleChanged, match="Another user has changed this rule"):
        make_latest(glance, request_, new, ends=Ends(EndRule(0), "0,-,-", seen=""))
    assert glance.writes == []
    make_latest(glance, request_, new, ends=Ends(EndRule(0), "0,-,-", seen="7,-,-"))
    assert rule_of(glance, new) == "0,-,-"


def test_a_roll_back_keeps_the_rule_as_it_is_under_the_lock(glance, request_):
    old, new = case(glance, "private")
    make_latest(glance, request_, new, ends=RULE)
    given_rule(glance, new, "7,-,-")
    make_latest(glance, request_, old, ends=Ends(EndRule(), None))
    assert rule_of(glance, old) == "7,-,-"


def test_dates_from_before_come_back_with_the_roll_back(glance, request_):
    old, new = case(glance, "rule beside dates")
    make_latest(glance, request_, new, ends=ENDS["rule beside dates"])
    given = dates_of(glance, old)
    # What comes earlier anyway stays.
    assert given.days == (today(), today() + 10 * DAY, None)
    assert (given.protect_until, given.replacement) == (OWN_DATES.protect_until, new["id"])
    make_latest(glance, request_, old)
    assert dates_of(glance, old) == OWN_DATES


def test_dates_that_a_user_has_changed_since_are_not_taken_back(glance, request_):
    old, new = case(glance, "private")
    make_latest(glance, request_, new, ends=RULE)
    changed = EndDates(today(), None, None, None, "", end_dates.HIDDEN)
    image = Image.from_glance(glance.images[old["id"]])
    glance.images[old["id"]].update(end_dates.record(image, changed))
    writes = len(glance.writes)
    with pytest.raises(version_refusals.NotUsable, match="is deprecated"):
        make_latest(glance, request_, old)
    assert len(glance.writes) == writes
    later = EndDates(None, today() + DAY)
    glance.images[old["id"]].update(end_dates.record(image, later))
    make_latest(glance, request_, old)
    assert dates_of(glance, old) == later


def test_without_a_rule_dates_stay_as_they_are(glance, request_):
    old, new = case(glance, "rule beside dates")
    make_latest(glance, request_, new)
    assert dates_of(glance, old) == OWN_DATES
    assert rule_of(glance, new) == rule_of(glance, old) == ""


def test_what_was_done_for_a_day_since_does_not_matter(glance, request_):
    """The command has hidden it, or its day has come before the change was finished."""
    old, new = case(glance, "private")
    later = Ends(EndRule(1), "1,-,-")
    make_latest(glance, request_, new, ends=later)
    dates = dates_of(glance, old)
    assert (glance.images[old["id"]]["os_hidden"], dates.done) == (False, "")
    image = Image.from_glance(glance.images[old["id"]])
    done = end_dates.changes_for_today(image, dates, today() + DAY)
    glance.images[old["id"]].update(done)
    make_latest(glance, request_, old)
    assert (dates_of(glance, old), glance.images[old["id"]]["os_hidden"]) == (None, False)


def test_dates_that_are_set_while_it_is_broken_off_count(glance, request_, monkeypatch):
    """The rule is applied to them, from the day on which the change began."""
    old, new = case(glance, "private")
    with monkeypatch.context() as patched:
        killing(patched, 1, False, *CHANGING)
        with pytest.raises(Killed):
            make_latest(glance, request_, new, ends=RULE)
    own = EndDates(None, today() + 5 * DAY, None, today() + 3 * DAY, "a-replacement")
    image = Image.from_glance(glance.images[old["id"]])
    glance.images[old["id"]].update(end_dates.record(image, own), protected=True)
    # What is requested now does not count: the change was begun with another rule.
    assert make_latest(glance, request_, new).was_begun
    assert dates_of(glance, old) == EndDates(
        today(),
        today() + 5 * DAY,
        today() + 90 * DAY,
        today() + 3 * DAY,
        new["id"],
        end_dates.HIDDEN,
    )
    make_latest(glance, request_, old)
    assert dates_of(glance, old) == own


def test_the_days_count_from_the_beginning_of_the_change(glance, request_):
    old, new = (Image.from_glance(image) for image in case(glance, "private"))
    journal = replace(Journal.of(new, old, False, False, RULE), at="2026-11-20T23:00:00Z")
    dates = journal.dates(old, new.id)
    assert dates.days == (date(2026, 11, 20), date(2026, 12, 20), date(2027, 2, 18))


def test_a_protection_that_is_over_does_not_come_back_with_the_dates(glance, request_):
    """The command has removed the day, and with it the protection."""
    own = EndDates(protect_until=today(), delete_on=today() + 90 * DAY)
    old = add(glance, LATEST, name="Ubuntu", dates=own, protected=True)
    new = add(glance, NEW, name="Ubuntu (new)")
    make_latest(glance, request_, new, ends=RULE)
    image = Image.from_glance(glance.images[old["id"]])
    over = end_dates.changes_of_protection(image, dates_of(glance, old), today())
    glance.images[old["id"]].update(over)
    swapped = make_latest(glance, request_, old)
    assert dates_of(glance, old) == EndDates(delete_on=today() + 90 * DAY)
    assert swapped.new.protected
