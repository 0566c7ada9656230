# SPDX-License-Identifier: Apache-2.0
"""The page Official Images."""

import html
import re
import time
from types import SimpleNamespace

import pytest
import yaml
from django.core.cache import cache
from django.utils.translation import override

from helion_images_panel.api import publishers
from helion_images_panel.catalogue import cached_builds
from helion_images_panel.catalogue.cached_builds import Found
from helion_images_panel.catalogue.entries import Build
from helion_images_panel.ui.base.os_icons import os_icon
from tests import factories
from tests.unit import fakes
from tests.unit.catalogue.samples import raw
from tests.unit.permissions import FINE, PANEL_CHANGING, PermissionMatrix, path

URL = path("project", "catalogue")
LISTED = {
    "layout": "directory",
    "url": "https://files.example/debian/{build}/d-{build}.qcow2",
    "checksums": "SHA512SUMS",
}
DEBIAN = raw(
    name="Debian 13",
    meta={"architecture": "x86_64", "os_distro": "debian", "os_version": "13"},
    newest=LISTED,
    versions=[],
)
BUILD = Build(
    "20261117-2299",
    "https://files.example/debian/20261117-2299/d-20261117-2299.qcow2",
    build_date="2026-11-17",
    size_bytes=423 * 1024**2,
)


@pytest.fixture(autouse=True)
def catalogue(tmp_path, settings):
    """Writes the file of the catalogue: one entry without a list, and one with one."""
    settings.HELION_IMAGES_CATALOGUE = [str(tmp_path / "catalogue.yaml")]
    settings.HELION_IMAGES_CATALOGUE_ACCESS = publishers.DIRECT

    def write(*images):
        (tmp_path / "catalogue.yaml").write_text(yaml.safe_dump({"images": list(images)}))

    write(raw(), DEBIAN)
    return write


@pytest.fixture
def lists(monkeypatch):
    """What the publisher's list has: a build, or the reason why it cannot be read."""
    known = {"Debian 13": BUILD}

    def newest_build(entry, _read):
        if isinstance(known[entry.name], Exception):
            raise known[entry.name]
        return known[entry.name]

    monkeypatch.setattr(cached_builds, "newest_build", newest_build)
    monkeypatch.setattr(cached_builds, "with_size", lambda _entry, build: build)
    return known


class TestWhoMayOpenIt(PermissionMatrix):
    page, expected, of_an_image = "catalogue", PANEL_CHANGING, False


class TestWhoMayLookUpBuilds(PermissionMatrix):
    page, of_an_image = "catalogue/builds", False
    expected = {
        panel: {person: 302 if answer == FINE else answer for person, answer in people.items()}
        for panel, people in PANEL_CHANGING.items()
    }

    @pytest.fixture(autouse=True)
    def _lists(self, lists):
        pass

    def ask(self, browser, url):
        return browser.post(url)


def opened(browser, person=None, url=URL, **parameters):
    response = browser.login_as(person or factories.member()).get(url, parameters)
    assert response.status_code == 200
    return response.content.decode()


def cards(text):
    """The text of each card by its title, without tags."""
    found = re.findall(r'(?s)<li class="panel panel-default".*?</li>', text)
    texts = [" ".join(re.sub(r"<[^>]*>", " ", html.unescape(each)).split()) for each in found]
    return {re.match(r"(.*?) (x86_64|aarch64)", each)[1]: each for each in texts}


def look_up(browser, **fields):
    return browser.post(
        path("project", "catalogue/builds"), fields, headers={"X-Requested-With": "XMLHttpRequest"}
    )


def test_the_page_asks_no_publisher_and_lists_the_images_in_one_request(browser, glance):
    found = cards(opened(browser))
    assert found["Ubuntu 24.04"].endswith("Not in this cloud Add to this cloud…")
    assert "The publisher's list was not read yet." in found["Debian 13"]
    assert "Add to this cloud" not in found["Debian 13"]
    assert [call.path for call in glance.calls] == ["/v2/info/import", "/v2/images"]
    opened(browser)
    assert [call.path for call in glance.calls[2:]] == ["/v2/images"]


