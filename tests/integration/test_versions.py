# SPDX-License-Identifier: Apache-2.0
"""Families on the real services: a new version, the change of the latest one, and its way back."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.family import (
    FORMER,
    LATEST,
    NEW,
    Family,
    family_property,
    family_record,
)
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import publication_of
from helion_images_panel.core.verification import Verified, verified_property
from helion_images_panel.core.version_swap import journal_of
from tests.integration import spoiled_dashboard, spoiler
from tests.integration.client import Dashboard, Page
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import ADMIN, DOMAIN, PANELS, PROJECT, Panel
from tests.integration.publishing import publish
from tests.integration.spoiler import Spoiler

Person = Callable[[str], Dashboard]


class Families:
    """Makes versions that are verified, as an upload through the dashboard makes them."""

    def __init__(self, images: Images) -> None:
        self.images = images
        self.name = unique("family")

    def make(
        self, role: str, name: str, owner: str = "acme-web", version: str = "", **fields: Any
    ) -> str:
        image_id, project_id = str(uuid.uuid4()), self.images.cloud.project_id(owner)
        record = family_property(image_id, project_id, Family(self.name, version, role))
        checksum = Checksum("sha512", hashlib.sha512(DATA).hexdigest())
        verified = verified_property(image_id, Verified((checksum,), "2026-11-30T12:00:00Z", "x"))
        named = {"name": f"{self.name} {name}".strip()}
        self.images.make("version", owner, id=image_id, **{**record, **verified, **named, **fields})
        return image_id

    def image(self, image_id: str) -> Image:
        return Image.from_glance(self.images.show(image_id))

    def role(self, image_id: str) -> str:
        record = family_record(self.image(image_id))
        return record.role if record else ""

    def is_over(self, *image_ids: str) -> bool:
        return not any(journal_of(self.image(image_id)) for image_id in image_ids)


@pytest.fixture
def family(images: Images) -> Families:
    return Families(images)


def make_latest(person: Dashboard, panel: Panel, image_id: str, **fields: str | None) -> Page:
    form = person.get(panel.make_latest(image_id)).form("confirmed")
    return person.submit(form, **fields)


@pytest.mark.parametrize(
    ("who", "panel", "owner"),
    [
        ("alice", "project", "acme-web"),
        ("acme-admin", "admin", "acme-data"),
        ("mona", "domain", "acme-data"),
    ],
)
def test_swapped_and_rolled_back_with_members(
    person: Person, cloud: Cloud, family: Families, images: Images, who: str, panel: str, owner: str
) -> None:
    user, pages = person(who), PANELS[panel]
    old = family.make(LATEST, "", owner, visibility="shared", protected=True)
    new = family.make(NEW, "(new)", owner)
    images.share(old, "globex-ops")
    images.share(old, "acme-lab", "rejected")
    before = images.state(old)

    page = make_latest(user, pages, new, hides="on")
    assert any("is the latest version now." in message for message in page.messages)
    now = images.show(new)
    assert (now["name"], now["protected"], now["visibility"]) == (family.name, True, "shared")
    day = images.show(old)["created_at"][:10]
    assert images.name(old) == f"{family.name} ({day})"
    assert images.show(old)["os_hidden"] is True
    answer = "accepted" if who == "acme-admin" else "pending"
    assert images.members(new) == {cloud.project_id("globex-ops"): answer}
    assert (family.role(new), family.role(old)) == (LATEST, FORMER)

    page = make_latest(user, pages, old)
    assert any("is the latest version now." in message for message in page.messages)
    assert images.state(old) == before
    assert images.name(new) == f"{family.name} ({images.show(new)['created_at'][:10]})"
    assert (family.role(new), family.role(old)) == (FORMER, LATEST)
    assert family.is_over(old, new)


def test_the_publication_follows(person: Person, family: Families, images: Images) -> None:
    admin = person("acme-admin")
    old, new = family.make(LATEST, ""), family.make(NEW, "(new)")
    publish(admin, ADMIN, old, "domain")
    members = images.members(old)
    # A member of an earlier time would have the image again.
    images.update(new, visibility="shared")
    images.share(new, "globex-ops")
    images.update(new, visibility="private")

    make_latest(admin, ADMIN, new)
    assert images.members(new) == images.members(old) == members
    publications = [publication_of(family.image(each)) for each in (old, new)]
    assert [each and set(each.given) for each in publications] == [set(members)] * 2
    # It is a publication like others.
    publish(admin, ADMIN, new, "own")
    assert images.show(new)["visibility"] == "private"


def test_public_versions_take_an_admin(person: Person, family: Families, images: Images) -> None:
    old, new = family.make(LATEST, "", visibility="public"), family.make(NEW, "(new)")
    page = person("alice").get(PROJECT.make_latest(new))
    assert "you are not allowed to make images public" in page.text
    before = images.state(new)
    person("alice").post(PROJECT.make_latest(new), {"confirmed": old})
    assert images.state(new) == before
    make_latest(person("admin"), ADMIN, new)
    assert images.show(new)["visibility"] == "public"
    assert images.show(old)["visibility"] == "public"


@pytest.mark.parametrize(
    ("who", "panel"),
    [("gina", "project"), ("bob", "project"), ("acme-admin", "admin"), ("mona", "domain")],
)
def test_other_projects_and_domains_are_refused(
    person: Person, family: Families, images: Images, who: str, panel: str
) -> None:
    owner = "globex-ops" if who == "acme-admin" else "acme-web"
    old, new = family.make(LATEST, "", owner), family.make(NEW, "(new)", owner)
    before = [images.state(image_id) for image_id in (old, new)]
    pages = PANELS[panel]
    for path in (pages.make_latest(new), pages.family(new), pages.new_version(new)):
        assert person(who).get(path).status in (403, 404)
        fields = {"confirmed": old, "family": "taken", "version": "1", "name": "taken"}
        assert person(who).post(path, fields).status in (403, 404)
    project = images.cloud.project_id(owner)
    assert person(who).get(pages.latest(family.name), project=project).status == 404
    assert [images.state(image_id) for image_id in (old, new)] == before


def test_a_record_of_another_image_or_owner_never_acts(
    person: Person, family: Families, images: Images
) -> None:
    old, new = family.make(LATEST, ""), family.make(NEW, "(new)")
    copied = images.make("copied")
    record = images.show(old)["helion_images_family"]
    images.update(copied, helion_images_family=record, helion_images_family_name=family.name)
    forged = images.make("forged")
    forgery = record.replace(old, forged)
    images.update(forged, helion_images_family=forgery, helion_images_family_name=family.name)
    alice = person("alice")
    for image_id in (copied, forged):
        assert alice.get(PROJECT.make_latest(image_id)).status == 404
    before = [images.state(image_id) for image_id in (copied, forged)]
    make_latest(alice, PROJECT, new)
    assert [images.state(image_id) for image_id in (copied, forged)] == before
    images.update(old, owner=images.cloud.project_id("acme-data"))
    assert alice.get_json(PROJECT.latest(family.name))["id"] == new
    page = person("acme-admin").get(ADMIN.make_latest(old))
    assert page.status == 404


def test_what_scripts_get(person: Person, family: Families, images: Images) -> None:
    alice = person("alice")
    assert alice.get(PROJECT.latest(family.name)).status == 404
    old, new = family.make(LATEST, "", visibility="shared"), family.make(NEW, "(new)")
    found = alice.get_json(PROJECT.latest(family.name))
    digest = hashlib.sha512(DATA).hexdigest()
    assert (found["id"], found["checksum"]) == (old, {"algorithm": "sha512", "value": digest})
    make_latest(alice, PROJECT, new)
    assert alice.get_json(PROJECT.latest(family.name))["id"] == new
    project = images.cloud.project_id("acme-web")
    for who, panel in (("acme-admin", ADMIN), ("admin", ADMIN)):
        assert person(who).get_json(panel.latest(family.name), project=project)["id"] == new
    assert person("gina").get(PROJECT.latest(family.name), project=project).status == 404
    images.share(new, "globex-research")
    assert person("gina").get_json(PROJECT.latest(family.name), project=project)["id"] == new
    assert person("mona").get(DOMAIN.latest(family.name), project=project).status == 404


def test_a_new_version_is_created_with_the_values_of_the_old_one(
    person: Person, family: Families, images: Images
) -> None:
    alice = person("alice")
    old = family.make(
        LATEST, "", tags=["lts"], hw_disk_bus="virtio", min_disk=3, visibility="shared"
    )
    form = alice.get(PROJECT.new_version(old)).form("disk_format")
    file = {"source": "file", "file_name": "a.img", "file_size": len(DATA), "disk_format": "raw"}
    steps = alice.submit(form, **file).response.json()
    new = images.adopt(steps["id"])
    made = images.show(new)
    assert made["name"].startswith(f"{family.name} (20")
    assert (made["tags"], made["hw_disk_bus"], made["min_disk"]) == (["lts"], "virtio", 3)
    assert (made["visibility"], family.role(new)) == ("private", NEW)
    # Not before its data is there, and verified.
    before = images.state(new)
    page = alice.post(PROJECT.make_latest(new), {"confirmed": old})
    assert "has no complete data yet" in page.text
    assert images.state(new) == before
    assert alice.put(steps["upload_url"], DATA).status_code in (200, 201, 204)
    make_latest(alice, PROJECT, new)
    assert images.name(new) == family.name
    assert family.role(old) == FORMER


@pytest.mark.parametrize(
    ("who", "panel", "owner", "by"),
    [
        ("alice", "project", "acme-web", "image"),
        ("alice", "project", "acme-web", "version"),
        ("acme-admin", "admin", "acme-data", "version"),
        ("mona", "domain", "acme-data", "image"),
    ],
)
def test_a_snapshot_becomes_the_next_version(
    person: Person, family: Families, images: Images, who: str, panel: str, owner: str, by: str
) -> None:
    user, pages = person(who), PANELS[panel]
    values = {"tags": ["lts"], "hw_disk_bus": "scsi", "description": "A system", "protected": True}
    old = family.make(LATEST, "", owner, visibility="shared", **values)
    images.share(old, "globex-ops")
    own = {"hw_disk_bus": "virtio", "tags": ["mine"], "image_type": "snapshot"}
    new = images.make("snapshot", owner, **own)
    before = images.state(old)
    opened, other = (new, old) if by == "image" else (old, new)

    compared = user.submit(
        user.get(pages.existing_version(opened)).form("version"), other=other, version="2"
    )
    assert "description = A system" in compared.text
    assert "hw_disk_bus virtio hw_disk_bus: scsi" in compared.text
    assert family.role(new) == ""
    page = user.submit(compared.form("version"), take=["name", "description"])
    assert any("is a version of" in message for message in page.messages), page.text
    made = images.show(new)
    assert (made["name"], made["hw_disk_bus"]) == (f"{family.name} (2)", "virtio")
    assert (set(made["tags"]), made["protected"]) == ({"lts", "mine"}, True)
    assert (made["description"], made["visibility"]) == ("A system", "private")
    assert (family.role(new), images.state(old)) == (NEW, before)
    make_latest(user, pages, new)
    assert (images.name(new), images.show(new)["visibility"]) == (family.name, "shared")
    images.update(old, protected=False)
    images.update(new, protected=False)


@pytest.mark.parametrize(("who", "panel"), [("gina", "project"), ("bob", "project")])
def test_an_image_of_another_project_becomes_no_version(
    person: Person, family: Families, images: Images, who: str, panel: str
) -> None:
    old, image = family.make(LATEST, "", visibility="public"), images.make("theirs")
    before = [images.state(each) for each in (old, image)]
    for opened, other in ((old, image), (image, old)):
        path = PANELS[panel].existing_version(opened)
        assert person(who).get(path).status in (403, 404)
        fields = {"other": other, "version": "1", "confirmed": "x"}
        assert person(who).post(path, fields).status in (403, 404)
    # Nor one of theirs in a family of others.
    own = images.make("own", "acme-data" if who == "bob" else "globex-research")
    page = person(who).get(PANELS[panel].existing_version(own))
    assert old not in page.html.partition("existing_version_form")[2].partition("</form>")[0]
    page = person(who).post(PANELS[panel].existing_version(own), {"other": old, "confirmed": "x"})
    assert [images.state(each) for each in (old, image)] == before
    assert family.role(own) == ""


def test_the_previous_version_ends_by_the_rule_of_the_family(
    person: Person, family: Families, images: Images
) -> None:
    """It is shown as any end date, remembered for the next time, and taken back."""
    alice = person("alice")
    old, new = family.make(LATEST, ""), family.make(NEW, "(new)")
    before = images.state(old)
    make_latest(alice, PROJECT, new, deprecate_in="0", delete_in="90")
    assert images.show(old)["os_hidden"] is True
    details = alice.get(PROJECT.detail(old)).text
    assert "This image is deprecated since" in details
    assert f"Use {family.name} instead." in details
    assert old in alice.get(PROJECT.index, ends="deprecated").rows
    third = family.make(NEW, "(third)")
    fields = alice.get(PROJECT.make_latest(third)).form("confirmed").fields
    assert [fields[name] for name in ("deprecate_in", "deactivate_in", "delete_in")] == [
        *("0", "", "90"),
    ]
    make_latest(alice, PROJECT, old)
    assert "The end dates" not in alice.get(PROJECT.make_latest(new)).text
    now = images.state(old)
    assert now
    assert before
    rule = now[0].pop("helion_images_family"), before[0].pop("helion_images_family")
    assert now == before
    assert "latest;0,-,90" in rule[0]
    assert family.is_over(old, new)


@pytest.mark.parametrize(
    ("who", "panel", "owner", "others"),
    [
        ("alice", "project", "acme-web", [("alice", "admin", 403), ("gina", "project", 404)]),
        ("acme-admin", "admin", "acme-data", [("alice", "project", 404), ("mona", "domain", 200)]),
        ("mona", "domain", "acme-data", [("gina", "project", 404), ("reader", "admin", 403)]),
        ("admin", "admin", "globex-ops", [("acme-admin", "admin", 404), ("mona", "domain", 404)]),
    ],
)
def test_the_rule_of_a_family_is_set_in_a_dialog_of_its_own(
    person: Person,
    family: Families,
    images: Images,
    who: str,
    panel: str,
    owner: str,
    others: list[tuple[str, str, int]],
) -> None:
    """No version changes but for the record of the latest one."""
    latest = family.make(LATEST, "", owner, visibility="shared")
    versions = [family.make(role, f"({role})", owner) for role in (FORMER, NEW)]
    images.share(latest, "acme-lab")
    own, path = person(who), PANELS[panel].end_rule(latest)
    for name, where, status in others:
        page = person(name).get(PANELS[where].end_rule(latest))
        assert page.status == status, (name, where)
        if status != 200:
            fields = {"deprecate_in": "1"}
            assert person(name).post(PANELS[where].end_rule(latest), fields).status == status
    before = [images.state(each) for each in (latest, *versions)]
    page = own.get(path)
    assert "1 earlier version keeps its end dates." in page.text
    page = own.submit(page.form("seen"), deprecate_in="30", delete_in="90")
    assert "It is deprecated after 30 days. It is deleted after 90 days." in page.text
    assert "latest;30,-,90" in images.show(latest)["helion_images_family"]
    tab = own.get(PANELS[panel].detail(versions[0]), tab="image_details__versions")
    assert "It is deprecated after 30 days." in tab.text
    assert path in tab.html
    # Who has opened it before decides nothing.
    stale = own.post(path, {"deprecate_in": "1", "seen": ""}).form_errors
    assert "Another user has changed this rule" in " ".join(stale)
    own.submit(own.get(path).form("seen"), deprecate_in="", delete_in="")
    assert [images.state(each) for each in (latest, *versions)] == before
    for each in versions:
        assert own.post(PANELS[panel].end_rule(each), {"deprecate_in": "1"}).form_errors
    assert [images.state(each) for each in (latest, *versions)] == before


@pytest.fixture(scope="module")
def glance(cloud: Cloud) -> Iterator[Spoiler]:
    with spoiler.spoiler(cloud.glance.url) as between:
        yield between


@pytest.fixture(scope="module")
def behind(cloud: Cloud, glance: Spoiler) -> Iterator[Dashboard]:
    with spoiled_dashboard.behind(cloud, glance, "versions") as alice:
        yield alice


@pytest.mark.parametrize("ending", ["finish", "undo"])
@pytest.mark.parametrize("at", ["members", "old", "new"])
def test_broken_off_and_finished_or_undone(
    behind: Dashboard, glance: Spoiler, family: Families, images: Images, at: str, ending: str
) -> None:
    """Glance's response is lost: to a member, to the change of the old image, or of the new one."""
    old = family.make(LATEST, "", visibility="shared")
    new = family.make(NEW, "(new)")
    images.share(old, "acme-data")
    before = [images.state(image_id) for image_id in (old, new)]
    form = behind.get(PROJECT.make_latest(new)).form("confirmed")
    lost = {"members": f"{new}/members", "old": f"{old}$", "new": f"{new}$"}
    glance.only = f"^(POST|PUT|PATCH) .*/images/{lost[at]}"
    glance.set("reset")
    try:
        page = behind.submit(form)
    finally:
        glance.set("")
    assert page.form_errors or page.errors, page.text
    # Somebody has the plain name at each moment, and the project one of the two.
    names = {images.name(image_id) for image_id in (old, new)}
    assert family.name in names
    project = images.cloud.project_id("acme-data")
    assert project in images.members(old)

    page = behind.get(PROJECT.make_latest(new))
    if "This change has broken off." not in page.text:
        # Nothing was begun.
        assert [images.state(image_id) for image_id in (old, new)] == before
        return
    is_over = family.role(old) == FORMER
    page = behind.submit(page.form("confirmed"), begun=ending)
    assert family.is_over(old, new)
    if ending == "undo" and not is_over:
        assert any("was undone" in message for message in page.messages)
        assert [images.state(image_id) for image_id in (old, new)] == before
    else:
        assert any("is the latest version now." in text for text in page.messages), page.text
        assert images.name(new) == family.name
        assert project in images.members(new)


