# SPDX-License-Identifier: Apache-2.0
"""Upload Data: an image that waits gets its data, and stays the same otherwise."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from helion_images_panel.core.checksums import read
from helion_images_panel.core.decompression import (
    Decompressed,
    decompressed_of,
    decompressed_property,
)
from helion_images_panel.core.image import FAILED_STORES, IMPORT_TASK, Image
from helion_images_panel.core.requested import Requested, requested_of
from helion_images_panel.core.verification import (
    Verified,
    expected_of,
    expected_property,
    verified_property,
)
from helion_images_panel.transfers import failures
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import CHANGING, PermissionMatrix, path
from tests.unit.ui.actions.test_actions import page_of
from tests.unit.ui.create.test_workflow import MD5, SHA256, STORES, options

FILE = {"source": "file", "file_name": "a.qcow2", "file_size": "5"}
LOCATION = {"source": "location", "location": "https://files.example/a.qcow2"}


class TestUploadDataPermissions(PermissionMatrix):
    page, expected, status = "upload_data", CHANGING, "queued"


class TestUploadDataPostPermissions(PermissionMatrix):
    page, expected, status = "upload_data", CHANGING, "queued"

    def ask(self, browser, url):
        return browser.post(url, {"source": "telepathy"})


@pytest.fixture(autouse=True)
def _no_external_locations(settings):
    settings.IMAGES_ALLOW_LOCATION = False


@pytest.fixture
def queued(browser, glance):
    browser.login_as(factories.member())
    return glance.add(status="queued", name="waiting", os_distro="debian", size=None)


def url(image, panel="project"):
    return path(panel, "upload_data", image["id"])


def shown(image, expected=""):
    """What the form would send if nobody touched it."""
    return {
        "disk_format": image["disk_format"],
        "initial-disk_format": image["disk_format"],
        "checksum": expected,
        "initial-checksum": expected,
    }


def expect(image, checksum):
    image.update(expected_property(image["id"], read(checksum)))


def test_the_dialog_shows_what_the_image_has(browser, glance, queued):
    glance.stores = STORES
    expect(queued, f"sha256:{SHA256}")
    html = browser.get(url(queued)).content.decode()
    form = re.search(r"(?s)<form[^>]*data-hip-create.*?</form>", html)[0]
    assert f'action="{url(queued)}"' in form
    assert "waiting" in form
    assert f'value="sha256:{SHA256}"' in form
    assert re.search(r'<option value="qcow2"\s+selected', form)
    assert [value for value in options(html, "source") if value] == ["file", "location"]
    assert options(html, "store") == ["fast", "archive"]
    assert 'name="name"' not in form


def test_a_format_that_is_not_on_offer_stays(browser, queued):
    queued.update(disk_format="vdi")
    html = browser.get(url(queued)).content.decode()
    assert re.search(r'<option value="vdi"\s+selected', html)


@pytest.mark.parametrize("panel", ["project", "admin"])
def test_the_browser_sends_the_file_into_the_same_image(browser, glance, panel):
    image = glance.add(status="queued", owner=factories.SIBLING)
    before = dict(image)
    browser.login_as(factories.domain_admin())
    response = browser.post(url(image, panel), FILE | shown(image))
    assert response.status_code == 201
    steps = response.json()
    assert steps["id"] == image["id"]
    assert steps["upload_url"] == path(panel, "upload", image["id"])
    assert steps["upload_data_url"] == url(image, panel)
    # It was there before: it is not removed without another question.
    assert steps["created"] is False
    # What another project does not see there may not be gone.
    assert ("project_id" in steps) is (panel == "project")
    assert glance.writes == []
    assert image == before


def test_what_was_not_touched_is_not_written(browser, glance, queued):
    expect(queued, f"md5:{MD5}")
    browser.post(url(queued), FILE | shown(queued, f"md5:{MD5}"))
    assert glance.writes == []


def test_the_same_checksum_in_other_words_is_no_change(browser, glance, queued):
    expect(queued, f"md5:{MD5}")
    data = shown(queued, f"md5:{MD5}") | {"checksum": f"{MD5.upper()}  a.qcow2"}
    assert browser.post(url(queued), FILE | data).status_code == 201
    assert glance.writes == []


def test_what_was_changed_is_written_in_one_request(browser, glance, queued):
    data = shown(queued) | {"disk_format": "ova", "checksum": SHA256}
    glance.disk_formats.append("vmdk")
    steps = browser.post(url(queued), FILE | data).json()
    (patch,) = glance.writes
    notes = expected_property(queued["id"], read(f"sha256:{SHA256}"))
    assert {(each["op"], each["path"], each["value"]) for each in patch.body} == {
        ("replace", "/disk_format", "vmdk"),
        ("replace", "/container_format", "ova"),
        *(("add", f"/{name}", value) for name, value in notes.items()),
    }
    assert steps["format"] == "ova"


@pytest.mark.parametrize("checksum", [None, f"md5:{MD5}"])
def test_what_was_computed_of_a_staged_file_that_failed_is_forgotten(
    browser, glance, queued, checksum
):
    """Otherwise other data would be called damaged, since it is not that file."""
    if checksum:
        expect(queued, checksum)
    verified = Verified((read(f"sha256:{SHA256}"),), "2026-11-30T00:00:00Z", "kim")
    queued.update(verified_property(queued["id"], verified))
    data = LOCATION | shown(queued, *([checksum] if checksum else []))
    assert browser.post(url(queued), data).status_code == 201
    removed = [each["path"] for each in glance.writes[0].body if each["op"] == "remove"]
    assert removed == ["/helion_images_verified"]
    assert "helion_images_verified" not in queued


@pytest.mark.parametrize(
    ("location", "source"),
    [("https://h/a.qcow2", "url"), ("https://h/a.qcow2.GZ?sig=1", "archive-url")],
)
def test_another_source_of_the_data_is_noted(browser, glance, queued, location, source):
    """A file was expected to have the checksum; now it is the data of a URL."""
    expect(queued, f"md5:{MD5}")
    data = LOCATION | shown(queued, f"md5:{MD5}") | {"location": location}
    assert browser.post(url(queued), data).status_code == 201
    found = Image.from_glance(queued)
    assert requested_of(found) == Requested(source, "qcow2/bare")
    assert expected_of(found) == read(f"md5:{MD5}")


def test_a_checksum_that_is_cleared_is_removed(browser, glance, queued):
    expect(queued, f"md5:{MD5}")
    browser.post(url(queued), FILE | shown(queued, f"md5:{MD5}") | {"checksum": ""})
    assert glance.writes[0].body == [
        {"op": "remove", "path": "/helion_images_expected"},
        {"op": "remove", "path": "/helion_images_requested"},
    ]


def test_the_checksum_of_a_compressed_file_is_shown(browser, queued):
    """One that was refused, say: the next file is compared with the same checksum."""
    expect(queued, f"md5:{MD5}")
    queued.update(decompressed_property(queued["id"], Decompressed()))
    assert MD5 in browser.get(url(queued)).content.decode()


@pytest.mark.parametrize("data", [FILE, LOCATION])
def test_other_data_is_not_decompressed(browser, glance, queued, data):
    queued.update(decompressed_property(queued["id"], Decompressed()))
    assert browser.post(url(queued), data | shown(queued)).status_code == 201
    assert decompressed_of(Image.from_glance(queued)) is None


def test_a_compressed_file_that_was_chosen_before_a_url_does_not_count(browser, glance, queued):
    """The field keeps its value, and the data of the URL is not decompressed."""
    queued.update(decompressed_property(queued["id"], Decompressed()))
    data = LOCATION | shown(queued) | {"decompress": "on", "checksum": SHA256}
    assert browser.post(url(queued), data).status_code == 201
    found = Image.from_glance(queued)
    assert decompressed_of(found) is None
    assert expected_of(found) == read(f"sha256:{SHA256}")


def test_a_dashboard_that_decompresses_nothing_any_more(browser, glance, queued, settings):
    settings.HELION_IMAGES_DECOMPRESSED_GIB = 0
    queued.update(decompressed_property(queued["id"], Decompressed()))
    assert browser.post(url(queued), FILE | shown(queued)).status_code == 201
    assert decompressed_of(Image.from_glance(queued)) is None


def test_the_checksum_of_a_snapshots_base_is_not_its_own(browser, queued):
    queued.update(expected_property(factories.image_id(), read(f"md5:{MD5}")))
    assert MD5 not in browser.get(url(queued)).content.decode()


def test_a_location_is_imported_into_the_same_image(browser, glance, queued):
    glance.stores = STORES
    data = LOCATION | shown(queued) | {"checksum": SHA256, "store": "archive"}
    steps = browser.post(url(queued), data).json()
    change, start = glance.writes
    assert change.method == "PATCH"
    assert start.path == f"/v2/images/{queued['id']}/import"
    assert start.body["method"] == {"name": "web-download", "uri": LOCATION["location"]}
    assert start.body["stores"] == ["archive"]
    assert (steps["source"], "upload_url" in steps) == ("location", False)


def test_data_may_stay_elsewhere_too(browser, glance, queued, settings):
    settings.IMAGES_ALLOW_LOCATION = True
    data = LOCATION | {"source": "external"} | shown(queued)
    assert browser.post(url(queued), data).status_code == 201
    assert glance.images[queued["id"]]["locations"][0]["url"] == LOCATION["location"]


def test_what_failed_before_is_forgotten(browser, queued):
    failures.save(
        factories.request(), queued["id"], {"reason": "The upload was interrupted.", "kind": "x"}
    )
    browser.post(url(queued), FILE | shown(queued))
    assert not failures.load(factories.request(), queued["id"])


def test_a_location_that_glance_refuses_leaves_the_image(browser, glance, queued):
    key = f"POST /v2/images/{queued['id']}/import"
    glance.failing[key] = fakes.refusal(400, "The address is filtered.")
    html = browser.post(url(queued), LOCATION | shown(queued)).content.decode()
    assert "The upload was not started. This cloud does not download images from that URL:" in html
    assert glance.images[queued["id"]]["status"] == "queued"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"file_name": ""}, "Choose a file."),
        ({"checksum": "abc"}, "The text is not a checksum."),
        ({"disk_format": "exe"}, "Select a valid choice."),
        ({"source": "telepathy"}, "Select a valid choice."),
    ],
)
def test_mistakes_come_back_with_the_form(browser, glance, queued, data, words):
    response = browser.post(url(queued), FILE | shown(queued) | data)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert glance.writes == []


def test_the_image_is_counted_already(browser, glance, queued):
    glance.usage = {"image_count_total": {"usage": 5, "limit": 5}}
    assert browser.post(url(queued), FILE | shown(queued)).status_code == 201
    glance.usage = {"image_size_total": {"usage": 5, "limit": 5}}
    big = FILE | shown(queued) | {"file_size": str(2**30)}
    browser.get(url(queued))  # the dialog asks for the room, its form a moment later does not
    assert "The file is too large" in browser.post(url(queued), big).content.decode()


def held(glance, queued, minutes):
    """As Glance leaves an image whose content it refused so long ago."""
    queued.update({IMPORT_TASK: "a-task", FAILED_STORES: "fast"})
    ended = datetime.now(UTC) - timedelta(minutes=minutes)
    task = {"id": "a-task", "status": "failure", "message": "Task failed due to Internal Error"}
    glance.tasks[queued["id"]] = [task | {"updated_at": ended.strftime("%Y-%m-%dT%H:%M:%S.%f")}]


def test_an_image_that_glance_held_on_to_takes_a_location_an_hour_later(browser, glance, queued):
    held(glance, queued, minutes=61)
    assert "blocks further imports" not in browser.get(url(queued)).content.decode()
    assert browser.post(url(queued), LOCATION | shown(queued)).status_code == 201
    assert [call.path for call in glance.writes] == [f"/v2/images/{queued['id']}/import"]


def test_an_image_of_whose_tasks_nothing_is_told(browser, glance, queued):
    """Glance decides then, and its refusal is said in words that tell what to do."""
    held(glance, queued, minutes=20)
    glance.failing[f"GET /v2/images/{queued['id']}/tasks"] = fakes.refusal(403, "No.")
    key = f"POST /v2/images/{queued['id']}/import"
    glance.failing[key] = fakes.refusal(409, "Image has active task")
    html = browser.post(url(queued), LOCATION | shown(queued)).content.decode()
    assert "blocks further imports into this image" in html


def test_an_image_that_glance_holds_on_to_takes_a_file_only(browser, glance, queued):
    held(glance, queued, minutes=20)
    assert "blocks further imports" in browser.get(url(queued)).content.decode()
    response = browser.post(url(queued), LOCATION | shown(queued))
    assert (response.status_code, glance.writes) == (200, [])
    assert browser.post(url(queued), FILE | shown(queued)).status_code == 201


@pytest.mark.parametrize(
    "attributes",
    [
        {"status": "active"},
        {"status": "saving"},
        {"status": "importing"},
        {"status": "deactivated"},
        {"status": "queued", IMPORT_TASK: "a-task"},
    ],
)
def test_an_image_that_has_its_data_or_is_getting_it(browser, glance, queued, attributes):
    queued.update(attributes)
    response = browser.post(url(queued), FILE | shown(queued))
    assert response.status_code == 409
    assert "The image already" in response.json()["reason"]
    response = browser.get(url(queued), follow=True)
    assert response.redirect_chain == [(path("project", "index"), 302)]
    assert "The image already" in response.content.decode()
    assert glance.writes == []


def test_no_other_image_can_be_smuggled_in(browser, glance, queued):
    other = glance.add(status="queued", name="other")
    data = FILE | shown(queued) | {"image": other["id"], "changes": "x", "disk_format": "raw"}
    assert browser.post(f"{url(queued)}?image={other['id']}", data).json()["id"] == queued["id"]
    assert [call.path for call in glance.writes] == [f"/v2/images/{queued['id']}"]


@pytest.mark.parametrize(
    ("person", "attributes", "mode", "methods", "expected"),
    [
        ("member", {}, "legacy", [], True),
        ("member", {}, "off", ["web-download"], True),
        ("member", {}, "off", [], False),
        ("reader", {}, "legacy", [], False),
        ("member", {"status": "active"}, "legacy", [], False),
        ("member", {IMPORT_TASK: "a-task"}, "legacy", [], False),
        ("member", {"owner": factories.SIBLING, "visibility": "public"}, "legacy", [], False),
    ],
)
def test_where_it_is_offered(
    browser, glance, settings, person, attributes, mode, methods, expected
):
    settings.HORIZON_IMAGES_UPLOAD_MODE = mode
    glance.import_methods = methods
    image = glance.add(**{"status": "queued", **attributes})
    glance.add(**{"status": "queued", "name": "another", **attributes})
    assert (f'href="{url(image)}"' in page_of(browser, person)) is expected
    assert len([call for call in glance.calls if call.path == "/v2/info/import"]) <= 1
    browser.login_as(factories.PEOPLE[person]())
    html = browser.get(path("project", "detail", image["id"])).content.decode()
    assert (f'href="{url(image)}"' in html) is expected


@pytest.mark.parametrize(
    ("asked", "chosen"), [("", "file"), ("location", "location"), ("x", "file")]
)
def test_the_way_that_is_asked_for_is_chosen(browser, glance, asked, chosen):
    """The dock asks for another address where one has failed."""
    browser.login_as(factories.member())
    image = glance.add(status="queued")
    html = browser.get(
        path("project", "upload_data", image["id"]), {"source": asked}
    ).content.decode()
    select = html[html.index('name="source"') :]
    options = re.findall(r'<option value="(\w+)"([^>]*)>', select[: select.index("</select>")])
    selected = [value for value, more in options if "selected" in more] or [options[0][0]]
    assert selected == [chosen]


@pytest.mark.parametrize(
    ("asked", "status", "uri", "offered"),
    [
        ("location", "failure", "http://files.example/a&b.img", "http://files.example/a&amp;b.img"),
        ("location", "success", "http://files.example/a.img", ""),
        # Only a part of it is shown.
        ("location", "failure", "http://files.example/a.img?signature=x", ""),
        ("file", "failure", "http://files.example/a.img", ""),
    ],
)
def test_a_url_that_failed_is_offered_for_correction(browser, glance, asked, status, uri, offered):
    browser.login_as(factories.member())
    image = glance.add(status="queued")
    method = {"name": "web-download", "uri": uri}
    glance.tasks[image["id"]] = [
        {"id": "1", "status": status, "message": "", "input": {"import_req": {"method": method}}}
    ]
    page = browser.get(path("project", "upload_data", image["id"]), {"source": asked})
    (field,) = re.findall(r'<input[^>]* name="location"[^>]*>', page.content.decode())
    assert (f'value="{offered}"' in field) is bool(offered)
    assert ("value=" in field) is bool(offered)


@pytest.mark.parametrize(
    ("posted", "expected"),
    [
        ({"checksum": "0" * 64}, {"recognized": "SHA-256 checksum recognized."}),
        ({"checksum": "0" * 128}, {"recognized": "SHA-512 checksum recognized."}),
        ({"checksum": "0" * 32}, {"recognized": "MD5 checksum recognized."}),
        (
            {
                "checksum": f"{'1' * 64}  a.img\n{'2' * 128}  b.img",
                "source": "file",
                "file_name": "b.img",
            },
            {"recognized": "SHA-512 checksum recognized."},
        ),
        (
            {
                "checksum": f"{'1' * 64}  a.img\n{'2' * 128}  b.img",
                "source": "location",
                "location": "https://example.com/a.img",
            },
            {"recognized": "SHA-256 checksum recognized."},
        ),
    ],
)
@pytest.mark.parametrize("page", ["create", "upload_data"])
def test_the_kind_of_checksum_is_recognized(browser, glance, page, posted, expected):
    image_id = "" if page == "create" else glance.add(status="queued")["id"]
    browser.login_as(factories.member())
    answer = browser.post(path("project", page, image_id), {**posted, "recognize": "checksum"})
    assert (answer.status_code, answer.json()) == (200, expected)


@pytest.mark.parametrize("text", ["", "no checksum", "0" * 63, "WHIRLPOOL (a) = " + "0" * 128])
def test_what_is_no_checksum_has_the_reason(browser, text):
    browser.login_as(factories.member())
    answer = browser.post(path("project", "create"), {"checksum": text, "recognize": "checksum"})
    assert answer.status_code == 200
    assert answer.json()["reason"]
    assert answer["Content-Type"] == "application/json"


def test_a_reader_has_no_checksum_recognized(browser):
    browser.login_as(factories.PEOPLE["reader"]())
    answer = browser.post(
        path("project", "create"), {"checksum": "0" * 64, "recognize": "checksum"}
    )
    assert answer.status_code == 403