def test_an_admin_sees_public_images_and_those_of_the_project(browser, glance):
    debian = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}
    glance.add(name="foreign", owner=factories.FOREIGN, **debian)
    assert "Not in this cloud" in cards(opened(browser, factories.domain_admin()))["Debian 13"]
    glance.add(name="own", owner=factories.SIBLING, **debian)
    assert " own" in cards(opened(browser, factories.domain_admin()))["Debian 13"]


def test_a_public_image_of_another_domain_is_linked_where_it_can_be_seen(browser, glance):
    debian = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}
    image = glance.add(name="of all", owner=factories.FOREIGN, visibility="public", **debian)
    text = opened(browser, factories.domain_admin(), path("admin", "catalogue"))
    link = path("project", "detail", image["id"])
    assert f'href="{link}"' in text
    assert browser.get(link).status_code == 200


def test_a_build_is_shown_once_the_list_was_read(browser, glance, lists):
    browser.login_as(factories.member())
    assert look_up(browser).json() == {"left": 0, "total": 1}
    found = cards(opened(browser))["Debian 13"]
    assert "Build of Nov. 17, 2026 · 423 MiB · QCOW2 Not in this cloud Add" in found


@pytest.mark.parametrize(
    ("date", "sentence"),
    [
        ("2026-11-17", "In this cloud, up to date: own"),
        ("2026-11-16", "In this cloud: build of Nov. 16, 2026, 1 day older: own"),
        ("2026-10-01", "In this cloud: build of Oct. 1, 2026, 47 days older: own"),
        ("2026-08-03", "In this cloud: build of Aug. 3, 2026, 3 months older: own"),
        (None, "In this cloud, older than the newest build: own"),
    ],
)
def test_what_the_cloud_has(browser, glance, lists, date, sentence):
    debian = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}
    dated = {"image_build_date": date} if date else {}
    image = glance.add(name="own", created_at="2026-01-01T00:00:00Z", **debian, **dated)
    browser.login_as(factories.member())
    look_up(browser)
    text = opened(browser)
    assert sentence in cards(text)["Debian 13"]
    assert f'href="{path("project", "detail", image["id"])}"' in text


def test_it_cannot_be_told_without_the_list(browser, glance):
    debian = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}
    glance.add(name="own", **debian)
    found = cards(opened(browser))["Debian 13"]
    assert "In this cloud; it cannot be told whether it is up to date: own" in found
    assert "The publisher's list was not read yet." in found


def test_a_publisher_that_does_not_respond(browser, glance, lists):
    browser.login_as(factories.member())
    look_up(browser)
    lists["Debian 13"] = cached_builds.NotFound("The publisher's server could not be reached.")
    _age(cached_builds.FRESH_S + 1)
    assert look_up(browser).json() == {"left": 0, "total": 1}
    found = cards(opened(browser))["Debian 13"]
    # What was known before stays.
    assert "Build of Nov. 17, 2026" in found
    assert "The publisher's server could not be reached." in found
    with override("de"):
        browser.cookies["django_language"] = "de"
        assert "could not be reached" not in opened(browser)


def _age(seconds):
    """As if the lists had been read earlier."""
    cached = {
        key: Found(each.build, each.read_at - seconds, each.tried_at - seconds)
        for key, each in cache.get(cached_builds._BUILDS).items()
    }
    cache.set(cached_builds._BUILDS, cached)


def test_a_list_that_was_just_read_is_not_read_again(browser, lists):
    browser.login_as(factories.member())
    look_up(browser)
    lists["Debian 13"] = AssertionError("It is read once more.")
    assert look_up(browser).json()["left"] == 0
    _age(cached_builds.FRESH_S + 1)
    # The page itself waits for hours.
    assert look_up(browser, stale="true").json()["left"] == 0


