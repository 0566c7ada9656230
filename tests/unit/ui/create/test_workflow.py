# SPDX-License-Identifier: Apache-2.0
"""Create Image."""

import json
import re
from html import unescape

import pytest

from helion_images_panel.core.checksums import read
from helion_images_panel.core.decompression import Decompressed, decompressed_of
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import publication_of
from helion_images_panel.core.requested import Requested
from helion_images_panel.core.verification import (
    expected_of,
    expected_of_source,
    expected_property,
)
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import path

URL = path("project", "create")
FILE = {
    "name": "new",
    "source": "file",
    "file_name": "a.qcow2",
    "file_size": "5",
    "disk_format": "qcow2",
}
LOCATION = {
    "name": "new",
    "source": "location",
    "location": "https://files.example/a.qcow2",
    "disk_format": "qcow2",
}
EXTERNAL = {**LOCATION, "source": "external"}

MD5, SHA256, SHA512 = "d" * 32, "a" * 64, "b" * 128
STORES = [
    {"id": "fast", "description": "On <fast> disks", "default": "true"},
    {"id": "archive"},
    {"id": "web", "read-only": "true"},
]


def options(html, name):
    select = re.search(rf'(?s)<select[^>]*name="{name}".*?</select>', html)[0]
    return re.findall(r'<option[^>]*value="([^"]*)"', select)


def opened(browser, person=None, url=URL):
    return browser.login_as(person or factories.member()).get(url).content.decode()


@pytest.mark.parametrize(
    ("methods", "mode", "external", "expected"),
    [
        (["web-download"], "legacy", True, ["file", "location", "external"]),
        (["web-download"], "legacy", False, ["file", "location"]),
        (["glance-direct"], "legacy", False, ["file"]),
        (["web-download"], "off", False, ["location"]),
        (["web-download"], "direct", False, ["file", "location"]),
        ([], "off", False, []),
    ],
)
def test_sources_that_the_cloud_offers(
    browser, glance, settings, methods, mode, external, expected
):
    glance.import_methods = methods
    settings.HORIZON_IMAGES_UPLOAD_MODE = mode
    settings.IMAGES_ALLOW_LOCATION = external
    found = [value for value in options(opened(browser), "source") if value]
    assert found == expected


def test_formats_are_those_that_this_glance_accepts(browser, glance):
    glance.disk_formats, glance.containers = ["qcow2", "iso"], ["bare"]
    assert {value for value in options(opened(browser), "disk_format") if value} == {
        "qcow2",
        "iso",
    }


def test_formats_of_the_settings_where_glance_does_not_tell(browser, glance):
    glance.failing["GET /v2/schemas/image"] = fakes.refusal(500, "no")
    assert {"qcow2", "raw", "vhdx"} <= set(options(opened(browser), "disk_format"))


def test_kernels_and_ramdisks_to_choose_from(browser, glance):
    kernel = glance.add(name="k", disk_format="aki", container_format="aki")["id"]
    ramdisk = glance.add(name="r", disk_format="ari", container_format="ari")["id"]
    glance.add(name="other")
    html = opened(browser)
    assert options(html, "kernel") == ["", kernel]
    assert options(html, "ramdisk") == ["", ramdisk]


def test_a_list_of_kernels_that_fails_does_not_cost_the_form(browser, glance):
    glance.failing["GET /v2/images"] = fakes.refusal(500, "no")
    assert options(opened(browser), "kernel") == [""]


def test_an_admin_is_not_offered_kernels_of_other_projects(browser, glance):
    aki = {"disk_format": "aki", "container_format": "aki"}
    own = glance.add(name="a", owner=factories.SIBLING, **aki)["id"]
    public = glance.add(name="b", owner=factories.FOREIGN, visibility="public", **aki)["id"]
    glance.add(name="c", owner=factories.FOREIGN, **aki)
    assert options(opened(browser, factories.domain_admin()), "kernel") == ["", own, public]


def test_without_machine_images_no_kernel_is_looked_for(browser, glance):
    glance.disk_formats = ["qcow2"]
    opened(browser)
    assert glance.listed() == []


