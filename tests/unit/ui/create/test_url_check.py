# SPDX-License-Identifier: Apache-2.0
"""What the dialogs say of a URL; the web is a fake here, as is Glance."""

import pytest

from helion_images_panel.api import web
from helion_images_panel.api.web import Beginning, WebFailure
from helion_images_panel.transfers import url_check
from tests import factories
from tests.unit.permissions import CHANGING, PermissionMatrix, path

URL = "https://files.example/debian-12-genericcloud-amd64.qcow2"
SIGNED = f"{URL}?X-Amz-Signature=s3cr3t"
DIGITS = "0123456789abcdef" * 4
HEAD = b"QFI\xfb" + bytes(1024)


class FakeWeb:
    """Has files by URL; a failure in the place of one is raised."""

    def __init__(self):
        self.files = {}
        self.asked = []
        self.allowed = None

    def __call__(self, deadline, allowed=()):
        self.allowed = allowed
        return self

    def beginning(self, url, count):
        self.asked.append(url)
        found = self.files.get(url) or WebFailure(web.STATUS, url, 404)
        if isinstance(found, Exception):
            raise found
        return found


def file(url, data=HEAD, size=45 * 1024 * 1024, to="", content_type="application/octet-stream"):
    urls = (url, to) if to else (url,)
    return Beginning(urls, ("8.8.8.8",) * len(urls), size, content_type, "", data[:65536])


@pytest.fixture
def fake_web(monkeypatch):
    fake = FakeWeb()
    monkeypatch.setattr(url_check, "Web", fake)
    return fake


def ask(browser, location, source="location"):
    fields = {"check_url": "true", "source": source, "location": location}
    return browser.post(path("project", "create"), fields)


def told(browser, location, source="location"):
    response = ask(browser, location, source)
    assert response.status_code == 200
    return response.json()


@pytest.fixture
def member(browser):
    return browser.login_as(factories.member())


class TestPermissions(PermissionMatrix):
    page, expected, status = "upload_data", CHANGING, "queued"

    @pytest.fixture(autouse=True)
    def _web(self, fake_web):
        fake_web.files[URL] = file(URL)

    def ask(self, browser, url):
        return browser.post(url, {"check_url": "true", "source": "location", "location": URL})


def test_a_file_is_described(member, fake_web):
    fake_web.files[URL] = file(URL)
    found = told(member, URL)
    assert dict(found["rows"]) == {
        "File": "debian-12-genericcloud-amd64.qcow2",
        "Size": "45 MiB",
        "Format": "QCOW2",
        "System": "Debian 12, x86_64, by the file name",
    }
    values = found["values"]
    assert (values["os_distro"], values["os_version"], values["architecture"]) == (
        *("debian", "12", "x86_64"),
    )
    assert found["checksum"] is None
    assert found["notes"] == [
        "By default, the image service downloads from such URLs. The rules of this cloud may "
        "differ."
    ]


def test_a_checksum_of_the_publisher(member, fake_web):
    fake_web.files[URL] = file(URL)
    list_url = "https://files.example/SHA512SUMS"
    line = f"{DIGITS * 2}  debian-12-genericcloud-amd64.qcow2\n".encode()
    fake_web.files[list_url] = file(list_url, line)
    assert told(member, URL)["checksum"] == {
        "value": f"sha512:{DIGITS * 2}",
        "text": "The publisher's file SHA512SUMS has the SHA-512 checksum.",
    }


def test_a_list_that_is_a_web_page_is_none(member, fake_web):
    fake_web.files[URL] = file(URL)
    page = f"<!DOCTYPE html><p>{DIGITS} debian-12-genericcloud-amd64.qcow2</p>".encode()
    fake_web.files[f"{URL}.sha256"] = file(f"{URL}.sha256", page, content_type="text/html")
    assert told(member, URL)["checksum"] is None


def test_nothing_of_a_signed_url_is_shown_and_no_other_file_is_asked_for(member, fake_web):
    fake_web.files[SIGNED] = file(SIGNED, to=f"https://other.example/a?{SIGNED}")
    text = ask(member, SIGNED).content.decode()
    assert "s3cr3t" not in text
    assert "https://other.example/a" in text
    assert fake_web.asked == [SIGNED]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (WebFailure(web.HOST, URL), "finds no public address of files.example"),
        (WebFailure(web.CONNECTION, URL), "files.example does not accept a connection"),
        (WebFailure(web.TLS, URL), "files.example has no valid TLS certificate"),
        (WebFailure(web.TIMEOUT, URL), "did not respond to the dashboard within 8 seconds"),
        (WebFailure(web.REDIRECTS, URL), "redirects too often"),
        (WebFailure(web.PROTOCOL, URL), "sent no valid HTTP response"),
        (WebFailure(web.STATUS, URL, 404), "no file at this URL (HTTP status 404)"),
        (WebFailure(web.STATUS, URL, 401), "may need a login"),
        (WebFailure(web.STATUS, URL, 500), "reports an error (HTTP status 500)"),
        (
            WebFailure(web.STATUS, "https://other.example/a?sig=s3cr3t", 403),
            "The URL redirects to https://other.example/a. The server denies access (HTTP status "
            "403). The signed URL may have expired",
        ),
        (
            WebFailure(web.PORT, "https://files.example:22/"),
            "By default, the image service does not download from port 22.",
        ),
    ],
)
def test_a_failure_has_a_cause_and_a_next_step(member, fake_web, failure, reason):
    fake_web.files[URL] = failure
    found = told(member, URL)
    assert reason in found["problem"]
    assert "s3cr3t" not in str(found)
    assert "values" not in found
    # What the image service would do with a URL that leads to nothing helps nobody.
    assert found.get("notes", []) == []


