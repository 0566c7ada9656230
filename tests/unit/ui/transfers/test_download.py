# SPDX-License-Identifier: Apache-2.0
"""Download Image."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from helion_images_panel import exceptions
from helion_images_panel.api import identity
from helion_images_panel.transfers import slots
from helion_images_panel.ui.base import streamed_body
from tests import factories
from tests.unit import fakes
from tests.unit.permissions import READING, PermissionMatrix, path

DATA = bytes(range(256)) * 4096


class TestDownloadPermissions(PermissionMatrix):
    # Glance gives data to members only.
    page = "download"
    expected = {"project": {**READING["project"], "reader": 403}, "admin": READING["admin"]}

    def ask(self, browser, url):
        return browser.head(url)


@pytest.fixture
def image(browser, glance):
    browser.login_as(factories.member())
    found = glance.add(name="debian", size=len(DATA))
    glance.uploads[found["id"]] = DATA
    return found


def url(image, panel="project"):
    return path(panel, "download", image["id"])


def read(response):
    data = b"".join(response.streaming_content)
    response.close()
    return data


def test_the_whole_file(browser, glance, image):
    response = browser.get(url(image))
    assert response.status_code == 200
    assert response["Content-Length"] == str(len(DATA))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="debian.qcow2"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"] == f'"{image["os_hash_value"]}"'
    assert read(response) == DATA
    assert glance.open_downloads == slots.DOWNLOADS.in_use == 0


def test_head_costs_no_data(browser, glance, image):
    response = browser.head(url(image), headers={"Range": "bytes=0-1"})
    assert (response.status_code, response["Content-Length"]) == (200, str(len(DATA)))
    assert response["ETag"]
    assert [call.path for call in glance.calls] == [f"/v2/images/{image['id']}"]
    assert slots.DOWNLOADS.in_use == 0


def test_a_range(browser, glance, image):
    response = browser.get(url(image), headers={"Range": "bytes=1000-1999"})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes 1000-1999/{len(DATA)}"
    assert response["Content-Length"] == "1000"
    assert read(response) == DATA[1000:2000]
    assert glance.opened[0]["Range"] == "bytes=1000-1999"


@pytest.mark.parametrize("header", ["bytes=0-1,4-5", "lines=0-1", "bytes=9-3"])
def test_ranges_that_are_not_served_give_the_whole(browser, image, header):
    response = browser.get(url(image), headers={"Range": header})
    assert (response.status_code, read(response)) == (200, DATA)


def test_a_range_beyond_the_end(browser, glance, image):
    response = browser.get(url(image), headers={"Range": f"bytes={len(DATA)}-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(DATA)}"
    assert glance.opened == []
    assert slots.DOWNLOADS.in_use == 0


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ('"{hash}"', 206),
        ('W/"{hash}"', 200),
        ('"other"', 200),
        ("Mon, 23 Nov 2026 10:00:00 GMT", 200),
    ],
)
def test_the_rest_is_only_given_of_the_same_file(browser, image, known, status):
    headers = {"Range": "bytes=5-", "If-Range": known.format(hash=image["os_hash_value"])}
    response = browser.get(url(image), headers=headers)
    assert response.status_code == status
    assert read(response) == (DATA[5:] if status == 206 else DATA)


def test_without_a_hash_nothing_proves_that_it_is_the_same_file(browser, image):
    image.update(os_hash_value=None, checksum=None)
    response = browser.get(url(image), headers={"Range": "bytes=5-", "If-Range": '""'})
    assert response.status_code == 200
    assert "ETag" not in response
    response.close()


def test_a_store_that_knows_no_ranges_gives_the_whole(browser, glance, image, monkeypatch):
    get = fakes.FakeHttp._get_data

    def refusing(http, url, headers, **kwargs):
        if "Range" in headers:
            return fakes.error_response(400, "Random access is not supported.")
        return get(http, url, headers, **kwargs)

    monkeypatch.setattr(fakes.FakeHttp, "_get_data", refusing)
    response = browser.get(url(image), headers={"Range": "bytes=5-"})
    assert (response.status_code, read(response)) == (200, DATA)
    assert glance.open_downloads == 0


def test_no_middleware_compresses_it(browser, image, settings):
    settings.MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *settings.MIDDLEWARE]
    response = browser.get(url(image), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response
    assert read(response) == DATA


@pytest.mark.parametrize("taken", [0, 100, 1024 * 1024])
def test_a_browser_that_goes_away_leaves_nothing_open(browser, glance, image, taken):
    response = browser.get(url(image))
    chunks, got = iter(response.streaming_content), 0
    while got < taken:
        got += len(next(chunks))
    assert glance.open_downloads == slots.DOWNLOADS.in_use == 1
    response.close()
    assert glance.open_downloads == slots.DOWNLOADS.in_use == 0


def test_a_break_midway_is_no_whole_file(browser, glance, image):
    glance.breaks_after = 300_000
    response = browser.get(url(image))
    with pytest.raises(Exception, match="connection to the image service was lost"):
        list(response.streaming_content)
    response.close()
    assert glance.open_downloads == slots.DOWNLOADS.in_use == 0


@pytest.mark.parametrize("is_down", [False, True])
def test_past_the_cap_there_is_a_page_that_says_so(
    browser, glance, image, settings, monkeypatch, is_down
):
    def fail(*_args, **_kwargs):
        raise exceptions.identity_does_not_answer()

    if is_down:
        # Horizon's frame of the page needs Keystone.
        monkeypatch.setattr(identity, "prepare_page", fail)
    settings.HELION_IMAGES_DOWNLOADS_PER_PROCESS = 1
    first = browser.get(url(image))
    second = browser.get(f"{url(image)}?store=a&b={{$x}}")
    assert second.status_code == 503
    assert ("navbar" in second.content.decode()) != is_down
    assert 'href="' + url(image) + "?store=a&amp;b=" in second.content.decode()
    assert 'target="_self">Try Again' in second.content.decode()
    assert int(second["Retry-After"]) > 0
    assert "Unable to download image debian" in second.content.decode()
    first.close()
    assert read(browser.get(url(image))) == DATA


@pytest.mark.parametrize("status", ["queued", "saving", "importing", "killed"])
def test_an_image_without_data(browser, glance, image, status):
    image.update(status=status, size=None)
    response = browser.get(url(image), follow=True)
    assert response.redirect_chain == [(path("project", "index"), 302)]
    assert "Image debian was not downloaded. The image has no data." in response.content.decode()
    assert glance.opened == []


@pytest.mark.parametrize(
    ("status", "reason"), [(403, "The requested image has been deactivated."), (503, "Busy.")]
)
def test_a_refusal_of_glance_leads_back_with_its_reason(browser, glance, image, status, reason):
    image["status"] = "deactivated"
    glance.failing[f"GET /v2/images/{image['id']}/file"] = fakes.refusal(status, reason)
    back = path("project", "detail", image["id"])
    headers = {"Referer": f"http://testserver{back}"}
    response = browser.get(url(image), headers=headers, follow=True)
    assert response.redirect_chain == [(back, 302)]
    assert f"Image debian was not downloaded. {reason}" in response.content.decode()
    assert slots.DOWNLOADS.in_use == 0


def test_a_browser_that_goes_on_with_a_file_is_given_no_page(browser, glance, image):
    key = f"GET /v2/images/{image['id']}/file"
    glance.failing[key] = fakes.refusal(503, "Out to lunch.")
    response = browser.get(url(image), headers={"Range": "bytes=5-"})
    assert (response.status_code, response.content) == (503, b"Out to lunch.")
    assert response["Content-Type"].startswith("text/plain")


def test_data_that_is_gone_meanwhile_is_a_404(browser, glance, image):
    key = f"GET /v2/images/{image['id']}/file"
    glance.failing[key] = fakes.refusal(404, "No image found.")
    assert browser.get(url(image)).status_code == 404
    assert slots.DOWNLOADS.in_use == 0


def test_data_of_another_length_is_not_given_away_as_the_image(browser, glance, image):
    glance.uploads[image["id"]] = DATA[:-1]
    response = browser.get(url(image), follow=True)
    assert "The image&#x27;s data was not found" in response.content.decode()
    assert glance.open_downloads == slots.DOWNLOADS.in_use == 0


def test_an_expired_token_asks_for_a_new_login(browser, glance, image):
    glance.failing[f"GET /v2/images/{image['id']}/file"] = fakes.refusal(401, "Token expired")
    response = browser.get(url(image))
    assert response["location"].split("?")[0].endswith("/auth/login/")
    assert slots.DOWNLOADS.in_use == 0


@pytest.mark.parametrize("name", [*factories.HOSTILE_NAMES, "a\r\nX-Evil: 1", "صورة", '"; x="'])
def test_names_do_no_harm_in_headers(browser, image, name):
    image["name"] = name
    response = browser.head(url(image))
    assert "X-Evil" not in response
    said = response["Content-Disposition"]
    assert said.isascii()
    assert "\n" not in said
    assert said.startswith("attachment; filename")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_no_other_method(browser, glance, image, method):
    assert getattr(browser, method)(url(image)).status_code == 405
    assert glance.writes == []


@pytest.fixture
def no_length(monkeypatch):
    """Glance, or what stands before it, does not say how much data is to come."""
    get = fakes.FakeHttp._get_data

    def without(self, *args, **kwargs):
        response = get(self, *args, **kwargs)
        response.headers.pop("Content-Length", None)
        return response

    monkeypatch.setattr(fakes.FakeHttp, "_get_data", without)


@pytest.mark.parametrize(("headers", "part"), [({}, DATA), ({"Range": "bytes=5-"}, DATA[5:])])
def test_a_length_that_glance_does_not_say_is_that_of_the_image(
    browser, image, no_length, headers, part
):
    response = browser.get(url(image), headers=headers)
    assert response["Content-Length"] == str(len(part))
    assert read(response) == part
    assert slots.DOWNLOADS.in_use == 0


def test_data_that_ends_before_its_length_is_no_whole_answer(browser, glance, image, no_length):
    glance.uploads[image["id"]] = DATA[:-1]
    response = browser.get(url(image))
    with pytest.raises(exceptions.ImageServiceUnavailable):
        read(response)
    response.close()
    assert glance.open_downloads == slots.DOWNLOADS.in_use == 0


def raising(get_response):
    def middleware(request):
        get_response(request)
        raise PermissionDenied()

    return middleware


KEPT = []


def keeping(get_response):
    def middleware(request):
        KEPT.append(get_response(request))
        return HttpResponse("Something else")

    return middleware


@pytest.mark.parametrize("how", [raising, keeping])
def test_a_response_that_a_middleware_drops_keeps_nothing(browser, glance, image, settings, how):
    settings.MIDDLEWARE = [f"{__name__}.{how.__name__}", *settings.MIDDLEWARE]
    browser.get(url(image)).close()
    assert glance.open_downloads == slots.DOWNLOADS.in_use == 0
    KEPT.clear()


def test_a_page_not_modified_keeps_nothing(browser, glance, image, settings):
    settings.MIDDLEWARE = [
        "django.middleware.http.ConditionalGetMiddleware",
        *settings.MIDDLEWARE,
    ]
    headers = {"If-None-Match": f'"{image["os_hash_value"]}"'}
    response = browser.get(url(image), headers=headers)
    assert response.status_code == 304
    response.close()
    assert glance.open_downloads == slots.DOWNLOADS.in_use == 0


def test_a_response_that_nobody_sends_or_closes_gives_way(
    browser, glance, image, settings, monkeypatch
):
    settings.HELION_IMAGES_DOWNLOADS_PER_PROCESS = 1
    monkeypatch.setattr(streamed_body, "BEGINS_WITHIN_S", -1)
    first = browser.get(url(image))
    assert read(browser.get(url(image))) == DATA
    assert glance.open_downloads == slots.DOWNLOADS.in_use == 0
    with pytest.raises(exceptions.ImageServiceUnavailable):
        read(first)