def test_one_request_reads_lists_at_a_time(browser, lists):
    cache.add(cached_builds._LOOKUP, True)
    assert look_up(browser.login_as(factories.member())).json() == {"left": None, "total": 1}


def test_a_portion_ends_in_time(browser, lists, catalogue, monkeypatch):
    second = {**DEBIAN, "name": "Debian 14"}
    catalogue(DEBIAN, second)
    clock = iter([0.0, 1.0, 1.0, 2.0, cached_builds.PORTION_S + 1])
    times = SimpleNamespace(time=time.time, monotonic=lambda: next(clock))
    monkeypatch.setattr(cached_builds, "time", times)
    monkeypatch.setattr(cached_builds, "in_parallel", lambda do, items: list(map(do, items)))
    assert look_up(browser.login_as(factories.member())).json() == {"left": 1, "total": 2}


def test_what_the_cache_has_from_elsewhere_costs_no_page(browser, lists):
    cache.set(cached_builds._BUILDS, "another version's")
    assert "Debian 13" in cards(opened(browser))


def test_without_a_script_the_button_leads_back_to_the_filters(browser, lists):
    browser.login_as(factories.member())
    response = browser.post(
        path("project", "catalogue/builds"), {"search": "deb", "versions": "all"}
    )
    assert response["location"] == f"{URL}?search=deb&versions=all"
    assert "The publishers&#x27; lists were read." in opened(browser)


def test_no_way_out(browser, settings, lists):
    settings.HELION_IMAGES_CATALOGUE_ACCESS = publishers.OFF
    text = opened(browser)
    assert (
        "Neither the catalogue's file nor the publisher names a build." in cards(text)["Debian 13"]
    )
    assert "Add to this cloud" in cards(text)["Ubuntu 24.04"]
    assert "This dashboard sends no requests to publishers" in html.unescape(text)
    assert "data-hip-builds" not in text
    response = browser.post(path("project", "catalogue/builds"))
    assert response.status_code == 403
    assert "HELION_IMAGES_CATALOGUE_ACCESS" in response.content.decode()


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"search": "DEBIAN"}, {"Debian 13"}),
        ({"search": "24 ubuntu"}, {"Ubuntu 24.04"}),
        ({"architecture": "aarch64"}, {"Arm 1"}),
        ({"versions": "all"}, {"Debian 13", "Ubuntu 24.04", "Arm 1", "Old 1"}),
        ({"versions": "x", "architecture": ""}, {"Debian 13", "Ubuntu 24.04", "Arm 1"}),
        ({"search": "nothing"}, set()),
    ],
)
def test_filters(browser, catalogue, glance, parameters, expected):
    old = raw(name="Old 1", meta={**raw()["meta"], "maintained_until": "2020-01-31"})
    arm = raw(name="Arm 1", meta={**raw()["meta"], "architecture": "aarch64"})
    catalogue(raw(), DEBIAN, old, arm)
    text = opened(browser, **parameters)
    assert set(cards(text)) == expected
    assert ("No official image matches the filters." in text) is not expected
    assert bool(glance.listed()) is bool(expected)


FETCHED = "The cloud's operator can also have it fetched (helion_images_catalogue --fetch)."
PACKED = {"version": "15.1", "url": "https://files.example/f.qcow2.xz"}


def packed(browser):
    """The HTML of the page, and the text of a card with a compressed build."""
    text = opened(browser)
    return text, cards(text)["Ubuntu 24.04"]


def test_a_compressed_build_is_downloaded_and_uploaded(browser, catalogue):
    catalogue(raw(versions=[{**PACKED, "checksum": f"sha256:{'a' * 64}"}]))
    text, found = packed(browser)
    assert (
        "The publisher's file is compressed (xz), and the image service cannot decompress it. "
        "Download the file, then upload it: the dashboard decompresses it during the upload, and "
        f"compares it with the publisher's checksum. {FETCHED} The publisher's file" in found
    )
    assert "Add to this cloud" not in found
    assert found.endswith("Upload the file…")
    assert f'href="{PACKED["url"]}"' in text
    upload = path("project", "catalogue/file")
    assert f'href="{upload}?name=Ubuntu+24.04&amp;architecture=x86_64"' in text


