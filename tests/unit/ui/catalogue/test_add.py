# SPDX-License-Identifier: Apache-2.0
"""The dialog Add Official Image."""

import html
import re

import pytest
import yaml
from django.core.cache import cache

from helion_images_panel.api import publishers
from helion_images_panel.catalogue import cached_builds
from helion_images_panel.catalogue.entries import Build
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.planned_publication import planned_of
from helion_images_panel.core.publication import publication_of
from helion_images_panel.core.requested import Requested, requested_of
from helion_images_panel.core.verification import expected_of, expected_property
from tests import factories
from tests.unit import fakes
from tests.unit.catalogue.samples import raw
from tests.unit.permissions import MISSING, PANEL_CHANGING, PermissionMatrix, path

URL = f"{path('project', 'catalogue/add')}?name=Ubuntu+24.04&architecture=x86_64"
SHA256 = "a" * 64
SOURCE = "https://files.example/20260108/u.img"
VERSION = {
    "version": "20260108",
    "url": SOURCE,
    "checksum": f"sha256:{SHA256}",
    "build_date": "2026-01-08",
}
META = {
    "architecture": "x86_64",
    "os_distro": "ubuntu",
    "os_version": "24.04",
    "hw_rng_model": "virtio",
}


@pytest.fixture(autouse=True)
def catalogue(tmp_path, settings):
    settings.HELION_IMAGES_CATALOGUE = [str(tmp_path / "catalogue.yaml")]
    settings.HELION_IMAGES_CATALOGUE_ACCESS = publishers.DIRECT

    def write(**changed):
        image = raw(**{"versions": [VERSION], "meta": META, "tags": ["official"], **changed})
        (tmp_path / "catalogue.yaml").write_text(yaml.safe_dump({"images": [image]}))

    write()
    return write


class TestWhoMayOpenIt(PermissionMatrix):
    page, expected, of_an_image = "catalogue/add", PANEL_CHANGING, False

    def ask(self, browser, url):
        return browser.get(url, {"name": "Ubuntu 24.04", "architecture": "x86_64"})


class TestWhoMayAdd(TestWhoMayOpenIt):
    def ask(self, browser, url):
        # Without a name it is the form again.
        return browser.post(f"{url}?name=Ubuntu+24.04&architecture=x86_64", {})


class TestAnotherEntry(TestWhoMayOpenIt):
    expected = {
        panel: {person: MISSING if answer == 200 else answer for person, answer in people.items()}
        for panel, people in PANEL_CHANGING.items()
    }

    def ask(self, browser, url):
        return browser.get(url, {"name": "Ubuntu 99.04", "architecture": "x86_64"})


def opened(browser, person=None, url=URL):
    return browser.login_as(person or factories.member()).get(url).content.decode()


def fields(text):
    """What a browser would send of the dialog as it is."""
    build = re.search(r'name="build" value="([0-9a-f]*)"', text)[1]
    return {"name": "Ubuntu 24.04", "tags": "official", "build": build}


def post(browser, given, url=URL):
    return browser.post(url, given, headers={"X-Requested-With": "XMLHttpRequest"})


def errors(response):
    assert response.status_code == 200, response.content
    text = html.unescape(response.content.decode())
    return re.findall(r'(?s)<div class="alert[^>]*>\s*(?:<p>)?(.*?)<', text)


def test_what_is_shown(browser, glance):
    text = html.unescape(opened(browser))
    # That of the project's families.
    assert [call.query["owner"] for call in glance.listed()] == [factories.PROJECT]
    for shown in (
        SOURCE,
        f"sha256:{SHA256}",
        "hw_rng_model",
        "image_original_user",
        "Jan. 8, 2026",
    ):
        assert shown in text
    assert 'name="location"' not in text
    assert 'name="checksum"' not in text