@pytest.mark.parametrize(
    ("person", "panel", "shown"), [("member", "project", False), ("domain_admin", "admin", True)]
)
def test_audiences_are_offered_by_policy(browser, person, panel, shown):
    html = opened(browser, factories.PEOPLE[person](), path(panel, "create"))
    assert ('name="audience"' in html) is shown
    if shown:
        assert options(html, "audience") == ["own", "domain", "cloud"]
        own = re.search(r'<option value="own"[^>]*>\s*([^<]*?)\s*</option>', html)[1]
        assert own == "Only shop", "the name of the project"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, {}),
        (
            {"description": "d", "architecture": "x86_64", "min_disk": "3", "min_ram": "64"},
            {"description": "d", "architecture": "x86_64", "min_disk": 3, "min_ram": 64},
        ),
        ({"protected": "on"}, {"protected": True}),
        ({"description": "two\r\nlines"}, {"description": "two\nlines"}),
        ({"min_disk": "0", "description": ""}, {}),
        ({"disk_format": "ova"}, {"disk_format": "vmdk", "container_format": "ova"}),
        # A member does not publish, nor create for others.
        ({"audience": "cloud", "visibility": "public", "owner": "x"}, {}),
        ({"audience": "domain"}, {}),
        ({"kernel": "forged"}, None),
    ],
)
def test_glance_is_told_what_was_filled_in_and_no_more(browser, glance, data, expected):
    response = browser.login_as(factories.member()).post(URL, FILE | data)
    if expected is None:
        assert (response.status_code, glance.writes) == (200, [])
        return
    assert response.status_code == 201
    base = {"name": "new", "disk_format": "qcow2", "container_format": "bare"}
    base["visibility"] = "private"
    assert [call.body for call in glance.writes] == [base | expected]


def test_an_admin_creates_a_public_image(browser, glance):
    browser.login_as(factories.domain_admin())
    browser.post(path("admin", "create"), FILE | {"audience": "cloud"})
    assert glance.writes[0].body["visibility"] == "public"


def test_a_machine_image_keeps_its_parts(browser, glance):
    kernel = glance.add(name="k", disk_format="aki", container_format="aki")["id"]
    browser.login_as(factories.member())
    browser.post(URL, FILE | {"disk_format": "ami", "kernel": kernel})
    assert glance.writes[0].body["kernel_id"] == kernel
    glance.calls.clear()
    browser.post(URL, FILE | {"disk_format": "qcow2", "kernel": kernel})
    assert "kernel_id" not in glance.writes[0].body


@pytest.mark.parametrize(
    ("data", "name"), [(FILE, FILE["file_name"]), (LOCATION, LOCATION["location"].split("/")[-1])]
)
def test_of_a_publishers_list_the_files_own_line_counts(browser, glance, data, name):
    lines = f"{'1' * 64}  other.iso\r\n{SHA256} *{name}\r\n{'2' * 64}  {name}.sig\r\n"
    answer = browser.login_as(factories.member()).post(URL, data | {"checksum": lines}).json()
    expected = expected_of(Image.from_glance(glance.images[answer["id"]]))
    assert str(expected) == f"sha256:{SHA256}"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (SHA256, f"sha256:{SHA256}"),
        (SHA512.upper(), f"sha512:{SHA512}"),
        (f"  MD5 (a.qcow2) = {MD5}\n", f"md5:{MD5}"),
        (f"{SHA256} *debian-13.qcow2", f"sha256:{SHA256}"),
    ],
)
@pytest.mark.parametrize(
    ("data", "requested"),
    [
        (FILE, Requested("file", "-")),
        (LOCATION, Requested("url", "qcow2/bare")),
        (LOCATION | {"location": "https://h/a.zip"}, Requested("archive-url", "qcow2/bare")),
    ],
)
def test_an_expected_checksum_is_part_of_the_record(
    browser, glance, data, requested, given, expected
):
    """A cloud may refuse to add a property later."""
    steps = browser.login_as(factories.member()).post(URL, data | {"checksum": given}).json()
    assert steps["created"] is True
    assert [call.method for call in glance.writes] == ["POST"] * (1 if data is FILE else 2)
    created = glance.writes[0].body
    assert created["id"] == steps["id"]
    notes = expected_property(steps["id"], read(expected), requested)
    assert {name: created[name] for name in notes} == notes