def test_a_compressed_build_without_a_checksum(browser, catalogue, settings):
    settings.HELION_IMAGES_CATALOGUE_ACCESS = publishers.OFF
    catalogue(raw(versions=[PACKED]))
    found = packed(browser)[1]
    assert "the dashboard decompresses it during the upload. The publisher's file" in found


def test_a_compressed_build_where_no_file_can_be_uploaded(browser, catalogue, settings):
    settings.HORIZON_IMAGES_UPLOAD_MODE = "off"
    catalogue(raw(versions=[PACKED]))
    found = packed(browser)[1]
    fetched = FETCHED.replace("can also have", "can have")
    assert f"the image service cannot decompress it. {fetched}" in found
    assert "Upload the file" not in found


@pytest.mark.parametrize(("ending", "gib"), [(".xz", 0), (".zip", 256)])
def test_a_compressed_build_that_the_dashboard_does_not_decompress(
    browser, catalogue, settings, ending, gib
):
    settings.HELION_IMAGES_DECOMPRESSED_GIB = gib
    url = f"https://files.example/f.qcow2{ending}"
    catalogue(raw(versions=[{**PACKED, "url": url}]))
    text, found = packed(browser)
    assert "most image services do not unpack. Download it, unpack it, and upload it" in found
    assert "Upload the file" not in found
    assert "Add to this cloud" not in found
    assert f'href="{url}"' in text


def test_errors_of_the_files_are_for_admins(browser, catalogue):
    catalogue(DEBIAN, raw(format="floppy"))
    assert set(cards(opened(browser))) == {"Debian 13"}
    assert "have 1 error" not in opened(browser)
    text = opened(browser, factories.domain_admin(), path("admin", "catalogue"))
    assert "The catalogue's files have 1 error" in html.unescape(text)


def test_a_catalogue_without_an_entry(browser, catalogue):
    catalogue(raw(format="floppy"))
    assert "The catalogue has no entry that can be used." in opened(browser)


def test_a_changed_file_is_read_again(browser, catalogue, tmp_path):
    assert set(cards(opened(browser))) == {"Ubuntu 24.04", "Debian 13"}
    catalogue(raw(name="Another"))
    assert set(cards(opened(browser))) == {"Another"}


def test_a_glance_without_web_download(browser, glance):
    glance.import_methods = ["glance-direct"]
    browser.login_as(factories.member())
    response = browser.get(URL)
    assert response.status_code == 403
    assert "the import method web-download is off" in response.content.decode()
    # The list sends no request for it, and knows it now.
    assert URL not in browser.get(path("project", "index")).content.decode()


def test_the_list_leads_to_it(browser, glance):
    text = browser.login_as(factories.member()).get(path("project", "index")).content.decode()
    assert f'href="{URL}"' in text
    text = browser.login_as(factories.reader()).get(path("project", "index")).content.decode()
    assert URL not in text
    admin = browser.login_as(factories.cloud_admin())
    text = admin.get(path("admin", "index"), {"domain": factories.DOMAIN}).content.decode()
    assert f'href="{path("admin", "catalogue")}?domain={factories.DOMAIN}"' in text


def test_every_link_and_form_keeps_the_domain(browser, lists):
    admin = path("admin", "catalogue")
    domain = {"domain": factories.DOMAIN}
    text = opened(browser, factories.cloud_admin(), admin, search="nothing", **domain)
    query = f"?domain={factories.DOMAIN}"
    for name in ("index", "catalogue"):
        assert f'href="{path("admin", name)}{query}"' in text
    builds = f"{path('admin', 'catalogue/builds')}{query}"
    assert f'action="{builds}"' in text
    response = browser.post(builds, {"search": "deb"})
    assert response["location"] == f"{admin}{query}&search=deb"