def test_the_image_and_its_import(browser, glance):
    response = post(browser, fields(opened(browser)))
    assert response.status_code == 201
    created, imported = glance.writes
    image = Image.from_glance(glance.images[created.body["id"]])
    assert created.body == {
        **{name: value for name, value in created.body.items() if name.startswith("helion_")},
        "id": image.id,
        "name": "Ubuntu 24.04",
        "disk_format": "qcow2",
        "container_format": "bare",
        "min_disk": 8,
        "min_ram": 512,
        "visibility": "private",
        "tags": ["official"],
        **META,
        "image_source": SOURCE,
        "image_build_date": "2026-01-08",
        "image_original_user": "ubuntu",
    }
    assert str(expected_of(image)) == f"sha256:{SHA256}"
    assert requested_of(image) == Requested("official-url", "qcow2/bare")
    assert imported.path == f"/v2/images/{image.id}/import"
    assert imported.body == {"method": {"name": "web-download", "uri": SOURCE}}
    steps = response.json()
    assert (steps["id"], steps["source"], steps["created"]) == (image.id, "location", True)


def test_what_a_user_may_choose(browser, glance):
    text = opened(browser, factories.domain_admin())
    given = {
        **fields(text),
        "name": "mine",
        "tags": 'a, "b, c"',
        "protected": "on",
        "audience": "cloud",
    }
    assert post(browser, given).status_code == 201
    body = glance.writes[0].body
    assert body["name"] == "mine"
    assert body["tags"] == ["a", "b, c"]
    # Nobody else gets data that was not compared.
    assert (body["protected"], body["visibility"]) == (True, "private")
    assert planned_of(Image.from_glance(glance.images[body["id"]])).audience == "cloud"


def test_for_the_domain(browser, glance):
    given = {**fields(opened(browser, factories.domain_admin())), "audience": "domain"}
    response = post(browser, given)
    assert response.status_code == 201
    (image,) = glance.images.values()
    assert image["visibility"] == "private"
    assert publication_of(Image.from_glance(image)) is None
    assert planned_of(Image.from_glance(image)).audience == "domain"
    assert response.json()["planned"] == "domain"
    assert "publish" not in response.json()


def test_another_checksum_ends_the_plan(browser, glance):
    """Whoever expects other data of the image decides anew who gets it."""
    given = {**fields(opened(browser, factories.domain_admin())), "audience": "cloud"}
    image = glance.images[post(browser, given).json()["id"]]
    other = Checksum("sha256", "b" * 64)
    image.update(expected_property(image["id"], other, Requested.of_file()))
    assert planned_of(Image.from_glance(image)) is None


def test_what_cannot_be_compared_has_its_audience_at_once(browser, glance, catalogue):
    catalogue(versions=[{name: VERSION[name] for name in VERSION if name != "checksum"}])
    text = opened(browser, factories.domain_admin())
    assert "None: the image will not be verified." in text
    assert "stays private" not in text
    assert post(browser, {**fields(text), "audience": "cloud"}).status_code == 201
    assert glance.writes[0].body["visibility"] == "public"


def test_a_cloud_that_refuses_changes_keeps_it_private(browser, glance):
    glance.required = {"department": {"type": "string"}}
    text = opened(browser, factories.domain_admin())
    assert 'name="audience"' not in text
    assert "The image stays private: this cloud may refuse changes" in text


def test_a_member_cannot_publish(browser, glance):
    text = opened(browser)
    assert 'name="audience"' not in text
    assert post(browser, {**fields(text), "audience": "cloud"}).status_code == 201
    assert glance.writes[0].body["visibility"] == "private"


def test_url_and_checksum_are_not_those_of_the_form(browser, glance):
    other = {
        "location": "https://elsewhere.example/x.img",
        "source": "external",
        "checksum": f"sha256:{'b' * 64}",
        "disk_format": "raw",
        "properties": "x",
        "check_url": "true",
        "recognize": "true",
    }
    assert post(browser, {**fields(opened(browser)), **other}).status_code == 201
    created, imported = glance.writes
    assert imported.body["method"]["uri"] == created.body["image_source"] == SOURCE
    assert created.body["disk_format"] == "qcow2"
    assert str(expected_of(Image.from_glance(glance.images[created.body["id"]]))).endswith(SHA256)


def test_the_store_is_offered_as_in_create_image(browser, glance):
    glance.stores = [
        {"id": "fast", "default": "true", "description": "SSD"},
        {"id": "archive"},
        {"id": "web", "read-only": "true"},
    ]
    text = html.unescape(opened(browser))
    choices = re.search(r'(?s)<select name="store".*?</select>', text)[0]
    assert re.findall(r'<option value="([^"]*)"( selected)?>', choices) == [
        ("fast", " selected"),
        ("archive", ""),
    ]
    assert "fast (default) – SSD" in choices
    given = fields(text)
    refused = post(browser, {**given, "store": "web"})
    assert "web is not one of the available choices" in refused.content.decode()
    assert glance.writes == []
    assert post(browser, {**given, "store": "archive"}).status_code == 201
    assert glance.writes[1].body["stores"] == ["archive"]