@pytest.mark.parametrize(
    ("beginning", "problem"),
    [
        (file(URL, b"<html>", content_type="text/html"), "The URL leads to a web page"),
        (file(URL, b"", size=0), "The file at this URL is empty."),
    ],
)
def test_what_is_no_image(member, fake_web, beginning, problem):
    fake_web.files[URL] = beginning
    assert told(member, URL)["problem"].startswith(problem)


def test_a_compressed_file_and_a_redirect_away_from_https(member, fake_web):
    fake_web.files[URL] = file(URL, b"\x1f\x8b" + bytes(100), to="http://mirror.example/a.gz")
    found = told(member, URL)
    assert dict(found["rows"])["Format"] == "Compressed or packed (gzip)"
    assert found["notes"][0].startswith("Instances cannot boot from a compressed")
    assert found["notes"][1].startswith("The redirect leads away from HTTPS")
    assert found["values"]["format"] == ""


@pytest.mark.parametrize(
    ("filters", "note"),
    [
        ({}, "The image service downloads from such URLs."),
        ({"allowed_hosts": ["other.example"]}, "does not download from files.example."),
        ({"allowed_schemes": ["ftp"]}, "does not download by this protocol."),
    ],
)
def test_rules_that_the_operator_has_named(member, fake_web, settings, filters, note):
    settings.HELION_IMAGES_IMPORT_FILTERS = filters
    fake_web.files[URL] = file(URL)
    assert note in told(member, URL)["notes"][0]


def test_a_port_that_glance_reads_and_the_dashboard_does_not(member, fake_web, settings):
    settings.HELION_IMAGES_IMPORT_FILTERS = {"allowed_ports": [8080]}
    url = "https://files.example:8080/a"
    fake_web.files[url] = WebFailure(web.PORT, url)
    assert told(member, url)["problem"].startswith("The dashboard does not check port 8080.")


def test_a_file_that_glance_does_not_read(member, fake_web, settings):
    settings.HELION_IMAGES_IMPORT_FILTERS = {"disallowed_hosts": ["files.example"]}
    found = told(member, URL)
    assert "no file at this URL" in found["problem"]
    assert "does not download from files.example." in found["notes"][0]
    fake_web.files[URL] = WebFailure(web.CONNECTION, URL)
    assert "does not download from files.example." in told(member, URL)["problem"]


def test_a_host_that_glance_refuses_by_its_address(member, fake_web, settings):
    settings.HELION_IMAGES_URL_CHECK_HOSTS = ["files.example"]
    fake_web.files[URL] = Beginning((URL,), ("127.0.0.1",), 5, "", "", HEAD)
    (note,) = told(member, URL)["notes"]
    assert note.startswith("By default, the image service does not download from files.example.")
    assert fake_web.allowed == ["files.example"]


@pytest.mark.parametrize("location", ["", "ftp://a", "https://user:s3cr3t@files.example/a"])
def test_what_the_form_would_not_take(member, fake_web, location):
    text = ask(member, location).content.decode()
    assert "Enter" in text
    assert "s3cr3t" not in text
    assert fake_web.asked == []


@pytest.mark.parametrize("source", ["file", "telepathy", ""])
def test_other_sources_have_no_url(member, fake_web, source):
    assert ask(member, URL, source).status_code == 403
    assert fake_web.asked == []


def test_a_cloud_that_does_not_download(member, glance, fake_web):
    glance.import_methods = ["glance-direct"]
    assert ask(member, URL).status_code == 403
    assert fake_web.asked == []


def test_an_operator_who_does_not_want_it(member, fake_web, settings):
    fake_web.files[URL] = file(URL)
    assert b"data-hip-url-check" in member.get(path("project", "create")).content
    settings.HELION_IMAGES_URL_CHECK = False
    assert b"data-hip-url-check" not in member.get(path("project", "create")).content
    assert ask(member, URL).status_code == 403
    assert fake_web.asked == []


def test_one_user_checks_a_number_of_urls_in_a_minute(member, fake_web):
    fake_web.files[URL] = file(URL)
    problems = [told(member, URL).get("problem") for _ in range(url_check.PER_MINUTE + 1)]
    assert problems[:-1] == [None] * url_check.PER_MINUTE
    assert problems[-1].startswith("You have checked many URLs.")


def test_a_process_checks_a_number_of_urls_in_parallel(member, fake_web):
    fake_web.files[URL] = file(URL)
    for _ in range(url_check.PER_PROCESS):
        assert url_check._places.acquire(blocking=False)
    try:
        assert told(member, URL)["problem"].startswith("The dashboard is checking other URLs.")
    finally:
        for _ in range(url_check.PER_PROCESS):
            url_check._places.release()
    assert "problem" not in told(member, URL)


def test_a_place_is_given_back_after_a_failure(member, fake_web):
    for _ in range(url_check.PER_PROCESS + 1):
        assert "no file at this URL" in told(member, URL)["problem"]