@pytest.mark.parametrize("size", ["-1", "-9223372036854775809", "0", "", "many"])
def test_a_file_of_a_size_that_none_has(browser, glance, size):
    response = browser.login_as(factories.member()).post(URL, FILE | {"file_size": size})
    assert response.status_code == 200
    assert "The file is empty." in response.content.decode()
    assert glance.writes == []


@pytest.mark.parametrize(("size", "is_made"), [(2**62, True), (2**63, False), (2**70, False)])
def test_no_image_is_made_for_a_file_that_is_larger_than_any_image(browser, glance, size, is_made):
    response = browser.login_as(factories.member()).post(URL, FILE | {"file_size": str(size)})
    assert bool(glance.writes) is is_made
    assert ("exceeds the maximum image size" in response.content.decode()) is not is_made


def test_without_one_nothing_is_noted(browser, glance):
    browser.login_as(factories.member()).post(URL, FILE | {"checksum": " "})
    assert [call.method for call in glance.writes] == ["POST"]


def test_data_that_stays_elsewhere_is_not_checked_nor_stored(browser, glance, settings):
    settings.IMAGES_ALLOW_LOCATION = True
    glance.stores = STORES
    data = EXTERNAL | {"checksum": "no checksum at all", "store": "archive"}
    assert browser.login_as(factories.member()).post(URL, data).status_code == 201
    assert "helion_images" not in str(glance.writes)
    assert "archive" not in str(glance.writes)


@pytest.mark.parametrize("data", [FILE, LOCATION])
def test_a_checksum_that_this_python_cannot_compute_is_refused(browser, glance, without_md5, data):
    """Before any data is sent, and before there is an image."""
    response = browser.login_as(factories.member()).post(URL, data | {"checksum": MD5})
    assert "This dashboard cannot compute MD5 checksums" in response.content.decode()
    assert glance.writes == []


def test_without_md5_a_list_of_several_algorithms_is_accepted(browser, glance, without_md5):
    both = f"MD5 (a.qcow2) = {MD5}\nSHA256 (a.qcow2) = {SHA256}"
    steps = browser.login_as(factories.member()).post(URL, FILE | {"checksum": both}).json()
    assert expected_of(Image.from_glance(glance.images[steps["id"]])) == read(f"sha256:{SHA256}")


def test_an_image_whose_checksum_cannot_be_noted_is_not_made(browser, glance, refuse):
    glance.failing["POST /v2/images"] = fakes.refusal(403, "Too many properties.")
    response = browser.login_as(factories.member()).post(URL, FILE | {"checksum": MD5})
    assert "The image was not created. Too many properties." in response.content.decode()
    assert glance.images == {}


def test_stores_to_choose_from(browser, glance):
    glance.stores = STORES
    html = opened(browser)
    assert options(html, "store") == ["fast", "archive"]
    assert "fast (default) – On " in html
    assert "<fast>" not in html
    assert re.search(r'<option value="fast"\s+selected', html)


@pytest.mark.parametrize("stores", [None, [], STORES[:1], [STORES[0], STORES[2]]])
def test_where_there_is_no_choice_there_is_no_field(browser, glance, stores):
    glance.stores = stores
    assert 'name="store"' not in opened(browser)
    answer = browser.post(URL, FILE | {"store": "archive"}).json()
    assert "store" not in answer["upload_url"]


def test_stores_that_glance_does_not_tell_do_not_cost_the_form(browser, glance):
    glance.failing["GET /v2/info/stores"] = fakes.refusal(500, "no")
    assert 'name="store"' not in opened(browser)


def test_the_data_goes_into_the_chosen_store(browser, glance):
    glance.stores = STORES
    browser.login_as(factories.member())
    steps = browser.post(URL, FILE | {"store": "archive"}).json()
    assert steps["upload_url"] == path("project", "upload", steps["id"]) + "?store=archive"
    browser.post(URL, LOCATION | {"store": "archive"})
    assert glance.writes[-1].body["stores"] == ["archive"]


@pytest.mark.parametrize("store", ["web", "elsewhere", "../x"])
def test_no_other_store_can_be_chosen(browser, glance, store):
    glance.stores = STORES
    response = browser.login_as(factories.member()).post(URL, FILE | {"store": store})
    assert "Select a valid choice." in response.content.decode()
    assert glance.writes == []


