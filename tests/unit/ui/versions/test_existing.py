# SPDX-License-Identifier: Apache-2.0
"""An existing image becomes a version: what it takes, after it was shown, in one request."""

import re
from html import unescape

import pytest

from helion_images_panel.core.family import FORMER, LATEST, NEW, Family, family_record
from helion_images_panel.core.version_swap import Journal, record_with
from helion_images_panel.publishing.version_refusals import FamilyChanged
from tests import factories
from tests.unit.fakes import refusal
from tests.unit.permissions import path
from tests.unit.ui.versions.test_views import OF_ITS_DATA, add, current, text_of

LATEST_VALUES = {
    "name": "Ubuntu",
    "tags": ["lts", "server"],
    "protected": True,
    "description": "A system",
    "os_distro": "ubuntu",
    "hw_disk_bus": "scsi",
    "hw_qemu_guest_agent": "yes",
    "instance_uuid": "of another snapshot",
    "image_source": "https://files.example/ubuntu",
    **OF_ITS_DATA,
}
SNAPSHOT_VALUES = {
    "name": "my snapshot",
    "tags": ["mine"],
    "image_type": "snapshot",
    "hw_disk_bus": "virtio",
    "hw_qemu_guest_agent": "",
    "img_signature_hash_method": "SHA-512",
}


def field(response, name):
    html = response.content.decode()
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    value = found and re.search(r'value="([^"]*)"', found[0])
    return unescape(value[1]) if value else ""


def boxes(response):
    """Each check box by the value that it takes, and whether it is ticked."""
    found = re.findall(r'<input type="checkbox" name="take"[^>]*>', response.content.decode())
    return {unescape(re.search(r'value="([^"]*)"', box)[1]): " checked" in box for box in found}


def reply(shown, takes=()):
    """What a browser sends of the comparison in which the user has ticked these boxes alone."""
    html = shown.content.decode()
    names = re.findall(r'<input type="hidden" name="shown" value="([^"]*)">', html)
    assert [unescape(name) for name in names] == [*boxes(shown)]
    return {"take": list(takes), "shown": [*boxes(shown)], "confirmed": field(shown, "confirmed")}


def confirmed(browser, url, takes=(), **fields):
    """The response to what a user sends after the comparison."""
    shown = browser.post(url, fields)
    assert shown.status_code == 200
    return browser.post(url, {**fields, **reply(shown, takes)})


ADDED = ["description", "os_distro", "hw_qemu_guest_agent"]


@pytest.mark.parametrize(
    "takes", [[], ["name"], ADDED, ["name", "hw_disk_bus", "os_hidden", *ADDED[:2]]]
)
def test_it_takes_what_it_lacks_and_what_the_user_chooses(browser, glance, takes):
    latest = add(glance, LATEST, **LATEST_VALUES)
    snapshot = glance.add(**SNAPSHOT_VALUES)
    browser.login_as(factories.member())
    url = path("project", "existing_version", snapshot["id"])
    fields = {"other": latest["id"], "version": "24.10"}
    shown = browser.post(url, fields)
    text = text_of(shown)
    for sentence in (
        "description = A system",
        "hw_qemu_guest_agent = yes",
        "Tags: lts, server",
        "Protection, as the latest version has it",
        "name my snapshot name: Ubuntu (24.10)",
        "hw_disk_bus virtio hw_disk_bus: scsi",
    ):
        assert sentence in text
    for name in ("instance_uuid", "image_source", *OF_ITS_DATA):
        assert name not in text
    assert boxes(shown) == {**dict.fromkeys(["name", *ADDED], True), "hw_disk_bus": False}
    assert glance.writes == []
    assert browser.post(url, fields | reply(shown, takes)).status_code == 302
    (change,) = glance.writes
    assert change.path == f"/v2/images/{snapshot['id']}"
    image = current(glance, snapshot)
    assert family_record(image) == Family("ubuntu", "24.10", NEW)
    assert image.name == ("Ubuntu (24.10)" if "name" in takes else "my snapshot")
    bus = "scsi" if "hw_disk_bus" in takes else "virtio"
    added = {name: LATEST_VALUES[name] if name in takes else None for name in ADDED}
    now = {name: image.properties.get(name) or None for name in ADDED}
    assert (image.properties["hw_disk_bus"], now) == (bus, added)
    assert (set(image.tags), image.protected) == ({"mine", "lts", "server"}, True)
    assert (image.os_hidden, image.visibility) == (False, "private")
    for name in ("instance_uuid", "cinder_encryption_key_id", "owner_specified.openstack.md5"):
        assert name not in image.properties
    assert current(glance, latest).name == "Ubuntu"