@pytest.mark.parametrize(
    ("who", "panel", "owner", "domain"),
    [
        ("alice", "project", "acme-web", ""),
        ("admin", "admin", "acme-web", "all"),
        ("acme-admin", "project", "acme-web", ""),
        ("acme-admin", "admin", "acme-lab", ""),
        ("mona", "domain", "acme-data", ""),
    ],
)
def test_earlier_versions_stand_below_the_latest_one_of_another_page(
    log_in: Person, family: Families, images: Images, who: str, panel: str, owner: str, domain: str
) -> None:
    """Also with a name that Glance's filter takes apart unless it is quoted; and nowhere else, if
    the list is one of Glance.
    """
    family.name = f"zzzz {family.name}, x"
    latest = family.make(LATEST, "", owner)
    between = [images.make("between", owner, name=f"{family.name} !{n}") for n in range(3)]
    earlier = [family.make(FORMER, f"({n})", owner, version=str(n)) for n in range(2)]
    alone = Families(images)
    alone.name = f"{family.name} !3"
    lone = alone.make(FORMER, "(1)", owner, version="1")
    user, pages = log_in(who), PANELS[panel]
    user.session.cookies.set("API_RESULT_PAGE_SIZE", "2")
    page = user.get(pages.index, sort="-name", **({"domain": domain} if domain else {}))
    seen, made = list(page.rows), {lone, *between, latest, *earlier}
    is_one_list = domain == "all" or who == "alice"
    while page.next_url and (latest not in seen or not (is_one_list or made <= set(seen))):
        page = user.get(page.next_url)
        seen += page.rows
    found = [each for each in seen if each in made]
    if not is_one_list:
        assert sorted(found) == sorted(made)
        return
    # The latest version of one does not exist.
    assert found == [lone, *reversed(between), latest]
    row = page.row(latest)
    assert row["data-hip-versions"] == "0"
    others = user.get(row["data-hip-versions-url"])
    seen += others.rows
    while others.next_url:
        others = user.get(others.next_url)
        seen += others.rows
    assert set(earlier) <= set(seen)