def test_one_store_is_no_choice(browser, glance):
    glance.stores = [{"id": "fast", "default": "true"}]
    assert 'name="store"' not in opened(browser)


def test_another_build_since_the_dialog_was_opened(browser, glance, catalogue):
    given = fields(opened(browser))
    newer = SOURCE.replace("20260108", "20260201")
    catalogue(versions=[{**VERSION, "version": "20260201", "url": newer}])
    response = post(browser, given)
    assert "The catalogue has another build now. Check the values again." in errors(response)
    assert glance.writes == []
    assert newer in response.content.decode()
    assert post(browser, {**given, **fields(response.content.decode())}).status_code == 201


def test_an_entry_that_is_no_longer_there(browser, glance, catalogue):
    given = fields(opened(browser))
    catalogue(name="Another")
    response = post(browser, given)
    assert response.status_code == 404
    assert response.json()["reason"].startswith("The catalogue has no such image any more.")
    assert glance.writes == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"versions": [{**VERSION, "url": f"{SOURCE}.xz"}]}, "is compressed (xz)"),
        (
            {
                "versions": [],
                "newest": {"layout": "directory", "url": "https://files.example/{build}/u.img"},
            },
            "The publisher's list was not read yet.",
        ),
    ],
)
def test_what_cannot_be_added_is_refused_without_its_button(
    browser, glance, catalogue, changed, reason
):
    given = fields(opened(browser))
    catalogue(**changed)
    assert reason in html.unescape(opened(browser))
    response = post(browser, given)
    assert response.status_code == 503
    assert reason in response.json()["reason"]
    assert glance.writes == []


def test_a_build_of_another_host_is_never_used(browser, glance, catalogue, monkeypatch):
    """What was read for an entry counts only while the entry names the same hosts."""
    newest = {"layout": "directory", "url": "https://files.example/{build}/u.img"}
    build = Build("1", "https://files.example/1/u.img")
    monkeypatch.setattr(cached_builds, "newest_build", lambda *_args: build)
    monkeypatch.setattr(cached_builds, "with_size", lambda _entry, build: build)
    catalogue(versions=[], newest=newest)
    browser.login_as(factories.member())
    post(browser, {}, path("project", "catalogue/builds"))
    assert build.url in opened(browser)
    catalogue(versions=[], newest={**newest, "url": "https://other.example/{build}/u.img"})
    assert build.url not in opened(browser)


def test_a_format_that_the_cloud_does_not_accept(browser, glance):
    given = fields(opened(browser))
    glance.disk_formats = ["raw"]
    cache.clear()
    assert any("of the format QCOW2" in error for error in errors(post(browser, given)))
    assert glance.writes == []


def test_a_required_property_has_the_value_of_the_catalogue(browser, glance):
    glance.required = {"os_distro": {"type": "string"}, "cost_centre": {"type": "string"}}
    text = opened(browser)
    assert re.search(r'name="required.os_distro"[^>]*>\s*ubuntu</textarea>', text)
    assert 'name="protected"' not in text
    given = {**fields(text), "required.os_distro": "ubuntu"}
    assert "This cloud requires a value for each image." in html.unescape(
        post(browser, given).content.decode()
    )
    assert glance.writes == []
    assert post(browser, {**given, "required.cost_centre": "42"}).status_code == 201
    assert glance.writes[0].body["cost_centre"] == "42"


def test_an_import_that_is_refused_leaves_no_image(browser, glance):
    given = fields(opened(browser))

    class EachImport(dict):
        def get(self, key, default=None):
            refused = fakes.refusal(400, "Import request does not pass the filter")
            return refused if key.endswith("/import") and key.startswith("POST") else default

    glance.failing = EachImport()
    response = post(browser, given)
    assert response.status_code == 200
    assert "The image was not created." in html.unescape(response.content.decode())
    assert glance.images == {}