def test_the_only_family_that_fits_is_compared_at_first(browser, glance):
    latest = add(glance, LATEST, family="ubuntu-24.04", name="Ubuntu")
    add(glance, LATEST, family="debian", os_distro="debian")
    fitting = {"os_distro": "ubuntu", "os_version": "24.04"}
    for properties in (fitting, {"helion_images_family_name": "ubuntu-24.04"}):
        image = glance.add(name="mine", **properties)
        browser.login_as(factories.member())
        url = path("project", "existing_version", image["id"])
        shown = browser.get(url)
        assert "name mine name: Ubuntu (2026-11-01)" in text_of(shown)
        fields = {name: field(shown, name) for name in ("version", "confirmed")}
        fields |= {"other": latest["id"], "take": "name"}
        assert browser.post(url, fields).status_code == 302
        assert current(glance, image).name == "Ubuntu (2026-11-01)"
    other = glance.add(os_distro="fedora")
    html = browser.get(path("project", "existing_version", other["id"])).content.decode()
    assert "data-hip-takeover" not in html


def test_of_a_version_the_image_is_chosen(browser, glance):
    latest = add(glance, LATEST, **LATEST_VALUES)
    former = add(glance, FORMER, name="Ubuntu (old)", hw_disk_bus="old")
    image = glance.add(name="mine")
    glance.add(name="other project", owner=factories.SIBLING, visibility="public")
    browser.login_as(factories.member())
    for version in (latest, former):
        url = path("project", "existing_version", version["id"])
        html = browser.get(url).content.decode()
        choices = html.partition("<select")[2].partition("</select>")[0]
        assert re.findall(r'<option value="([^"]+)"', choices) == [image["id"]]
        shown = browser.post(url, {"other": image["id"]})
        assert "hw_disk_bus = scsi" in text_of(shown)
    assert confirmed(browser, url, other=image["id"]).status_code == 302
    assert family_record(current(glance, image)) == Family("ubuntu", "", NEW)
    # The name was the image's own: it stays unless its box is ticked.
    assert current(glance, image).name == "mine"


def test_what_has_changed_is_shown_again(browser, glance):
    latest, image = add(glance, LATEST, name="Ubuntu"), glance.add(name="mine")
    browser.login_as(factories.member())
    url = path("project", "existing_version", image["id"])
    fields = {"other": latest["id"], "version": "1"}
    fields["confirmed"] = field(browser.post(url, fields), "confirmed")
    for change in ({"version": "2"}, {"confirmed": "0" * 16}):
        assert browser.post(url, {**fields, **change}).status_code == 200
    glance.images[latest["id"]]["hw_disk_bus"] = "scsi"
    shown = browser.post(url, fields)
    assert "hw_disk_bus = scsi" in text_of(shown)
    assert glance.writes == []


def test_what_changes_at_the_last_moment_is_not_changed(browser, glance, monkeypatch):
    latest, image = add(glance, LATEST, name="Ubuntu"), glance.add(name="mine")
    browser.login_as(factories.member())
    url = path("project", "existing_version", image["id"])
    fields = {"other": latest["id"], "version": "1"}
    fields["confirmed"] = field(browser.post(url, fields), "confirmed")
    from helion_images_panel.ui.versions import existing_form

    def hold(request, seen):
        glance.images[image["id"]]["name"] = "renamed"
        return own(request, seen)

    own = existing_form.hold
    monkeypatch.setattr(existing_form, "hold", hold)
    response = browser.post(url, fields)
    assert str(FamilyChanged()) in text_of(response)
    assert glance.writes == []


@pytest.mark.parametrize("other", ["", "x", factories.image_id(999), "foreign", "new", "own"])
def test_another_image_than_those_offered_is_refused(browser, glance, other):
    add(glance, LATEST)
    image = glance.add()
    foreign = add(glance, LATEST, owner=factories.FOREIGN, visibility="public")
    ids = {"foreign": foreign["id"], "new": add(glance, NEW)["id"], "own": image["id"]}
    browser.login_as(factories.member())
    url = path("project", "existing_version", image["id"])
    response = browser.post(url, {"other": ids.get(other, other), "confirmed": "x"})
    assert response.status_code == 200
    assert "data-hip-takeover" not in response.content.decode()
    assert glance.writes == []