def test_an_error_of_glance_has_its_reason(browser, glance):
    glance.failing["GET /v2/images"] = fakes.refusal(503, "The database is full")
    response = browser.login_as(factories.member()).get(URL)
    assert response.status_code == 503
    assert "The database is full" in response.content.decode()


@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
def test_texts_of_publishers_are_text(browser, glance, lists, catalogue, name):
    lists["Debian 13"] = Build(name, BUILD.url, build_date="")
    glance.add(name=name, os_distro="debian", os_version="13", architecture="x86_64")
    browser.login_as(factories.member())
    look_up(browser)
    text = opened(browser)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert 'href="javascript' not in text
    # AngularJS reads the buttons of a card alone.
    for each in re.findall(r'(?s)<li class="panel panel-default".*?</li>', text):
        body, buttons = each.split('<div class="hip-card-buttons">')
        assert re.match(r'<li [^>]*>\s*<div class="panel-body">\s*<div ng-non-bindable>', body)
        assert body.count("<div") == 2
        assert html.escape(name) not in buttons


@pytest.mark.parametrize(
    ("person", "panel", "attributes", "expected"),
    [
        ("member", "project", {}, True),
        ("member", "project", {"status": "deactivated"}, False),
        ("member", "project", {"container_format": "aki"}, False),
        ("domain_admin", "admin", {}, True),
    ],
)
def test_an_image_of_the_cloud_is_launched_from_its_card(
    browser, glance, person, panel, attributes, expected
):
    debian = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}
    image = glance.add(name="mine", visibility="public", **debian, **attributes)
    text = opened(browser, getattr(factories, person)(), path(panel, "catalogue"))
    offered = f"imageId: '{image['id']}'" in html.unescape(text)
    assert offered is expected
    assert (" Launch" in cards(text)["Debian 13"]) is expected
    assert " Launch" not in cards(text)["Ubuntu 24.04"]


def test_an_image_in_progress_is_watched_on_its_card(browser, glance):
    debian = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}
    image = glance.add(name="coming", status="importing", **debian)
    glance.add(name="left", status="queued", **debian)
    text = opened(browser)
    assert f'data-hip-watch="{image["id"]}">Importing</span>' in text
    found = cards(text)
    assert "Not in this cloud Importing coming" in found["Debian 13"]
    assert "left" not in found["Debian 13"]
    assert "coming" not in found["Ubuntu 24.04"]


def test_another_domains_image_in_progress_is_not_watched_by_an_admin(browser, glance):
    """Their panel answers as if there were no such image, for which the page would be reloaded."""
    debian = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}
    foreign = {"owner": factories.FOREIGN, "visibility": "public", "status": "importing"}
    glance.add(name="coming", **foreign, **debian)
    text = opened(browser, factories.domain_admin(), path("admin", "catalogue"))
    assert "Importing coming" in cards(text)["Debian 13"]
    assert "data-hip-watch" not in text
    own = glance.add(name="own", owner=factories.SIBLING, status="importing", **debian)
    text = opened(browser, factories.domain_admin(), path("admin", "catalogue"))
    assert f'data-hip-watch="{own["id"]}"' in text


def test_a_card_has_the_icon_of_its_system(browser):
    text = opened(browser)
    assert 'class="hip-os fab fa-linux"' in text  # Debian
    # The icon font of Horizon before 25.7 has none of Ubuntu.
    assert f'class="hip-os {os_icon({"os_distro": "ubuntu"}, "qcow2")}"' in text


def test_a_newer_build_is_named_as_such(browser, glance, lists):
    debian = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}
    glance.add(name="old", image_build_date="2026-01-01", **debian)
    browser.login_as(factories.member())
    look_up(browser)
    assert "Add the newest build…" in cards(opened(browser))["Debian 13"]


def test_what_is_cached_is_bounded(monkeypatch):
    monkeypatch.setattr(cached_builds, "MOST", 3)
    cached_builds._store({str(n): Found(None, 0, time.time() + n) for n in range(5)})
    assert set(cached_builds._cached()) == {"2", "3", "4"}