FULL = {"image_count_total": {"usage": 5, "limit": 5}}
SMALL = {"image_size_total": {"usage": 4000, "limit": 5000}}
CROWDED = {"image_count_uploading": {"usage": 3, "limit": 3}}


def test_the_room_is_told_before_anything_is_sent(browser, glance):
    glance.usage = SMALL | {"image_count_total": {"usage": 2, "limit": 5}}
    html = opened(browser)
    found = json.loads(unescape(re.search(r'<form[^>]*data-hip-quota="([^"]*)"', html)[1]))
    assert found["count_left"] == 3
    assert found["size_left_bytes"] == 1001 * 2**20 - 1
    assert "2 of 5 used, 3 left" in html


def test_without_limits_there_is_nothing_to_tell(browser, glance):
    html = opened(browser)
    assert "data-hip-quota" not in html
    assert "Project quota" not in html


@pytest.mark.parametrize(
    ("usage", "data", "words"),
    [
        (FULL, FILE, "has reached its limit of 5 images"),
        (FULL, LOCATION, "has reached its limit of 5 images"),
        (SMALL, FILE | {"file_size": str(2 * 2**30)}, "The file is too large"),
        (SMALL, FILE | {"file_size": str(2**20)}, None),
        (SMALL, LOCATION, None),
        (CROWDED, LOCATION, "uploads and imports in progress"),
        # Its turn may come while the form is sent.
        (CROWDED, FILE, None),
    ],
)
def test_what_cannot_fit_is_refused_before_anything_is_made(browser, glance, usage, data, words):
    glance.usage = usage
    response = browser.login_as(factories.member()).post(URL, data)
    assert response.status_code == (200 if words else 201)
    if words:
        assert words in response.content.decode()
        assert glance.writes == []


def test_the_dialog_costs_so_many_calls(browser, glance):
    glance.stores = STORES
    opened(browser)
    asked = sorted(call.path for call in glance.calls)
    # Two lists: kernels, and ramdisks.
    assert asked == ["/v2/images"] * 2 + [
        "/v2/info/import",
        "/v2/info/stores",
        "/v2/info/usage",
        "/v2/schemas/image",
    ]
    glance.calls.clear()
    opened(browser)
    assert len(glance.calls) == 5, "the stores were known from the dialog before"


def test_the_script_gets_the_name_as_it_was_entered(browser):
    """It may create the image again with it."""
    browser.login_as(factories.member())
    name = "\u05d0\u05d1 1"
    assert browser.post(path("project", "create"), FILE | {"name": name}).json()["name"] == name


@pytest.mark.parametrize("panel", ["project", "admin"])
def test_after_the_record_the_browser_sends_the_file(browser, glance, panel):
    browser.login_as(factories.domain_admin())
    answer = browser.post(path(panel, "create"), FILE).json()
    assert answer["upload_url"] == path(panel, "upload", answer["id"])
    assert answer["index_url"] == path(panel, "index")
    assert answer["progress_url"] == path(panel, "progress")
    assert answer["detail_url"] == path(panel, "detail", answer["id"])
    assert answer["verify_url"] == path(panel, "verify", answer["id"])
    assert answer["upload_data_url"] == path(panel, "upload_data", answer["id"])
    assert (answer["name"], answer["source"], answer["format"]) == ("new", "file", "qcow2")
    assert (answer["protected"], answer["warnings"]) == (False, [])
    assert "token" not in str(answer)
    assert glance.images[answer["id"]]["status"] == "queued"


@pytest.mark.parametrize(
    ("mode", "method", "file_name", "requested"),
    [
        ("legacy", "stage", "disk.img", Requested("staged", "qcow2/bare")),
        ("legacy", "stage", "disk.img.gz", Requested("staged-archive", "qcow2/bare")),
        ("legacy", "put", "disk.img.gz", Requested("file", "-")),
        # The way "auto" leaves files to browsers, and nothing was seen here anyway.
        ("direct", "auto", "disk.img", Requested("file", "-")),
        ("direct", "stage", "disk.img", Requested("staged", "qcow2/bare")),
    ],
)
def test_a_file_that_is_going_to_be_staged_is_noted_and_not_sent_by_the_browser(
    browser, glance, settings, mode, method, file_name, requested
):
    """Where a property is required, nothing can be noted later."""
    settings.HORIZON_IMAGES_UPLOAD_MODE = mode
    settings.HELION_IMAGES_UPLOAD_METHOD = method
    data = FILE | {"file_name": file_name, "checksum": "sha256:" + "0" * 64}
    steps = browser.login_as(factories.member()).post(URL, data).json()
    notes = expected_property(steps["id"], read("sha256:" + "0" * 64), requested)
    created = glance.writes[0].body
    assert {name: created[name] for name in notes} == notes
    assert ("direct" in steps) is (mode == "direct" and method != "stage")