def test_without_a_family_it_says_how_to_begin_one(browser, glance):
    image = glance.add()
    browser.login_as(factories.member())
    response = browser.get(path("project", "existing_version", image["id"]))
    assert "The project has no family with a latest version yet." in text_of(response)
    latest = add(glance, LATEST)
    for each in (image["id"],):
        del glance.images[each]
    response = browser.get(path("project", "existing_version", latest["id"]))
    assert "The project has no other image that could become a version" in text_of(response)


def test_what_keeps_it_from_becoming_the_latest_is_said(browser, glance):
    add(glance, LATEST, os_distro="x")
    image = glance.add(os_distro="x")
    browser.login_as(factories.member())
    text = text_of(browser.get(path("project", "existing_version", image["id"])))
    assert "The image can become a version now, but not the latest one:" in text
    assert "was never verified" in text


def test_hostile_values_are_text(browser, glance):
    for number, text in enumerate(factories.HOSTILE_NAMES):
        add(glance, LATEST, family=f"f{number}", name=text, os_distro=str(number), hw_x=text,
            tags=[text])  # fmt: skip
        image = glance.add(name=text, os_distro=str(number), hw_x=f"own {text}")
        browser.login_as(factories.member())
        html = browser.get(path("project", "existing_version", image["id"])).content.decode()
        form = html.partition('id="existing_version_form"')[2].partition("</form>")[0]
        assert "data-hip-takeover" in form
        assert "<script" not in form
        assert "<img" not in form


def test_what_glance_refuses_can_be_left_out(browser, glance):
    """Each cloud may protect properties from its users: the change is one request."""
    latest, image = add(glance, LATEST, **LATEST_VALUES), glance.add(name="mine")
    browser.login_as(factories.member())
    url = path("project", "existing_version", image["id"])
    fields = {"other": latest["id"], "version": "1"}
    shown = browser.post(url, fields)
    takes = [name for name, is_ticked in boxes(shown).items() if is_ticked]
    patch = f"PATCH /v2/images/{image['id']}"
    glance.failing[patch] = refusal(403, "Property 'os_distro' is protected")
    refused = browser.post(url, fields | reply(shown, takes))
    assert "os_distro" in text_of(refused).partition("compared with")[0]
    assert boxes(refused) == boxes(shown)
    del glance.failing[patch]
    takes.remove("os_distro")
    assert browser.post(url, fields | reply(refused, takes)).status_code == 302
    assert "os_distro" not in current(glance, image).properties
    assert current(glance, image).description == "A system"


def test_another_family_is_shown_with_its_own_boxes(browser, glance):
    ubuntu = add(glance, LATEST, description="x", hw_disk_bus="scsi")
    debian = add(glance, LATEST, family="debian", description="x", os_distro="debian")
    image = glance.add(name="mine")
    browser.login_as(factories.member())
    url = path("project", "existing_version", image["id"])
    shown = browser.post(url, {"other": ubuntu["id"], "version": "1"})
    shown = browser.post(url, {"other": debian["id"], "version": "1"} | reply(shown, ["name"]))
    assert boxes(shown) == {"name": True, "description": False, "os_distro": True}
    assert glance.writes == []


def test_a_required_property_has_the_type_of_the_schema(browser, glance):
    glance.required = {"floor": {"type": "integer", "title": "Floor"}}
    latest, image = add(glance, LATEST, floor="3"), glance.add(name="mine")
    browser.login_as(factories.member())
    url = path("project", "existing_version", image["id"])
    confirmed(browser, url, ["floor"], other=latest["id"], version="1")
    (change,) = glance.writes
    assert [each["value"] for each in change.body if each["path"] == "/floor"] == [3]


def test_an_unfinished_change_of_the_latest_version_does_not_matter(browser, glance):
    old, new = add(glance, LATEST, name="Ubuntu"), add(glance, NEW, name="Ubuntu (new)")
    begun = Journal.of(current(glance, new), current(glance, old), False, False)
    glance.images[new["id"]].update(record_with(current(glance, new), NEW, begun))
    image = glance.add(name="mine")
    browser.login_as(factories.member())
    url = path("project", "existing_version", image["id"])
    assert confirmed(browser, url, other=old["id"]).status_code == 302
