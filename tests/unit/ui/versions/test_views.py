# SPDX-License-Identifier: Apache-2.0
"""The dialogs of families and versions: who gets them, what they say, and what they send."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from helion_images_panel.core import family
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.family import FORMER, LATEST, NEW, Family
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import DOMAIN, Publication, publication_property
from helion_images_panel.core.verification import Verified, verified_property
from helion_images_panel.core.version_swap import Journal, record_with
from helion_images_panel.publishing import held_image
from tests import factories
from tests.unit.permissions import CHANGING, FINE, MISSING, PermissionMatrix, path

PEOPLE = tuple(factories.PEOPLE)

#: Properties of the data of one image, which no other image takes.
OF_ITS_DATA = {
    "cinder_encryption_key_id": "e7b0e5c1-5c3a-4f5d-9a55-0c6f1f0f7a11",
    "cinder_encryption_key_deletion_policy": "on_image_deletion",
    "img_signature": "c2lnbmVk",
    "img_signature_hash_method": "SHA-256",
    "signature_verified": "True",
    "owner_specified.openstack.md5": "d" * 32,
}


class TestWhoMayOpenFamily(PermissionMatrix):
    page = "family"
    expected = CHANGING


class TestWhoMayChangeTheFamily(PermissionMatrix):
    page = "family"
    expected = {
        panel: {person: 302 if answer == FINE else answer for person, answer in answers.items()}
        for panel, answers in CHANGING.items()
    }

    def ask(self, browser, url):
        return browser.post(url, {"family": "ubuntu", "version": "1"})


def replaced(table, old, new):
    return {
        panel: {person: new if answer == old else answer for person, answer in answers.items()}
        for panel, answers in table.items()
    }


class TestWhoMayOpenMakeItAVersion(PermissionMatrix):
    page = "existing_version"
    expected = CHANGING


class TestAnImageWithoutAFamilyIsNoVersion(PermissionMatrix):
    page = "make_latest"
    expected = replaced(CHANGING, FINE, MISSING)


def add(glance, role, **attributes):
    image_id = factories.image_id()
    owner = attributes.get("owner", factories.PROJECT)
    checksum = Checksum("sha512", "a" * 128)
    verified = verified_property(image_id, Verified((checksum,), "2026-11-23T12:00:00Z", "kim"))
    if not attributes.pop("verified", True):
        verified = {}
    name = attributes.pop("family", "ubuntu")
    version, ends = attributes.pop("version", ""), attributes.pop("ends", "")
    record = Family(name, version, role, ends=ends)
    signed = family.family_property(image_id, owner, record)
    return glance.add(**{"id": image_id, **verified, **signed, **attributes})


def current(glance, image):
    return Image.from_glance(glance.images[image["id"]])


def text_of(response):
    html = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


@pytest.mark.parametrize("panel", ["project", "admin"])
@pytest.mark.parametrize("person", PEOPLE)
def test_who_may_make_a_version_the_latest(browser, glance, panel, person):
    """The same as for each page that changes an image, by its URL."""
    old, new = add(glance, LATEST, name="Ubuntu"), add(glance, NEW)
    browser.login_as(factories.PEOPLE[person]())
    expected = CHANGING[panel][person]
    url = path(panel, "make_latest", new["id"])
    opened, posted = browser.get(url), browser.post(url, {"confirmed": old["id"]})
    if expected == "login":
        assert (opened.status_code, posted.status_code) == (302, 302)
    else:
        assert opened.status_code == expected
        assert posted.status_code == (302 if expected == FINE else expected)
    is_done = expected == FINE
    assert (current(glance, new).name == "Ubuntu") is is_done
    assert bool(glance.writes) is is_done


def test_the_first_version_of_a_family_is_the_latest(browser, glance):
    first, second = glance.add(os_distro="ubuntu", os_version="24.04"), glance.add()
    browser.login_as(factories.member())
    html = browser.get(path("project", "family", first["id"])).content.decode()
    assert 'value="ubuntu-24.04"' in html
    assert 'value="2026-11-01"' in html
    for image, version in ((first, "1"), (second, "2")):
        fields = {"family": "ubuntu-24.04", "version": version}
        assert browser.post(path("project", "family", image["id"]), fields).status_code == 302
    records = [family.family_record(current(glance, image)) for image in (first, second)]
    assert records == [Family("ubuntu-24.04", "1", LATEST), Family("ubuntu-24.04", "2", NEW)]


def test_a_version_keeps_its_role_and_leaves_its_family(browser, glance):
    image = add(glance, FORMER)
    browser.login_as(factories.member())
    url = path("project", "family", image["id"])
    browser.post(url, {"family": "ubuntu", "version": "old"})
    assert family.family_record(current(glance, image)) == Family("ubuntu", "old", FORMER)
    browser.post(url, {"family": " ", "version": ""})
    assert not any(name.startswith("helion_images_family") for name in glance.images[image["id"]])
    writes = len(glance.writes)
    browser.post(url, {"family": "", "version": ""})
    assert len(glance.writes) == writes


@pytest.mark.parametrize("role", [LATEST, FORMER])
def test_another_label_of_a_version_changes_nothing_else(browser, glance, role):
    image = add(glance, role)
    record = Family("ubuntu", "1", role, ends="0,30,90")
    signed = family.family_property(image["id"], factories.PROJECT, record)
    glance.images[image["id"]].update(signed)
    browser.login_as(factories.member())
    url = path("project", "family", image["id"])
    browser.post(url, {"family": "ubuntu", "version": "2"})
    assert family.family_record(current(glance, image)) == replace(record, version="2")
    # The rule is that of the family, and does not follow into another one.
    browser.post(url, {"family": "debian", "version": "2"})
    assert family.family_record(current(glance, image)) == Family("debian", "2", LATEST)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Family("ubuntu", "1", FORMER), "Another version has become the latest one"),
        (Family("ubuntu", "1", LATEST, ends="0,-,-"), "The image has changed in the meantime."),
        (Family("debian", "1", LATEST), "The image does not belong to this family any more."),
    ],
)
def test_the_dialog_says_what_has_changed_meanwhile(browser, glance, monkeypatch, record, reason):
    image = add(glance, LATEST, version="1")
    held = held_image.lock.held

    def changing(*args):
        signed = family.family_property(image["id"], factories.PROJECT, record)
        glance.images[image["id"]].update(signed)
        return held(*args)

    monkeypatch.setattr(held_image.lock, "held", changing)
    browser.login_as(factories.member())
    fields = {"family": "ubuntu", "version": "2"}
    response = browser.post(path("project", "family", image["id"]), fields)
    assert f"The image was not changed. {reason}" in text_of(response)
    assert glance.writes == []


@pytest.mark.parametrize(
    "fields", [{"family": "a/b"}, {"family": "x" * 101}, {"family": "a", "version": "1/2"}]
)
def test_a_wrong_name_is_refused(browser, glance, fields):
    image = glance.add()
    browser.login_as(factories.member())
    response = browser.post(path("project", "family", image["id"]), {"version": "", **fields})
    assert response.status_code == 200
    assert "error" in response.content.decode()
    assert glance.writes == []


def test_the_dialog_lists_what_happens(browser, glance):
    old = add(glance, LATEST, name="Ubuntu", visibility="shared", protected=True)
    glance.members[old["id"]] = {factories.SIBLING: "accepted", factories.FOREIGN: "rejected"}
    new = add(glance, NEW, name="Ubuntu (new)")
    browser.login_as(factories.member())
    text = text_of(browser.get(path("project", "make_latest", new["id"])))
    for sentence in (
        "Ubuntu (new) is renamed to Ubuntu.",
        "The previous version, Ubuntu, is renamed to Ubuntu (2026-11-01).",
        "1 project that has the previous version gets this one",
        "The previous version keeps its access",
        "This version is protected, as the previous one is.",
    ):
        assert sentence in text
    assert glance.writes == []


def test_what_the_user_has_not_seen_is_not_replaced(browser, glance):
    old, new = add(glance, LATEST, name="Ubuntu"), add(glance, NEW)
    browser.login_as(factories.member())
    response = browser.post(path("project", "make_latest", new["id"]), {"confirmed": new["id"]})
    assert "Another version has become the latest one in the meantime." in text_of(response)
    assert glance.writes == []
    assert current(glance, old).name == "Ubuntu"


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"verified": False}, "was never verified"),
        ({"status": "queued"}, "has no complete data yet"),
        ({"status": "deactivated"}, "Reactivate it first"),
    ],
)
def test_a_version_that_is_not_verified_is_refused_with_the_next_step(
    browser, glance, attributes, reason
):
    old, new = add(glance, LATEST), add(glance, NEW, **attributes)
    browser.login_as(factories.member())
    url = path("project", "make_latest", new["id"])
    assert reason in text_of(browser.get(url))
    form = browser.get(url).content.decode().partition('<form id="make_latest')[2]
    assert "btn-primary" not in form.partition("</form>")[0]
    assert reason in text_of(browser.post(url, {"confirmed": old["id"]}))
    assert glance.writes == []


def test_who_may_not_give_it_to_the_same_users_is_told_before(browser, glance):
    add(glance, LATEST, visibility="public")
    new = add(glance, NEW)
    browser.login_as(factories.member())
    text = text_of(browser.get(path("project", "make_latest", new["id"])))
    assert "you are not allowed to make images public" in text


def test_the_domain_of_the_previous_version_gets_the_new_one(browser, glance):
    publication = Publication(DOMAIN, "private", factories.DOMAIN, (factories.SIBLING,))
    old = add(glance, LATEST, name="Ubuntu", visibility="shared")
    glance.images[old["id"]].update(publication_property(old["id"], publication))
    glance.members[old["id"]] = {factories.SIBLING: "accepted"}
    new = add(glance, NEW)
    browser.login_as(factories.domain_admin())
    url = path("admin", "make_latest", new["id"])
    assert "published to all projects of the domain" in text_of(browser.get(url))
    assert browser.post(url, {"confirmed": old["id"], "hides": "on"}).status_code == 302
    assert glance.members[new["id"]] == {factories.SIBLING: "accepted"}
    assert glance.images[old["id"]]["os_hidden"] is True


def test_an_unfinished_change_is_finished_or_undone(browser, glance):
    old, new = add(glance, LATEST, name="Ubuntu"), add(glance, NEW, name="Ubuntu (new)")
    begun = Journal.of(current(glance, new), current(glance, old), False, False)
    browser.login_as(factories.member())
    url = path("project", "make_latest", new["id"])
    for do, name in (("undo", "Ubuntu (new)"), ("finish", "Ubuntu")):
        glance.images[new["id"]].update(record_with(current(glance, new), NEW, begun))
        assert "This change has broken off." in text_of(browser.get(url))
        browser.post(url, {"confirmed": old["id"], "begun": do})
        assert current(glance, new).name == name


def test_what_cannot_be_finished_is_undone_with_the_reason(browser, glance):
    old, new = add(glance, LATEST, name="Ubuntu"), add(glance, NEW, name="Ubuntu (new)")
    begun = Journal.of(current(glance, new), current(glance, old), False, False)
    glance.images[new["id"]].update(record_with(current(glance, new), NEW, begun))
    glance.images[new["id"]]["status"] = "deactivated"
    browser.login_as(factories.member())
    url = path("project", "make_latest", new["id"])
    assert browser.post(url, {"confirmed": old["id"], "begun": "finish"}).status_code == 302
    text = text_of(browser.get(path("project", "index")))
    assert "The unfinished change of Ubuntu (new) was undone. The image is deactivated." in text
    assert family.family_record(current(glance, new)) == Family("ubuntu", "", NEW)


def test_the_menu_offers_what_the_role_allows(browser, glance):
    offered = {}
    for role in (LATEST, FORMER, NEW):
        offered[role] = add(glance, role)["id"]
    other = glance.add()["id"]
    browser.login_as(factories.member())
    html = browser.get(path("project", "index")).content.decode()

    def pages(image_id):
        names = ("family", "new_version", "make_latest")
        return {name for name in names if path("project", name, image_id) in html}

    assert path("project", "existing_version", other) in html
    assert html.count("/existing_version/") == 1
    assert pages(other) == {"family"}
    assert pages(offered[LATEST]) == {"family", "new_version"}
    assert pages(offered[FORMER]) == pages(offered[NEW]) == {"family", "new_version", "make_latest"}
    assert html.count("Roll Back to This Version") == 1


def test_a_new_version_has_the_values_of_the_other_one(browser, glance):
    old = add(
        glance,
        LATEST,
        name="Ubuntu",
        tags=["lts"],
        protected=True,
        min_disk=5,
        min_ram=512,
        hw_disk_bus="scsi",
        os_distro="ubuntu",
        base_image_ref="x",
        architecture="x86_64",
        description="A system",
        visibility="shared",
        **OF_ITS_DATA,
    )
    browser.login_as(factories.member())
    html = unescape(browser.get(path("project", "new_version", old["id"])).content.decode())
    for value in ('value="5"', 'value="512"', "hw_disk_bus = scsi", "os_distro = ubuntu"):
        assert value in html
    for value in ("lts", "A system", 'value="x86_64"', "Ubuntu (20"):
        assert value in html
    for name in ("base_image_ref", *OF_ITS_DATA):
        assert name not in html
    assert 'data-hip-version="true"' in html
    form = html.partition("<form")[2].partition("</form>")[0]
    # But for the address of a script.
    assert "helion_images" not in form.replace("/helion_images_panel/", "")


def posted(**fields):
    return {
        "name": "Ubuntu (new)",
        "version": "24.10",
        "source": "file",
        "file_name": "a.qcow2",
        "file_size": "10",
        "disk_format": "qcow2",
        **fields,
    }


def test_the_first_request_of_a_new_version_has_its_record(browser, glance):
    old = add(glance, LATEST, name="Ubuntu", visibility="public")
    browser.login_as(factories.member())
    url = path("project", "new_version", old["id"])
    response = browser.post(url, posted(properties="hw_disk_bus = scsi", checksum="c" * 64))
    assert response.status_code == 201, text_of(response)
    (creation,) = glance.writes
    new = Image.from_glance(glance.images[creation.body["id"]])
    assert family.family_record(new) == Family("ubuntu", "24.10", NEW)
    assert (new.visibility, new.properties["hw_disk_bus"]) == ("private", "scsi")
    assert "helion_images_expected" in new.properties
    assert json.loads(response.content)["id"] == new.id


def test_a_new_version_belongs_to_the_active_project(browser, glance):
    image, other = add(glance, LATEST), glance.add()
    for person, panel, image_id, status in (
        (factories.domain_admin, "admin", image["id"], 403),
        (factories.other_domain_admin, "admin", image["id"], 404),
        (factories.reader, "project", image["id"], 403),
        (factories.member_elsewhere, "project", image["id"], 404),
        (factories.member, "project", other["id"], 403),
    ):
        browser.login_as(person())
        url = path(panel, "new_version", image_id)
        assert browser.get(url).status_code == status
        assert browser.post(url, posted()).status_code == status
    assert glance.writes == []