def test_only_in_direct_mode_the_browser_gets_a_token(browser, glance, settings):
    settings.HORIZON_IMAGES_UPLOAD_MODE = "direct"
    browser.login_as(factories.member())
    glance.stores = STORES
    direct = browser.post(URL, FILE | {"store": "archive"}).json()["direct"]
    assert direct["token"] == "token-of-the-test"
    assert direct["headers"]["x-image-meta-store"] == "archive"
    assert "direct" not in browser.post(URL, LOCATION).json()


def test_a_compressed_file_goes_through_the_dashboard(browser, glance, settings):
    """The image service itself would store it as it is."""
    settings.HORIZON_IMAGES_UPLOAD_MODE = "direct"
    browser.login_as(factories.member())
    glance.stores = STORES
    steps = browser.post(URL, FILE | {"store": "archive", "decompress": "on"}).json()
    url = path("project", "upload", steps["id"])
    assert steps["upload_url"] == f"{url}?store=archive&decompress=1"
    assert "direct" not in steps
    assert "decompress" not in browser.post(URL, FILE | {"decompress": ""}).json()["upload_url"]


def test_a_compressed_file_is_noted_in_the_first_request(browser, glance):
    """A cloud that requires properties may refuse to add one later."""
    browser.login_as(factories.member())
    steps = browser.post(URL, FILE | {"decompress": "on", "checksum": MD5}).json()
    image = Image.from_glance(glance.images[steps["id"]])
    assert decompressed_of(image) == Decompressed()
    assert expected_of_source(image) == read(f"md5:{MD5}")
    assert len(glance.writes) == 1
    assert steps["changes_size"] is True
    assert browser.post(URL, FILE).json()["changes_size"] is False


def test_a_dashboard_that_does_not_decompress_does_not_ask(browser, glance, settings):
    assert 'name="decompress"' in opened(browser)
    settings.HELION_IMAGES_DECOMPRESSED_GIB = 0
    assert 'name="decompress"' not in opened(browser)
    steps = browser.post(URL, FILE | {"decompress": "on"}).json()
    assert "decompress" not in steps["upload_url"]


def test_a_location_is_imported_by_glance(browser, glance):
    answer = browser.login_as(factories.member()).post(URL, LOCATION).json()
    create, start = glance.writes
    assert create.path == "/v2/images"
    assert start.path == f"/v2/images/{answer['id']}/import"
    assert start.body["method"]["uri"] == LOCATION["location"]
    assert "upload_url" not in answer


def test_an_external_location_is_only_noted(browser, glance):
    answer = browser.login_as(factories.member()).post(URL, EXTERNAL).json()
    assert glance.images[answer["id"]]["locations"][0]["url"] == LOCATION["location"]


