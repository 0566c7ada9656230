# SPDX-License-Identifier: Apache-2.0
"""Deleted images: what they are to others meanwhile, restored, and deleted permanently."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from keystoneauth1.exceptions import Forbidden, NotFound

from demo.cloud import Cloud
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.deletion import PROPERTY, Deletion, deletion_property
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import Verified, verified_property
from tests.integration import spoiled_dashboard, spoiler
from tests.integration.client import Dashboard
from tests.integration.images import DATA, Images
from tests.integration.lifecycle import run
from tests.integration.panels import ADMIN, DOMAIN, PANELS, PROJECT
from tests.integration.publishing import publish
from tests.integration.spoiler import Spoiler
from tests.thorough import only_thorough

Person = Callable[[str], Dashboard]

WHERE = [("alice", "project"), ("acme-admin", "admin"), ("admin", "admin")]


def sees(cloud: Cloud, user: str, image_id: str) -> bool:
    url = f"{cloud.glance.url}/v2/images/{image_id}"
    try:
        cloud.session(user).get(url)
    except (NotFound, Forbidden):
        return False
    return True


@pytest.mark.parametrize(("who", "panel"), WHERE)
def test_deleted_and_restored(
    person: Person, cloud: Cloud, images: Images, who: str, panel: str
) -> None:
    """Members keep their answers, and nobody but the owner has the image meanwhile."""
    index, user = PANELS[panel].index, person(who)
    image_id = str(uuid.uuid4())
    checksum = Checksum("sha512", hashlib.sha512(DATA).hexdigest())
    verified = verified_property(image_id, Verified((checksum,), "2026-11-30T12:00:00Z", "x"))
    images.make("shared", id=image_id, visibility="shared", hw_disk_bus="virtio", **verified)
    images.share(image_id, "acme-data")
    images.share(image_id, "acme-lab", "rejected")
    images.share(image_id, "globex-ops", "pending")
    name, before = images.name(image_id), images.state(image_id)
    assert sees(cloud, "bob", image_id)

    page = user.act(index, "delete", image_id)
    assert f"Success: Deleted Image: {name} Deleted images can be restored." in " ".join(
        " ".join(page.messages).split()
    )
    deleted = images.show(image_id)
    assert (deleted["status"], deleted["visibility"]) == ("deactivated", "private")
    assert deleted["os_hidden"] is True
    assert not sees(cloud, "bob", image_id)
    of_all = {"name": name, **({"domain": "all"} if who == "admin" else {})}
    assert image_id not in user.get(index, **of_all).rows
    assert image_id not in user.get(index, hidden="true", **of_all).rows

    page = user.get(index, view="deleted", **of_all)
    assert page.rows[image_id]["Status"].startswith("Deleted Verified Can be restored until ")
    # Admins may read the data of what is deactivated.
    assert page.offered(image_id) - {"download"} == {"restore", "delete_permanently"}
    assert {"restore", "delete_permanently"} <= page.table_actions
    assert not {"delete", "protect", "hide"} & page.table_actions
    assert "which counts against the quota until" in page.text
    page = user.get(PANELS[panel].detail(image_id))
    assert f"{who} deleted this image on " in page.text

    page = user.act(index, "restore", image_id)
    assert f"Success: Restored Image: {name}" in page.messages
    assert images.state(image_id) == before
    assert sees(cloud, "bob", image_id)


def test_a_published_image_is_given_back_to_the_domain(
    person: Person, cloud: Cloud, images: Images
) -> None:
    admin, image_id = person("acme-admin"), images.make("published")
    publish(admin, ADMIN, image_id, "domain")
    before = images.state(image_id)
    admin.act(ADMIN.index, "delete", image_id)
    assert not sees(cloud, "bob", image_id)
    # Nobody publishes it meanwhile.
    page = admin.act(ADMIN.index, "unpublish", image_id)
    assert any("The image is deleted. Restore it first." in error for error in page.errors)
    admin.act(ADMIN.index, "restore", image_id)
    assert images.state(image_id) == before


def test_who_may_not_publish_does_not_restore_a_public_image(
    person: Person, images: Images
) -> None:
    image_id = images.make("public", visibility="public")
    before = images.state(image_id)
    person("alice").act(PROJECT.index, "delete", image_id)
    deleted = images.unchanging(image_id)
    page = person("alice").act(PROJECT.index, "restore", image_id)
    assert any("Ask an admin to restore it." in error for error in page.errors)
    assert images.unchanging(image_id) == deleted
    person("acme-admin").act(ADMIN.index, "restore", image_id)
    assert images.state(image_id) == before


def test_what_has_no_data_is_deleted_at_once(person: Person, images: Images) -> None:
    image_id = images.make("queued", data=None)
    active = images.make("active")
    page = person("alice").get(PROJECT.index)
    assert [page.row(id_).get("data-hip-restorable") for id_ in (image_id, active)] == [
        "false",
        "true",
    ]
    page = person("alice").act(PROJECT.index, "delete", image_id)
    assert not any("can be restored" in message for message in page.messages)
    with pytest.raises(NotFound):
        images.show(image_id)


@pytest.mark.parametrize("is_deleted", [True, False])
def test_deleted_permanently(person: Person, images: Images, is_deleted: bool) -> None:
    alice, image_id = person("alice"), images.make("permanently")
    name = images.name(image_id)
    if is_deleted:
        alice.act(PROJECT.index, "delete", image_id)
    page = alice.act(PROJECT.index, "delete_permanently", image_id)
    assert f"Success: Permanently deleted image: {name}" in page.messages
    with pytest.raises(NotFound):
        images.show(image_id)


@pytest.mark.parametrize(
    ("who", "panel", "owner"),
    [
        ("reader", "project", "demo"),
        ("bob", "project", "acme-web"),
        ("gina", "project", "acme-web"),
        ("acme-admin", "admin", "globex-ops"),
        ("mona", "domain", "acme-web"),
    ],
)
def test_who_neither_restores_nor_deletes_permanently(
    person: Person, images: Images, who: str, panel: str, owner: str
) -> None:
    image_id = images.make("of others", owner, visibility="shared")
    images.share(image_id, "acme-data")
    person("admin").act(ADMIN.index, "delete", image_id)
    before = images.unchanging(image_id)
    index = DOMAIN.index if panel == "domain" else PANELS[panel].index
    for action in ("restore", "delete_permanently", "delete"):
        person(who).act(index, action, image_id)
        person(who).act(index, action, image_id, image_id)
    assert images.unchanging(image_id) == before
    page = person(who).get(index, view="deleted")
    assert page.status == 200
    if who == "reader":
        assert page.offered(image_id) == set()
    else:
        assert image_id not in page.rows


def test_the_manager_of_a_domain_restores(person: Person, images: Images) -> None:
    image_id = images.make("mine", "acme-data")
    before = images.state(image_id)
    person("mona").act(DOMAIN.index, "delete", image_id)
    assert not images.exists(image_id)
    assert image_id in person("mona").get(DOMAIN.index, view="deleted").rows
    person("mona").act(DOMAIN.index, "restore", image_id)
    assert images.state(image_id) == before


def signed(image_id: str, days: int, **before: object) -> dict[str, str]:
    """The record of an image whose time ends in this number of days."""
    image = Image(image_id, status="active", visibility="private", **before)  # type: ignore[arg-type]
    deletion = Deletion.of(image, "alice", datetime.now(UTC) - timedelta(days=30), 30 + days)
    return dict(deletion_property(image_id, deletion))


def test_the_command_deletes_what_is_over_and_signed(
    person: Person, cloud: Cloud, images: Images
) -> None:
    """A record of another image, or of nobody, does not count, nor one on an image in use."""
    due, foreign = images.make("due"), images.make("due", "globex-ops")
    later, copied = images.make("later"), images.make("copied")
    forged, active = images.make("forged"), images.make("active")
    person("alice").act(PROJECT.index, "delete", due, later, copied, forged, active)
    person("admin").act(ADMIN.index, "delete", foreign)
    over = signed(due, -1)[PROPERTY]
    images.update(due, **{PROPERTY: over})
    images.update(foreign, **signed(foreign, -1))
    images.update(copied, **{PROPERTY: over})
    images.update(forged, **{PROPERTY: over.replace(due, forged)})
    images.update(active, **signed(active, -1))
    images._call("POST", f"/images/{active}/actions/reactivate")

    found = run(cloud, "--dry-run", "--json", "--domain", "acme")
    assert found.returncode == 3, found.stderr
    assert [entry["id"] for entry in json.loads(found.stdout)["images"]] == [due]
    assert images.show(due)
    done = run(cloud, "--domain", "acme")
    assert done.returncode == 0, done.stderr
    assert f"{due} " in done.stdout
    assert "deleted permanently" in done.stdout
    with pytest.raises(NotFound):
        images.show(due)
    for kept in (later, copied, forged, active, foreign):
        assert images.show(kept)
    assert run(cloud).returncode == 0
    with pytest.raises(NotFound):
        images.show(foreign)


def test_a_record_of_another_image_restores_nothing(person: Person, images: Images) -> None:
    """The image is what Glance says: deactivated, and deleted by nobody."""
    alice = person("alice")
    deleted = images.make("deleted")
    alice.act(PROJECT.index, "delete", deleted)
    record = images.show(deleted)[PROPERTY]
    copied, forged = images.make("copied"), images.make("forged")
    for image_id, text in ((copied, record), (forged, record.replace(deleted, forged))):
        images._call("POST", f"/images/{image_id}/actions/deactivate")
        images.update(image_id, os_hidden=True, **{PROPERTY: text})
        before = images.state(image_id)
        alice.act(PROJECT.index, "restore", image_id)
        assert images.state(image_id) == before
        assert "deleted this image on" not in alice.get(PROJECT.detail(image_id)).text
        assert image_id not in alice.get(PROJECT.index, view="deleted").rows


@pytest.fixture(scope="module")
def glance(cloud: Cloud) -> Iterator[Spoiler]:
    with spoiler.spoiler(cloud.glance.url) as between:
        yield between


@pytest.fixture(scope="module")
def behind(cloud: Cloud, glance: Spoiler) -> Iterator[Dashboard]:
    with spoiled_dashboard.behind(cloud, glance, "deletion") as alice:
        yield alice


@pytest.mark.parametrize("spoil", ["reset", pytest.param("short", marks=only_thorough), "403"])
def test_broken_off_and_finished(
    behind: Dashboard, glance: Spoiler, images: Images, spoil: str
) -> None:
    """Glance's response to its second call is lost, of either step."""
    image_id = images.make("broken off", visibility="shared")
    images.share(image_id, "acme-data")
    before = images.state(image_id)

    def broken(action: str) -> None:
        glance.only = "/actions/"
        glance.set(spoil)
        try:
            page = behind.act(PROJECT.index, action, image_id)
        finally:
            glance.set("")
        assert page.errors, page.text

    broken("delete")
    if spoil == "403":
        # It is known that nothing was done.
        assert images.state(image_id) == before
    else:
        assert image_id in behind.get(PROJECT.index, view="deleted").rows
        assert images.show(image_id)["visibility"] == "private"
    behind.act(PROJECT.index, "delete", image_id)
    assert images.status(image_id) == "deactivated"
    broken("restore")
    assert image_id in behind.get(PROJECT.index, view="deleted").rows
    behind.act(PROJECT.index, "restore", image_id)
    assert images.state(image_id) == before