@pytest.mark.parametrize(
    "location",
    ["http://mirror/x.qcow2", "http://file_server.example/x", "https://x.example/?s=" + "a" * 3000],
)
def test_addresses_that_only_the_image_service_can_judge(browser, glance, location):
    response = browser.login_as(factories.member()).post(URL, LOCATION | {"location": location})
    assert response.status_code == 201
    assert glance.writes[-1].body["method"]["uri"] == location


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (FILE | {"name": ""}, "This field is required."),
        (FILE | {"name": "n" * 256}, "at most 255 characters"),
        (FILE | {"file_name": ""}, "Choose a file."),
        (FILE | {"file_name": "n" * 256}, "Choose a file."),
        (FILE | {"file_size": "0"}, "The file is empty."),
        (FILE | {"disk_format": "exe"}, "Select a valid choice."),
        (FILE | {"source": "telepathy"}, "Select a valid choice."),
        (FILE | {"checksum": "abc"}, "The text is not a checksum."),
        (FILE | {"checksum": "1" * 64 + "\n" + "2" * 64}, "several checksums, but none for"),
        (LOCATION | {"checksum": "1" * 32 + " " + "2" * 32}, "several checksums, but none for"),
        (
            FILE | {"checksum": "sha256:" + MD5},
            "not a checksum. It names SHA-256, which has 64 digits",
        ),
        (FILE | {"checksum": "1" * 40}, "The text is not a checksum. It has 40 digits;"),
        (FILE | {"checksum": "WHIRLPOOL: " + "1" * 128}, "“WHIRLPOOL” before the digits is not"),
        (FILE | {"min_disk": "-1"}, "greater than or equal to 0"),
        (LOCATION | {"location": ""}, "Enter a URL"),
        (LOCATION | {"location": "file:///etc/passwd"}, "Enter a URL"),
        (LOCATION | {"location": "ftp://x.example/a"}, "Enter a URL"),
        (EXTERNAL | {"location": "rbd://pool/x"}, "Enter a URL"),
        (LOCATION | {"location": "https://me:pw@x.example/a"}, "without a user name or password"),
        (EXTERNAL | {"location": "https://me@x.example/a"}, "without a user name or password"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(browser, glance, data, words):
    response = browser.login_as(factories.member()).post(URL, data)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert glance.writes == []


@pytest.mark.parametrize("data", [FILE, LOCATION])
def test_a_record_that_glance_refuses_is_told(browser, glance, data):
    glance.failing["POST /v2/images"] = fakes.refusal(
        413,
        "Project 0ef3 is over a limit for [Resource image_count_total is over limit of 10 due to "
        "current usage 10 and delta 1]",
    )
    response = browser.login_as(factories.member()).post(URL, data)
    assert (
        "The image was not created. The project has reached its limit of 10 images (10 in use)."
        in response.content.decode()
    )


@pytest.fixture
def refuse(glance, monkeypatch):
    """Has Glance take the record, and then refuse the address."""
    new_id = factories.image_id(424242)
    monkeypatch.setattr(factories, "image_id", lambda number=None: new_id)

    def refuse(reason):
        glance.failing[f"POST /v2/images/{new_id}/import"] = fakes.refusal(400, reason)
        patch = fakes.FakeHttp.patch

        def refusing(http, url, headers, data):
            if "locations" in data:
                raise fakes.refusal(400, reason)
            return patch(http, url, headers, data)

        monkeypatch.setattr(fakes.FakeHttp, "patch", refusing)

    return refuse


@pytest.mark.parametrize("protected", [{}, {"protected": "on"}])
@pytest.mark.parametrize("data", [LOCATION, EXTERNAL])
def test_an_image_that_cannot_begin_is_taken_back(browser, glance, refuse, data, protected):
    refuse("No such scheme.")
    response = browser.login_as(factories.member()).post(URL, data | protected)
    assert "The image was not created. No such scheme." in response.content.decode()
    assert glance.images == {}


def test_a_record_that_cannot_be_taken_back_is_told(browser, glance, refuse):
    refuse("No such scheme.")
    glance.failing[f"DELETE /v2/images/{factories.image_id()}"] = fakes.refusal(503, "Not now.")
    html = browser.login_as(factories.member()).post(URL, LOCATION).content.decode()
    assert "The image was not created. No such scheme. An image without data remains." in html
    assert len(glance.images) == 1


def test_an_address_that_the_cloud_filters_is_explained(browser, refuse):
    refuse("The address is filtered.")
    html = browser.login_as(factories.member()).post(URL, LOCATION).content.decode()
    assert "This cloud does not download images from that URL:" in html
    assert "The address is filtered." in html


def test_an_image_that_cannot_be_taken_back_still_has_its_reason(browser, glance, refuse):
    refuse("No such scheme.")
    key = f"DELETE /v2/images/{factories.image_id()}"
    glance.failing[key] = fakes.refusal(500, "Not now.")
    html = browser.login_as(factories.member()).post(URL, LOCATION).content.decode()
    assert "No such scheme." in html


@pytest.mark.parametrize("name", factories.HOSTILE_NAMES)
def test_what_was_typed_comes_back_as_text(browser, name):
    browser.login_as(factories.member())
    html = browser.post(URL, LOCATION | {"name": name, "location": name}).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert re.search(r"<form[^>]*ng-non-bindable", html)


@pytest.mark.parametrize(
    ("default", "person", "told"),
    [
        ("public", factories.cloud_admin, True),
        ("private", factories.cloud_admin, False),
        ("public", factories.domain_admin, False),
        ("public", factories.member, False),
    ],
)
def test_an_image_that_is_public_at_first_is_said_to_be(
    browser, glance, settings, default, person, told
):
    settings.CREATE_IMAGE_DEFAULTS = {"image_visibility": default}
    browser.login_as(person())
    html = browser.get(path("project", "create")).content.decode()
    assert ("The image will be public: every project of this cloud" in html) == told


REQUIRED = {
    "department": {"type": "string", "title": "Department", "enum": ["sales", "ops"]},
    "floors": {"type": "integer", "minimum": 1},
    "min_disk": {"type": "integer"},
    "architecture": {"type": "string", "description": "Of the processor."},
}
GIVEN = {"required.department": "ops", "required.floors": "3", "required.architecture": "x86_64"}


def test_what_the_cloud_requires_is_part_of_the_record(browser, glance):
    glance.required = REQUIRED
    assert browser.login_as(factories.member()).post(URL, FILE | GIVEN).status_code == 201
    created = glance.writes[0].body
    expected = {"department": "ops", "floors": 3, "architecture": "x86_64", "min_disk": 0}
    assert {name: created[name] for name in expected} == expected


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("value", ["", "  ", None])
def test_without_it_no_image_is_made(browser, glance, name, value):
    glance.required = REQUIRED
    data = FILE | GIVEN | {name: value}
    data = {key: each for key, each in data.items() if each is not None}
    response = browser.login_as(factories.member()).post(URL, data)
    assert response.status_code == 200
    assert glance.writes == []


def test_one_field_for_what_is_required(browser, glance):
    glance.required = REQUIRED
    html = opened(browser)
    assert html.count('name="required.architecture"') == 1
    assert 'name="architecture"' not in html
    assert options(html, "required.department") == ["", "sales", "ops"]


def test_an_image_for_the_domain_is_published_by_its_creation(browser, glance, keystone):
    """Nothing but members is added afterwards: the cloud would refuse it."""
    glance.required = REQUIRED
    browser.login_as(factories.domain_admin())
    answer = browser.post(path("admin", "create"), FILE | GIVEN | {"audience": "domain"}).json()
    created, *others = glance.writes
    assert (created.body["visibility"], created.body["id"]) == ("shared", answer["id"])
    publication = publication_of(Image.from_glance(glance.images[answer["id"]]))
    assert publication.domain_id == factories.DOMAIN
    assert set(publication.given) == set(glance.members[answer["id"]]) != set()
    assert {call.method for call in others} == {"POST", "PUT"}
    assert set(glance.members[answer["id"]].values()) == {"accepted"}
    assert answer["publish"]["left"] == 0


def test_a_domain_with_too_many_projects_creates_nothing(browser, glance, keystone, settings):
    glance.required = REQUIRED
    settings.HELION_IMAGES_MEMBERS_QUOTA = 0
    browser.login_as(factories.domain_admin())
    response = browser.post(path("admin", "create"), FILE | GIVEN | {"audience": "domain"})
    assert "the limit of this cloud is 0" in response.content.decode()
    assert glance.writes == []


def test_an_external_location_where_no_change_is_taken(browser, glance):
    glance.required = REQUIRED
    answer = browser.login_as(factories.member()).post(URL, EXTERNAL | GIVEN).json()
    assert glance.images[answer["id"]]["locations"][0]["url"] == LOCATION["location"]
    path_ = f"/v2/images/{answer['id']}/locations"
    assert [(call.method, call.path) for call in glance.writes[-1:]] == [("POST", path_)]


def test_no_new_image_is_protected_where_nobody_could_unprotect_it(browser, glance):
    glance.required = REQUIRED
    html = opened(browser)
    assert 'name="protected"' not in html
    assert "may refuse to remove a protection" in html
    browser.post(URL, FILE | GIVEN | {"protected": "on"})
    assert not glance.writes[0].body.get("protected")
    glance.required = {}
    assert 'name="protected"' in opened(browser)
